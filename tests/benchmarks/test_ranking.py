"""Rank 1,000 nominations × 9 sheets × 25 items, beside the bare SQL aggregation over the same marks in the same run.

Ours reads the exact figures that each sheet got when it was handed in, drops highest and lowest, ranks with all
tie-breaks and writes every explanation. The result equals fractions added up from the 225,000 marks, to the last digit.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from common.identifiers import new_id
from evaluation import operations, queries
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet, Standard
from evaluation.ranking import Candidate, Place, rank
from evaluation.scoring import Mark, PanelScore, StandardOutline, rounded, score_sheet
from tests.evaluation.annex import annex_two

NOMINATIONS, EVALUATORS, ROUNDS = 1_000, 9, 15
AT = datetime(2023, 8, 20, tzinfo=UTC)
GROUP_THREE = 2

# The bare aggregation: sum of each sheet, mean without highest and lowest, rank; unweighted, no item left out.
BARE = """
    WITH total AS (SELECT sheet_id, SUM(points) AS t FROM evaluation_itemscore GROUP BY sheet_id),
    panel AS (
        SELECT sheet.subject_id, SUM(t) AS s, MAX(t) AS hi, MIN(t) AS lo, COUNT(*) AS n
        FROM total JOIN evaluation_scoresheet sheet ON sheet.id = total.sheet_id GROUP BY sheet.subject_id
    ),
    mean AS (SELECT subject_id, (s - hi - lo) / (n - 2) AS m FROM panel)
    SELECT subject_id, ROUND(m, 4), RANK() OVER (ORDER BY m DESC) FROM mean ORDER BY 3, 1
"""
# The notice's formula in SQL: weighted groups, mean of the sheets; without trimming, tie-breaks or explanation.
FORMULA = """
    SELECT subject_id, AVG(total) AS total FROM (
        SELECT subject_id, sheet_id, SUM(score) AS total FROM (
            SELECT sheet.subject_id, score.sheet_id, item.group_id,
                MAX(grp.weight) * SUM(score.points) / SUM(item.max_points) AS score
            FROM evaluation_itemscore score
            JOIN evaluation_scoresheet sheet ON sheet.id = score.sheet_id
            JOIN evaluation_standarditem item ON item.id = score.item_id
            JOIN evaluation_standardgroup grp ON grp.id = item.group_id
            WHERE NOT score.not_applicable
            GROUP BY sheet.subject_id, score.sheet_id, item.group_id
        ) groups GROUP BY subject_id, sheet_id
    ) sheets GROUP BY subject_id ORDER BY total DESC
