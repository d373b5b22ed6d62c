"""What a review may say: every row that cannot be read is told with its place and reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from evaluation.scoring import Mark
from nominations.rules.district_review import (
    InspectionNote,
    Judgement,
    Read,
    Scored,
    read_entries,
    read_inspections,
    read_judgements,
)

ITEM = UUID("01890000-0000-7000-8000-000000000002")
PHOTO = UUID("01890000-0000-7000-8000-000000000003")
TODAY = date(2023, 7, 13)


def told(read: Read[Any]) -> list[tuple[str, str]]:
    return [(reason.code, reason.fix) for reason in read.refusals]


def test_judgements_are_read_row_by_row() -> None:
    read = read_judgements([{"number": 2, "verdict": "met", "note": " 有 "}, {"number": "3"}], {2: "open", 3: "open"})

    assert read == Read([Judgement(2, "met", "有"), Judgement(3, "", "")], [])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("met", ("not_a_list", "requirements")),
        ({"number": 2}, ("not_a_list", "requirements")),
        (["met"], ("not_an_object", "requirements[0]")),
        ([{"number": 2, "mood": "x"}], ("unknown_field", "requirements[0].mood")),
        ([{"verdict": "met"}], ("required", "requirements[0].number")),
        ([{"number": "two"}], ("not_a_number", "requirements[0].number")),
        ([{"number": 2, "verdict": "open"}], ("not_a_choice", "requirements[0].verdict")),
        ([{"number": 2, "verdict": ["met"]}], ("not_a_choice", "requirements[0].verdict")),
        ([{"number": 2, "note": 5}], ("not_text", "requirements[0].note")),
        ([{"number": 9, "verdict": "met"}], ("no_such_requirement", "requirements[0].number")),
        ([{"number": 4, "verdict": "met"}], ("contradicts_figures", "requirements[0].verdict")),
        ([{"number": 1, "verdict": "met"}], ("contradicts_figures", "requirements[0].verdict")),
        ([{"number": 2, "verdict": "not_met"}], ("note_missing", "requirements[0].note")),
    ],
)
def test_judgement_that_cannot_be_taken_is_told(rows: Any, reason: tuple[str, str]) -> None:
    read = read_judgements(rows, {1: "needs_city_figures", 2: "open", 4: "not_met"})

    assert (read.rows, told(read)) == ([], [reason])


def test_marks_are_read_exactly() -> None:
    rows = [
        {"item": str(ITEM), "points": "8.5", "remark": "有杂物", "photo": str(PHOTO), "version": 3},
        {"item": str(ITEM), "points": None, "not_applicable": True, "reason": "无此设施"},
    ]

    read = read_entries(rows, {PHOTO})

    assert read == Read(
        [
            Scored(ITEM, Mark(Decimal("8.5"), remark="有杂物", photo_id=PHOTO), 3),
            Scored(ITEM, Mark(None, not_applicable=True, reason="无此设施"), 0),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"points": "8"}, ("required", "scores[0].item")),
        ({"item": "x", "points": "8"}, ("not_an_id", "scores[0].item")),
        ({"item": 5, "points": "8"}, ("not_text", "scores[0].item")),
        ({"item": str(ITEM), "points": 8.5}, ("not_a_number", "scores[0].points")),
        ({"item": str(ITEM), "points": "NaN"}, ("not_a_number", "scores[0].points")),
        ({"item": str(ITEM), "points": "10.5"}, ("out_of_range", "scores[0].points")),
        ({"item": str(ITEM), "points": "8.55"}, ("too_many_places", "scores[0].points")),
        ({"item": str(ITEM), "points": "8", "version": -1}, ("out_of_range", "scores[0].version")),
        ({"item": str(ITEM), "not_applicable": "yes"}, ("not_yes_or_no", "scores[0].not_applicable")),
        ({"item": str(ITEM), "points": "8", "photo": str(PHOTO)}, ("photo_unknown", "scores[0].photo")),
    ],
)
def test_mark_that_cannot_be_taken_is_told(row: dict[str, Any], reason: tuple[str, str]) -> None:
    read = read_entries([row], set())

    assert (read.rows, told(read)) == ([], [reason])


def test_inspections_are_read_with_their_days() -> None:
    rows = [
        {"inspected_on": "2023-07-13", "findings": "检查", "resolved_on": "2023-07-13"},
        {"id": str(ITEM), "inspected_on": "2023-06-01", "findings": "停车"},
    ]

    assert read_inspections(rows, TODAY).rows == [
        InspectionNote(date(2023, 7, 13), "检查", date(2023, 7, 13)),
        InspectionNote(date(2023, 6, 1), "停车", id=ITEM),
    ]


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ({"findings": "检查"}, [("required", "inspections[0].inspected_on")]),
        ({"inspected_on": "2023-02-30", "findings": "检查"}, [("not_a_date", "inspections[0].inspected_on")]),
        ({"inspected_on": "2023-06-01"}, [("required", "inspections[0].findings")]),
        (
            {"inspected_on": "2023-07-14", "findings": "检查", "resolved_on": "2023-07-15"},
            [("day_in_future", "inspections[0].inspected_on"), ("day_in_future", "inspections[0].resolved_on")],
        ),
        (
            {"inspected_on": "2023-06-02", "findings": "检查", "resolved_on": "2023-06-01"},
            [("resolved_before", "inspections[0].resolved_on")],
        ),
    ],
)
def test_inspection_that_cannot_be_taken_is_told(row: dict[str, Any], reasons: list[tuple[str, str]]) -> None:
    read = read_inspections([row], TODAY)

    assert (read.rows, told(read)) == ([], reasons)
