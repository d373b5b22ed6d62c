"""How firmly an order stands: draws that anybody can repeat."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given, settings

from evaluation.contest import Entry, Filled, Standing, stand
from evaluation.enums import Counting
from evaluation.scoring import SheetFigures
from evaluation.stability import Share, bootstrap, drawn
from tests.evaluation.contests import Groups, countings, entries_of, entry, fields, subject, terms, totals

SEED = "0123456789abcdef"


def test_draws_are_those_of_the_text() -> None:
    content = hashlib.sha256(b"0123456789abcdef/41/JA-2023-001/0").digest()
    words = [int.from_bytes(content[at : at + 4], "big") for at in range(0, 32, 4)]

    assert drawn(SEED, 41, "JA-2023-001", 5) == [word * 5 // 2**32 for word in words[:5]]


def test_draws_stay_what_they_are() -> None:
    """Written down once: whoever changes the stream changes what frozen rankings say."""
    assert drawn("jiayuan", 0, "C1", 9) == [1, 3, 4, 0, 3, 1, 4, 6, 6]


def test_large_panels_go_on_in_further_blocks() -> None:
    first = drawn(SEED, 0, "C1", 20)

    assert len(first) == 20
    assert set(first) <= set(range(20))
    second = hashlib.sha256(f"{SEED}/0/C1/1".encode()).digest()
    assert first[8] == int.from_bytes(second[:4], "big") * 20 // 2**32


def test_every_sheet_is_drawn_about_equally_often() -> None:
    picks = [pick for resample in range(3000) for pick in drawn(SEED, resample, "C1", 3)]

    assert [round(picks.count(index) / len(picks), 1) for index in range(3)] == [0.3, 0.3, 0.3]


def test_clear_order_is_firm() -> None:
    field = [totals(1, E01=90, E02=91, E03=92), totals(2, E01=60, E02=61, E03=62)]

    shares = bootstrap(stand(field, terms(places=1)), seed=SEED, resamples=200)

    assert shares == {subject(1): Share(200, 0), subject(2): Share(0, 0)}


def test_coin_toss_is_seen() -> None:
    field = [totals(1, E01=70, E02=90, E03=81), totals(2, E01=71, E02=89, E03=80)]

    shares = bootstrap(stand(field, terms(places=1)), seed=SEED, resamples=1000)

    assert 350 < shares[subject(1)].within < 650
    assert 350 < shares[subject(2)].within < 650


def test_tie_across_the_line_is_counted_apart() -> None:
    field = [totals(1, E01=80, E02=80), totals(2, E01=80, E02=80)]

    shares = bootstrap(stand(field, terms(places=1)), seed=SEED, resamples=50)

    assert shares == {subject(1): Share(0, 50), subject(2): Share(0, 50)}


def test_tie_break_figures_part_equal_draws() -> None:
    field = [
        entry(1, {"E01": (0, 0, 80, 0)}, figures={"satisfaction": 95}),
        entry(2, {"E01": (0, 0, 80, 0)}, figures={"satisfaction": 96}),
    ]

    shares = bootstrap(stand(field, terms(places=1)), seed=SEED, resamples=10)

    assert shares == {subject(1): Share(0, 0), subject(2): Share(10, 0)}


@pytest.mark.parametrize("places", [0, 2, 5])
def test_places_for_nobody_and_for_everybody(places: int) -> None:
    field = [totals(1, E01=80), totals(2, E01=70)]

    shares = bootstrap(stand(field, terms(places=places)), seed=SEED, resamples=7)

    assert shares == dict.fromkeys((subject(1), subject(2)), Share(7 if places else 0, 0))


def test_community_without_a_sheet_is_last_in_every_draw() -> None:
    shares = bootstrap(stand([entry(1, {}), totals(2, E01=1)], terms(places=1)), seed=SEED, resamples=5)

    assert shares == {subject(1): Share(0, 0), subject(2): Share(5, 0)}


def slow(standing: Standing, resamples: int) -> dict[object, Share]:
    """Draw and rank again in the plainest way, through the whole of `stand` itself."""
    found = {pk: [0, 0] for pk in standing.results}
    for resample in range(resamples):
        entries = []
        for result in standing.results.values():
            ordered = list(result.panel.sheets) if result.panel else []
            picks = drawn(SEED, resample, result.entry.label, len(ordered)) if ordered else []
            drawn_sheets = {f"D{index}": _groups(ordered[pick].numerators) for index, pick in enumerate(picks)}
            number = result.entry.subject_id.int
            entries.append(entry(number, drawn_sheets, district="50", figures=result.entry.figures))
        again = stand(entries, standing.terms)
        ranks = again.ranks()
        inside = again.inside()
        line = max((ranks[pk] for pk in ranks if ranks[pk] <= standing.terms.places), default=0)
        for pk, rank in ranks.items():
            found[pk][0] += pk in inside
            found[pk][1] += rank == line and pk not in inside
    return {pk: Share(*counts) for pk, counts in found.items()}


def _groups(numerators: tuple[int, ...]) -> Groups:
    return tuple(numerators)


@settings(max_examples=15, deadline=None)
@given(fields, countings.filter(lambda counting: counting != Counting.ADJUSTED))
def test_fast_draws_equal_ranking_again_from_the_beginning(field: list[dict[str, Groups]], counting: Counting) -> None:
    entries = [
        entry(e.subject_id.int, {f.scorer: f.figures.numerators for f in e.sheets}, district="50")
        for e in entries_of(field)
    ]
    standing = stand(entries, terms(counting, alpha="0.3", places=2))

    assert bootstrap(standing, seed=SEED, resamples=6) == slow(standing, 6)


def test_adjusted_draws_keep_the_leniencies() -> None:
    # With E01 five too strict and E02 five too lenient, the adjusted sheets of C1 are 75 and 75: no draw moves it.
    field = [totals(1, E01=70, E02=80), totals(2, E01=69, E02=79)]
    standing = stand(field, terms(Counting.ADJUSTED, places=1))

    assert standing.results[subject(1)].adjusted == Fraction(75)
    assert bootstrap(standing, seed=SEED, resamples=40) == {subject(1): Share(40, 0), subject(2): Share(0, 0)}


LARGE_PRIME = 2**61 - 1


def written_large(given: Entry) -> Entry:
    """Write the same scores as fractions that no number of 64 bits can hold once they are added up."""
    sheets = tuple(
        Filled(
            SheetFigures(
                sheet.figures.sheet_id,
                tuple(each * LARGE_PRIME for each in sheet.figures.numerators),
                (LARGE_PRIME,) * len(sheet.figures.numerators),
            ),
            sheet.scorer,
        )
        for sheet in given.sheets
    )
    return Entry(given.subject_id, given.label, sheets, given.district, given.figures)


@settings(max_examples=15, deadline=None)
@given(fields, countings)
def test_numbers_that_fit_no_word_give_the_same_shares(field: list[dict[str, Groups]], counting: Counting) -> None:
    entries = entries_of(field)
    plain = stand(entries, terms(counting, places=2))
    large = stand([written_large(each) for each in entries], terms(counting, places=2))

    assert bootstrap(large, seed=SEED, resamples=20) == bootstrap(plain, seed=SEED, resamples=20)


def test_nobody_ranked_and_nothing_drawn() -> None:
    nobody, undrawn = stand([], terms()), stand([totals(1, E01=80)], terms())

    assert (bootstrap(nobody, seed=SEED), bootstrap(undrawn, seed=SEED, resamples=0)) == (
        {},
        {subject(1): Share(0, 0)},
    )
