"""The supervisor with small programs of its own, in a process of its own: it takes over the signals."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from common import services

SCRIPT = """
import os, sys
from pathlib import Path
from demo.supervisor import Program, Supervisor

folder = Path(sys.argv[1])
programs = [
    Program(name, [sys.executable, "-u", "-c", code], can_wait=name == "later")
    for name, code in zip(sys.argv[2::2], sys.argv[3::2])
]
supervisor = Supervisor(programs, folder, os.environ)
sys.exit(supervisor.run(lambda: (folder / "ready").exists(), lambda: print("announced", flush=True)))
"""
STAYS = "import os, time; print('lives', os.getpid()); time.sleep(600)"
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("lives", os.getpid()); print("child", child.pid); time.sleep(600)
"""
STUBBORN = "import os, signal, time; signal.signal(15, signal.SIG_IGN); print('lives', os.getpid()); time.sleep(600)"
FAILS = "print('lives'); raise SystemExit(3)"


class Run:
    """A supervisor at work, and what it has said so far."""

    def __init__(self, folder: Path, programs: dict[str, str]) -> None:
        arguments = [part for program in programs.items() for part in program]
        command = [sys.executable, "-c", SCRIPT, str(folder), *arguments]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=services.ROOT, stdout=log, stderr=log)

    def numbers(self, name: str, word: str = "lives") -> list[int]:
        """Return the process numbers that a program has said."""
        return [int(found) for found in re.findall(rf"^{name} *│ {word} (\d+)$", self.log.read_text(), re.MULTILINE)]

    def wait_for(self, condition: Callable[[], object]) -> None:
        give_up_at = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < give_up_at, self.log.read_text()
            time.sleep(0.02)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sign)  # nothing happens when it has ended
        return self.process.wait(30)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a dead one that nobody has asked after does not."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return bool(found.strip()) and not found.startswith("Z")


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[dict[str, str]], Run]]:
    runs: list[Run] = []

    def start(programs: dict[str, str]) -> Run:
        runs.append(Run(tmp_path, programs))
        return runs[-1]

    yield start
    for run in runs:
        run.end(signal.SIGINT)
        run.end(signal.SIGINT)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(supervise: Callable[[dict[str, str]], Run], sign: signal.Signals) -> None:
    run = supervise({"web": STAYS, "worker": PARENT})
    run.wait_for(lambda: run.numbers("web") and run.numbers("worker", "child"))
    numbers = [*run.numbers("web"), *run.numbers("worker"), *run.numbers("worker", "child")]

    status = run.end(sign)

    assert status == 0
    assert [is_alive(pid) for pid in numbers] == [False, False, False]


def test_a_program_that_dies_is_started_again_without_its_orphans(supervise: Callable[[dict[str, str]], Run]) -> None:
    run = supervise({"worker": PARENT})
    run.wait_for(lambda: run.numbers("worker", "child"))
    (parent,), (orphan,) = run.numbers("worker"), run.numbers("worker", "child")

    os.kill(parent, signal.SIGKILL)
    run.wait_for(lambda: len(run.numbers("worker", "child")) == 2)

    assert not is_alive(orphan)
    assert "worker │ ended with status -9" in run.log.read_text()


def test_a_program_that_cannot_stay_alive_ends_the_run(supervise: Callable[[dict[str, str]], Run]) -> None:
    run = supervise({"web": STAYS, "worker": FAILS})

    status = run.process.wait(30)

    assert status == 1
    assert run.log.read_text().count("ended with status 3") == 5
    assert not is_alive(run.numbers("web")[0])


def test_a_second_signal_is_for_the_impatient(supervise: Callable[[dict[str, str]], Run]) -> None:
    run = supervise({"worker": STUBBORN})
    run.wait_for(lambda: run.numbers("worker"))
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    was_alive = is_alive(run.numbers("worker")[0])

    status = run.end(signal.SIGINT)

    assert (was_alive, is_alive(run.numbers("worker")[0]), status) == (True, False, 0)


def test_it_announces_once_it_is_ready_and_starts_the_rest(
    supervise: Callable[[dict[str, str]], Run], tmp_path: Path
) -> None:
    run = supervise({"web": STAYS, "later": STAYS})
    run.wait_for(lambda: run.numbers("web"))
    time.sleep(0.5)
    before = run.log.read_text().count("announced"), run.numbers("later")

    (tmp_path / "ready").touch()
    run.wait_for(lambda: run.numbers("later"))
    run.end()

    assert before == (0, [])
    assert run.log.read_text().count("announced") == 1
    assert not is_alive(run.numbers("later")[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed process")
def test_a_killed_supervisor_leaves_nothing(supervise: Callable[[dict[str, str]], Run]) -> None:
    run = supervise({"web": STAYS, "worker": STAYS})
    run.wait_for(lambda: run.numbers("web") and run.numbers("worker"))

    run.process.kill()

    run.wait_for(lambda: not any(is_alive(pid) for pid in [*run.numbers("web"), *run.numbers("worker")]))
