"""Stories told side by side take their steps in the order of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demo.population.tales import Tale, tell

NOON = datetime(2023, 7, 10, 4, tzinfo=UTC)


def story(name: str, hours: list[int], told: list[tuple[str, int]]) -> Tale[str]:
    """Tell a step at each of the hours."""
    for hour in hours:
        at = yield NOON + timedelta(hours=hour)
        told.append((name, (at - NOON) // timedelta(hours=1)))
    return name


def test_steps_are_taken_in_the_order_of_time() -> None:
    told: list[tuple[str, int]] = []

    tell([story("a", [1, 4, 5], told), story("b", [2, 3, 6], told)])

    assert told == [("a", 1), ("b", 2), ("b", 3), ("a", 4), ("a", 5), ("b", 6)]


def test_of_two_steps_at_one_instant_the_first_story_goes_first() -> None:
    told: list[tuple[str, int]] = []

    tell([story("a", [1, 1], told), story("b", [1], told)])

    assert told == [("a", 1), ("b", 1), ("a", 1)]


def test_a_story_within_a_story_hands_its_result_back() -> None:
    told: list[tuple[str, int]] = []

    def outer() -> Tale[None]:
        name = yield from story("inner", [1], told)
        told.append((name, 0))

    tell([outer()])

    assert told == [("inner", 1), ("inner", 0)]


def test_a_story_does_not_go_back_in_time() -> None:
    with pytest.raises(ValueError, match="back in time"):
        tell([story("a", [2, 1], [])])


def test_a_story_without_steps_ends_at_once() -> None:
    told: list[tuple[str, int]] = []

    tell([story("a", [], told)])

    assert told == []
