"""What keeps the tree readable: the length of its modules and functions, and that every name says its type."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools import style_metrics

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = [name for name in tracked.stdout.split() if "/migrations/" not in name and not name.startswith("tests/")]

    long = {name: lines for name in modules if (lines := length_of(ROOT / name)) > MOST_LINES}

    assert long == {}


def test_tree_is_written_as_the_house_writes() -> None:
    figures = dict(line.split(": ", 1) for line in style_metrics.main(ROOT))

    assert figures["functions over 50 lines"] == "0 (0.0 %)"
    assert figures["functions typed"] == "100.0 %"
    assert figures["modules with signals"] == "0"


def length_of(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines()) if module.exists() else 0
