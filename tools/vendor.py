"""Copy the front-end files that we ship, or test with, out of node_modules (npm ci && python tools/vendor.py).

The copies are committed with their licences and digests: neither the demo nor production needs Node.
``--check`` compares the committed files with the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "web" / "static" / "vendor"
FOR_TESTS = ROOT / "tests" / "browser" / "vendor"
FILES: dict[Path, dict[str, list[str]]] = {
    SHIPPED: {
        "bootstrap": ["dist/css/bootstrap.min.css", "LICENSE"],
        "htmx.org": ["dist/htmx.min.js", "LICENSE"],
    },
    FOR_TESTS: {
        "axe-core": ["axe.min.js", "LICENSE"],
    },
}


def copy(target: Path) -> None:
    """Copy every file listed for a folder and write its manifest."""
    packages = []
    for name, paths in FILES[target].items():
        source = ROOT / "node_modules" / name
        described = json.loads((source / "package.json").read_text(encoding="utf-8"))
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            (folder / Path(path).name).write_bytes(_without_source_map((source / path).read_bytes()))
        files = {Path(path).name: _digest(folder / Path(path).name) for path in paths}
        packages.append(
            {"name": name, "version": described["version"], "license": described["license"], "sha256": files}
        )
    manifest_of(target).write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def faults(target: Path = SHIPPED) -> list[str]:
    """Return the vendored files that are missing, altered or not in the manifest."""
    packages = json.loads(manifest_of(target).read_text(encoding="utf-8"))
    listed = {f"{package['name']}/{file}": digest for package in packages for file, digest in package["sha256"].items()}
    there = {str(path.relative_to(target)): _digest(path) for path in target.rglob("*") if path.is_file()}
    there.pop(manifest_of(target).name)
    return sorted(name for name in listed.keys() | there.keys() if listed.get(name) != there.get(name))


def manifest_of(target: Path) -> Path:
    """Return where a folder lists its files."""
    return target / "manifest.json"


def _without_source_map(content: bytes) -> bytes:
    """Drop the reference to a map that is not shipped; hashing the static files would look for it."""
    return re.sub(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)", b"", content)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Copy, or check with ``--check``."""
    if "--check" in sys.argv[1:]:
        found = [name for target in FILES for name in faults(target)]
        for name in found:
            print(f"vendored file differs from the manifest: {name}")
        return 1 if found else 0
    for target in FILES:
        copy(target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
