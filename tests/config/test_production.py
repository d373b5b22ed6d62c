"""The production settings, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

from common import services
from tests.config.test_preconditions import SOUND

CHECK = ["check", "--deploy", "--fail-level", "WARNING"]


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a management command with the production settings and nothing else in the environment."""
    command = [sys.executable, "manage.py", *arguments]
    given = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"} | environment
    return subprocess.run(command, cwd=services.ROOT, env=given, check=False, capture_output=True, text=True)


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    done = manage(SOUND | {"VAR": str(tmp_path)}, *CHECK)

    assert (done.returncode, done.stdout) == (0, "System check identified no issues (1 silenced).\n")


def test_one_proxy_is_believed_by_all_who_ask_for_an_address(tmp_path: Path) -> None:
    """The throttles, the access log, and allauth's list of sessions and log of sign-ins."""
    places = "NUM_PROXIES, settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.REST_FRAMEWORK['NUM_PROXIES']"
    told = f"from django.conf import settings; print(settings.{places})"

    done = manage(SOUND | {"VAR": str(tmp_path)}, "shell", "--no-imports", "-c", told)

    assert (done.stdout, done.returncode) == ("1 1 1\n", 0)


def test_production_refuses_to_start_with_one_list() -> None:
    done = manage({}, "migrate")

    first, *rest = done.stderr.splitlines()
    assert done.returncode == 1
    assert first == "Jiayuan does not start; missing or unsafe in the environment:"
    assert len(rest) == 9
    assert rest[0].startswith("  SECRET_KEY: ")


def test_production_starts_no_server_of_its_own(tmp_path: Path) -> None:
    addresses = {"DATABASE_URL": "postgresql://127.0.0.1:1/jiayuan", "REDIS_URL": "redis://127.0.0.1:1"}

    done = manage(SOUND | addresses | {"VAR": str(tmp_path / "var")}, "migrate", "--plan")

    assert done.returncode == 1
    assert "127.0.0.1" in done.stderr
    assert not (tmp_path / "var").exists()
