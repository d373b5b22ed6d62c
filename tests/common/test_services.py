"""Embedded services, shared by processes that come, go and are killed."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from common import embedded, services

SERVERS = ("/postgres -D", "valkey-server")
HOLD = """
import sys
from pathlib import Path
from common import services

with services.running(Path(sys.argv[1]), durable=False):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def without_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def var() -> Iterator[Path]:
    # Not pytest's folder: its name is so long that the sockets would lie elsewhere.
    with tempfile.TemporaryDirectory(prefix="jiayuan-test-") as folder:
        yield Path(folder) / "var"
        assert wait_for(lambda: not programs_under(Path(folder))), "a server is left running"


class Holder:
    """Another process that uses the services until it is told to let go, or is killed."""

    def __init__(self, var: Path) -> None:
        command = [sys.executable, "-c", HOLD, str(var)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=services.ROOT, stdin=pipe, stdout=pipe, text=True)

    def wait_until_ready(self) -> None:
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"

    def let_go(self) -> int:
        self.process.communicate()
        return self.process.returncode


@pytest.fixture
def hold(var: Path) -> Iterator[Callable[[], Holder]]:
    holders: list[Holder] = []

    def hold_services() -> Holder:
        holders.append(Holder(var))
        return holders[-1]

    yield hold_services
    for holder in holders:
        holder.process.kill()
        holder.let_go()


def programs_under(folder: Path) -> dict[str, int]:
    """Return the running servers and keepers whose command line names `folder`: program → number."""
    listed = subprocess.run(["ps", "-wweo", "pid=,args="], check=True, capture_output=True, text=True).stdout
    found = {}
    for line in listed.splitlines():
        pid, arguments = line.split(maxsplit=1)
        program = re.search(r"common\.keeper \w+|/postgres -D|valkey-server", arguments)
        if program and str(folder) in arguments:
            found[program.group()] = int(pid)
    return found


def wait_for(condition: Callable[[], object], seconds: float = 30) -> bool:
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


def answers(var: Path) -> bool:
    try:
        with psycopg.connect(services.database_url(var)) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_addresses_lie_in_the_folder() -> None:
    var = Path("/srv/jiayuan/var")

    addresses = services.database_url(var), services.redis_url(var)

    assert addresses == (
        "postgresql://jiayuan@/jiayuan?host=/srv/jiayuan/var/postgres",
        "unix:///srv/jiayuan/var/valkey/valkey.sock",
    )


@pytest.mark.parametrize("var", [Path("/srv") / ("long" * 30), Path("/srv/家园"), Path("/srv/a b"), Path("/srv/50%")])
def test_addresses_of_an_unfit_folder_are_short_and_stay_the_same(var: Path) -> None:
    first, second = (re.sub("[0-9a-f]{16}", "#", services.database_url(var)) for _ in range(2))

    assert first == second == "postgresql://jiayuan@/jiayuan?host=/tmp/jiayuan-#"
    assert services.database_url(var) != services.database_url(var / "other")


@pytest.mark.parametrize(
    ("redis_url", "broker_url"),
    [
        ("redis://localhost:6379/2", "redis://localhost:6379/2"),
        ("rediss://:secret@broker:6380/0", "rediss://:secret@broker:6380/0"),
        ("unix:///srv/var/valkey.sock", "redis+socket:///srv/var/valkey.sock"),
        ("unix:///srv/var/valkey.sock?db=3", "redis+socket:///srv/var/valkey.sock?virtual_host=3"),
    ],
)
def test_celery_broker_url_speaks_the_language_of_kombu(redis_url: str, broker_url: str) -> None:
    assert services.celery_broker_url(redis_url) == broker_url


@pytest.mark.parametrize(
    ("redis_url", "raised"),
    [
        ("redis://localhost:6379", "redis://localhost:6379/2"),
        ("redis://localhost:6379/1", "redis://localhost:6379/3"),
        ("unix:///srv/valkey.sock", "unix:///srv/valkey.sock?db=2"),
        ("unix:///srv/valkey.sock?db=4", "unix:///srv/valkey.sock?db=6"),
    ],
)
def test_with_redis_database_raises_the_number(redis_url: str, raised: str) -> None:
    assert services.with_redis_database(redis_url, 2) == raised


