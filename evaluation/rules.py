"""What is still wrong with a sheet or a standard; pure, every reason at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from evaluation.scoring import (
    FULL_SCORE,
    ITEM_POINTS,
    GroupOutline,
    ItemOutline,
    Leaf,
    Mark,
    StandardOutline,
)

STEP = Decimal("0.5")
EXPLAINED_BELOW = Decimal(6)  # out of ten; in proportion where an item counts fewer points
WEIGHT_PLACES = 2
LEAST_PARTS = 2
MOST_PARTS = 20  # so that every exact score fits into the 64 bits in which ScoreSheet keeps it
REASON_LENGTH = 500
REMARK_LENGTH = 2000
UNLOCK_REASON_LENGTH = 1000
CHANGE_ID_LENGTH = 64


def faults_of_mark(leaf: Leaf, mark: Mark) -> list[Refusal]:
    """List why a mark cannot be stored: outside 0 to the item's points, no half step, no reason for not applicable.

    Texts are at most 500 (reason) and 2,000 (remark) characters long and free of characters that cannot be stored.
    """
    judged = _faults_of_not_applicable(leaf, mark) if mark.not_applicable else _faults_of_points(leaf, mark.points)
    return judged + _faults_of_texts(leaf, mark)


def is_storable(text: str, length: int) -> bool:
    """Tell whether the database can hold the text: not too long, no NUL, no half of a surrogate pair."""
    return len(text) <= length and "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def explained_below(item: ItemOutline) -> Decimal:
    """Return the points below which a remark and a photo are required: 6 of 10, or in proportion."""
    return EXPLAINED_BELOW * item.max_points / ITEM_POINTS


def missing_on_sheet(standard: StandardOutline, marks: Mapping[UUID, Mark]) -> list[Refusal]:
    """List what a sheet lacks before it can be handed in (S-11), in the order of the items; empty when complete.

    Every item has points or is not applicable for a reason; below 6 of 10 points a remark and a photo are required, and
    a photo also where the item asks for evidence; every group has an applicable item. ``fix`` is ``items/<item id>``.
    """
    lacking = [refusal for leaf in standard.leaves() for refusal in _missing_on_item(leaf, marks.get(leaf.item.id))]
    return lacking + [_unscorable(group) for group in standard.groups if _is_all_not_applicable(group, marks)]


def faults_of_standard(standard: StandardOutline, parent: StandardOutline | None = None) -> list[Refusal]:
    """List why a standard cannot be used (S-11, S-19); empty when it can.

    The weights add up to exactly 100; numbers are unique; every group has items; item points are halves up to 10; a
    refined item has up to 20 parts of ten points each. A local refinement keeps its parent's groups, weights and items
    and may only add parts below an item.
    """
    return [
        *_faults_of_groups(standard.groups),
        *(refusal for group in standard.groups for refusal in _faults_of_items(group)),
        *(_faults_against_parent(standard, parent) if parent else ()),
    ]


def faults_of_parts(standard: StandardOutline, parts: Mapping[str, Sequence[str]]) -> list[Refusal]:
    """List why items cannot be refined so: no such item, refined by the standard itself, too few parts."""
    items = {
        f"{group.number}-{position}": item
        for group in standard.groups
        for position, item in enumerate(group.items, start=1)
    }
    return [refusal for code, texts in parts.items() for refusal in _faults_of_parts(code, items.get(code), texts)]


def _faults_of_parts(code: str, item: ItemOutline | None, texts: Sequence[str]) -> list[Refusal]:
    where: dict[str, Any] = {"params": {"item": code}, "fix": f"parts.{code}"}
    if item is None:
        return [Refusal("item_unknown", _("There is no item %(item)s."), **where)]
    if item.parts:
        return [Refusal("item_refined", _("%(item)s is refined by the standard itself."), **where)]
    if len(texts) < LEAST_PARTS or len(set(texts)) < len(texts):
        return [Refusal("parts_unusable", _("%(item)s: give at least two parts, each of them once."), **where)]
    return []


def _missing_on_item(leaf: Leaf, mark: Mark | None) -> list[Refusal]:
    if mark is None:
        return [_refusal("item_not_scored", _("%(item)s has not been scored."), leaf)]
    return faults_of_mark(leaf, mark) or _missing_evidence(leaf, mark)


def _missing_evidence(leaf: Leaf, mark: Mark) -> list[Refusal]:
    least = explained_below(leaf.item)
    is_low, below = mark.points is not None and mark.points < least, {"least": _short(least)}
    refusals = []
    if is_low and not mark.remark.strip():
        sentence = _("%(item)s: below %(least)s points a remark is required.")
        refusals.append(_refusal("remark_missing", sentence, leaf, **below))
    if is_low and mark.photo_id is None:
        sentence = _("%(item)s: below %(least)s points a photo is required.")
        refusals.append(_refusal("photo_missing", sentence, leaf, **below))
    elif leaf.item.evidence_required and mark.points is not None and mark.photo_id is None:
        refusals.append(_refusal("evidence_missing", _("%(item)s: this item requires a photo as evidence."), leaf))
    return refusals


def _faults_of_points(leaf: Leaf, points: Decimal | None) -> list[Refusal]:
    if points is None:
        return [_refusal("points_missing", _("%(item)s: give points, or mark it as not applicable."), leaf)]
    most = leaf.item.max_points
    if not points.is_finite() or not 0 <= points <= most or points % STEP:
        sentence = _("%(item)s: give 0 to %(most)s points in steps of 0.5.")
        return [_refusal("points_out_of_range", sentence, leaf, most=_short(most))]
    return []


def _faults_of_texts(leaf: Leaf, mark: Mark) -> list[Refusal]:
    refusals = []
    for code, text, length in (
        ("reason_unusable", mark.reason, REASON_LENGTH),
        ("remark_unusable", mark.remark, REMARK_LENGTH),
    ):
        if not is_storable(text, length):
            sentence = _("%(item)s: at most %(length)s characters, none of them a control code.")
            refusals.append(_refusal(code, sentence, leaf, length=str(length)))
    return refusals


def _faults_of_not_applicable(leaf: Leaf, mark: Mark) -> list[Refusal]:
    if mark.points is not None:
        return [_refusal("points_and_not_applicable", _("%(item)s: either points or not applicable, not both."), leaf)]
    if not mark.reason.strip():
        return [_refusal("reason_missing", _("%(item)s: say why the item does not apply."), leaf)]
    return []


def _is_all_not_applicable(group: GroupOutline, marks: Mapping[UUID, Mark]) -> bool:
    scored = (marks.get(part.id) for item in group.items for part in item.parts or (item,))
    return all(mark is not None and mark.not_applicable for mark in scored)


def _unscorable(group: GroupOutline) -> Refusal:
    sentence = _("Group %(group)s cannot be scored: at least one of its items must apply.")
    return Refusal("group_not_scorable", sentence, {"group": group.number}, f"groups/{group.id}")


def _faults_of_groups(groups: tuple[GroupOutline, ...]) -> list[Refusal]:
    refusals = []
    total = sum((group.weight for group in groups), Decimal(0))
    if total != FULL_SCORE:
        sentence = _("The weights of the groups add up to %(total)s, not to 100.")
        refusals.append(Refusal("weights_not_100", sentence, {"total": _short(total)}, "groups"))
    for number in _repeated(group.number for group in groups):
        sentence = _("The group number %(group)s is given twice.")
        refusals.append(Refusal("group_repeated", sentence, {"group": number}, "groups"))
    return refusals


def _faults_of_items(group: GroupOutline) -> list[Refusal]:
    refusals = []
    if not _is_in_steps(group.weight, Decimal(1).scaleb(-WEIGHT_PLACES), FULL_SCORE):
        sentence = _("Group %(group)s: a weight lies above 0, at most at 100, and has two places at most.")
        refusals.append(Refusal("weight_out_of_range", sentence, {"group": group.number}, f"groups/{group.number}"))
    if not group.items:
        sentence = _("Group %(group)s has no items.")
        refusals.append(Refusal("group_empty", sentence, {"group": group.number}, f"groups/{group.number}"))
    for position, item in enumerate(group.items, start=1):
        refusals += _faults_of_item(f"{group.number}-{position}", item)
    return refusals


def _faults_of_item(code: str, item: ItemOutline) -> list[Refusal]:
    refusals = []
    if not _is_in_steps(item.max_points, STEP, ITEM_POINTS):
        sentence = _("%(item)s: an item counts 0.5 to 10 points in steps of 0.5.")
        refusals.append(Refusal("item_points_out_of_range", sentence, {"item": code}, f"items/{code}"))
    if not item.text.strip():
        refusals.append(Refusal("item_text_missing", _("%(item)s has no text."), {"item": code}, f"items/{code}"))
    if len(item.parts) > MOST_PARTS:
        sentence = _("%(item)s: an item has at most %(most)s parts.")
        refusals.append(Refusal("too_many_parts", sentence, {"item": code, "most": MOST_PARTS}, f"items/{code}"))
    for number, part in enumerate(item.parts, start=1):
        refusals += _faults_of_part(f"{code}-{number}", part)
    return refusals


def _faults_of_part(code: str, part: ItemOutline) -> list[Refusal]:
    # Parts of ten each keep every score a fraction of small integers: see ScoreSheet.group_denominators.
    if part.parts or part.max_points != ITEM_POINTS:
        sentence = _("%(item)s: a part of an item is scored out of 10 and has no parts of its own.")
        return [Refusal("part_not_plain", sentence, {"item": code}, f"items/{code}")]
    return _faults_of_item(code, part)


def _faults_against_parent(standard: StandardOutline, parent: StandardOutline) -> list[Refusal]:
    ours, theirs = ([_skeleton(group) for group in outline.groups] for outline in (standard, parent))
    if ours == theirs:
        return []
    sentence = _(
        "A local refinement keeps the groups, weights and items of its parent and only adds parts below an item."
    )
    return [Refusal("parent_changed", sentence, {}, "groups")]


def _skeleton(group: GroupOutline) -> tuple[object, ...]:
    items = [(item.text, item.max_points) for item in group.items]
    return (group.number, group.title, group.weight, items)


def _is_in_steps(value: Decimal, step: Decimal, most: Decimal) -> bool:
    return value.is_finite() and 0 < value <= most and value % step == 0


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _refusal(code: str, sentence: Sentence, leaf: Leaf, **params: str) -> Refusal:
    return Refusal(code, sentence, {"item": leaf.code, **params}, f"items/{leaf.item.id}")


def _short(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
