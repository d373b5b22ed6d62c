"""What the districts send: summaries and work reports, received, accepted or sent back."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attachments.models import Attachment
from nominations.enums import SummaryState, WorkReportState
from nominations.models import RecommendationSummary, SummaryRow, WorkReport
from nominations.rules.narrative import FORM_4
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, read, received
from tests.workflow.tampering import place
from web.city.words import CONSEQUENCES
from web.dates import spell_end
from workflow import engine
from workflow.declaration import flow_of

pytestmark = pytest.mark.django_db


def reported(programme: Programme) -> WorkReport:
    """Return a work report that its district has sent."""
    report = programme.bureau.work_report
    WorkReport.objects.filter(pk=report.pk).update(
        practice_and_results="做法", problems="问题", suggestions="建议", preparer=programme.bureau.reviewer.person_id
    )
    engine.perform(WorkReport, report.pk, "submit", actor=programme.bureau.approver, at=city_stages.RECOMMENDED_AT)
    return programme.bureau.work_report


def test_inbox_lists_every_district_and_what_waits_first(programme: Programme) -> None:
    reported(programme)

    page = read(desk(programme.city_reviewer), "web:city:papers")

    assert "1 个县区报送的材料待办理" in page
    assert page.index(programme.bureau.office.name) < page.index(programme.bureaus[1].office.name)


def test_summary_shows_the_table_of_the_district(programme: Programme) -> None:
    nomination = received(programme)
    row = SummaryRow.objects.get(nomination=nomination)
    SummaryRow.objects.filter(pk=row.pk).update(fees_text="物业费收缴率95%。", party_text=HOSTILE)

    page = read(desk(programme.city_reviewer), "web:city:summary", programme.bureau.summary.pk)

    assert [text in page for text in (nomination.community.name, "物业费收缴率95%。", HOSTILE)] == [True, True, False]
    assert [f'<th scope="col">{title}</th>' in page for title in FORM_4.values()] == [True] * 9


def test_summary_counts_what_is_listed_whatever_has_become_of_it_since(programme: Programme) -> None:
    nomination = received(programme)
    place(nomination, "evaluated")

    page = read(desk(programme.city_reviewer), "web:city:summary", programme.bureau.summary.pk)

    assert re.search(r"<dt>推荐小区</dt>\s*<dd[^>]*>\s*1\s*</dd>", page)
    assert f"{programme.campaign.year} {programme.campaign.title}" in page


def test_papers_say_with_whom_they_are_and_until_when(programme: Programme) -> None:
    summary, report = programme.bureau.summary, programme.bureau.work_report
    client, campaign = desk(programme.city_reviewer), programme.campaign
    before = read(client, "web:city:summary", summary.pk), read(client, "web:city:work-report", report.pk)
    reported(programme)
    after = read(client, "web:city:work-report", report.pk)

    with_district, with_city = (
        f'当前办理 <span lang="zh-Hans">{one.name}<' for one in (programme.bureau.office, campaign.city)
    )
    assert [with_district in page for page in before] == [True, True]
    assert [with_city in after, spell_end(campaign.report_closes_at, timezone.now()) in after] == [True, True]


def test_summary_is_sent_back_with_a_reason(programme: Programme) -> None:
    received(programme)
    summary = programme.bureau.summary

    answer = desk(programme.city_reviewer).post(
        reverse("web:city:summary-move", args=[summary.pk, "return"]),
        {"comment": "请补充说明材料。", "version": summary.version},
    )

    assert answer.headers["Location"] == reverse("web:city:summary", args=[summary.pk])
    assert programme.bureau.summary.state == SummaryState.RETURNED


def test_files_of_a_summary_are_handed_out_and_foreign_ones_are_not_found(programme: Programme) -> None:
    received(programme)
    summary = programme.bureau.summary
    elsewhere = factories.AttachmentFactory.create(subject_kind="nomination", subject_id=uuid4())
    client = desk(programme.city_reviewer)
    wanted: list[Any] = [summary.sealed_copy_id, elsewhere.pk, uuid4()]

    statuses = [client.get(reverse("web:city:summary-file", args=[summary.pk, pk])).status_code for pk in wanted[1:]]

    assert statuses == [404, 404]
    assert Attachment.objects.filter(pk=wanted[0]).exists()


def test_work_report_is_read_and_accepted(programme: Programme) -> None:
    report = reported(programme)
    client = desk(programme.city_reviewer)

    page = read(client, "web:city:work-report", report.pk)
    client.post(reverse("web:city:work-report-move", args=[report.pk, "accept"]), {"version": report.version})

    assert [text in page for text in ("做法", "问题", "建议")] == [True, True, True]
    assert programme.bureau.work_report.state == WorkReportState.ACCEPTED


def test_work_report_is_not_sent_back_without_a_reason(programme: Programme) -> None:
    report = reported(programme)

    answer = desk(programme.city_reviewer).post(
        reverse("web:city:work-report-move", args=[report.pk, "return"]), {"version": report.version}
    )

    assert answer.status_code == 422
    assert programme.bureau.work_report.state == WorkReportState.SUBMITTED


def test_work_report_is_sent_back_with_a_remark_at_its_section(programme: Programme) -> None:
    report = reported(programme)
    client = desk(programme.city_reviewer)
    address = reverse("web:city:work-report-move", args=[report.pk, "return"])
    asked = client.get(address).content.decode()

    sent = {
        "version": report.version,
        "comment": "请补充。",
        "remarks.problems": "请列明数量。",
        "remarks.suggestions": " ",
    }
    client.post(address, sent)

    page = read(client, "web:city:work-report", report.pk)
    district = read(desk(programme.bureau.reviewer), "web:district:work-report", report.pk)
    assert programme.bureau.work_report.remarks == {"problems": "请列明数量。"}
    assert [asked.count('name="remarks.'), "请列明数量。" in page, "请列明数量。" in district] == [3, True, True]


def test_remark_that_is_too_long_is_refused_at_its_section(programme: Programme) -> None:
    report = reported(programme)
    address = reverse("web:city:work-report-move", args=[report.pk, "return"])
    sent = {"version": report.version, "comment": "请补充。", "remarks.problems": "多" * 2001}

    answer = desk(programme.city_reviewer).post(address, sent)

    assert (answer.status_code, "f-remarks-problems-error" in answer.content.decode()) == (422, True)
    assert programme.bureau.work_report.state == WorkReportState.SUBMITTED


@pytest.mark.parametrize("who", ["city_approver", "auditor", "province_viewer"])
def test_papers_are_read_by_all_readers_of_the_city(programme: Programme, who: str) -> None:
    report = reported(programme)
    client = desk(getattr(programme, who))

    pages = [
        client.get(reverse("web:city:papers")),
        client.get(reverse("web:city:summary", args=[programme.bureau.summary.pk])),
        client.get(reverse("web:city:work-report", args=[report.pk])),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]


def test_papers_of_another_city_are_not_found(programme: Programme) -> None:
    other = stages.programme()
    client = desk(programme.city_reviewer)

    answers = [
        client.get(reverse("web:city:summary", args=[other.bureau.summary.pk])),
        client.get(reverse("web:city:work-report", args=[other.bureau.work_report.pk])),
        client.get(reverse("web:city:work-report-file", args=[other.bureau.work_report.pk, uuid4()])),
        client.get(reverse("web:city:summary-move", args=[other.bureau.summary.pk, "receive"])),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_inbox_takes_one_number_of_queries(programme: Programme) -> None:
    client, address = desk(programme.city_reviewer), reverse("web:city:papers")
    counts = []
    for more in (0, 2):
        for _number in range(more):
            factories.CampaignDistrictFactory.create(campaign=programme.campaign)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert len(WorkReport.objects.filter(campaign=programme.campaign)) == 4


@pytest.mark.parametrize("model", [RecommendationSummary, WorkReport])
def test_every_move_of_the_city_on_a_paper_says_what_comes_of_it(model: Any) -> None:
    moves = flow_of(model).transitions.values()

    assert {spec.name for spec in moves if spec.role.startswith("city_")} == {
        name for flow, name in CONSEQUENCES if flow == model.flow
    }
