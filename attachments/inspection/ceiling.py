"""A ceiling over the memory that the examination of one file may take, so that no file can fell the worker."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/status")
# The limit is the process's, not the thread's: two threads restoring it in the wrong order would leave it in force.
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def memory_ceiling(extra: int) -> Iterator[None]:
    """Let the process take ``extra`` bytes beyond what it holds; past that, allocations raise ``MemoryError``.

    Linux counts private writable memory (setrlimit(2), RLIMIT_DATA); on systems that do not tell how much a process
    holds, nothing is limited and the caps of the parsers stand alone.
    """
    held = _held()
    if held is None:
        yield
        return
    with _ONE_AT_A_TIME:
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_lower(held + extra, hard), hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _held() -> int | None:
    """Return the bytes of private writable memory in use, or ``None`` where the system does not say."""
    if not _STATUS.exists():
        return None
    fields = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines() if ":" in line)
    return int(fields["VmData"].split()[0]) * 1024


def _lower(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
