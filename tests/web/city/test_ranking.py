"""The ranking: frozen after a question, every figure explained, ties and the cut line marked."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from nominations.models import Assignment, Nomination, Ranking
from nominations.operations.ranking import freeze_ranking
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read

pytestmark = pytest.mark.django_db


def evaluated(programme: Programme, *points: str) -> list[Nomination]:
    """Return nominations whose panels gave every item these points."""
    nominations = [city_stages.recommended(programme) for _one in points]
    city_stages.received(programme)
    return [
        city_stages.assessed(programme, nomination, [Decimal(each)] * 3)
        for nomination, each in zip(nominations, points, strict=True)
    ]


def frozen(programme: Programme, *, places: int = 10, rows: list[dict[str, Any]] | None = None) -> Ranking:
    """Keep a ranking with these rows."""
    figures = {"campaign": "x", "places": places, "district_share": "0", "rows": rows or []}
    return Ranking.objects.create(
        campaign=programme.campaign,
        frozen_at=city_stages.EVALUATING_AT,
        frozen_by_id=programme.city_reviewer.person_id,
        figures=figures,
        digest="d" * 64,
    )


def row(rank: int, nomination: Nomination, total: str, *, shared: bool = False) -> dict[str, Any]:
    """Return a row of a frozen ranking with three sheets."""
    groups = ["18", "18", "36", "18"]
    sheets = [{"sheet": str(UUID(int=n)), "total": total, "groups": groups, "dropped": n == 0} for n in range(3)]
    return {
        "rank": rank, "shared": shared, "nomination": str(nomination.pk), "number": nomination.number,
        "community": nomination.community.name, "district": nomination.district.name,
        "figures": {"total": total, "satisfaction": "95.00"}, "sheets": sheets, "decided_by": None,
    }  # fmt: skip


def test_nothing_is_ranked_before_it_is_frozen(programme: Programme) -> None:
    city_stages.recommended(programme)

    page = read(desk(programme.city_reviewer), "web:city:ranking")

    assert ["还有 1 个小区正在测评" in page, "没有预排名" in page] == [True, True]
    assert re.search(r'aria-disabled="true"[^>]*>(<svg.*?</svg>)?\s*冻结排名', page, re.DOTALL)


def test_freezing_asks_first_and_keeps_the_order(programme: Programme) -> None:
    evaluated(programme, "9")
    client = desk(programme.city_reviewer)
    address = reverse("web:city:ranking-freeze", args=[programme.campaign.pk])

    asked = client.get(address)
    client.post(address)

    [ranking] = Ranking.objects.filter(campaign=programme.campaign)
    page = read(client, "web:city:ranking")
    assert "冻结后内容不再变动" in asked.content.decode()
    assert [ranking.digest[:16] in page, "90.00" in page] == [True, True]


def test_freezing_nothing_tells_why(programme: Programme) -> None:
    answer = desk(programme.city_reviewer).post(reverse("web:city:ranking-freeze", args=[programme.campaign.pk]))

    assert answer.status_code == 422
    assert not Ranking.objects.exists()


def test_freezing_is_for_the_reviewer(programme: Programme) -> None:
    answer = desk(programme.city_approver).post(reverse("web:city:ranking-freeze", args=[programme.campaign.pk]))

    assert answer.status_code == 403


def test_tie_across_the_cut_line_is_marked_and_not_cut(programme: Programme) -> None:
    first, second = stages.submitted(programme), stages.submitted(programme)
    rows = [row(1, first, "90.00", shared=True), row(1, second, "90.00", shared=True)]
    frozen(programme, places=1, rows=rows)

    page = read(desk(programme.city_reviewer), "web:city:ranking")

    assert ["第 1 名有 2 个小区并列" in page, "入选线（前 1 名）" in page, "系统不裁断" in page] == [True] * 3


def test_line_between_different_ranks_warns_of_nothing(programme: Programme) -> None:
    first, second = stages.submitted(programme), stages.submitted(programme)
    frozen(programme, places=1, rows=[row(1, first, "91.00"), row(2, second, "90.00")])

    page = read(desk(programme.city_reviewer), "web:city:ranking")

    assert ["个小区并列" in page, "入选线（前 1 名）" in page] == [False, True]


def test_total_is_explained_down_to_its_sheets(programme: Programme) -> None:
    first, second = stages.submitted(programme), stages.submitted(programme)
    frozen(programme, rows=[row(1, first, "91.00"), row(2, second, "90.00")])

    page = read(desk(programme.auditor), "web:city:ranking-explained", programme.campaign.pk, first.pk)

    told = ("91.00", "去掉最高或最低", "计入", second.community.name, "95.00", "36.00")
    assert [text in page for text in told] == [True] * len(told)


def test_community_that_is_not_ranked_is_not_found(programme: Programme) -> None:
    ranked, other = stages.submitted(programme), stages.submitted(programme)
    frozen(programme, rows=[row(1, ranked, "91.00")])
    foreign = stages.submitted(stages.programme())
    client = desk(programme.city_reviewer)

    statuses = [
        client.get(reverse("web:city:ranking-explained", args=[programme.campaign.pk, pk])).status_code
        for pk in (other.pk, foreign.pk)
    ]

    assert statuses == [404, 404]


def test_export_is_the_table_that_anybody_can_recompute_the_order_from(programme: Programme) -> None:
    [nomination] = evaluated(programme, "9")
    campaign = programme.campaign
    freeze_ranking(campaign_id=campaign.pk, actor=programme.city_reviewer, at=campaign.report_closes_at)

    answer = desk(programme.city_reviewer).post(reverse("web:city:ranking-export", args=[campaign.pk]))

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("record,community,evaluator")
    assert sum(nomination.number in line for line in lines) > 25


def test_arithmetic_of_a_total_is_written_out(programme: Programme) -> None:
    [nomination] = evaluated(programme, "9")
    campaign = programme.campaign
    freeze_ranking(campaign_id=campaign.pk, actor=programme.city_reviewer, at=campaign.report_closes_at)

    page = read(desk(programme.city_reviewer), "web:city:ranking-explained", campaign.pk, nomination.pk)

    assert ["20 × 45 ÷ 50 = 18.00" in page, "90.00" in page] == [True, True]


def test_diagnostics_name_the_evaluators_to_the_city_alone(programme: Programme) -> None:
    evaluated(programme, "9")
    name = Assignment.objects.select_related("evaluator").all()[0].evaluator.name
    pages = [
        read(desk(actor), "web:city:diagnostics", programme.campaign.pk)
        for actor in (programme.city_reviewer, programme.province_viewer)
    ]

    assert [name in page for page in pages] == [True, False]


def test_nothing_is_compared_while_somebody_is_still_evaluated(programme: Programme) -> None:
    city_stages.recommended(programme)

    answer = desk(programme.city_reviewer).get(reverse("web:city:diagnostics", args=[programme.campaign.pk]))

    assert answer.status_code == 422


def test_ranking_takes_one_number_of_queries(programme: Programme) -> None:
    ranking = frozen(programme)

    def add() -> None:
        nomination = stages.submitted(programme)
        rows = [*ranking.figures["rows"], row(1, nomination, "91.00")]
        ranking.figures = {**ranking.figures, "rows": rows}
        ranking.save()

    few, many = queries_with_more(desk(programme.city_reviewer), reverse("web:city:ranking"), add)

    assert few == many


def test_hostile_name_is_shown_as_text(programme: Programme) -> None:
    nomination = stages.submitted(programme, community=programme.community(name=HOSTILE))
    frozen(programme, rows=[row(1, nomination, "91.00")])
    client = desk(programme.city_reviewer)

    pages = [
        read(client, "web:city:ranking"),
        read(client, "web:city:ranking-explained", programme.campaign.pk, nomination.pk),
    ]

    assert [HOSTILE in page for page in pages] == [False, False]


@pytest.mark.parametrize("page", ["ranking-freeze", "ranking-table", "complaints", "selection-begin"])
def test_campaign_of_another_city_is_not_found(programme: Programme, page: str) -> None:
    other = stages.programme()

    answer = desk(programme.city_reviewer).get(reverse(f"web:city:{page}", args=[other.campaign.pk]))

    assert answer.status_code == 404


def test_name_leads_to_the_explanation_on_a_telephone_too(programme: Programme) -> None:
    [nomination] = evaluated(programme, "9")
    campaign = programme.campaign
    freeze_ranking(campaign_id=campaign.pk, actor=programme.city_reviewer, at=campaign.report_closes_at)

    page = read(desk(programme.city_reviewer), "web:city:ranking")

    address = reverse("web:city:ranking-explained", args=[campaign.pk, nomination.pk])
    assert page.count(f'<a class="jy-strong jy-quiet" lang="zh-Hans" href="{address}">') == 1
