"""Verbs about score sheets: opening, filling in, handing in, unlocking (S-05, S-09, S-11).

The engine knows who fills in a sheet, not who may be asked to: roles and assignments are the caller's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.refusals import Refusal
from evaluation import queries, rules
from evaluation.enums import SheetState
from evaluation.models import ItemScore, ScoreSheet
from evaluation.operations.standards import freeze_standard
from evaluation.scoring import Leaf, Mark, StandardOutline, score_sheet

TENTH = Decimal("0.1")
RESULT_FIELDS = ("state", "handed_in_at", "total", "group_numerators", "group_denominators", "digest")
MARK_FIELDS = ("points", "not_applicable", "reason", "remark", "photo_id", "version", "saved_at")


class SheetNotFound(DomainError):
    """There is no such sheet, or it is somebody else's."""

    code = "sheet_not_found"
    message = _("This score sheet does not exist.")


class SheetHandedIn(DomainError):
    """The sheet was handed in and can no longer be written on."""

    code = "sheet_handed_in"
    message = _("This score sheet was handed in and can no longer be changed.")


class SheetNotHandedIn(DomainError):
    """Only a sheet that was handed in can be unlocked."""

    code = "sheet_not_handed_in"
    message = _("This score sheet has not been handed in yet.")


class SheetSuperseded(DomainError):
    """The sheet was unlocked before and has a newer version."""

    code = "sheet_superseded"
    message = _("This score sheet was unlocked before; version %(version)s has taken its place.")


class ReasonMissing(DomainError):
    """Unlocking a sheet needs a reason of at most 1,000 characters."""

    code = "reason_missing"
    message = _("Say in at most 1,000 characters why the score sheet is unlocked.")


class InvalidScores(DomainError):
    """A mark cannot be stored; every reason is listed and nothing was saved."""

    code = "invalid_scores"
    message = _("Some marks cannot be saved.")


class SheetIncomplete(DomainError):
    """The sheet lacks something; every gap is listed and nothing was handed in."""

    code = "sheet_incomplete"
    message = _("The score sheet is not complete yet.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark as a device sends it; ``seen_version`` is the version it last saw, 0 for none."""

    item_id: UUID
    mark: Mark
    seen_version: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that was not saved, because the stored mark has changed since the device saw it."""

    entry: Entry
    stored: Mark
    version: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the entries: the version that now holds of each one saved, and the conflicts."""

    versions: Mapping[UUID, int]
    conflicts: tuple[Conflict, ...]


@transaction.atomic
def open_sheet(
    *,
    standard_id: UUID,
    subject_kind: str,
    subject_id: UUID,
    kind: str,
    scorer_id: int,
    scorer_role: str,
    at: datetime,
) -> ScoreSheet:
    """Return the scorer's newest sheet for the subject, opened now if there is none; its standard is frozen by the use.

    ``kind`` names the purpose (district, panel): one person may score a subject once for each. Safe to repeat.
    Raises ``InvalidStandard`` when the standard cannot be frozen.
    """
    freeze_standard(standard_id=standard_id, at=at)
    who = {"subject_kind": subject_kind, "subject_id": subject_id, "kind": kind, "scorer_id": scorer_id}
    first = {"standard_id": standard_id, "scorer_role": scorer_role, "opened_at": at}
    ScoreSheet.objects.get_or_create(**who, version=1, defaults=first)
    return ScoreSheet.objects.select_related("standard").filter(**who).latest("version")


@transaction.atomic
def save_scores(*, sheet_id: UUID, scorer_id: int, entries: Sequence[Entry], at: datetime) -> Saved:
    """Save marks on an open sheet, item by item; a form, an autosave and a device that was offline all come here.

    An entry is saved when its ``seen_version`` is the stored one. One that is already stored just so counts as saved,
    so that sending twice is safe. Any other is a conflict: it is reported with the stored mark, and nothing is merged.
    Whether a photo exists and is the scorer's own is for the caller to check, who knows the attachments.
    Raises ``SheetNotFound``, ``SheetHandedIn``, and ``InvalidScores`` with every fault (then nothing is saved).
    """
    sheet = own_sheet(sheet_id, scorer_id)
    if sheet.state != SheetState.OPEN:
        raise SheetHandedIn
    neat = [replace(entry, mark=tidied(entry.mark)) for entry in entries]
    if faults := list(_faults_of_entries(queries.outline_of(sheet.standard_id), neat)):
        raise InvalidScores(refusals=faults)
    return _store(sheet, neat, at)


@transaction.atomic
def hand_in(*, sheet_id: UUID, scorer_id: int, at: datetime) -> ScoreSheet:
    """Close the sheet for good, with its score and a digest of all that stands on it; handing in twice changes nothing.

    Raises ``SheetNotFound``, and ``SheetIncomplete`` with every gap.
    """
    sheet = own_sheet(sheet_id, scorer_id)
    if sheet.state == SheetState.HANDED_IN:
        return sheet
    outline, marks = queries.outline_of(sheet.standard_id), queries.marks_on(sheet_id)
    if gaps := rules.missing_on_sheet(outline, marks):
        raise SheetIncomplete(refusals=gaps)
    score = score_sheet(outline, marks)
    _id, numerators, denominators = score.figures(sheet_id)
    sheet.state, sheet.handed_in_at, sheet.total = SheetState.HANDED_IN, at, score.total
    sheet.group_numerators, sheet.group_denominators = list(numerators), list(denominators)
    sheet.digest = queries.sheet_digest(sheet, outline, marks)
    sheet.save(update_fields=RESULT_FIELDS)
    return sheet


@transaction.atomic
def reopen(*, sheet_id: UUID, by_id: int, reason: str, at: datetime) -> ScoreSheet:
    """Unlock a sheet: its marks go into a new open version with the reason, the old one is kept as it was handed in.

    Until the new version is handed in the scorer's sheet does not count. Raises ``ReasonMissing``, ``SheetNotFound``,
    ``SheetNotHandedIn`` and ``SheetSuperseded``.
    """
    if not reason.strip() or not rules.is_storable(reason, rules.UNLOCK_REASON_LENGTH):
        raise ReasonMissing(attr="reason")
    old = _locked(sheet_id)
    if old.state != SheetState.HANDED_IN:
        raise SheetNotHandedIn
    if (successor := ScoreSheet.objects.filter(supersedes=old).first()) is not None:
        raise SheetSuperseded(version=successor.version)
    return _next_version(old, by_id, reason.strip(), at)


def _locked(sheet_id: UUID) -> ScoreSheet:
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).select_related("standard").filter(pk=sheet_id).first()
    if sheet is None:
        raise SheetNotFound
    return sheet


