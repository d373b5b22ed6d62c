from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nominations.models import Extension, Nomination
from tests.api.people import program_of
from tests.nominations import stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


def test_campaign_shows_its_calendar_with_the_offset_of_the_place(programme: Programme) -> None:
    programme.community()

    answer = program_of(programme.company.editor).get(f"campaigns/{programme.campaign.pk}/")

    campaign = programme.campaign
    assert answer.body["legal_basis"] == "建房函〔2023〕332号"
    assert answer.body["application_closes_at"] == timezone.localtime(campaign.application_closes_at).isoformat()
    assert answer.body["application_closes_at"].endswith("+08:00")
    assert answer.body["district_share"] == "0.000"


def test_standard_shows_groups_and_items_in_order(programme: Programme) -> None:
    answer = program_of(programme.city_reviewer).get(f"campaigns/{programme.campaign.pk}/standard/")

    groups = answer.body["groups"]
    assert [(group["weight"], len(group["items"])) for group in groups] == [
        ("20.00", 5),
        ("20.00", 4),
        ("40.00", 9),
        ("20.00", 7),
    ]
    assert groups[0]["items"][0]["code"] == f"{groups[0]['number']}-1"


def test_requirements_come_in_the_order_of_the_notice(programme: Programme) -> None:
    answer = program_of(programme.city_reviewer).get(f"campaigns/{programme.campaign.pk}/requirements/")

    assert [row["number"] for row in answer.body] == list(range(1, 9))


def test_progress_counts_what_is_in_the_readers_scope(programme: Programme) -> None:
    now = timezone.now()
    stages.drafted(programme, at=now)
    stages.drafted(programme, bureau=1, company=1, at=now)
    path = f"campaigns/{programme.campaign.pk}/progress/"

    city = program_of(programme.city_reviewer).get(path).body
    district = program_of(programme.bureau.reviewer).get(path).body

    assert (city["states"], district["states"]) == ({"draft": 2}, {"draft": 1})
    assert [row["district"]["id"] for row in district["districts"]] == [str(programme.bureau.office.pk)]


def test_ranking_is_found_once_it_is_frozen(programme: Programme) -> None:
    path = f"campaigns/{programme.campaign.pk}/ranking/"

    before = program_of(programme.auditor).get(path)
    nothing = program_of(programme.city_reviewer).post(path)

    assert (before.status, before.body["code"]) == (404, "ranking_missing")
    assert (nothing.status, nothing.body["code"]) == (422, "nothing_to_rank")


def wish(programme: Programme, **changes: Any) -> dict[str, Any]:
    until = programme.campaign.application_closes_at + timedelta(days=3)
    return {"window": "application", "until": until.isoformat(), "reason": "暴雨", **changes}


def test_extension_is_prepared_by_one_and_approved_by_another(programme: Programme, draft: Nomination) -> None:
    city, head = program_of(programme.city_reviewer), program_of(programme.city_approver)
    company = program_of(programme.company.admin)
    path = f"campaigns/{programme.campaign.pk}/extensions/"

    prepared = city.post(path, wish(programme, nomination=str(draft.pk)))
    between = company.get(f"nominations/{draft.pk}/").body["deadline"]
    approved = head.post(f"extensions/{prepared.body['id']}/approve/")
    after = company.get(f"nominations/{draft.pk}/").body["deadline"]

    assert (prepared.status, prepared.body["approved_at"]) == (201, None)
    assert approved.body["approved_at"] is not None
    assert (between, after) == (
        timezone.localtime(programme.campaign.application_closes_at).isoformat(),
        timezone.localtime(programme.campaign.application_closes_at + timedelta(days=3)).isoformat(),
    )
    assert head.post(f"extensions/{prepared.body['id']}/approve/").body["code"] == "approved_already"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"until": "2000-01-01T00:00:00+08:00"}, {"until": "not_later"}),
        ({"reason": " "}, {"reason": "blank"}),
        ({"window": "forever"}, {"window": "invalid_choice"}),
        ({"until": "2023-02-30T00:00:00Z"}, {"until": "invalid"}),
        ({"district": "x"}, {"district": "invalid"}),
    ],
)
def test_extension_that_cannot_be_taken_is_named(
    programme: Programme, changes: dict[str, Any], named: dict[str, str]
) -> None:
    path = f"campaigns/{programme.campaign.pk}/extensions/"

    answer = program_of(programme.city_reviewer).post(path, wish(programme, **changes))

    assert (answer.status, answer.error_codes) == (400, named)
    assert Extension.objects.count() == 0


def test_districts_refinement_is_its_own(programme: Programme) -> None:
    """S-19: parts below an item, in the weight of the item."""
    path = f"campaigns/{programme.campaign.pk}/standard/"
    approver, other = program_of(programme.bureau.approver), program_of(programme.bureaus[1].reviewer)

    refined = approver.put(f"{path}refinement/", {"parts": {"三-5": ["楼道整洁。", "绿化养护及时。"]}})

    shown = {group["number"]: group for group in refined.body["groups"]}["三"]
    assert (refined.status, shown["weight"], len(shown["items"])) == (200, "40.00", 9)
    assert [part["code"] for part in shown["items"][4]["parts"]] == ["三-5-1", "三-5-2"]
    assert approver.get(f"{path}refinement/").body == refined.body
    assert other.get(f"{path}refinement/").body["code"] == other.get(path).body["code"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"parts": {"九-1": ["甲", "乙"]}}, 422), ({"parts": {"三-5": "甲"}}, 400), ({}, 400), ({"parts": {}}, 200)],
)
def test_refinement_that_cannot_be_used_is_refused(programme: Programme, body: dict[str, Any], status: int) -> None:
    path = f"campaigns/{programme.campaign.pk}/standard/refinement/"

    assert program_of(programme.bureau.approver).put(path, body).status == status
    assert program_of(programme.bureau.reviewer).put(path, body).status == 403
    assert program_of(programme.city_reviewer).put(path, body).status == 403
