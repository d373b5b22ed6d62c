"""S-12, S-15: the frozen ranking: every figure three ways, how firmly each stands, and the same from its own export."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.actors import Actor
from common.digest import canonical_digest
from evaluation.enums import Counting
from evaluation.operations import create_standard
from evaluation.queries import outline_of
from nominations.models import Campaign, ComplaintFigure, DistrictReview, Nomination, Ranking
from nominations.operations import ranking as ranks
from nominations.queries.ranking import being_evaluated, roll_of
from nominations.queries.ranking_explained import explain
from nominations.queries.ranking_export import cell, csv_of
from tests.evaluation.annex import refined
from tests.nominations import city_stages, factories, ranked, stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db
SCRIPT = settings.ROOT / "docs" / "recompute_ranking.py"


@pytest.fixture
def pool(programme: Programme) -> list[Actor]:
    return [city_stages.evaluator(programme) for _ in range(6)]


def linked(pool: list[Actor]) -> dict[str, dict[Actor, str]]:
    """Return panels that hang together: every one shares somebody with the next."""
    one, two, three, four, five, six = pool
    return {
        "first": {one: "9/8.5", two: "9.5", three: "8/9/-", four: "8.5", five: "9"},
        "second": {one: "8.5/9", two: "9/9.5", four: "8"},
        "third": {three: "7.5/8", five: "9/8.5/-", six: "8.5"},
        "fourth": {one: "8.5/9", two: "9/9.5", four: "8"},
    }


def recomputed(ranking: Ranking, folder: Path) -> list[tuple[int, str, str]]:
    """Return rank, number and total as a stranger's script finds them in the export."""
    table = folder / "ranking.csv"
    table.write_text("".join(csv_of(ranking)), encoding="utf-8", newline="")
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(table)], capture_output=True, text=True, check=True, timeout=60
    )
    return [(int(rank), number, total) for rank, number, total in (line.split() for line in done.stdout.splitlines())]


def published(ranking: Ranking) -> list[tuple[int, str, str]]:
    """Return rank, number and total as the ranking says, subjects of one rank by number."""
    rows = [(row["rank"], row["number"], row["figures"]["total"]) for row in ranking.figures["rows"]]
    return sorted(rows)


def row_of(ranking: Ranking, nomination: Nomination) -> dict[str, Any]:
    """Return the row of one community."""
    [row] = [row for row in ranking.figures["rows"] if row["nomination"] == str(nomination.pk)]
    return dict(row)


@pytest.mark.parametrize("counting", list(Counting))
@pytest.mark.parametrize("share", ["0", "0.25"])
def test_stranger_finds_the_same_order_to_the_last_digit(
    programme: Programme, pool: list[Actor], tmp_path: Path, counting: Counting, share: str
) -> None:
    Campaign.objects.filter(pk=programme.campaign.pk).update(counting=counting, district_share=share)
    found = ranked.field(programme, linked(pool))
    ComplaintFigure.objects.filter(community=found["third"].community_id).delete()

    ranking = ranked.freeze(programme)

    assert (ranking.figures["counting"], ranking.figures["counted"]) == (counting, counting)
    assert recomputed(ranking, tmp_path) == published(ranking)
    assert row_of(ranking, found["second"])["rank"] == row_of(ranking, found["fourth"])["rank"]


def test_stranger_finds_the_same_on_a_refined_standard(programme: Programme, pool: list[Actor], tmp_path: Path) -> None:
    base = programme.campaign.standard
    local = create_standard(code="annex_two_local", title="细化标准", outline=refined(outline_of(base.pk)), parent=base)
    Campaign.objects.filter(pk=programme.campaign.pk).update(standard=local)
    programme.campaign.refresh_from_db()
    ranked.field(programme, linked(pool))

    ranking = ranked.freeze(programme)

    assert "part" in "".join(csv_of(ranking)).splitlines()[0]
    assert recomputed(ranking, tmp_path) == published(ranking)


