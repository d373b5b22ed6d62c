"""On site: findings by annex 1, what may exclude with its photo; visits moved, called off; sheets unlocked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from attachments.models import Attachment
from evaluation.models import ScoreSheet
from nominations.models import Assignment, Nomination, VetoFinding, Visit
from nominations.operations.panel import propose_panels
from nominations.operations.visit import Stop, plan_visits
from nominations.queries.waiting import counts_waiting_for
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, read
from web.todo import todo_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(db: None) -> Programme:
    """Return a programme whose evaluation is going on."""
    later = {
        f"{period}_closes_at": timezone.now() + timedelta(days=days)
        for period, days in {"district": 10, "evaluation": 40, "work_report": 40, "report": 60}.items()
    }
    return stages.programme(**later)


@pytest.fixture
def visited(running: Programme) -> Visit:
    case = city_stages.recommended(running)
    city_stages.received(running)
    return city_stages.visited(running, case, at=timezone.now())


def photo_of(visit: Visit) -> Attachment:
    return Attachment.objects.of_subjects("visit", [visit.pk]).get()


def find(running: Programme, visit: Visit, **typed: Any) -> Any:
    return desk(running.city_reviewer).post(reverse("web:city:visit-findings", args=[visit.pk]), typed)


def finding_of(running: Programme, visit: Visit) -> VetoFinding:
    find(running, visit, kind="blocked_fire_lane", veto_note=f"3 号楼 {HOSTILE}", photo=str(photo_of(visit).pk))
    return VetoFinding.objects.get()


def test_findings_are_entered_by_requirement(running: Programme, visited: Visit) -> None:
    typed = {"verdict-3": "met", "verdict-5": "not_met", "note-5": "消防通道有占用。"}

    answer = find(running, visited, **typed)

    rows = [(check.requirement.number, check.verdict, check.note) for check in visited.checks.all()]
    page = read(desk(running.province_viewer), "web:city:case", visited.nomination_id, query="?part=evaluation")
    assert answer.status_code == 302
    assert rows == [(3, "met", ""), (5, "not_met", "消防通道有占用。")]
    assert ["消防通道有占用。" in page, "登记现场核查情况" in page] == [True, False]


def test_requirement_that_is_not_met_needs_its_note(running: Programme, visited: Visit) -> None:
    answer = find(running, visited, **{"verdict-3": "met", "verdict-5": "not_met"})

    assert (answer.status_code, 'href="#f-note-5"' in answer.content.decode(), visited.checks.count()) == (422, True, 0)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"kind": "", "veto_note": "占用"}, "f-kind"),
        ({"kind": "meteor", "veto_note": "占用"}, "f-kind"),
        ({"kind": "blocked_fire_lane", "veto_note": "占用"}, "f-photo"),
        ({"kind": "blocked_fire_lane", "veto_note": "占用", "photo": str(Visit(id=None).pk)}, "f-photo"),
    ],
)
def test_excluding_finding_needs_its_kind_and_its_photo(
    running: Programme, visited: Visit, typed: dict[str, str], place: str
) -> None:
    answer = find(running, visited, **typed)

    assert (answer.status_code, f'href="#{place}"' in answer.content.decode()) == (422, True)
    assert not VetoFinding.objects.exists()


def test_excluding_finding_waits_for_the_city_and_is_dismissed_with_a_reason(
    running: Programme, visited: Visit
) -> None:
    finding = finding_of(running, visited)
    reviewer, address = desk(running.city_reviewer), reverse("web:city:finding", args=[finding.pk])

    [row] = [
        row
        for group in todo_of(running.city_reviewer, at=timezone.now()).groups
        for row in group.rows
        if row.kind == "findings_to_settle"
    ]
    page = reviewer.get(address).content.decode()
    refused = reviewer.post(address, {"reason": " "})
    reviewer.post(address, {"reason": "当场清理完毕。"})

    finding.refresh_from_db()
    assert (row.url, row.title, str(row.what)) == (address, visited.nomination.community.name, "处理走访发现的否决情形")
    assert ["&lt;script&gt;" in page, HOSTILE in page, "消防" in page] == [True, False, True]
    assert (refused.status_code, 'href="#f-reason"' in refused.content.decode()) == (422, True)
    assert (finding.dismissed_reason, finding.settled_by_id) == ("当场清理完毕。", running.city_reviewer.person_id)
    assert counts_waiting_for(running.city_reviewer)["findings_to_settle"] == 0
    assert reviewer.get(address).status_code == 404


def test_only_the_reviewer_settles_and_another_city_finds_nothing(running: Programme, visited: Visit) -> None:
    address = reverse("web:city:finding", args=[finding_of(running, visited).pk])

    shown = desk(running.city_approver).get(address)

    assert (shown.status_code, "不构成否决的理由" in shown.content.decode()) == (200, False)
    assert desk(running.city_approver).post(address, {"reason": "x"}).status_code == 403
    assert desk(stages.programme().city_reviewer).get(address).status_code == 404


def test_proposal_waits_until_it_is_deployed(running: Programme) -> None:
    for _number in range(3):
        city_stages.evaluator(running)
    city_stages.recommended(running)
    before = counts_waiting_for(running.city_reviewer)["panels_to_deploy"]

    proposal = propose_panels(campaign_id=running.campaign.pk, actor=running.city_reviewer, at=timezone.now())

    rows = [row for group in todo_of(running.city_reviewer, at=timezone.now()).groups for row in group.rows]
    assert (before, counts_waiting_for(running.city_reviewer)["panels_to_deploy"]) == (0, 1)
    assert [row.url for row in rows if row.kind == "panels_to_deploy"] == [
        reverse("web:city:proposal", args=[proposal.pk])
    ]
    assert counts_waiting_for(running.auditor) == {}


@pytest.fixture
def planned(running: Programme) -> Visit:
    case = city_stages.recommended(running)
    begins = timezone.now() + timedelta(days=3)
    stops = [Stop(case.pk, begins, begins + timedelta(hours=1))]
    [visit] = plan_visits(stops=stops, actor=running.city_reviewer, at=timezone.now())
    return visit


def test_visit_is_moved_to_another_time(running: Programme, planned: Visit) -> None:
    client, address = desk(running.city_reviewer), reverse("web:city:visit-move", args=[planned.pk])
    day = timezone.localdate(timezone.now() + timedelta(days=5)).isoformat()

    refused = client.post(address, {"day": "明天", "start": "14:30", "minutes": "45"})
    answer = client.post(address, {"day": day, "start": "14:30", "minutes": "45"})

    planned.refresh_from_db()
    begins = timezone.localtime(planned.planned_from)
    assert (refused.status_code, 'href="#f-day"' in refused.content.decode(), answer.status_code) == (422, True, 302)
    assert (begins.date().isoformat(), f"{begins:%H:%M}") == (day, "14:30")
    assert planned.planned_until == begins + timedelta(minutes=45)
    assert Visit.objects.count() == 1


def test_visit_is_called_off_with_a_reason(running: Programme, planned: Visit) -> None:
    client, address = desk(running.city_reviewer), reverse("web:city:visit-cancel", args=[planned.pk])

    refused = client.post(address, {"reason": ""})
    client.post(address, {"reason": "暴雨"})

    planned.refresh_from_db()
    assert (refused.status_code, planned.cancelled_at is not None) == (422, True)
    assert client.get(address).status_code == 404
    assert planned.nomination.community.name in read(client, "web:city:visits")


def test_sheet_is_unlocked_by_the_approver_with_a_reason(running: Programme) -> None:
    case = city_stages.recommended(running)
    city_stages.received(running)
    city_stages.scored(running, case, Decimal("8.5"))
    sheet = Assignment.objects.get(nomination=case).sheet
    address = reverse("web:city:sheet-unlock", args=[sheet.pk])
    approver = desk(running.city_approver)

    page = read(approver, "web:city:case", case.pk, query="?part=evaluation")
    refused = approver.post(address, {"reason": " "})
    approver.post(address, {"reason": "第十二项漏评。"})

    versions = list(ScoreSheet.objects.filter(subject_id=case.pk).order_by("version").values_list("version", "state"))
    assert (address in page, refused.status_code, versions) == (True, 422, [(1, "handed_in"), (2, "open")])
    assert desk(running.city_reviewer).get(address).status_code == 403
    assert address not in read(desk(running.city_reviewer), "web:city:case", case.pk, query="?part=evaluation")
    assert Nomination.objects.get(pk=case.pk).state == "recommended"
