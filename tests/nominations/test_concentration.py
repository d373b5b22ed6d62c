"""S-15: the share of districts and companies in the places, exactly compared and named when above the limit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nominations.rules.concentration import Holder, concentrations

EAST, WEST = Holder("district", "1", "东区"), Holder("district", "2", "西区")
FIRST = Holder("company", "3", "甲物业")


def test_shares_are_those_in_the_places_of_the_campaign() -> None:
    found = concentrations([EAST, FIRST, EAST, FIRST, WEST, FIRST], places=10, limit=None)

    assert [(one.holder.name, one.places, one.share, one.is_above) for one in found] == [
        ("东区", 2, Decimal("20.00"), False),
        ("西区", 1, Decimal("10.00"), False),
        ("甲物业", 3, Decimal("30.00"), False),
    ]


@pytest.mark.parametrize(
    ("taken", "places", "limit", "above"),
    [
        (3, 10, "30", False),
        (4, 10, "30", True),
        (1, 3, "33.33", True),  # a third is more than 33.33 %, whatever is shown
        (1, 3, "33.34", False),
        (10, 10, "100", False),
    ],
)
def test_limit_is_compared_exactly(taken: int, places: int, limit: str, above: bool) -> None:
    [found] = concentrations([EAST] * taken, places=places, limit=Decimal(limit))

    assert found.is_above is above


def test_nobody_holds_places_that_nobody_has() -> None:
    assert concentrations([], places=10, limit=Decimal(30)) == []
