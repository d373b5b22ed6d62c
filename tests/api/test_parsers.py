from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.parsers import DEEPEST, Malformed, read_object


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    ("body", "reason", "attr"),
    [
        (b"", "not_json", ""),
        (b"{", "not_json", ""),
        (b'{"a": 1}}', "not_json", ""),
        (b"{'a': 1}", "not_json", ""),
        (b'{"a": 01}', "not_json", ""),
        (b'{"a": "line\nbreak"}', "not_json", ""),
        (b'{"a": "\x00"}', "not_json", ""),
        (b"\xef\xbb\xbf{}", "not_json", ""),
        (b"[]", "not_an_object", ""),
        (b"null", "not_an_object", ""),
        (b'"text"', "not_an_object", ""),
        (b"1", "not_an_object", ""),
        (b"\xff\xfe{\x00}\x00", "not_utf8", ""),
        ('{"a": "坏"}'.encode("gb18030"), "not_utf8", ""),
        (b'{"a": 1, "a": 2}', "duplicate_member", "a"),
        (b'{"deep": [{"b": 1, "b": 1}]}', "duplicate_member", "b"),
        (b'{"a": NaN}', "not_a_number", ""),
        (b'{"a": Infinity}', "not_a_number", ""),
        (b'{"a": -Infinity}', "not_a_number", ""),
        (b'{"a": 1e400}', "not_a_number", ""),
        (b'{"a": 1e-400}', "not_a_number", ""),
        (b'{"a": 1e99999999999}', "not_a_number", ""),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_a_number", ""),
        (b'{"a": 9223372036854775808}', "not_a_number", ""),
        (b'{"a": 0.' + b"1" * 5000 + b"}", "not_a_number", ""),
        (rb'{"a": "\u0000"}', "bad_character", "a"),
        (rb'{"form": {"name": ["ok", "\ud800"]}}', "bad_character", "form.name.1"),
        (rb'{"form": {"\udfff": 1}}', "bad_character", "form.\ufffd"),
        (rb'{"\u0000": 1, "\u0000": 2}', "duplicate_member", "\ufffd"),
        (nested(DEEPEST + 1), "too_deep", "a"),
        (nested(100_000), "too_deep", ""),
        (b'{"a":' + b"[" * 100_000, "too_deep", ""),
    ],
)
def test_body_that_two_readers_could_understand_differently_is_refused(body: bytes, reason: str, attr: str) -> None:
    with pytest.raises(Malformed) as raised:
        read_object(body)

    assert (raised.value.reason, raised.value.attr) == (reason, attr)


def test_numbers_keep_the_digits_that_were_sent() -> None:
    found = read_object(b'{"rate": 90.00, "count": 9223372036854775807, "small": -0.5}')

    assert found == {"rate": Decimal("90.00"), "count": 2**63 - 1, "small": Decimal("-0.5")}
    assert str(found["rate"]) == "90.00"


def test_rare_characters_arrive_unchanged() -> None:
    assert read_object('{"name": "堃䶮𬭳", "emoji": "\\ud83c\\udfe0"}'.encode()) == {"name": "堃䶮𬭳", "emoji": "🏠"}


def test_body_as_deep_as_allowed_is_read() -> None:
    assert read_object(nested(DEEPEST)) == json.loads(nested(DEEPEST))


def test_many_duplicates_are_refused_quickly() -> None:
    body = b"{" + b",".join(b'"%d": 1' % n for n in range(100_000)) + b', "0": 1}'

    with pytest.raises(Malformed) as raised:
        read_object(body)

    assert raised.value.reason == "duplicate_member"


KEPT = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.text(KEPT),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5).filter(str.isprintable), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=5).filter(str.isprintable), plain, max_size=5))
def test_plain_object_is_read_as_it_was_written(value: dict[str, Any]) -> None:
    assert read_object(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found: Any = read_object(body)
    except Malformed as error:
        found = error
    assert isinstance(found, dict | Malformed)
