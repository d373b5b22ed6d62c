"""PostgreSQL and Valkey for one test run: started by the controller, used by its workers, removed with their files."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings

from common import services

RUNNING = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the services of the run, unless this process is a worker of one."""
    if hasattr(config, "workerinput"):
        return
    config.stash[RUNNING] = ExitStack()
    sweep_abandoned(settings.VAR.parent)
    config.stash[RUNNING].callback(remove, settings.VAR)
    config.stash[RUNNING].enter_context(services.running(settings.VAR, durable=False))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the services of the run and remove their files."""
    if RUNNING in config.stash:
        config.stash[RUNNING].close()


def remove(var: Path) -> None:
    """Remove the folder of a run whose services have stopped."""
    shutil.rmtree(var, ignore_errors=True)


def sweep_abandoned(folder: Path) -> None:
    """Remove what runs that were killed have left behind."""
    for var in folder.glob("test-*_*"):
        if not is_alive(int(var.name.removeprefix("test-").split("_")[0])):
            remove(var)


def is_alive(pid: int) -> bool:
    """Tell whether a process has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
