"""How firm an order of 1,000 communities × 9 sheets is, beside drawing and ranking every resample in fractions.

Both are what a freezing works out: 1,000 resamples, and the order without each of 60 evaluators. Of the plain way five
resamples and two evaluators are measured, and they equal ours to the last community.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import TypeVar
from uuid import UUID

import pytest

from evaluation.contest import Entry, Filled, Standing, Terms, stand
from evaluation.enums import Counting
from evaluation.influence import without_each
from evaluation.scoring import SheetFigures
from evaluation.stability import RESAMPLES, bootstrap, drawn

COMMUNITIES, SHEETS, EVALUATORS, PLACES, FEW = 1_000, 9, 60, 100, 5
SEED = "0123456789abcdef"
Answer = TypeVar("Answer")


def draw_entries() -> list[Entry]:
    """Draw panels of nine out of sixty, some items of their sheets not applicable."""
    random = Random(20230710)
    return [
        Entry(
            UUID(int=number),
            f"JA-2023-{number:04}",
            tuple(
                Filled(draw_figures(random, 100 * number + place), f"E{scorer:02}")
                for place, scorer in enumerate(random.sample(range(EVALUATORS), SHEETS))
            ),
            None,
            {"satisfaction": random.randint(90, 99), "complaint_rate": None, "fee_collection": random.randint(80, 99)},
        )
        for number in range(1, COMMUNITIES + 1)
    ]


def draw_figures(random: Random, number: int) -> SheetFigures:
    """Draw the scores of four groups, each over the points that its applicable items could have given."""
    possible = (random.choice([4, 5]), random.choice([3, 4]), random.choice([8, 9]), random.choice([6, 7]))
    return SheetFigures(UUID(int=number), tuple(random.randint(2, 4) * each for each in (20, 20, 40, 20)), possible)


def plainly(standing: Standing, resamples: int) -> dict[UUID, list[int]]:
    """Draw and rank the plain way: the sheets drawn go through `stand` itself."""
    found = {pk: [0, 0] for pk in standing.results}
    for resample in range(resamples):
        again = stand([redrawn(result.entry, standing, resample) for result in standing.results.values()], terms())
        ranks, inside = again.ranks(), again.inside()
        line = max(rank for rank in ranks.values() if rank <= PLACES)
        for pk, rank in ranks.items():
            found[pk][0] += pk in inside
            found[pk][1] += rank == line and pk not in inside
    return found


def redrawn(entry: Entry, standing: Standing, resample: int) -> Entry:
    """Return the entry with the sheets of one resample, each drawn one a sheet of its own."""
    panel = standing.results[entry.subject_id].panel
    assert panel is not None
    picks = [panel.sheets[pick] for pick in drawn(SEED, resample, entry.label, SHEETS)]
    sheets = [
        Filled(SheetFigures(UUID(int=place), sheet.numerators, sheet.denominators), f"D{place}")
        for place, sheet in enumerate(picks)
    ]
    return Entry(entry.subject_id, entry.label, tuple(sheets), None, entry.figures)


def terms(counting: Counting = Counting.TRIMMED) -> Terms:
    """Return the terms of the contest."""
    return Terms(counting, Fraction(), PLACES)


def timed(act: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return the seconds of processor time that something took, and what it came to."""
    start = time.process_time()
    answer = act()
    return time.process_time() - start, answer


@pytest.mark.benchmark
@pytest.mark.parametrize("counting", [Counting.TRIMMED, Counting.ADJUSTED])
def test_stability_beside_ranking_every_resample_in_fractions(
    counting: Counting, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = draw_entries()
    standing = stand(entries, terms(counting))

    ours, _shares = timed(lambda: bootstrap(standing, seed=SEED))
    left_out, effects = timed(lambda: without_each(entries, standing))
    trimmed = stand(entries, terms())
    plain, expected = timed(lambda: plainly(trimmed, FEW))

    with capsys.disabled():
        size = f"stability {COMMUNITIES} × {SHEETS} ({counting.value})"
        print(f"\n{size}: {RESAMPLES} resamples {ours:.2f} s, {EVALUATORS} evaluators left out {left_out:.2f} s")
        print(f"{size}: a resample plainly ÷ ours = {plain / FEW / (ours / RESAMPLES):.0f}")
    assert {pk: list(share) for pk, share in bootstrap(trimmed, seed=SEED, resamples=FEW).items()} == expected
    for effect in effects[:2]:
        rest = stand([entry.without(effect.scorer) for entry in entries], terms(counting))
        assert (effect.ranks, effect.counted) == (rest.ranks(), rest.counted)