def test_script_is_short_and_imports_nothing_of_ours() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()

    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert len(lines) <= 60
    assert imports == [
        "import csv",
        "import sys",
        "from collections import defaultdict",
        "from fractions import Fraction",
        "from pathlib import Path",
    ]


def test_three_figures_stand_side_by_side(programme: Programme, pool: list[Actor]) -> None:
    found = ranked.field(programme, linked(pool))

    row = row_of(ranked.freeze(programme), found["first"])

    totals = sorted(Fraction(sheet["exact"]) for sheet in row["sheets"])
    assert Fraction(row["scores"]["raw"]["exact"]) == sum(totals, Fraction()) / 5
    assert Fraction(row["scores"]["trimmed"]["exact"]) == sum(totals[1:-1], Fraction()) / 3
    assert row["scores"]["adjusted"]["exact"] is not None
    assert row["scores"]["counted"] == row["scores"]["trimmed"]
    assert [sheet["dropped"] for sheet in row["sheets"]] == [True, False, False, False, True]


def test_panels_apart_are_not_adjusted_and_the_ranking_says_so(programme: Programme, pool: list[Actor]) -> None:
    Campaign.objects.filter(pk=programme.campaign.pk).update(counting=Counting.ADJUSTED)
    one, two, three, four, five, six = pool
    ranked.field(programme, {"a": {one: "9", two: "8", three: "8.5"}, "b": {four: "9", five: "8", six: "9"}})

    figures = ranked.freeze(programme).figures

    assert (figures["counting"], figures["counted"]) == ("adjusted", "trimmed")
    assert figures["adjustment"] == {"identified": False, "parts": 2, "leniencies": {}}
    assert {row["scores"]["adjusted"]["exact"] for row in figures["rows"]} == {None}


def test_frozen_ranking_names_no_evaluator(programme: Programme, pool: list[Actor]) -> None:
    ranked.field(programme, linked(pool))

    ranking = ranked.freeze(programme)

    text = str(ranking.figures) + "".join(csv_of(ranking))
    assert [person.name for person in pool if person.name in text] == []
    assert {sheet["evaluator"] for row in ranking.figures["rows"] for sheet in row["sheets"]} == {
        f"E{number:02}" for number in range(1, 7)
    }


def test_stability_tells_the_coin_toss_from_the_clear_case(programme: Programme, pool: list[Actor]) -> None:
    Campaign.objects.filter(pk=programme.campaign.pk).update(places=2)
    one, two, three = pool[:3]
    found = ranked.field(
        programme,
        {
            "clear": {one: "10", two: "10", three: "9.5"},
            "toss": {one: "7", two: "9", three: "8/8.5"},
            "other": {one: "9", two: "7", three: "8"},
        },
    )

    ranking = ranked.freeze(programme)

    within = {name: row_of(ranking, nomination)["stability"]["within"] for name, nomination in found.items()}
    assert (ranking.figures["resamples"], within["clear"]) == (1000, 1000)
    assert 300 < within["toss"] < 800
    assert sum(within.values()) + sum(row["stability"]["tied"] for row in ranking.figures["rows"]) >= 2000


def test_freezing_twice_gives_the_same_figures_and_digest(programme: Programme, pool: list[Actor]) -> None:
    ranked.field(programme, linked(pool))

    first, second = ranked.freeze(programme), ranked.freeze(programme)

    assert (first.digest, first.figures) == (second.digest, second.figures)
    assert second.digest == canonical_digest(second.figures)
    assert [ranking.superseded_at is None for ranking in Ranking.objects.order_by("frozen_at", "pk")] == [False, True]


def test_seed_follows_from_the_sheets(programme: Programme, pool: list[Actor]) -> None:
    ranked.field(programme, linked(pool))
    ranking = ranked.freeze(programme)

    digests = sorted(sheet["digest"] for row in ranking.figures["rows"] for sheet in row["sheets"])

    assert ranking.figures["seed"] == canonical_digest(digests)[:32]


