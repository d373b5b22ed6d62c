"""Run one embedded server for as long as anybody holds its lock: `python -m common.keeper postgres VAR durable`."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from common import embedded
from common.processes import end_with_parent

SERVERS = {server.name: server for server in (embedded.POSTGRES, embedded.VALKEY)}
LOOK_SECONDS = 0.2
STOP_SECONDS = 30
SHORT_LIFE_SECONDS = 3
MOST_SHORT_LIVES = 8


def keep(server: embedded.Server, var: Path, *, durable: bool) -> int:
    """Run `server` until its last user has let go, starting it again if it dies meanwhile; return the exit status.

    Answers 0 at once where another keeper has the watch, and 1 when the server cannot stay alive.
    """
    folder = embedded.run_folder(var)
    with (folder / f"{server.name}.keeper").open("a") as watch, (folder / f"{server.name}.users").open("a") as users:
        if not _locked(watch.fileno()):
            return 0
        _stop_orphan(server, var)
        short_lives = 0
        while short_lives < MOST_SHORT_LIVES:
            started_at = time.monotonic()
            if _runs_until_unused(server, var, durable, users.fileno()):
                return 0
            short_lives = short_lives + 1 if time.monotonic() - started_at < SHORT_LIFE_SECONDS else 0
            time.sleep(LOOK_SECONDS)
        return 1


def _runs_until_unused(server: embedded.Server, var: Path, durable: bool, users: int) -> bool:
    """Run the server once and tell whether it was stopped because nobody uses it, rather than ended by itself."""
    server.prepare(var, durable)
    process = subprocess.Popen(
        server.command(var, durable),
        cwd="/",
        umask=0o077,
        preexec_fn=end_with_parent(server.stop_signal),  # noqa: PLW1509 - this process has one thread
        **server.identity(),
    )
    _pid_file(server, var).write_text(f"{process.pid} {os.getpid()}")
    while process.poll() is None:
        # Whoever comes now waits for this lock; it ends with this process, and the newcomer starts afresh.
        if _locked(users):
            _stop(server, process.pid, lambda: process.poll() is not None)
            _tidy(server, var)
            return True
        time.sleep(LOOK_SECONDS)
    return False


def _tidy(server: embedded.Server, var: Path) -> None:
    _pid_file(server, var).unlink()
    short = server.socket(var).parent
    if short != server.folder(var):
        shutil.rmtree(short, ignore_errors=True)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_file(server: embedded.Server, var: Path) -> Path:
    return embedded.run_folder(var) / f"{server.name}.pid"


def is_watched(server: embedded.Server, var: Path) -> bool:
    """Tell whether the server that was started last has a living keeper; a killed keeper's server is about to end."""
    _, keeper = _pids(server, var)
    return "common.keeper" in embedded.command_of(keeper)


def _pids(server: embedded.Server, var: Path) -> tuple[int, int]:
    """Return the numbers of the server and of its keeper, each 0 when unknown."""
    try:
        server_pid, keeper_pid = map(int, _pid_file(server, var).read_text().split())
    except (FileNotFoundError, ValueError):
        return 0, 0
    return server_pid, keeper_pid


def _stop_orphan(server: embedded.Server, var: Path) -> None:
    """Stop a server that outlived its keeper."""
    pid, _ = _pids(server, var)
    if str(server.executable()) in embedded.command_of(pid):
        _stop(server, pid, lambda: not embedded.command_of(pid))


def _stop(server: embedded.Server, pid: int, is_gone: Callable[[], bool]) -> None:
    for sign in (server.stop_signal, signal.SIGKILL):
        os.kill(pid, sign)
        give_up_at = time.monotonic() + STOP_SECONDS
        while not is_gone():
            if time.monotonic() > give_up_at:
                break
            time.sleep(0.02)
        else:
            return


if __name__ == "__main__":
    name, folder, mode = sys.argv[1:]
    sys.exit(keep(SERVERS[name], Path(folder), durable=mode == "durable"))