def own_sheet(sheet_id: UUID, scorer_id: int) -> ScoreSheet:
    """Lock and return the scorer's own sheet; raises ``SheetNotFound``."""
    sheet = _locked(sheet_id)
    if sheet.scorer_id != scorer_id:
        raise SheetNotFound
    return sheet


def tidied(mark: Mark) -> Mark:
    """Trim the texts and drop the reason where points are given, as when a device changes its mind."""
    reason = mark.reason.strip() if mark.not_applicable else ""
    return replace(mark, reason=reason, remark=mark.remark.strip())


def _faults_of_entries(outline: StandardOutline, entries: Sequence[Entry]) -> Iterator[Refusal]:
    leaves: dict[UUID, Leaf] = {leaf.item.id: leaf for leaf in outline.leaves()}
    times = Counter(entry.item_id for entry in entries)
    for entry in entries:
        fix = f"items/{entry.item_id}"
        if entry.item_id not in leaves:
            yield Refusal("item_unknown", _("This item is not on the score sheet."), fix=fix)
        elif times[entry.item_id] > 1:
            yield Refusal("item_repeated", _("%(item)s is sent twice."), {"item": leaves[entry.item_id].code}, fix)
        else:
            yield from rules.faults_of_mark(leaves[entry.item_id], entry.mark)


def _store(sheet: ScoreSheet, entries: Sequence[Entry], at: datetime) -> Saved:
    stored = {score.item_id: score for score in ItemScore.objects.filter(sheet=sheet)}
    versions: dict[UUID, int] = {}
    conflicts: list[Conflict] = []
    written: list[ItemScore] = []
    for entry in entries:
        score = stored.get(entry.item_id) or ItemScore(sheet=sheet, item_id=entry.item_id, version=0)
        is_new = score._state.adding
        if not is_new and queries.mark_of(score) == entry.mark:
            versions[entry.item_id] = score.version
        elif not is_new and score.version != entry.seen_version:
            conflicts.append(Conflict(entry, queries.mark_of(score), score.version))
        else:
            written.append(remarked(score, entry.mark, at))
            versions[entry.item_id] = score.version
    write_scores(written)
    return Saved(versions, tuple(conflicts))


def remarked(score: ItemScore, mark: Mark, at: datetime) -> ItemScore:
    """Put the mark on the row, as its next version; it is not written yet."""
    score.points = None if mark.points is None else mark.points.quantize(TENTH)  # as the database gives it back
    score.not_applicable, score.reason = mark.not_applicable, mark.reason
    score.remark, score.photo_id = mark.remark, mark.photo_id
    score.version, score.saved_at = score.version + 1, at
    return score


def write_scores(scores: Iterable[ItemScore]) -> None:
    """Write new and changed rows in one statement each."""
    scores = list(scores)
    changed = [score for score in scores if not score._state.adding]
    ItemScore.objects.bulk_create([score for score in scores if score._state.adding])
    ItemScore.objects.bulk_update(changed, MARK_FIELDS)


def _next_version(old: ScoreSheet, by_id: int, reason: str, at: datetime) -> ScoreSheet:
    sheet = ScoreSheet.objects.create(
        standard=old.standard,
        subject_kind=old.subject_kind,
        subject_id=old.subject_id,
        kind=old.kind,
        scorer_id=old.scorer_id,
        scorer_role=old.scorer_role,
        version=old.version + 1,
        supersedes=old,
        reopened_by_id=by_id,
        reopened_reason=reason,
        opened_at=at,
    )
    copies = list(old.scores.all())
    for score in copies:
        score.pk, score.sheet, score.version = None, sheet, 1
    ItemScore.objects.bulk_create(copies)
    return sheet
