from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from common.errors import DomainError
from common.refusals import Refusal, filled, flatten


class Closed(DomainError):
    message = "closed %(at)s"


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("zh-hans", datetime(2023, 7, 31, 16, tzinfo=UTC), "2023年8月1日 00:00"),
        ("en", datetime(2023, 7, 31, 16, tzinfo=UTC), "Aug. 1, 2023, midnight"),
        ("zh-hans", date(2023, 7, 31), "2023年7月31日"),
        ("zh-hans", [1, "二", date(2023, 7, 31)], "1、二、2023年7月31日"),
        ("zh-hans", "90.00", "90.00"),
    ],
)
def test_a_sentence_spells_out_what_it_names(language: str, value: Any, words: str) -> None:
    with translation.override(language):
        assert filled("%(value)s!", {"value": value}) == f"{words}!"
        assert Refusal("code", "%(value)s", {"value": value}).sentence() == words


def test_an_error_speaks_like_a_refusal() -> None:
    with translation.override("zh-hans"):
        assert Closed(at=datetime(2023, 7, 31, 16, tzinfo=UTC)).sentence() == "closed 2023年8月1日 00:00"


@pytest.mark.parametrize(
    ("answer", "reasons"),
    [
        (None, []),
        (Refusal("a", ""), [Refusal("a", "")]),
        ((Refusal("a", ""), Refusal("b", "")), [Refusal("a", ""), Refusal("b", "")]),
    ],
)
def test_a_guard_answers_in_any_shape(answer: Any, reasons: list[Refusal]) -> None:
    assert flatten(answer) == reasons
