"""Run several programs on one terminal, start again what dies, and leave nothing behind.

Each program leads a process group of its own: Ctrl-C reaches the supervisor alone, which ends the programs one after
the other, and whatever a program has started ends with it. When the supervisor is killed, Linux ends the programs.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from common.processes import end_with_parent

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 15
SHORT_LIFE_SECONDS = 3
MOST_SHORT_LIVES = 5
COLORS = (36, 32, 33, 35)
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, eq=False)
class Program:
    """What is to be kept running; `keep_open` are the numbers of sockets that it inherits.

    What `can_wait` starts when the others are ready, so that they have the processors for themselves until then.
    """

    name: str
    command: Sequence[str]
    keep_open: tuple[int, ...] = ()
    can_wait: bool = False


class Life:
    """One life of a program, from its start to its end, with what it says."""

    def __init__(self, program: Program, folder: Path, environment: Mapping[str, str]) -> None:
        self.started_at = time.monotonic()
        self.unfinished_line = b""
        self.process = subprocess.Popen(
            program.command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=program.keep_open,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - this process has one thread
        )
        assert self.process.stdout
        self.pipe = self.process.stdout
        os.set_blocking(self.pipe.fileno(), False)

    def is_over(self) -> bool:
        """Tell whether the program has ended."""
        return self.process.poll() is not None

    def lines(self) -> list[str]:
        """Return the whole lines that the program has said since the last call."""
        said = b""
        with suppress(BlockingIOError):
            while piece := os.read(self.pipe.fileno(), 65536):
                said += piece
        *whole, self.unfinished_line = (self.unfinished_line + said).split(b"\n")
        return [line.decode(errors="replace").rstrip() for line in whole]

    def end(self) -> None:
        """Ask the program to end."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    def bury(self) -> None:
        """Kill what is left of the program and of all that it has started, and let go of its pipe."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.pipe.close()


class Supervisor:
    """Keep programs running until a signal comes or one of them cannot stay alive."""

    def __init__(self, programs: Sequence[Program], folder: Path, environment: Mapping[str, str]) -> None:
        self.programs = programs
        self.folder = folder
        self.environment = environment
        self.lives: dict[Program, Life] = {}
        self.short_lives = dict.fromkeys(programs, 0)
        self.selector = selectors.DefaultSelector()
        self.signals = 0
        self.status = 0

    def run(self, is_ready: Callable[[], bool], announce: Callable[[], None]) -> int:
        """Start everything, call `announce` once `is_ready`, and return the exit status when all has ended."""
        for sign in ENDS:
            signal.signal(sign, self._count_signal)
        try:
            self._start_those(can_wait=False)
            self._watch(is_ready, announce)
        finally:
            self._end_all()
        return self.status

    def _count_signal(self, sign: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _watch(self, is_ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        announced = False
        while not self.signals and not self.status:
            self._pass_words_on()
            for program, life in list(self.lives.items()):
                if life.is_over():
                    self._start_again(program, life)
            if not announced and is_ready():
                announce()
                announced = True
                self._start_those(can_wait=True)

    def _start_those(self, *, can_wait: bool) -> None:
        for program in self.programs:
            if program.can_wait is can_wait:
                self._start(program)

    def _start(self, program: Program) -> None:
        life = self.lives[program] = Life(program, self.folder, self.environment)
        self.selector.register(life.pipe, selectors.EVENT_READ, program)

    def _start_again(self, program: Program, life: Life) -> None:
        is_short = time.monotonic() - life.started_at < SHORT_LIFE_SECONDS
        self.short_lives[program] = self.short_lives[program] + 1 if is_short else 0
        self._remove(program, life)
        self._print(program, f"ended with status {life.process.returncode}")
        if self.short_lives[program] == MOST_SHORT_LIVES:
            self._print(program, "does not stay alive; ending everything")
            self.status = 1
            return
        self._start(program)

    def _remove(self, program: Program, life: Life) -> None:
        self._say(program, life)
        self.selector.unregister(life.pipe)
        life.bury()
        del self.lives[program]

    def _end_all(self) -> None:
        """End the programs in the reverse order of their start; a second signal is for the impatient."""
        for program, life in reversed(list(self.lives.items())):
            give_up_at = time.monotonic() + PATIENCE_SECONDS
            life.end()
            while not life.is_over() and self.signals < 2 and time.monotonic() < give_up_at:
                self._pass_words_on()
            self._remove(program, life)

    def _pass_words_on(self) -> None:
        for key, _ in self.selector.select(LOOK_SECONDS):
            self._say(key.data, self.lives[key.data])

    def _say(self, program: Program, life: Life) -> None:
        for line in life.lines():
            self._print(program, line)

    def _print(self, program: Program, line: str) -> None:
        name = program.name.ljust(max(len(each.name) for each in self.programs))
        if sys.stdout.isatty():
            name = f"\x1b[{COLORS[self.programs.index(program) % len(COLORS)]}m{name}\x1b[0m"
        print(f"{name} │ {line}", flush=True)
