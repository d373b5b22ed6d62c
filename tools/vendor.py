"""Copy the front-end files that we ship out of node_modules (npm ci && python tools/vendor.py).

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
TARGET = ROOT / "web" / "static" / "vendor"
MANIFEST = TARGET / "manifest.json"
FILES = {
    "bootstrap": ["dist/css/bootstrap.min.css", "LICENSE"],
}


def copy() -> None:
    """Copy every listed file and write the manifest."""
    packages = []
    for name, paths in FILES.items():
        source = ROOT / "node_modules" / name
        described = json.loads((source / "package.json").read_text(encoding="utf-8"))
        folder = TARGET / name
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            (folder / Path(path).name).write_bytes(_without_source_map((source / path).read_bytes()))
        files = {Path(path).name: _digest(folder / Path(path).name) for path in paths}
        packages.append(
            {"name": name, "version": described["version"], "license": described["license"], "sha256": files}
        )
    MANIFEST.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def faults() -> list[str]:
    """Return the vendored files that are missing, altered or not in the manifest."""
    packages = json.loads(MANIFEST.read_text(encoding="utf-8"))
    listed = {f"{package['name']}/{file}": digest for package in packages for file, digest in package["sha256"].items()}
    there = {str(path.relative_to(TARGET)): _digest(path) for path in TARGET.rglob("*") if path.is_file()}
    there.pop(MANIFEST.name)
    return sorted(name for name in listed.keys() | there.keys() if listed.get(name) != there.get(name))


def _without_source_map(content: bytes) -> bytes:
    """Drop the reference to a map that is not shipped; hashing the static files would look for it."""
    return re.sub(rb"\n?/\*# sourceMappingURL=\S+ \*/", b"", content)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Copy, or check with ``--check``."""
    if "--check" in sys.argv[1:]:
        found = faults()
        for name in found:
            print(f"vendored file differs from the manifest: {name}")
        return 1 if found else 0
    copy()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
