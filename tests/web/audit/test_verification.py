"""Verification from the page: in steps, with the first bad place named, and kept with who had it made."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in
from tests.workflow.tampering import as_owner
from web.audit.words import flaw_in_words
from workflow.models import ChainCheck, Event

pytestmark = pytest.mark.django_db
PAGE = "/audit/verification/"


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def verified(client: Client, *, most: int = 50) -> str:
    """Verify step by step until the round is done; return the page."""
    answer = client.post(PAGE)
    for _number in range(most):
        done = answer.headers["Location"].partition("?done=")[2]
        if not done:
            break
        answer = client.post(PAGE, {"done": done})
    return client.get(PAGE).content.decode()


def test_nothing_is_verified_at_first(programme: Programme) -> None:
    page = signed_in(programme.auditor.user_id).get(PAGE).content.decode()

    assert ("尚有未核验的项目" in page, ChainCheck.objects.count()) == (True, 0)


def test_untouched_chains_are_told_to_be_sound(programme: Programme) -> None:
    stages.submitted(programme)

    page = verified(signed_in(programme.auditor.user_id))

    assert ("未发现改动" in page, "有改动" in page) == (True, False)
    checks = ChainCheck.objects.all()
    assert {check.by_id for check in checks} == {programme.auditor.user_id}
    assert all(check.is_sound for check in checks)


def test_first_bad_link_is_named_in_words(programme: Programme) -> None:
    nomination = stages.submitted(programme)
    event = Event.objects.get(subject_id=nomination.pk, name="submit")
    with as_owner():
        Event.objects.filter(pk=event.pk).update(comment="改过")

    page = verified(signed_in(programme.auditor.user_id))

    check = ChainCheck.objects.get(name=event.stream.name)
    assert (check.is_sound, check.position, check.row) == (False, event.position, event.pk)
    assert ("发现 1 处改动" in page, "该条记录的内容被改动。" in page, str(event.pk) in page) == (True, True, True)


def test_what_was_mended_is_sound_again(programme: Programme) -> None:
    nomination = stages.submitted(programme)
    event = Event.objects.get(subject_id=nomination.pk, name="submit")
    client = signed_in(programme.auditor.user_id)
    with as_owner():
        Event.objects.filter(pk=event.pk).update(comment="改过")
    verified(client)
    with as_owner():
        Event.objects.filter(pk=event.pk).update(comment=event.comment)

    page = verified(client)

    assert "未发现改动" in page


def test_long_work_is_done_in_steps(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.audit.views.verification.STEP", 1)
    stages.submitted(programme)
    stages.submitted(programme, bureau=1)
    client = signed_in(programme.auditor.user_id)

    first = client.post(PAGE).headers["Location"]
    halfway = client.get(first).content.decode()

    assert first.startswith(f"{PAGE}?done=")
    assert "继续核验" in halfway
    assert "未发现改动" in verified(client)


@pytest.mark.parametrize("done", ["-1", "x", "99999999999", "³"])
def test_forged_place_begins_somewhere_harmless(programme: Programme, done: str) -> None:
    client = signed_in(programme.auditor.user_id)

    assert client.get(PAGE, {"done": done}).status_code == 200
    assert client.post(PAGE, {"done": done}).status_code == 302


def test_city_auditor_verifies_own_chains_only(programme: Programme) -> None:
    other = stages.programme()

    page = signed_in(programme.auditor.user_id).get(PAGE).content.decode()

    assert (programme.campaign.stream.name in page, other.campaign.stream.name in page) == (True, False)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("event 3 is missing; the next one says 4", "缺少第 3 条记录，其后一条的序号为 4。"),
        ("the link to the event before is broken", "该条记录与前一条的链接断开。"),
        ("the head counts 5 events and there are 4", "链上登记 5 条，实有 4 条。"),
        ("event 2 of the object is missing", "该事项缺少第 2 条记录。"),
        ("the object is missing, its events are there", "事项本身缺失，其办理记录仍在。"),
        ("the object counts 3 events and there are 2", "该事项登记 3 条记录，实有 2 条。"),
        ("begins in draft, the one before ended in submitted", "某条记录的起始状态为 draft，而前一条止于 submitted。"),
        ("the object is draft, its events end in submitted", "该事项状态为 draft，而其记录止于 submitted。"),
        ("something new", "something new"),
    ],
)
def test_every_finding_has_words(reason: str, words: str) -> None:
    assert flaw_in_words(reason) == words
