"""An evaluator's verbs on the own score sheet of a panel, and the city approver's one: to unlock it (row S-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from attachments.enums import AttachmentKind, AttachmentState
from attachments.models import Attachment
from attachments.storage import digest_of
from common.refusals import Refusal
from evaluation import operations as evaluation
from evaluation import queries as scores
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet
from nominations.enums import NominationState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import Assignment, Nomination
from nominations.operations.sealing import receive
from nominations.queries.sheets import PHOTO, PHOTO_OF, own_sheets, photos_of, sheets_known_to
from workflow import engine
from workflow.errors import NotFound

PICTURES = (AttachmentKind.JPEG, AttachmentKind.PNG, AttachmentKind.HEIC)


@transaction.atomic
def save_marks(*, sheet_id: UUID, entries: Sequence[evaluation.Entry], actor: Actor, at: datetime) -> evaluation.Saved:
    """Save marks as they are written, all or none; a mark that another device has changed is left alone and reported.

    Raises ``NotFound``, ``NotEditable`` once the evaluation is closed, ``SheetHandedIn``, and ``InvalidScores`` with
    every fault.
    """
    sheet = _own(sheet_id, actor)
    _require_open_evaluation(sheet)
    if faults := _unknown_photos(sheet, entries):
        raise evaluation.InvalidScores(refusals=faults)
    return evaluation.save_scores(sheet_id=sheet_id, scorer_id=actor.person_id, entries=entries, at=at)


@transaction.atomic
def sync_marks(
    *, sheet_id: UUID, changes: Sequence[evaluation.Change], actor: Actor, at: datetime
) -> tuple[evaluation.Synced, ...]:
    """Bring in what was written offline, each change judged by itself; see ``evaluation.sync_scores``.

    Raises ``NotFound``; everything else is said change by change.
    """
    sheet = _own(sheet_id, actor)
    return evaluation.sync_scores(
        sheet_id=sheet_id,
        scorer_id=actor.person_id,
        changes=changes,
        photos=set(photos_of(sheet).values_list("pk", flat=True)),
        at=at,
        closed=_closed(sheet),
    )


@transaction.atomic
def attach_photo(
    *, sheet_id: UUID, label: str, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> tuple[Attachment, bool]:
    """Receive a photo for an open sheet, in quarantine at first, and tell whether it is new; then a mark may name it.

    The same bytes sent again are the photo that is there already, so that a device may repeat itself. Raises
    ``NotFound``, ``NotEditable``, ``SheetHandedIn``, ``InvalidInput`` for a file that is no picture, and what
    ``attachments.receive`` raises.
    """
    sheet = _own(sheet_id, actor)
    _require_open_evaluation(sheet)
    if sheet.state != SheetState.OPEN:
        raise evaluation.SheetHandedIn
    ScoreSheet.objects.select_for_update().get(pk=sheet_id)  # two deliveries of one photo wait for each other
    usable = photos_of(sheet).exclude(state=AttachmentState.REJECTED)
    if known := usable.filter(received_sha256=digest_of(upload.chunks())).first():
        return known, False
    photo = receive(kind=PHOTO_OF, subject_id=sheet_id, purpose=PHOTO, label=label, upload=upload, actor=actor, at=at)
    if photo.kind not in PICTURES:
        message = _("A photo is a JPEG, PNG or HEIC picture.")
        raise InvalidInput(refusals=[Refusal("not_a_picture", message, fix="file")])
    return photo, True


@transaction.atomic
def hand_in(*, sheet_id: UUID, actor: Actor, at: datetime) -> ScoreSheet:
    """Hand the sheet in for good, with its digest in the community's chain; handing in twice changes nothing.

    Raises ``NotFound``, ``NotEditable`` once the evaluation is closed, and ``SheetIncomplete`` with every gap: marks,
    remarks, photos, and photos that have not passed their check.
    """
    sheet = _own(sheet_id, actor)
    if sheet.state == SheetState.HANDED_IN:
        return sheet
    nomination = _taken(sheet, actor)
    if gaps := [*scores.missing_on(sheet), *_unchecked_photos(sheet)]:
        raise evaluation.SheetIncomplete(refusals=gaps)
    handed = evaluation.hand_in(sheet_id=sheet_id, scorer_id=actor.person_id, at=at)
    told = {"sheet": str(sheet_id), "version": handed.version}
    engine.record(
        nomination, "hand_in_sheet", actor=actor, at=at, payload=told, documents={"score_sheet": handed.digest}
    )
    return handed


@transaction.atomic
def unlock(*, sheet_id: UUID, reason: str, actor: Actor, at: datetime) -> ScoreSheet:
    """Unlock a sheet that was handed in, for a reason: its marks go on in a new version, the old one stays as it was.

    Only while the community's evaluation is open, and only the city's approver. Raises ``NotFound``, ``NotAllowed``,
    ``NotEditable``, ``ReasonMissing``, ``SheetNotHandedIn`` and ``SheetSuperseded``.
    """
    sheet = sheets_known_to(actor).filter(pk=sheet_id).first()
    if sheet is None:
        raise NotFound
    nomination = _taken(sheet, actor)
    if actor.role != Role.CITY_APPROVER:
        raise NotAllowed
    opened = evaluation.reopen(sheet_id=sheet_id, by_id=actor.person_id, reason=reason, at=at)
    Assignment.objects.filter(sheet=sheet_id).update(sheet=opened)
    nomination.discrepancy_decision = ""  # it was about sheets of which one no longer counts
    told = {"sheet": str(opened.pk), "version": opened.version, "evaluator": opened.scorer_id}
    engine.record(
        nomination,
        "unlock_sheet",
        actor=actor,
        at=at,
        comment=opened.reopened_reason,
        payload=told,
        documents={"score_sheet": sheet.digest},
    )
    return opened


def _own(sheet_id: UUID, actor: Actor) -> ScoreSheet:
    sheet = own_sheets(actor).select_related("standard").filter(pk=sheet_id).first()
    if sheet is None:
        raise NotFound
    return sheet


def _taken(sheet: ScoreSheet, actor: Actor) -> Nomination:
    """Lock the community of a sheet, so that its evaluation is not closed meanwhile."""
    nomination: Nomination = engine.take(Nomination, sheet.subject_id, actor=actor)
    if nomination.state != NominationState.RECOMMENDED:
        raise NotEditable(state=nomination.get_state_display())
    return nomination


def _require_open_evaluation(sheet: ScoreSheet) -> None:
    nomination = Nomination.objects.get(pk=sheet.subject_id)
    if nomination.state != NominationState.RECOMMENDED:
        raise NotEditable(state=nomination.get_state_display())


def _closed(sheet: ScoreSheet) -> Refusal | None:
    try:
        _require_open_evaluation(sheet)
    except NotEditable as error:
        return Refusal(error.code, error.message, error.params)
    return None


def _unknown_photos(sheet: ScoreSheet, entries: Sequence[evaluation.Entry]) -> list[Refusal]:
    known = set(photos_of(sheet).values_list("pk", flat=True))
    message = _("This photo is not on the score sheet. Send the photo first.")
    return [
        Refusal("photo_unknown", message, fix=f"items/{entry.item_id}")
        for entry in entries
        if entry.mark.photo_id is not None and entry.mark.photo_id not in known
    ]


def _unchecked_photos(sheet: ScoreSheet) -> list[Refusal]:
    """List the items whose photo is still being checked, was not accepted, or is gone."""
    clean = set(photos_of(sheet).filter(state=AttachmentState.CLEAN).values_list("pk", flat=True))
    outline, marks = scores.outline_of(sheet.standard_id), scores.marks_on(sheet.pk)
    message = _("%(item)s: the photo has not passed its check. Wait a moment, or take another one.")
    return [
        Refusal("photo_not_clean", message, {"item": leaf.code}, f"items/{leaf.item.id}")
        for leaf in outline.leaves()
        if (mark := marks.get(leaf.item.id)) and mark.photo_id is not None and mark.photo_id not in clean
    ]
