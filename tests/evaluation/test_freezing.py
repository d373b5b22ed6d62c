"""A standard is frozen whole or not at all, and then stays: what the database refuses, whoever writes (S-11, S-19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from evaluation import operations
from evaluation.models import Standard, StandardGroup, StandardItem
from tests.evaluation.annex import annex_two
from tests.evaluation.rows import Act, Rows, cannot_freeze, draft, execute, freeze, refused
from tests.evaluation.steps import AT

pytestmark = pytest.mark.django_db

FROZEN_ACTS: dict[str, Act] = {
    "update the standard": lambda rows: Standard.objects.update(title="改"),
    "thaw the standard": lambda rows: Standard.objects.update(frozen_at=None, digest=""),
    "delete the standard by SQL": lambda rows: execute("DELETE FROM evaluation_standard"),
    "change a weight": lambda rows: StandardGroup.objects.filter(pk=rows.group.pk).update(weight=30),
    "add a group": lambda rows: StandardGroup.objects.create(
        standard=rows.standard, position=9, number="九", title="新", weight=1
    ),
    "delete a group by SQL": lambda rows: execute("DELETE FROM evaluation_standardgroup WHERE id = %s", rows.group.pk),
    "reword an item": lambda rows: StandardItem.objects.filter(pk=rows.item.pk).update(text="改"),
    "add an item": lambda rows: StandardItem.objects.create(group=rows.group, position=9, text="新"),
    "delete an item by SQL": lambda rows: execute("DELETE FROM evaluation_standarditem WHERE id = %s", rows.item.pk),
}


@pytest.mark.parametrize("act", FROZEN_ACTS.values(), ids=FROZEN_ACTS.keys())
def test_a_frozen_standard_does_not_change(act: Act, open_rows: Rows) -> None:
    assert refused(act, open_rows).startswith("a frozen standard does not change")


def test_a_group_does_not_move_out_of_a_frozen_standard(open_rows: Rows) -> None:
    other = operations.create_standard(code="other", title="另", outline=annex_two())

    def move(rows: Rows) -> None:
        StandardGroup.objects.filter(pk=rows.group.pk).update(standard=other, position=8, number="八")

    assert refused(move, open_rows).startswith("a frozen standard does not change")


def test_weights_add_up_to_a_hundred() -> None:
    assert cannot_freeze(draft("light", weight=99)).startswith("the weights of a standard add up to 100")


def test_a_standard_without_groups_cannot_be_frozen() -> None:
    empty = Standard.objects.create(code="empty", title="空")

    assert cannot_freeze(empty).startswith("the weights of a standard add up to 100")


def test_every_group_has_items() -> None:
    standard = draft("hollow", weight=60)
    StandardGroup.objects.create(standard=standard, position=2, number="二", title="空组", weight=40)

    assert cannot_freeze(standard).startswith("every group of a standard has items")


def test_a_part_belongs_to_an_item_of_its_own_group() -> None:
    standard, other = draft("mixed", weight=100), draft("other", weight=100)
    group = StandardGroup.objects.get(standard=standard)
    foreign = StandardItem.objects.get(group__standard=other)
    StandardItem.objects.create(group=group, refines=foreign, position=1, text="细项")

    assert cannot_freeze(standard).startswith("a part belongs to an item of its own group")


def test_a_part_has_no_parts() -> None:
    standard = draft("deep", weight=100)
    item = StandardItem.objects.get(group__standard=standard)
    part = StandardItem.objects.create(group=item.group, refines=item, position=1, text="细项")
    StandardItem.objects.create(group=item.group, refines=part, position=1, text="更细")

    assert cannot_freeze(standard).startswith("a part belongs to an item of its own group")


def test_a_refinement_waits_for_its_parent() -> None:
    parent = draft("parent", weight=100)

    words = cannot_freeze(draft("child", weight=100, parent=parent))

    assert words.startswith("a refinement keeps the groups and weights of its frozen parent")


def test_a_refinement_keeps_the_groups_of_its_parent() -> None:
    parent = draft("parent", weight=100)
    freeze(parent)
    child = draft("child", weight=100, parent=parent)
    StandardGroup.objects.filter(standard=child).update(title="改")

    words = cannot_freeze(child)

    assert words.startswith("a refinement keeps the groups and weights of its frozen parent")


def test_a_standard_is_written_before_it_is_frozen() -> None:
    with pytest.raises(IntegrityError, match="a standard is written first"), transaction.atomic():
        Standard.objects.create(code="hasty", title="急", frozen_at=AT, digest="0" * 64)


def test_a_frozen_standard_has_a_digest() -> None:
    standard = draft("plain", weight=100)

    with pytest.raises(IntegrityError, match="standard_frozen_with_digest"), transaction.atomic():
        Standard.objects.filter(pk=standard.pk).update(frozen_at=AT, digest="")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"weight": 0}, "standard_group_weight_in_range"),
        ({"weight": Decimal("100.01")}, "standard_group_weight_in_range"),
    ],
)
def test_weights_lie_in_range(values: dict[str, Any], constraint: str) -> None:
    standard = draft("plain", weight=100)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StandardGroup.objects.filter(standard=standard).update(**values)


@pytest.mark.parametrize("points", [Decimal(0), Decimal("0.3"), Decimal("10.5")])
def test_item_points_are_halves_up_to_ten(points: Decimal) -> None:
    standard = draft("plain", weight=100)

    with pytest.raises(IntegrityError, match="standard_item_points_in_steps"), transaction.atomic():
        StandardItem.objects.filter(group__standard=standard).update(max_points=points)


def test_two_items_cannot_stand_in_one_place() -> None:
    group = StandardGroup.objects.get(standard=draft("plain", weight=100))

    with pytest.raises(IntegrityError, match="standard_item_position_unique"), transaction.atomic():
        StandardItem.objects.create(group=group, position=1, text="乙")


def test_a_version_is_there_once() -> None:
    draft("plain", weight=100)

    with pytest.raises(IntegrityError, match="standard_version_unique"), transaction.atomic():
        Standard.objects.create(code="plain", title="又")
