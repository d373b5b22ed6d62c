"""What is different between two versions of the form."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nominations.rules.comparison import GONE, NEW, SAME, Part, differences, woven


def test_same_form_has_no_differences() -> None:
    form = {"party": {"name": "示例党支部", "contact_phone": None}}

    assert differences(form, {"party": {"name": "示例党支部", "contact_phone": ""}}) == []


def test_changed_fields_are_told_in_the_order_of_the_paper() -> None:
    before = {"practices": {"practice_1": "旧"}, "basics": {"households": 500}}
    after = {"practices": {"practice_1": "新"}, "basics": {"households": 501}}

    found = differences(before, after)

    assert [(one.section.name, one.field.name, one.before, one.after) for one in found] == [
        ("basics", "households", 500, 501),
        ("practices", "practice_1", "旧", "新"),
    ]


def test_texts_are_woven_character_by_character() -> None:
    parts = woven("消防通道停放车辆2辆。", "消防通道已清理，停放车辆0辆。")

    assert parts == [
        Part(SAME, "消防通道"),
        Part(NEW, "已清理，"),
        Part(SAME, "停放车辆"),
        Part(GONE, "2"),
        Part(NEW, "0"),
        Part(SAME, "辆。"),
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_woven_text_holds_both_versions_whole(before: str, after: str) -> None:
    parts = woven(before, after)

    assert "".join(part.text for part in parts if part.kind != NEW) == before
    assert "".join(part.text for part in parts if part.kind != GONE) == after
