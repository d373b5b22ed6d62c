"""The presets that come with Jiayuan: one file per programme and year, found by name."""

from pathlib import Path

FOLDER = Path(__file__).parent


def preset_names() -> list[str]:
    """Return the names of the presets that come along, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def preset_content(name: str) -> bytes:
    """Return the file of a preset as it lies there; raises ``KeyError`` for an unknown name."""
    if name not in preset_names():
        raise KeyError(name)
    return (FOLDER / f"{name}.yaml").read_bytes()
