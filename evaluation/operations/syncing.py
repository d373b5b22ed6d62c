"""Bringing in what a device wrote on a sheet while it was offline (S-09): safe to repeat, nothing merged silently.

An item is the unit: a change replaces the whole mark of one item or does nothing. The device names each change by an id
of its own and says which version of the item it wrote upon. The last write of the evaluator holds, provided it was made
in sight of the one before; a write that was not is a conflict, reported with what is stored, and the evaluator decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.digest import canonical_digest
from common.refusals import Refusal
from evaluation import queries, rules
from evaluation.enums import SheetState, SyncOutcome
from evaluation.models import ItemScore, ScoreSheet, SheetChange
from evaluation.operations.sheets import SheetHandedIn, own_sheet, remarked, tidied, write_scores
from evaluation.scoring import Leaf, Mark


@dataclass(frozen=True, slots=True)
class Change:
    """A mark as a device wrote it, upon version ``seen_version`` of the item, or upon its own change ``after``.

    ``after`` is for a second change of an item whose first one has not been answered yet: the device does not know the
    version that the first one made. Where ``after`` was saved, it counts; else ``seen_version`` does.
    """

    id: str
    item_id: UUID
    mark: Mark
    seen_version: int = 0
    after: str = ""


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of a change: ``version`` is the one that it made, 0 when it was not saved.

    ``stored``, ``stored_version`` and ``stored_at`` are what holds for the item after all changes of the delivery, and
    since when, whoever wrote it.
    ``repeated`` tells that the change had been saved by an earlier delivery.
    """

    change: Change
    outcome: SyncOutcome
    version: int
    stored: Mark | None
    stored_version: int
    stored_at: datetime | None = None
    repeated: bool = False
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: SyncOutcome
    version: int = 0
    repeated: bool = False
    refusals: tuple[Refusal, ...] = ()


@transaction.atomic
def sync_scores(
    *,
    sheet_id: UUID,
    scorer_id: int,
    changes: Sequence[Change],
    photos: Collection[UUID],
    at: datetime,
    closed: Refusal | None = None,
) -> tuple[Synced, ...]:
    """Save what can be saved of the changes, in their order, and say of each what became of it.

    ``photos`` are those that a mark may name: the caller knows the attachments. ``closed`` says why nothing may be
    written although the sheet itself is open. A sheet that is closed refuses each new change by itself and still
    recognizes those that it had saved. Raises ``SheetNotFound``.
    """
    sheet = own_sheet(sheet_id, scorer_id)
    if sheet.state != SheetState.OPEN:
        closed = Refusal(SheetHandedIn.code, SheetHandedIn.message)
    desk = _Desk(sheet, set(photos), closed, at)
    verdicts = [desk.settle(replace(change, mark=tidied(change.mark))) for change in changes]
    desk.write()
    return tuple(desk.answer(change, verdict) for change, verdict in zip(changes, verdicts, strict=True))


class _Desk:
    """One delivery at work on one locked sheet."""

    def __init__(self, sheet: ScoreSheet, photos: Collection[UUID], closed: Refusal | None, at: datetime) -> None:
        self.sheet, self.photos, self.closed, self.at = sheet, photos, closed, at
        self.leaves: dict[UUID, Leaf] = {leaf.item.id: leaf for leaf in queries.outline_of(sheet.standard_id).leaves()}
        self.stored = {score.item_id: score for score in ItemScore.objects.filter(sheet=sheet)}
        self.known = {change.change_id: change for change in SheetChange.objects.filter(sheet=sheet)}
        self.written: dict[UUID, ItemScore] = {}
        self.noted: list[SheetChange] = []

    def settle(self, change: Change) -> _Verdict:
        """Judge one change and, where nothing stands against it, put it down."""
        if known := self.known.get(change.id):
            return self._recognized(known, change)
        if self.closed:
            return _Verdict(SyncOutcome.CLOSED, refusals=(self.closed,))
        if faults := self._faults(change):
            return _Verdict(SyncOutcome.REFUSED, refusals=tuple(faults))
        score = self.stored.get(change.item_id)
        if score and queries.mark_of(score) != change.mark and score.version != self._base(change):
            return _Verdict(SyncOutcome.CONFLICT)
        return _Verdict(SyncOutcome.SAVED, self._put_down(change, score))

    def write(self) -> None:
        """Write every mark and every change that was saved."""
        write_scores(self.written.values())
        SheetChange.objects.bulk_create(self.noted)

    def answer(self, change: Change, verdict: _Verdict) -> Synced:
        """Return the verdict beside what now holds for the item."""
        score = self.stored.get(change.item_id)
        return Synced(
            change,
            verdict.outcome,
            verdict.version,
            queries.mark_of(score) if score else None,
            score.version if score else 0,
            score.saved_at if score else None,
            verdict.repeated,
            verdict.refusals,
        )

    def _recognized(self, known: SheetChange, change: Change) -> _Verdict:
        if _is_storable(change.mark) and known.digest == _digest_of(change):
            return _Verdict(SyncOutcome.SAVED, known.version, repeated=True)
        reused = Refusal("change_reused", _("This id stands for another change that was saved before."), fix="change")
        return _Verdict(SyncOutcome.REFUSED, refusals=(reused,))

    def _faults(self, change: Change) -> list[Refusal]:
        fix = f"items/{change.item_id}"
        leaf = self.leaves.get(change.item_id)
        if leaf is None:
            return [Refusal("item_unknown", _("This item is not on the score sheet."), fix=fix)]
        faults = rules.faults_of_mark(leaf, change.mark)
        if change.mark.photo_id is not None and change.mark.photo_id not in self.photos:
            message = _("%(item)s: this photo is not on the score sheet. Send the photo first.")
            faults.append(Refusal("photo_unknown", message, {"item": leaf.code}, fix))
        return faults

    def _base(self, change: Change) -> int:
        """Return upon which version of the item the change was written."""
        before = self.known.get(change.after)
        return before.version if before and before.item_id == change.item_id else change.seen_version

    def _put_down(self, change: Change, score: ItemScore | None) -> int:
        if score is None or queries.mark_of(score) != change.mark:
            score = remarked(score or self._blank(change), change.mark, self.at)
            self.stored[change.item_id] = self.written[change.item_id] = score
        noted = SheetChange(
            sheet=self.sheet,
            change_id=change.id,
            item_id=change.item_id,
            digest=_digest_of(change),
            version=score.version,
            saved_at=self.at,
        )
        self.known[change.id] = noted
        self.noted.append(noted)
        return score.version

    def _blank(self, change: Change) -> ItemScore:
        return ItemScore(sheet=self.sheet, item_id=change.item_id, version=0)


def _is_storable(mark: Mark) -> bool:
    return rules.is_storable(mark.reason, rules.REASON_LENGTH) and rules.is_storable(mark.remark, rules.REMARK_LENGTH)


def _digest_of(change: Change) -> str:
    mark = change.mark
    return canonical_digest(
        {
            "item": change.item_id,
            "points": mark.points if mark.points is None else mark.points.normalize(),  # 8 and 8.0 are one mark
            "not_applicable": mark.not_applicable,
            "reason": mark.reason,
            "remark": mark.remark,
            "photo": mark.photo_id,
        }
    )
