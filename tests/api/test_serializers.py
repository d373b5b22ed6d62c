from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from rest_framework import serializers

import api.v1.urls  # noqa: F401  # every serializer of the interface is known once its addresses are
from api.serializers import StrictSerializer

CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Sample(StrictSerializer):
    name = serializers.CharField(max_length=5)
    number = serializers.IntegerField(read_only=True)


def strict_serializers(kind: type[StrictSerializer] = StrictSerializer) -> Iterator[type[StrictSerializer]]:
    for child in kind.__subclasses__():
        yield child
        yield from strict_serializers(child)


def fields_in(field: Any) -> Iterator[Any]:
    yield field
    for part in [*getattr(field, "fields", {}).values(), getattr(field, "child", None)]:
        if part is not None:
            yield from fields_in(part)


def codes(data: Any) -> dict[str, list[str]]:
    sample = Sample(data=data)
    assert not sample.is_valid()
    return {name: [error.code for error in found] for name, found in sample.errors.items()}


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"name": "x", "color": "red"}, {"color": ["unknown_field"]}),
        ({"name": "x", "number": 1}, {"number": ["read_only_field"]}),
        ({"color": "red"}, {"color": ["unknown_field"], "name": ["required"]}),
        (
            {"name": "x" * 6, "color": 1, "number": 2},
            {
                "name": ["max_length"],
                "color": ["unknown_field"],
                "number": ["read_only_field"],
            },
        ),
        ([], {"non_field_errors": ["invalid"]}),
        ("text", {"non_field_errors": ["invalid"]}),
    ],
)
def test_every_fault_is_named_at_once(data: Any, named: dict[str, list[str]]) -> None:
    assert codes(data) == named


def test_what_is_known_is_taken() -> None:
    sample = Sample(data={"name": "堃园"})

    assert sample.is_valid()
    assert sample.validated_data == {"name": "堃园"}


def test_every_sentence_of_a_field_speaks_chinese() -> None:
    with override("zh-hans"):
        sentences = {
            (type(field).__name__, code): str(sentence)
            for kind in strict_serializers()
            for field in fields_in(kind())
            for code, sentence in field.error_messages.items()
        }

    assert [where for where, sentence in sentences.items() if not CHINESE.search(sentence)] == []
