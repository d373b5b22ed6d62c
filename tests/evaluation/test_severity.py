"""Strictness told apart from quality: exact, against an independent least-squares solver."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evaluation.severity import Adjustment, Reading, adjust

readings = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 4)), st.fractions(0, 100, max_denominator=12), min_size=1, max_size=20
).map(lambda cells: [Reading(subject, scorer, total) for (subject, scorer), total in cells.items()])


def test_one_part_per_group_of_panels_that_share_nobody() -> None:
    apart = adjust([Reading("a", 1, Fraction(1)), Reading("b", 2, Fraction(1)), Reading("c", 3, Fraction(1))])
    linked = adjust([Reading("a", 1, Fraction(1)), Reading("b", 1, Fraction(1)), Reading("c", 3, Fraction(1))])

    assert (apart.parts, linked.parts) == (3, 2)


def test_late_panel_links_parts_that_were_apart() -> None:
    cells = [("a", 1), ("b", 2), ("c", 1), ("c", 2)]

    assert adjust([Reading(subject, scorer, Fraction(7)) for subject, scorer in cells]).parts == 1


def test_nothing_to_adjust() -> None:
    assert adjust([]) == Adjustment(0, {}, {})


@given(readings)
def test_leniencies_are_those_of_least_squares(given_readings: list[Reading]) -> None:
    adjustment = adjust(given_readings)
    if not adjustment.is_identified:
        assert (adjustment.leniencies, adjustment.scores) == ({}, {})
        return
    subjects = sorted({str(reading.subject) for reading in given_readings})
    scorers = sorted({str(reading.scorer) for reading in given_readings})
    design = np.zeros((len(given_readings) + 1, len(subjects) + len(scorers)))
    for row, reading in enumerate(given_readings):
        design[row, subjects.index(str(reading.subject))] = 1
        design[row, len(subjects) + scorers.index(str(reading.scorer))] = 1
        design[-1, len(subjects) + scorers.index(str(reading.scorer))] += 1
    wanted = np.array([float(reading.total) for reading in given_readings] + [0.0])

    solved = np.linalg.lstsq(design, wanted, rcond=None)[0]

    exact = [float(adjustment.scores[int(subject)]) for subject in subjects]
    assert np.allclose(solved[: len(subjects)], exact, atol=1e-6)
    assert sum(adjustment.leniencies[reading.scorer] for reading in given_readings) == 0


@given(readings)
def test_residuals_of_every_community_and_evaluator_add_up_to_nothing(given_readings: list[Reading]) -> None:
    """The normal equations, exactly: what defines the answer, whatever solved them."""
    adjustment = adjust(given_readings)
    if not adjustment.is_identified:
        return

    left: dict[tuple[str, object], Fraction] = {}
    for reading in given_readings:
        rest = reading.total - adjustment.scores[reading.subject] - adjustment.leniencies[reading.scorer]
        for key in (("subject", reading.subject), ("scorer", reading.scorer)):
            left[key] = left.get(key, Fraction()) + rest

    assert set(left.values()) == {Fraction()}
