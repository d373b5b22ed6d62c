"""Equations in whole numbers: the answer equals elimination in fractions, whatever the size; singular ones are told."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.equations import kind_for, solved

LARGE = 10**30


def eliminated(rows: list[list[int]], right: list[int]) -> list[Fraction] | None:
    """Solve in fractions, column by column; ``None`` where there is no single solution."""
    work = [[*map(Fraction, row), Fraction(value)] for row, value in zip(rows, right, strict=True)]
    for step in range(len(work)):
        pivot = next((index for index in range(step, len(work)) if work[index][step]), None)
        if pivot is None:
            return None
        work[step], work[pivot] = work[pivot], work[step]
        work[step] = [value / work[step][step] for value in work[step]]
        for index, row in enumerate(work):
            if index != step:
                work[index] = [value - row[step] * over for value, over in zip(row, work[step], strict=True)]
    return [row[-1] for row in work]


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    count, most = draw(st.integers(1, 6)), draw(st.sampled_from([1, 3, 1000, 10**15]))
    line = st.lists(st.integers(-most, most), min_size=count, max_size=count)
    rows = draw(st.lists(line, min_size=count, max_size=count))
    return rows, draw(st.lists(st.integers(-LARGE, LARGE), min_size=count, max_size=count))


@given(systems())
@settings(max_examples=300)
def test_solution_is_that_of_elimination_in_fractions(system: tuple[list[list[int]], list[int]]) -> None:
    rows, right = system
    expected = eliminated(rows, right)

    if expected is None:
        with pytest.raises(ValueError, match="no single solution"):
            solved(np.array(rows), right)
        return
    above, below = solved(np.array(rows), right)

    assert [Fraction(value, below) for value in above] == expected


def test_determinant_that_the_largest_prime_divides_is_no_obstacle() -> None:
    assert solved(np.array([[33554393, 0], [0, 2]]), [1, 1]) == ([2, 33554393], 2 * 33554393)


def test_entries_beyond_64_bits_are_taken() -> None:
    above, below = solved(np.array([[2**80, 1], [1, 0]], dtype=object), [2**81, 2])

    assert [Fraction(value, below) for value in above] == [2, 0]


def test_no_equations_have_the_empty_solution() -> None:
    assert solved(np.zeros((0, 0), dtype=np.int64), []) == ([], 1)


def test_kind_of_number_holds_what_is_asked() -> None:
    assert (kind_for(2**63 - 1), kind_for(2**63)) == (np.int64, object)