def test_without_each_evaluator_the_order_is_told(programme: Programme, pool: list[Actor]) -> None:
    ranked.field(programme, linked(pool))

    figures = ranked.freeze(programme).figures

    numbers = {row["number"] for row in figures["rows"]}
    assert [effect["evaluator"] for effect in figures["without"]] == ["E01", "E02", "E03", "E04", "E05", "E06"]
    assert all(set(effect["ranks"]) == numbers for effect in figures["without"])


def test_nothing_is_ranked_while_a_community_is_being_evaluated(programme: Programme, pool: list[Actor]) -> None:
    city_stages.recommended(programme, bureau=1)
    ranked.field(programme, {"done": dict.fromkeys(pool[:3], "9")})

    with pytest.raises(ranks.EvaluationUnderway) as refused:
        ranked.freeze(programme)

    assert refused.value.params == {"count": 1}
    assert not Ranking.objects.exists()


def test_what_its_district_may_still_recommend_counts_as_being_evaluated(programme: Programme) -> None:
    stages.submitted(programme)
    campaign = programme.campaign

    before = being_evaluated(campaign, factories.DISTRICT_CLOSES - timedelta(microseconds=1))

    assert (before, being_evaluated(campaign, factories.DISTRICT_CLOSES)) == (1, 0)


ENDS = (
    {"ended_because": "conflict", "conflict_reason": "亲属", "conflict_kind": "family"},
    {"ended_because": "released"},
)


@pytest.mark.parametrize("end", ENDS)
def test_sheet_of_who_left_the_panel_counts_for_nothing(
    programme: Programme, pool: list[Actor], end: dict[str, str]
) -> None:
    found = ranked.field(programme, {"a": dict.fromkeys(pool[:4], "9")})["a"]
    found.assignments.filter(evaluator=pool[0].person_id).update(ended_at=city_stages.EVALUATING_AT, **end)

    roll = roll_of(programme.campaign)

    assert len(roll.sheets[found.pk]) == 3


def test_only_sheets_of_active_assignments_count(programme: Programme, pool: list[Actor]) -> None:
    found = ranked.field(programme, {"a": dict.fromkeys(pool[:4], "9")})["a"]
    stray = found.assignments.get(evaluator=pool[0].person_id).sheet_id
    found.assignments.filter(evaluator=pool[0].person_id).delete()

    counted = {sheet.figures.sheet_id for sheet in roll_of(programme.campaign).sheets[found.pk]}

    assert counted == set(found.assignments.values_list("sheet", flat=True))
    assert stray not in counted
    assert len(counted) == 3


def test_district_score_enters_by_its_share(programme: Programme, pool: list[Actor]) -> None:
    Campaign.objects.filter(pk=programme.campaign.pk).update(district_share="0.5")
    found = ranked.field(programme, {"a": dict.fromkeys(pool[:3], "8")})["a"]
    DistrictReview.objects.filter(nomination=found).update(score="91.01")

    row = row_of(ranked.freeze(programme), found)

    # 0.5 × 91.01 + 0.5 × 80 = 85.505 → 85.51
    assert (row["district_score"], row["scores"]["final"]) == ("91.01", {"exact": "17101/200", "shown": "85.51"})


