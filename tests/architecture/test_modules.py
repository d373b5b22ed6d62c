"""What keeps a module readable: its length."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = [name for name in tracked.stdout.split() if "/migrations/" not in name and not name.startswith("tests/")]

    long = {name: lines for name in modules if (lines := length_of(ROOT / name)) > MOST_LINES}

    assert long == {}


def length_of(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines()) if module.exists() else 0
