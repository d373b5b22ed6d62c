"""The ticks, by Celery and by hand: ids in, one operation each."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
import redis
from django.conf import settings as site
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from attachments import tasks
from attachments.enums import AttachmentState
from attachments.models import Attachment
from config.celery import app
from tests.attachments.steps import AT, receive, receive_clean
from tests.workflow.races import wait_until


def states() -> list[str]:
    """Return the states of all files, oldest first."""
    return list(Attachment.objects.order_by("pk").values_list("state", flat=True))


def run(command: str, **options: int) -> list[str]:
    """Run a management command and return what it printed."""
    output = StringIO()
    call_command(command, stdout=output, **options)
    return output.getvalue().splitlines()


def test_task_inspects_one_file(uploader: User) -> None:
    first, _second = receive(uploader), receive(uploader)

    tasks.inspect_attachment(str(first.pk))
    tasks.inspect_attachment(str(first.pk))

    assert states() == [AttachmentState.CLEAN, AttachmentState.QUARANTINED]


def test_tick_inspects_what_hints_have_missed(uploader: User) -> None:
    receive(uploader)
    receive(uploader)

    tasks.inspect_quarantined()

    assert states() == [AttachmentState.CLEAN] * 2


def test_tick_sweeps_the_store(uploader: User, store: Path) -> None:
    attachment = receive(uploader)
    (store / attachment.stored_name).unlink()

    tasks.sweep_orphans()

    assert states() == [AttachmentState.REJECTED]


def test_tasks_are_known_to_the_worker_by_the_names_that_hints_use() -> None:
    app.loader.import_default_modules()

    assert [name for name in sorted(app.tasks) if name.startswith("attachments.")] == [
        "attachments.tasks.inspect_attachment",
        "attachments.tasks.inspect_quarantined",
        "attachments.tasks.sweep_orphans",
    ]


def test_hint_reaches_the_broker(
    uploader: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    broker = redis.Redis.from_url(site.REDIS_URL)
    queue = f"{site.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}celery"
    broker.delete(queue)

    with django_capture_on_commit_callbacks(execute=True):
        attachment = receive(uploader)

    wait_until(lambda: broker.llen(queue))
    (message,) = (json.loads(entry) for entry in broker.lrange(queue, 0, -1))
    assert message["headers"]["task"] == "attachments.tasks.inspect_attachment"
    assert message["headers"]["argsrepr"] == repr((str(attachment.pk),))
    broker.close()


def test_command_inspects_and_counts(uploader: User) -> None:
    for _ in range(3):
        receive(uploader)

    printed = run("inspect_attachments", limit=2) + run("inspect_attachments") + run("inspect_attachments")

    assert printed == ["clean: 2", "inspected: 2", "clean: 1", "inspected: 1", "inspected: 0"]


def test_command_sweeps_and_counts(uploader: User, store: Path) -> None:
    attachment = receive(uploader, at=AT)
    (store / attachment.stored_name).unlink()

    assert run("sweep_attachments") == ["deleted: 0", "rejected: 1"]


def test_command_fails_when_clean_files_are_missing(uploader: User, store: Path) -> None:
    attachment = receive_clean(uploader)
    (store / attachment.stored_name).unlink()

    with pytest.raises(CommandError, match=str(attachment.pk)):
        run("sweep_attachments")
