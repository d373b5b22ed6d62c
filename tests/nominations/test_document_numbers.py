"""S-16: the number of an official document (GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

import pytest

from nominations.rules.document_number import number_fault


@pytest.mark.parametrize(
    "number", ["示城管〔2023〕12号", "六城管函〔2023〕1号", "建房函〔2023〕332号", "㐀城管〔1999〕100000号"]
)
def test_proper_number_is_taken(number: str) -> None:
    assert number_fault(number) is None


@pytest.mark.parametrize(
    ("number", "suggestion"),
    [
        ("示城管[2023]12号", "示城管〔2023〕12号"),
        ("示城管（2023）12号", "示城管〔2023〕12号"),
        ("示城管【2023】第012号", "示城管〔2023〕12号"),
        ("示城管〔2023〕 12 号", "示城管〔2023〕12号"),
        ("示城管〔２０２３〕１２号", "示城管〔2023〕12号"),
        ("示城管〔2023〕12", "示城管〔2023〕12号"),
        ("示城管〔2023〕007号", "示城管〔2023〕7号"),
    ],
)
def test_near_miss_is_told_what_was_meant(number: str, suggestion: str) -> None:
    fault = number_fault(number)

    assert fault is not None
    assert (fault.code, fault.params, fault.fix) == (
        "not_a_document_number",
        {"suggestion": suggestion},
        "document_number",
    )
    assert suggestion in fault.sentence()


@pytest.mark.parametrize(
    "number",
    [
        "",
        "12",
        "示城管12号",
        "〔2023〕12号",
        "示城管〔23〕12号",
        "示城管〔2023〕0号",
        "示城管〔2023〕12号附件",
        "x" * 5000,
    ],
)
def test_anything_else_is_refused(number: str) -> None:
    fault = number_fault(number)

    assert fault is not None
    assert fault.params == {}
