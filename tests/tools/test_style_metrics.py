"""The figures of a tree, on a small tree of its own."""

from pathlib import Path

from tools import style_metrics

CODE = '''"""A module."""

from django.dispatch import receiver


def typed(name: str, *more: int) -> str:
    """Return the name."""
    # Nobody counts this.
    return name


class Thing:
    def untyped(self, name) -> str:
        return name

    def half(self, name: str):
        first = name

        return first
'''
LONG = "def long() -> int:\n" + "    x = 1\n" * 60 + "    return x\n" + "\n" * 350
TEST = "def test_thing() -> None:\n    assert True\n"


def tree(folder: Path) -> Path:
    for name, text in {"room/code.py": CODE, "room/long.py": LONG, "tests/test_code.py": TEST}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "room/migrations").mkdir()
    (folder / "room/migrations/0001_initial.py").write_text(LONG, encoding="utf-8")
    return folder


def test_figures_of_a_small_tree(tmp_path: Path) -> None:
    assert style_metrics.main(tree(tmp_path)) == [
        "code: 73 lines in 2 files, 4 functions",
        "function length: median 3, p90 4",
        "functions over 50 lines: 1 (25.0 %)",
        "files over 400 lines: 1 (50.0 %); over 500: 0 (0.0 %)",
        "functions typed: 50.0 %",
        "modules with signals: 1",
        "lines of test per line of code: 0.03",
    ]


def test_empty_tree_has_figures_too(tmp_path: Path) -> None:
    assert style_metrics.main(tmp_path)[0] == "code: 0 lines in 0 files, 0 functions"
