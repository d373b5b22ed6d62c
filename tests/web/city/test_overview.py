"""The overview: how far everything has come, until when, which office is late."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nominations.enums import NominationState
from nominations.queries.progress import funnel_of, late_in
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read
from web.city.cases import GROUPS

pytestmark = pytest.mark.django_db


def test_funnel_counts_how_far_nominations_have_come(programme: Programme) -> None:
    stages.drafted(programme)
    stages.submitted(programme)
    city_stages.recommended(programme)

    funnel = funnel_of(programme.campaign, actor=programme.city_reviewer)

    assert funnel == {
        "communities": 3, "begun": 3, "submitted": 2, "recommended": 1, "evaluated": 0, "selected": 0, "reported": 0,
        "awarded": 0,
    }  # fmt: skip


def test_district_is_late_once_its_deadline_has_passed(programme: Programme) -> None:
    stages.submitted(programme)
    closes_at = programme.campaign.district_closes_at
    campaign, reviewer = programme.campaign, programme.city_reviewer

    before = late_in(campaign, actor=reviewer, at=closes_at - timedelta(microseconds=1))
    after = late_in(campaign, actor=reviewer, at=closes_at)

    assert before == {}
    assert after[programme.bureau.office.pk] == {"decisions": 1, "summaries": 1}


def test_what_is_late_elsewhere_is_not_counted(programme: Programme) -> None:
    other = stages.programme()
    stages.submitted(other)

    late = late_in(other.campaign, actor=programme.city_reviewer, at=other.campaign.report_closes_at)

    assert late == {}


def test_late_take_one_number_of_queries(programme: Programme) -> None:
    counts, reviewer = [], programme.city_reviewer
    for more in (1, 2):
        for _number in range(more):
            stages.submitted(programme)
        with CaptureQueriesContext(connection) as asked:
            late_in(programme.campaign, actor=reviewer, at=programme.campaign.report_closes_at)
        counts.append(len(asked))

    assert counts == [4, 4]


def test_every_state_stands_in_one_column() -> None:
    counted = [state for _title, states in GROUPS.values() for state in states]

    assert sorted(counted) == sorted(NominationState)


def test_rows_and_columns_of_the_overview_add_up(programme: Programme) -> None:
    withdrawn = stages.drafted(programme)
    stages.moved(withdrawn, "withdraw", programme.company.admin, comment="今年不参加。")
    stages.submitted(programme)
    stages.submitted(programme, bureau=1)

    page = read(desk(programme.city_reviewer), "web:city:overview-table", query=f"?campaign={programme.campaign.pk}")

    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in page.split("<tr>")[2:]]
    figures = [[int(cell) for cell in row[1:10]] for row in rows]
    assert [sum(row[:8]) for row in figures] == [row[8] for row in figures]
    assert [sum(column) for column in zip(*figures[:-1], strict=True)] == figures[-1]
    assert figures[-1] == [0, 2, 0, 0, 0, 0, 0, 1, 3]


def test_overview_names_the_late_district_and_leads_to_its_cases(programme: Programme) -> None:
    stages.submitted(programme)

    page = read(desk(programme.city_reviewer), "web:city:overview")

    address = f"{reverse('web:city:cases')}?campaign={programme.campaign.pk}&amp;district={programme.bureau.office.pk}"
    assert "1 件未审结" in page
    assert address in page


def test_overview_takes_one_number_of_queries(programme: Programme) -> None:
    client = desk(programme.city_reviewer)

    few, many = queries_with_more(client, reverse("web:city:overview"), lambda: stages.submitted(programme))

    assert few == many


@pytest.mark.parametrize("who", ["city_approver", "auditor", "province_viewer"])
def test_overview_is_open_to_the_readers(programme: Programme, who: str) -> None:
    page = read(desk(getattr(programme, who)), "web:city:overview")

    assert programme.campaign.title in page


def test_campaign_of_another_city_is_not_found(programme: Programme) -> None:
    other = stages.programme()

    answer = desk(programme.city_reviewer).get(reverse("web:city:overview"), {"campaign": other.campaign.pk})

    assert answer.status_code == 404


def test_hostile_name_is_shown_as_text(programme: Programme) -> None:
    programme.bureau.office.name = HOSTILE
    programme.bureau.office.save()

    page = read(desk(programme.city_reviewer), "web:city:overview")

    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
