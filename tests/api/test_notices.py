from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from notifications.enums import DeliveryState
from notifications.models import Delivery, Notice
from tests.api.people import Program, program_of
from tests.nominations import stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(programme: Programme) -> str:
    return str(stages.submitted(programme, at=timezone.now()).pk)


@pytest.fixture
def reviewer(programme: Programme, submitted: str) -> Program:
    return program_of(programme.bureau.reviewer)


def test_notice_says_in_the_readers_language_what_happened(programme: Programme, submitted: str) -> None:
    english = program_of(programme.bureau.reviewer)
    chinese = program_of(programme.bureau.reviewer)
    chinese.headers["Accept-Language"] = "zh-hans"

    [told] = english.get("notices/").body["results"]
    [same] = chinese.get("notices/").body["results"]

    assert told["about"] == {"flow": "nomination", "id": submitted}
    assert (told["id"], told["read_at"]) == (same["id"], None)
    assert (told["title"].split("：")[0], same["title"].split("：")[0]) == (told["title"], "待审核")


def test_notice_is_read_once(reviewer: Program) -> None:
    [told] = reviewer.get("notices/?unread=true").body["results"]

    first = reviewer.post(f"notices/{told['id']}/read/")
    read_at = Notice.objects.get(pk=told["id"]).read_at
    second = reviewer.post(f"notices/{told['id']}/read/")

    assert (first.body, second.body) == ({"unread": 0}, {"unread": 0})
    assert Notice.objects.get(pk=told["id"]).read_at == read_at
    assert reviewer.get("notices/?unread=true").body["results"] == []
    assert len(reviewer.get("notices/?unread=false").body["results"]) == 1


def test_all_notices_are_read_at_once(programme: Programme, reviewer: Program) -> None:
    stages.submitted(programme, at=timezone.now())
    before = reviewer.get("me/").body["unread_notices"]

    answer = reviewer.post("notices/read-all/")

    assert (before, answer.body) == (2, {"unread": 0})


def test_notice_of_somebody_else_is_not_found(programme: Programme, reviewer: Program) -> None:
    [told] = reviewer.get("notices/").body["results"]
    colleague = program_of(programme.bureau.colleague)

    assert colleague.post(f"notices/{told['id']}/read/").status == 404
    assert colleague.post(f"notices/{uuid4()}/read/").status == 404


def test_preferences_are_kept_by_category(reviewer: Program) -> None:
    answer = reviewer.put("notices/preferences/", {"category": "progress", "mode": "digest"})

    modes = {row["category"]: row["mode"] for row in reviewer.get("notices/preferences/").body}
    assert (answer.body["mode"], modes["progress"], modes["work"]) == ("digest", "digest", "on")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"category": "legal", "mode": "off"}, 422, "legal_minimum"),
        ({"category": "gossip", "mode": "off"}, 400, "unknown_category"),
        ({"category": "work", "mode": "never"}, 400, "unknown_mode"),
        ({"category": "work"}, 400, "invalid"),
    ],
)
def test_preference_that_cannot_be_kept_is_refused(
    reviewer: Program, body: dict[str, str], status: int, code: str
) -> None:
    answer = reviewer.put("notices/preferences/", body)

    assert (answer.status, answer.body["code"]) == (status, code)


def parked(programme: Programme) -> Delivery:
    notice = Notice.objects.earliest("pk")
    return Delivery.objects.create(
        notice=notice,
        city_id=programme.campaign.city_id,
        address="a@example.com",
        state=DeliveryState.PARKED,
        attempts=9,
        message_id="<1@example.com>",
        next_at=timezone.now(),
        last_error="550 no such mailbox",
    )


@pytest.mark.usefixtures("submitted")
def test_mail_in_trouble_is_sent_again(programme: Programme) -> None:
    delivery, city = parked(programme), program_of(programme.city_reviewer)

    [listed] = city.get("deliveries/").body["results"]
    answer = city.post(f"deliveries/{delivery.pk}/send-again/")

    assert (listed["last_error"], listed["state"]) == ("550 no such mailbox", "parked")
    assert (answer.status, answer.body["state"], answer.body["attempts"]) == (200, "pending", 0)


@pytest.mark.usefixtures("submitted")
def test_mails_of_another_city_are_out_of_sight(programme: Programme, elsewhere: Programme) -> None:
    delivery, city = parked(programme), program_of(elsewhere.city_reviewer)

    assert city.get("deliveries/").body["results"] == []
    assert city.post(f"deliveries/{delivery.pk}/send-again/").status == 404
