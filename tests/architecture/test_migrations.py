"""The migrations say what the models say, and each knows its way back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command

from common import services

# What would stand in the way of a second way there. The functions of triggers stay, and are replaced by it.
LEFT = """
    SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typelem = 0
"""
THERE_AND_BACK = f"""
LEFT = {LEFT!r}
import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

django.setup()
call_command("migrate", verbosity=0)
there = set(connection.introspection.table_names())
executor = MigrationExecutor(connection)
executor.migrate([(app, None) for app in sorted(executor.loader.migrated_apps)])
with connection.cursor() as cursor:
    cursor.execute(LEFT)
    left = [name for (name,) in cursor.fetchall() if not name.startswith("django_migrations")]
print(len(there) > 50, left)
"""


@pytest.fixture
def scratch_database() -> Iterator[str]:
    """A database of its own on the run's server: taking everything back is not for a database that others use."""
    url, name = urlsplit(settings.DATABASE_URL), f"scratch_{os.environ['TEST_RUN']}_{os.getpid()}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield url._replace(path=f"/{name}").geturl()
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_go_there_and_back(scratch_database: str) -> None:
    environment = os.environ | {"DATABASE_URL": scratch_database, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    command = [sys.executable, "-c", THERE_AND_BACK]

    done = subprocess.run(command, cwd=services.ROOT, env=environment, check=False, capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("True []\n", "")