def test_explanation_adds_up_line_by_line(programme: Programme, pool: list[Actor]) -> None:
    found = ranked.field(programme, {"a": dict.fromkeys(pool[:3], "8"), "b": dict.fromkeys(pool[:3], "9")})
    ranking = ranked.freeze(programme)

    with translation.override("en"):
        explained = explain(ranking, nomination_id=found["a"].pk)

    assert explained is not None
    assert explained.above is not None
    assert (explained.above["nomination"], explained.below) == (str(found["b"].pk), None)
    assert explained.arithmetic[:5] == (
        "E01, group 一: 20 × 40 ÷ 50 = 16.00",
        "E01, group 二: 20 × 32 ÷ 40 = 16.00",
        "E01, group 三: 40 × 72 ÷ 90 = 32.00",
        "E01, group 四: 20 × 56 ÷ 70 = 16.00",
        "E01: total 80.00, shown 80.00",
    )
    assert explained.arithmetic[15:18] == (
        "Raw: (80.00 + 80.00 + 80.00) ÷ 3 = 80.00",
        "Trimmed (from five sheets on without the lowest and the highest): (80.00 + 80.00 + 80.00) ÷ 3 = 80.00",
        "Adjusted (each sheet less the leniency of its evaluator): (80.00 + 80.00 + 80.00) ÷ 3 = 80.00",
    )
    assert explained.arithmetic[18:20] == (
        "What counts: Mean without the highest and the lowest sheet, 80.00",
        "Total: 80.00",
    )
    assert "Why not the place above: Total score: 90.00 against 80.00; the higher figure goes first." in (
        explained.arithmetic
    )


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "Total score: 90.00 against 80.00; the higher figure goes first."),
        ("zh-hans", "总分 90.00 对 80.00，高者在先。"),
    ],
)
def test_reasons_are_frozen_as_figures_and_told_in_the_readers_language(
    programme: Programme, pool: list[Actor], language: str, why: str
) -> None:
    found = ranked.field(programme, {"a": dict.fromkeys(pool[:3], "8"), "b": dict.fromkeys(pool[:3], "9")})
    with translation.override("en"):
        ranking = ranked.freeze(programme)

    with translation.override(language):
        first = explain(ranking, nomination_id=found["b"].pk)
        last = explain(ranking, nomination_id=found["a"].pk)

    assert first is not None
    assert last is not None
    assert [(each.why, each.why_not_above) for each in (first, last)] == [(why, ""), ("", why)]
    assert [row["decided_by"] for row in ranking.figures["rows"]] == ["total", None]
    assert {name for row in ranking.figures["rows"] for name in row if name.startswith("why")} == set()


def test_command_explains_a_rank(programme: Programme, pool: list[Actor]) -> None:
    found = ranked.field(programme, linked(pool))["third"]
    ranking = ranked.freeze(programme)

    out = StringIO()
    call_command("explain_rank", programme.campaign.code, found.number, stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[0].startswith(found.number)
    assert [len(line.split("\t")) for line in lines[1:27]] == [4] * 26
    assert lines[-1].endswith(ranking.digest)


@pytest.mark.parametrize("arguments", [("nowhere", "X-1"), ("{code}", "X-1")])
def test_command_says_what_it_does_not_find(programme: Programme, arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("explain_rank", *(each.format(code=programme.campaign.code) for each in arguments))


def test_command_knows_who_is_not_ranked(programme: Programme, pool: list[Actor]) -> None:
    ranked.field(programme, {"a": dict.fromkeys(pool[:3], "8")})
    ranked.freeze(programme)

    with pytest.raises(CommandError, match="X-1"):
        call_command("explain_rank", programme.campaign.code, "X-1")


def test_command_exports_what_the_interface_exports(programme: Programme, pool: list[Actor], tmp_path: Path) -> None:
    ranked.field(programme, {"a": dict.fromkeys(pool[:3], "8")})
    ranking, path, out = ranked.freeze(programme), tmp_path / "out.csv", StringIO()

    call_command("export_ranking", programme.campaign.code, str(path))
    call_command("export_ranking", programme.campaign.code, stdout=out)

    assert path.read_bytes().decode() == "".join(csv_of(ranking))
    assert out.getvalue() == "".join(csv_of(ranking))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (3, "3"),
        ("=SUM(A1)", "'=SUM(A1)"),
        ("@x", "'@x"),
        ("+86", "'+86"),
        ("-1/3", "-1/3"),
        ("-5.25", "-5.25"),
        ("-x", "'-x"),
        ("示例花园", "示例花园"),
    ],
)
def test_cell_is_never_a_formula(value: Any, written: str) -> None:
    assert cell(value) == written


def test_ranking_costs_the_same_queries_for_one_and_for_three(
    programme: Programme, pool: list[Actor], django_assert_num_queries: Any
) -> None:
    ranked.field(programme, {name: dict.fromkeys(pool[:3], "8") for name in ("a", "b", "c")})
    campaign = Campaign.objects.get(pk=programme.campaign.pk)

    with django_assert_num_queries(4):
        roll_of(campaign)
