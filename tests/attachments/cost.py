"""Look at every file of a folder in a process like a worker's and print what each cost: ``python -m … FOLDER``."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path


def peak() -> int:
    """Return the most memory that this process has had resident, in MiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def look_at(path: Path) -> float:
    """Return the CPU seconds that both looks at a file take."""
    from attachments.errors import FileRefused
    from attachments.inspection.examination import examine, glance

    before = time.process_time()
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as stream, suppress(FileRefused):
        examine(path, glance(stream, path.name, path.stat().st_size), path.name, Path(folder))
    return time.process_time() - before


def main() -> None:
    import django

    django.setup()
    warnings.simplefilter("ignore", UserWarning)
    for path in sorted(Path(sys.argv[1]).iterdir()):
        seconds = look_at(path)
        print(json.dumps({"file": path.name, "seconds": seconds, "peak": peak()}), flush=True)


if __name__ == "__main__":
    main()
