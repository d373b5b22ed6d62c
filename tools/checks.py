"""Run every check of a suite, whatever the others find, and say which did: `checks.py lint | test | pages`."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent
LINT: dict[str, list[str]] = {
    "types": [f"{TOOLS}/mypy", "--no-error-summary"],
    "style": [f"{TOOLS}/ruff", "check", "--quiet", "."],
    "format": [f"{TOOLS}/ruff", "format", "--check", "--quiet", "."],
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
# What takes one core for a minute where nothing is cached goes on beside the others, and is heard at the end.
BESIDE = {"types"}


def main(suite: str) -> int:
    """Run a suite and return its status: 0 when nothing was found."""
    checks = SUITES[suite]
    failed = []
    with ThreadPoolExecutor(1) as pool:
        started = {name: pool.submit(run, checks[name], kept=True) for name in BESIDE & checks.keys()}
        for name in sorted(checks, key=started.__contains__):
            print(f"── {name}", flush=True)
            status, said, seconds = started[name].result() if name in started else run(checks[name])
            print(f"{said}   {f'status {status}' if status else 'ok'} · {seconds:.0f} s", flush=True)
            failed += [name] if status else []
    print(f"checked: {', '.join(checks)}")
    print(f"found something: {', '.join(failed)}" if failed else "found nothing")
    return bool(failed)


def run(command: list[str], *, kept: bool = False) -> tuple[int, str, float]:
    """Run one check; return its status, what it said (nothing if it said so at once) and how many seconds it took."""
    started_at = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE if kept else None,
        stderr=subprocess.STDOUT if kept else None,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout or "", time.monotonic() - started_at


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
