"""待办: whatever waits, in one list by due date, for every role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from nominations.enums import Window
from nominations.models import Nomination, ProvincialReport, RecommendationSummary, Selection, WorkReport
from nominations.operations.extension import prepare_extension
from nominations.operations.nomination import claim
from nominations.queries.waiting import waiting_for
from tests.nominations import stages
from tests.nominations.stages import AT, Programme
from tests.web.test_pages import signed_in
from web.dates import spell_end
from web.desks import DESKS, desk_of
from web.todo import CLOSING, todo_of
from web.way import turn_of
from workflow import calendar
from workflow.declaration import flow_of
from workflow.models import Deadline, WorkflowModel

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def everybody(programme: Programme) -> list[Actor]:
    """Return one person of every role that has work."""
    return [
        programme.company.admin,
        programme.bureau.reviewer,
        programme.bureau.approver,
        programme.city_reviewer,
        programme.city_approver,
    ]


def test_every_kind_of_work_has_its_words(programme: Programme) -> None:
    for actor in everybody(programme):
        assert set(waiting_for(actor)) - set(desk_of(actor.role).work) == set()


@pytest.mark.parametrize(
    ("kind", "model", "move"),
    [
        ("to_fill_in", Nomination, "submit"),
        ("to_correct", Nomination, "submit"),
        ("to_decide", Nomination, "recommend"),
        ("to_decide", Nomination, "decline"),
        ("to_evaluate", Nomination, "complete_evaluation"),
        ("summaries_to_approve", RecommendationSummary, "approve"),
        ("summaries_to_send", RecommendationSummary, "submit"),
        ("summaries_to_receive", RecommendationSummary, "receive"),
        ("work_reports_to_send", WorkReport, "submit"),
        ("work_reports_to_accept", WorkReport, "accept"),
        ("work_reports_to_accept", WorkReport, "return"),
        ("selections_to_propose", Selection, "propose"),
        ("selections_to_approve", Selection, "approve"),
        ("reports_to_approve", ProvincialReport, "approve"),
        ("reports_to_send", ProvincialReport, "send"),
    ],
)
def test_work_is_called_by_the_verb_of_its_button(kind: str, model: type[WorkflowModel], move: str) -> None:
    words = {name: str(work.label) for desk in DESKS.values() for name, work in desk.work.items()}

    assert str(flow_of(model).label_of(move)) in words[kind]


def test_row_tells_what_to_do_and_until_when(programme: Programme) -> None:
    draft = stages.drafted(programme, community=programme.community(name="栖云雅苑"))

    todo = todo_of(programme.company.admin, at=AT)

    [group] = todo.groups
    [row] = group.rows
    assert (row.title, row.what, row.url) == (
        "栖云雅苑",
        "填写并提交自荐表",
        reverse("web:company:case", args=[draft.pk]),
    )
    assert row.due is not None
    assert row.due.due_at == programme.campaign.application_closes_at


def test_what_is_due_first_stands_first_and_late_is_marked(programme: Programme) -> None:
    stages.drafted(programme)
    late = programme.campaign.application_closes_at + timedelta(days=2)

    todo = todo_of(programme.company.admin, at=late)

    assert [(str(group.title), group.is_late) for group in todo.groups] == [("逾期", True)]
    assert todo.late == 1


def test_long_pile_shows_what_is_due_first(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [stages.submitted(programme) for _number in range(3)]
    newest = Deadline.objects.filter(subject_id=cases[-1].pk, settled_at__isnull=True)
    assert newest.update(due_at=AT) == 1
    monkeypatch.setattr("web.todo.MOST_OF_A_KIND", 2)

    todo = todo_of(programme.bureau.reviewer, at=AT, kind="to_take_up")

    shown = [row.url for group in todo.groups for row in group.rows]
    assert (len(shown), shown[0], todo.count) == (2, reverse("web:district:case", args=[cases[-1].pk]), 4)


def test_list_can_be_narrowed_to_one_kind(programme: Programme) -> None:
    stages.submitted(programme)
    taken = stages.submitted(programme)
    claim(nomination_id=taken.pk, actor=programme.bureau.reviewer, at=AT)

    todo = todo_of(programme.bureau.reviewer, at=AT, kind="to_review")

    assert [row.kind for group in todo.groups for row in group.rows] == ["to_review"]


def test_kinds_without_a_deadline_of_their_own_fall_back_on_the_campaign() -> None:
    known = {kind for actor_work in (desk_of("city_reviewer"), desk_of("city_approver")) for kind in actor_work.work}

    assert set(CLOSING) <= known | set(desk_of("district_approver").work) | set(desk_of("evaluator").work)


@pytest.mark.parametrize("who", ["company", "bureau"])
def test_one_and_three_rows_take_one_number_of_queries(programme: Programme, who: str) -> None:
    actor = programme.company.admin if who == "company" else programme.bureau.reviewer
    client = signed_in(actor.user_id)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            stages.submitted(programme)
            stages.drafted(programme)
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_extension_is_to_be_decided_while_its_period_runs(programme: Programme) -> None:
    prepare_extension(
        campaign_id=programme.campaign.pk,
        window=Window.APPLICATION,
        until=programme.campaign.district_closes_at,
        reason="暴雨",
        actor=programme.city_reviewer,
        at=AT,
    )

    [[row]] = [group.rows for group in todo_of(programme.city_approver, at=AT).groups]

    assert row.due is not None
    assert row.due.due_at == programme.campaign.application_closes_at


def test_row_in_hand_says_who_is_awaited_and_until_when(programme: Programme) -> None:
    stages.submitted(programme)

    page = signed_in(programme.company.admin.user_id).get(reverse("web:pile", args=["in_hand"])).content.decode()

    until = spell_end(programme.campaign.district_closes_at, timezone.now())
    assert [words in page for words in (programme.bureau.office.name, until, "县区审核中")] == [True, True, True]
    assert '<span class="jy-sub">县区经办人</span>' not in page


def test_office_reads_in_hand_which_officer_is_awaited(programme: Programme) -> None:
    stages.claimed(programme)

    page = signed_in(programme.bureau.reviewer.user_id).get(reverse("web:pile", args=["in_hand"])).content.decode()

    assert '<span class="jy-sub">县区经办人</span>' in page


def test_turn_goes_from_officer_to_officer_along_the_way(programme: Programme) -> None:
    offices = [told(made(programme)) for made in (stages.submitted, stages.reviewed, stages.recommended)]

    assert offices == [
        (programme.bureau.office.name, "县区经办人", programme.campaign.district_closes_at),
        (programme.bureau.office.name, "县区审签人", programme.campaign.district_closes_at),
        (programme.bureau.office.name, "县区经办人", programme.campaign.district_closes_at),
    ]


def told(nomination: Any) -> tuple[str, str, Any]:
    """Return the office, the role and the day that a page of what is in hand names."""
    turn = turn_of(Nomination.objects.with_facts().get(pk=nomination.pk), at=AT, calendar=calendar.load())
    assert turn is not None
    return turn.office, str(turn.role), turn.due.due_at


@pytest.mark.parametrize("name", ["in_hand", "done"])
def test_pile_of_one_and_three_rows_takes_one_number_of_queries(programme: Programme, name: str) -> None:
    client = signed_in(programme.company.admin.user_id)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            stages.submitted(programme)
            withdrawn: Any = stages.drafted(programme)
            stages.moved(withdrawn, "withdraw", programme.company.admin, comment="小区改造，今年不参加。")
        client.get(reverse("web:pile", args=[name]))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("web:pile", args=[name]))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_pile_that_does_not_exist_is_not_found(programme: Programme) -> None:
    client = signed_in(programme.company.admin.user_id)

    assert client.get(reverse("web:pile", args=["waiting"])).status_code == 404


def test_hostile_name_is_shown_as_text(programme: Programme) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    stages.drafted(programme, community=programme.community(name=hostile))

    page = signed_in(programme.company.admin.user_id).get("/").content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
