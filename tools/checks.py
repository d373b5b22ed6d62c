"""Run every check of a suite, whatever the others find, and say which did: `checks.py lint | test | pages`."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent
LINT: dict[str, list[str]] = {
    "style": [f"{TOOLS}/ruff", "check", "--quiet", "."],
    "format": [f"{TOOLS}/ruff", "format", "--check", "--quiet", "."],
    "types": [f"{TOOLS}/mypy", "--no-error-summary"],
    "import contracts": [f"{TOOLS}/lint-imports", "--no-logo"],
    "templates": [f"{TOOLS}/djlint", ".", "--lint", "--quiet"],
    "catalogues": [PYTHON, "tools/catalogues.py", "check"],
    "handbook": [PYTHON, "tools/handbook.py", "check"],
}
TEST: dict[str, list[str]] = {
    "tests": [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"],
}
PAGES: dict[str, list[str]] = {
    "browser": [PYTHON, "-m", "pytest", "-q", "-n", "0", "-m", "browser and not season", "tests/browser"],
}
SUITES = {"lint": LINT, "test": LINT | TEST, "pages": PAGES}


def main(suite: str) -> int:
    """Run a suite and return its status: 0 when nothing was found."""
    checks = SUITES[suite]
    failed = [name for name, command in checks.items() if not passes(name, command)]
    print(f"checked: {', '.join(checks)}")
    print(f"found something: {', '.join(failed)}" if failed else "found nothing")
    return bool(failed)


def passes(name: str, command: list[str]) -> bool:
    """Run one check, with its output where it belongs, and tell whether it found nothing."""
    print(f"── {name}", flush=True)
    started_at = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"}, check=False).returncode
    print(f"   {'ok' if status == 0 else f'status {status}'} · {time.monotonic() - started_at:.0f} s", flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
