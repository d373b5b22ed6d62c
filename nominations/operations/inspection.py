"""The district's routine inspections of a community, on which its recommendation rests (row S-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from attachments.models import Attachment
from common.instants import local_date
from common.refusals import Refusal
from nominations.errors import InvalidInput
from nominations.models import Community, Inspection
from nominations.operations.nomination import DISTRICT_ROLES, require_role
from nominations.operations.sealing import receive
from nominations.rules.district_review import InspectionNote, read_inspections
from workflow.errors import NotFound

KIND = "inspection"


@transaction.atomic
def record_inspections(*, community_id: UUID, rows: Any, actor: Actor, at: datetime) -> list[Inspection]:
    """Enter inspections of a community and return all that are known of it, the latest first.

    A row is ``{inspected_on, findings, resolved_on}``; with an ``id`` it enters when the known one was resolved. The
    same row sent again changes nothing. Raises ``NotFound``, ``NotAllowed``, and ``InvalidInput`` with every reason.
    """
    community = Community.objects.visible_to(actor).filter(pk=community_id).first()
    if community is None:
        raise NotFound(attr="community")
    require_role(actor, DISTRICT_ROLES)
    read = read_inspections(rows, local_date(at))
    if faults := [*read.refusals, *store_inspections(community_id, read.rows, actor=actor, at=at)]:
        raise InvalidInput(refusals=faults)
    return list(Inspection.objects.filter(community=community_id))


@transaction.atomic
def attach_inspection_photo(
    *, inspection_id: UUID, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive a photo of an inspection, in quarantine at first; raises ``NotFound``, ``NotAllowed``."""
    visible = Community.objects.visible_to(actor)
    if not Inspection.objects.filter(pk=inspection_id, community__in=visible).exists():
        raise NotFound
    require_role(actor, DISTRICT_ROLES)
    return receive(kind=KIND, subject_id=inspection_id, purpose="photo", label="", upload=upload, actor=actor, at=at)


def store_inspections(
    community_id: UUID, notes: Sequence[InspectionNote], *, actor: Actor, at: datetime
) -> list[Refusal]:
    """Write what is new of a community's inspections; return a reason for each id that is none of them.

    What was found is never written over: a known inspection only takes the day on which it was resolved.
    """
    known = {row.pk: row for row in Inspection.objects.filter(community=community_id)}
    entered = {(row.inspected_on, row.findings) for row in known.values()}
    for note in notes:
        if note.id in known:
            _resolve(known[note.id], note.resolved_on)
        elif note.id is None and (note.inspected_on, note.findings) not in entered:
            _enter(community_id, note, actor, at)
    return [_unknown(index) for index, note in enumerate(notes) if note.id is not None and note.id not in known]


def _enter(community_id: UUID, note: InspectionNote, actor: Actor, at: datetime) -> None:
    Inspection.objects.create(
        community_id=community_id,
        inspected_on=note.inspected_on,
        findings=note.findings,
        resolved_on=note.resolved_on,
        recorded_by_id=actor.person_id,
        recorded_at=at,
    )


def _resolve(inspection: Inspection, resolved_on: date | None) -> None:
    if resolved_on is not None and inspection.resolved_on is None:
        inspection.resolved_on = resolved_on
        inspection.save(update_fields=["resolved_on"])


def _unknown(index: int) -> Refusal:
    return Refusal("no_such_inspection", _("There is no such inspection."), fix=f"inspections[{index}].id")
