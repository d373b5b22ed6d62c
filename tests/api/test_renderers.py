from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy, override

from api.renderers import JSONRenderer, stamp


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("90.00"), "90.00"),
        (Decimal("0.000"), "0.000"),
        (Decimal("1E+3"), "1000"),
        (datetime(2023, 7, 31, 16, tzinfo=UTC), "2023-08-01T00:00:00+08:00"),
        (date(2023, 7, 31), "2023-07-31"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ("堃", "堃"),
        (None, None),
    ],
)
def test_values_are_shown_exactly(value: object, shown: object) -> None:
    assert json.loads(JSONRenderer().render({"value": value})) == {"value": shown}


def test_sentences_are_shown_in_the_active_language() -> None:
    with override("en"):
        assert json.loads(JSONRenderer().render([gettext_lazy("City bureau")])) == ["City bureau"]


def test_instant_is_stamped_with_the_offset_of_the_place() -> None:
    assert stamp(datetime(2023, 7, 31, 15, 59, 59, 999999, tzinfo=UTC)) == "2023-07-31T23:59:59.999999+08:00"
