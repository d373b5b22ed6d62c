from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from common.digest import canonical_digest, canonical_json, canonical_json_of_plain

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(Role)
)
PLAIN = st.recursive(SCALARS, lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts), max_leaves=20)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "汉\n"]}, '{"a":[true,null,"汉\\n"],"b":1}'),
        (Decimal("90.00"), '"90.00"'),
        (Decimal("1E+3"), '"1000"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (date(2024, 2, 29), '"2024-02-29"'),
        (datetime(2023, 8, 1, tzinfo=timezone(timedelta(hours=8))), '"2023-07-31T16:00:00.000000+00:00"'),
        ({2: "b", 10: "a"}, '{"10":"a","2":"b"}'),
        (Role.SYSTEM, '"system"'),
        ((1, 2), "[1,2]"),
    ],
)
def test_value_has_one_spelling(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [0.5, float("nan"), {"a": [1.0]}, object(), {1, 2}])
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no canonical spelling"):
        canonical_json(value)


@given(value=PLAIN)
def test_quick_way_says_the_same(value: object) -> None:
    assert canonical_json_of_plain(value) == canonical_json(value)


def test_digest_is_that_of_the_text() -> None:
    assert canonical_digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