def test_running_starts_what_is_missing_and_leaves_nothing(var: Path) -> None:
    with services.running(var, durable=False) as addresses:
        with psycopg.connect(addresses.database_url) as connection:
            database = connection.execute("SELECT current_database(), current_setting('fsync')").fetchone()
        with redis.Redis.from_url(addresses.redis_url) as client:
            pong = client.ping()

    assert database == ("jiayuan", "off")
    assert pong is True
    assert programs_under(var) == {}


def test_running_uses_what_is_given_and_starts_nothing(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.com/jiayuan")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example.com/0")

    with services.running(var) as addresses:
        assert addresses == services.Addresses("postgresql://db.example.com/jiayuan", "redis://broker.example.com/0")

    assert not var.exists()


def test_running_works_in_a_folder_whose_name_fits_no_socket(tmp_path: Path) -> None:
    var = tmp_path / "家园 的 var"

    with services.running(var, durable=False):
        assert answers(var)

    assert not embedded.POSTGRES.socket(var).parent.exists()


def test_two_that_start_at_once_share_one_server_until_the_last_has_gone(var: Path, hold: Callable[[], Holder]) -> None:
    holders = [hold(), hold()]
    for holder in holders:
        holder.wait_until_ready()
    wait_for(lambda: len(programs_under(var)) == 4)  # Valkey writes its own command line anew when it has started
    programs = programs_under(var)

    first_status = holders[0].let_go()
    still_running = programs_under(var)
    second_status = holders[1].let_go()

    assert sorted(programs) == ["/postgres -D", "common.keeper postgres", "common.keeper valkey", "valkey-server"]
    assert [still_running[server] for server in SERVERS] == [programs[server] for server in SERVERS]
    assert (first_status, second_status) == (0, 0)
    assert programs_under(var) == {}


def test_a_killed_user_leaves_no_server_behind(var: Path, hold: Callable[[], Holder]) -> None:
    holder = hold()
    holder.wait_until_ready()

    holder.process.kill()

    assert programs_under(var)
    assert wait_for(lambda: not programs_under(var))


def test_a_killed_server_comes_back(var: Path) -> None:
    with services.running(var, durable=False):
        os.kill(programs_under(var)["/postgres -D"], signal.SIGKILL)

        assert wait_for(lambda: not answers(var))
        assert wait_for(lambda: answers(var))


def test_a_killed_keeper_takes_its_server_with_it_and_is_replaced(var: Path, hold: Callable[[], Holder]) -> None:
    holder = hold()
    holder.wait_until_ready()
    before = programs_under(var)
    os.kill(before["common.keeper postgres"], signal.SIGKILL)

    with services.running(var, durable=False):
        after = programs_under(var)
        answered = answers(var)
        holder.let_go()

    assert answered
    assert after["common.keeper valkey"] == before["common.keeper valkey"]
    assert after["/postgres -D"] != before["/postgres -D"]


def test_a_pid_file_that_names_somebody_else_is_no_hindrance(var: Path) -> None:
    with services.running(var, durable=False):
        pass
    pid_file = var / "postgres" / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n\n\n")

    with services.running(var, durable=False):
        assert answers(var)


def test_an_interrupted_first_start_is_made_good(var: Path) -> None:
    half_made = var / "postgres" / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    with services.running(var, durable=False):
        assert answers(var)


def test_a_cluster_of_another_version_is_refused_in_plain_words(var: Path) -> None:
    cluster = var / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")

    with pytest.raises(embedded.ServiceMissing) as caught, services.running(var):
        pass

    assert f"{cluster} was made by PostgreSQL 16; move it away or set DATABASE_URL." in str(caught.value)


def test_a_missing_wheel_names_the_variable_to_set() -> None:
    with pytest.raises(embedded.ServiceMissing) as caught:
        embedded.packaged("no_such_wheel", "bin/postgres", "PostgreSQL", "DATABASE_URL")

    assert str(caught.value).endswith("Set DATABASE_URL to the address of a server.")


@pytest.mark.parametrize("command", [[], ["help"], ["--version"], ["check"], ["migrate", "--help"]])
def test_commands_without_need_start_nothing(command: list[str], tmp_path: Path) -> None:
    with services.running_for(["manage.py", *command], tmp_path / "var"):
        pass

    assert not (tmp_path / "var").exists()