"""


@dataclass(frozen=True)
class Season:
    """What was seeded: the marks of every sheet by nomination, and the figures that break ties."""

    outline: StandardOutline
    marks: dict[UUID, list[dict[UUID, Mark]]]
    figures: dict[UUID, dict[str, Decimal]]


@pytest.fixture
def season(db: None) -> Iterator[Season]:
    draft = operations.create_standard(code="bench", title="标准", outline=annex_two())
    standard = operations.freeze_standard(standard_id=draft.pk, at=AT)
    seeded = draw_season(queries.outline_of(standard.pk))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # The triggers would look at 225,000 rows one by one; what they guard is tested elsewhere.
        cursor.execute("ALTER TABLE evaluation_scoresheet DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE evaluation_itemscore DISABLE TRIGGER USER")
        store_season(seeded, standard)
        cursor.execute("ANALYZE evaluation_scoresheet, evaluation_itemscore")
    gc.collect()
    gc.freeze()  # the half million objects of the seed are the test's, not ours: no collection should walk them
    yield seeded
    gc.unfreeze()


def draw_season(outline: StandardOutline) -> Season:
    """Draw every mark, 4 % of them not applicable; every fiftieth nomination is a copy of the one before: a tie."""
    random = Random(20230710)
    marks: dict[UUID, list[dict[UUID, Mark]]] = {}
    figures: dict[UUID, dict[str, Decimal]] = {}
    before = new_id()
    for number in range(NOMINATIONS):
        nomination = new_id()
        is_copy = number % 50 == 49
        marks[nomination] = marks[before] if is_copy else [draw_sheet(outline, random) for _ in range(EVALUATORS)]
        figures[nomination] = figures[before] if is_copy else draw_figures(random)
        before = nomination
    return Season(outline, marks, figures)


def draw_sheet(outline: StandardOutline, random: Random) -> dict[UUID, Mark]:
    """Draw a sheet on which the first item of every group applies."""
    leaves = list(outline.leaves())
    drawn = {leaf.item.id: draw_mark(random) for leaf in leaves}
    return drawn | {group.items[0].id: Mark(Decimal(8)) for group in outline.groups}


def draw_mark(random: Random) -> Mark:
    """Draw 4 to 10 points, or not applicable."""
    if random.random() < 0.04:
        return Mark(None, not_applicable=True, reason="无")
    return Mark(Decimal(random.randint(8, 20)) / 2)


def draw_figures(random: Random) -> dict[str, Decimal]:
    """Draw the figures that break ties."""
    rates = {"satisfaction": (9000, 9999), "complaint_rate": (1, 300), "fee_collection": (9000, 9999)}
    return {code: Decimal(random.randint(*ends)).scaleb(-2) for code, ends in rates.items()}


def store_season(season: Season, standard: Standard) -> None:
    """Write all sheets as handed in, and their marks by COPY."""
    names = [f"evaluator{number}" for number in range(EVALUATORS)]
    scorers = User.objects.bulk_create([User(username=name, name=name) for name in names])
    marks: dict[UUID, dict[UUID, Mark]] = {}
    rows = []
    for nomination, filled in season.marks.items():
        for scorer, sheet_marks in zip(scorers, filled, strict=True):
            sheet = handed_in(standard, season.outline, nomination, scorer, sheet_marks)
            marks[sheet.pk] = sheet_marks
            rows.append(sheet)
    ScoreSheet.objects.bulk_create(rows, batch_size=1_000)
    copy_marks(marks)


def handed_in(
    standard: Standard, outline: StandardOutline, nomination: UUID, scorer: User, marks: dict[UUID, Mark]
) -> ScoreSheet:
    """Return the row of a sheet that was handed in."""
    score = score_sheet(outline, marks)
    _id, numerators, denominators = score.figures(nomination)
    return ScoreSheet(
        standard=standard,
        subject_kind="nomination",
        subject_id=nomination,
        scorer=scorer,
        scorer_role="expert",
        kind="panel",
        state=SheetState.HANDED_IN,
        opened_at=AT,
        handed_in_at=AT,
        total=score.total,
        group_numerators=list(numerators),
        group_denominators=list(denominators),
        digest="0" * 64,
    )


def copy_marks(marks: dict[UUID, dict[UUID, Mark]]) -> None:
    """Write the marks of all sheets."""
    columns = "sheet_id, item_id, points, not_applicable, reason, remark, version, saved_at"
    with connection.cursor() as cursor, cursor.copy(f"COPY evaluation_itemscore ({columns}) FROM STDIN") as copy:
        for sheet_id, filled in marks.items():
            for item_id, mark in filled.items():
                copy.write_row((sheet_id, item_id, mark.points, mark.not_applicable, mark.reason, "", 1, AT))


def ranked(season: Season) -> tuple[tuple[Place, ...], list[str]]:
    """Rank the season from the database, with every reason spelled out."""
    panels = queries.panels_of(subject_kind="nomination", subject_ids=list(season.figures), kind="panel")
    places = rank(candidate(nomination, panel, season.figures[nomination]) for nomination, panel in panels.items())
    return places, [place.after.sentence() for place in places if place.after]


def candidate(nomination: UUID, panel: PanelScore, figures: dict[str, Decimal]) -> Candidate:
    """Return a nomination with all its figures as they are published."""
    group_three = rounded(panel.group_alone(GROUP_THREE))
    return Candidate("nomination", nomination, {"total": panel.total, **figures, "group_three": group_three})


def total_in_fractions(outline: StandardOutline, sheets: list[dict[UUID, Mark]]) -> Fraction:
    """Work out the trimmed mean the plain way, mark by mark."""
    totals = sorted(sheet_in_fractions(outline, marks) for marks in sheets)
    return sum(totals[1:-1], Fraction()) / (len(totals) - 2)


def sheet_in_fractions(outline: StandardOutline, marks: dict[UUID, Mark]) -> Fraction:
    """Work out one sheet the plain way."""
    total = Fraction()
    for group in outline.groups:
        points = [marks[item.id].points for item in group.items]
        applicable = [Fraction(value) for value in points if value is not None]
        total += Fraction(group.weight) * sum(applicable, Fraction()) / (10 * len(applicable))
    return total


def run_sql(sql: str) -> list[tuple[object, ...]]:
    """Run one statement and fetch what it returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def measure(variants: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return milliseconds by variant, the variants taking turns round by round."""
    spent: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, act in variants.items():
            start = time.perf_counter()
            act()
            spent[name].append(1000 * (time.perf_counter() - start))
    return spent


@pytest.mark.benchmark
def test_ranking_beside_the_bare_aggregation(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    variants = {"ours": lambda: ranked(season), "bare": lambda: run_sql(BARE), "formula": lambda: run_sql(FORMULA)}

    spent = measure(variants)

    with capsys.disabled():
        print_figures(spent)
    places, reasons = ranked(season)
    totals = {place.candidate.subject_id: place.candidate.figures["total"] for place in places}
    assert len(reasons) == NOMINATIONS - 1
    assert sum(place.is_shared for place in places) == 2 * NOMINATIONS // 50
    panels = queries.panels_of(subject_kind="nomination", subject_ids=list(season.figures), kind="panel")
    for nomination, sheets in season.marks.items():
        assert panels[nomination].exact == total_in_fractions(season.outline, sheets)
        assert totals[nomination] == panels[nomination].total


def print_figures(spent: dict[str, list[float]]) -> None:
    """Print one line per variant and the two ratios."""
    size = f"{NOMINATIONS} × {EVALUATORS} × 25"
    middle = {name: statistics.median(times) for name, times in spent.items()}
    print()
    for name, times in spent.items():
        print(f"ranking {size}: {name} {middle[name]:.1f} ms (median of {ROUNDS}, {min(times):.1f}–{max(times):.1f})")
    print(f"ranking {size}: ours ÷ bare aggregation = {middle['ours'] / middle['bare']:.2f} (goal ≤ 2)")
    print(f"ranking {size}: ours ÷ the formula in SQL = {middle['ours'] / middle['formula']:.2f}")
