"""Where PostgreSQL and Valkey are found, and how long the embedded ones live.

Both are given by address (`DATABASE_URL`, `REDIS_URL`). Where no address is given, a server of its own runs under
the VAR folder and is reached through a Unix socket, so that several copies on one machine never meet. A keeper process
(`common.keeper`) watches over each server. Whoever uses the server holds a shared lock on a file; the kernel drops the
lock with the process, however it ends, and the keeper stops its server when nobody holds it any more.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, urlencode, urlsplit

from common import embedded, keeper

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
WITHOUT_SERVICES = frozenset(
    {"", "help", "version", "check", "collectstatic", "compilemessages", "diffsettings", "makemessages", "spectacular"}
)

# They outlive the block that started them, and their parent as well if need be.
_keepers: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Addresses:
    """Where the database and the broker answer."""

    database_url: str
    redis_url: str


def database_url(var: Path) -> str:
    """Return the address of the embedded PostgreSQL under `var`; the same for the same folder, running or not."""
    return f"postgresql://{embedded.OWNER}@/{embedded.OWNER}?host={embedded.POSTGRES.socket(var).parent}"


def redis_url(var: Path) -> str:
    """Return the address of the embedded Valkey under `var`; the same for the same folder, running or not."""
    return f"unix://{embedded.VALKEY.socket(var)}"


def celery_broker_url(redis_url: str) -> str:
    """Return `redis_url` as Celery wants it: a Unix socket is `redis+socket://` there, its `db` a `virtual_host`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = [("virtual_host" if name == "db" else name, value) for name, value in parse_qsl(parts.query)]
    return f"redis+socket://{parts.path}" + (f"?{urlencode(query)}" if query else "")


def with_redis_database(redis_url: str, offset: int) -> str:
    """Return `redis_url` with its database number raised by `offset`."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query))
        query["db"] = str(int(query.get("db", 0)) + offset)
        return f"unix://{parts.path}?{urlencode(query)}"
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + offset}").geturl()


@contextmanager
def running(var: Path, *, durable: bool = True) -> Iterator[Addresses]:
    """Keep PostgreSQL and Valkey available for the time of the block, and say where.

    What `DATABASE_URL` or `REDIS_URL` names is used as it is. The rest is started under `var` unless it runs there
    already, and has stopped when its last user has gone. `durable=False` trades safety for speed, for tests.
    Raises `embedded.ServiceMissing` where no server is packaged for this platform or it does not start.
    """
    with ExitStack() as held:
        database = os.environ.get("DATABASE_URL") or held.enter_context(
            _embedded(embedded.POSTGRES, var, durable, database_url(var), _database_answers)
        )
        redis = os.environ.get("REDIS_URL") or held.enter_context(
            _embedded(embedded.VALKEY, var, durable, redis_url(var), _redis_answers)
        )
        yield Addresses(database, redis)


@contextmanager
def running_for(arguments: list[str], var: Path) -> Iterator[None]:
    """Keep the services available for a management command, unless the command has no use for them."""
    command = arguments[1] if len(arguments) > 1 else ""
    if command.lstrip("-") in WITHOUT_SERVICES or "--help" in arguments:
        yield
        return
    with running(var):
        yield


@contextmanager
def _embedded(
    server: embedded.Server, var: Path, durable: bool, url: str, answers: Callable[[str], bool]
) -> Iterator[str]:
    folder = embedded.run_folder(var)
    with (folder / f"{server.name}.users").open("a") as users:
        # Waits for a keeper that is just stopping its server: it holds this lock exclusively while it does.
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _start(server, var, durable, lambda: answers(url))
            yield url
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if _is_free(users):
                _wait_for_keeper(server, var)


def _is_free(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(users, fcntl.LOCK_UN)
    return True


def _wait_for_keeper(server: embedded.Server, var: Path) -> None:
    """Wait until the server that nobody uses any more has stopped, so that its folder may be removed."""
    path = embedded.run_folder(var) / f"{server.name}.keeper"
    with path.open("a") as watch:
        fcntl.flock(watch, fcntl.LOCK_EX)
    if process := _keepers.pop(path, None):
        process.wait()


def _start(server: embedded.Server, var: Path, durable: bool, answers: Callable[[], bool]) -> None:
    server.executable()  # says what is missing here and now, not in a log
    if keeper.is_watched(server, var) and answers():
        return
    process = _spawn_keeper(server, var, durable)
    give_up_at = time.monotonic() + START_SECONDS
    while not (keeper.is_watched(server, var) and answers()):
        # Status 0: another keeper was quicker and looks after the server.
        if process.poll() not in (None, 0) or time.monotonic() > give_up_at:
            raise embedded.ServiceMissing(_last_words(server, var))
        time.sleep(0.03)


def _spawn_keeper(server: embedded.Server, var: Path, durable: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "common.keeper", server.name, str(var), "durable" if durable else "fast"]
    with embedded.log_file(server, var).open("ab") as log:
        # A session of its own: Ctrl-C in the terminal is for the users of the server, who then let go of it in order.
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    _keepers[embedded.run_folder(var) / f"{server.name}.keeper"] = process
    return process


def _last_words(server: embedded.Server, var: Path) -> str:
    log = embedded.log_file(server, var)
    words = log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    return "\n".join([f"{server.title} did not start; set {server.variable} to use your own. {log} ends with:", *words])


def _database_answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    import redis

    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
