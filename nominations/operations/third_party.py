"""Entering what a third party found in a community: district and city enter, the nomination's record tells (S-13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.actors import Actor
from accounts.enums import Role
from attachments import operations as attachments
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.instants import local_date
from nominations.errors import InvalidInput
from nominations.models import Nomination, ThirdPartyAssessment
from nominations.operations.nomination import DISTRICT_ROLES, require_role
from nominations.operations.sealing import receive
from nominations.operations.words import clean_fields
from nominations.rules.records import THIRD_PARTY, third_party_faults
from workflow import engine
from workflow.errors import NotFound

KIND, REPORT = "third_party_assessment", "report"
RECORDERS = DISTRICT_ROLES | {Role.CITY_REVIEWER}
DAYS = ("began_on", "ended_on")


@transaction.atomic
def record_third_party(
    *, nomination_id: UUID, assessment: Mapping[str, Any], actor: Actor, at: datetime
) -> ThirdPartyAssessment:
    """Enter an assessment: ``{organization, began_on, ended_on, method, sample, result}``; its report is attached then.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput`` with a reason per field.
    """
    nomination: Nomination = engine.take(Nomination, nomination_id, actor=actor)
    require_role(actor, RECORDERS)
    values = _clean(assessment, at, whole=True)
    made = ThirdPartyAssessment.objects.create(
        nomination=nomination, recorded_by_id=actor.person_id, recorded_at=at, **values
    )
    engine.record(nomination, "record_third_party", actor=actor, at=at, payload=_told(made))
    return made


@transaction.atomic
def correct_third_party(
    *, assessment_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime
) -> ThirdPartyAssessment:
    """Correct fields of an assessment. Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``."""
    nomination, found = _take(assessment_id, actor)
    stored = {name: str(getattr(found, name)) for name in DAYS}
    found.change(_clean(changes, at, whole=False, stored=stored), by=actor.person_id, at=at)
    engine.record(nomination, "correct_third_party", actor=actor, at=at, payload=_told(found))
    return found


@transaction.atomic
def remove_third_party(*, assessment_id: UUID, actor: Actor, at: datetime) -> None:
    """Set an assessment aside that was entered by mistake. Raises ``NotFound``, ``NotAllowed``."""
    nomination, found = _take(assessment_id, actor)
    found.remove(by=actor.person_id, at=at)
    engine.record(nomination, "remove_third_party", actor=actor, at=at, payload=_told(found))


@transaction.atomic
def attach_third_party_report(
    *, assessment_id: UUID, label: str, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive the third party's report, in quarantine at first; its digest goes on record."""
    nomination, found = _take(assessment_id, actor)
    received = receive(kind=KIND, subject_id=found.pk, purpose=REPORT, label=label, upload=upload, actor=actor, at=at)
    documents = {REPORT: received.sha256}
    engine.record(nomination, "attach_third_party", actor=actor, at=at, payload=_told(found), documents=documents)
    return received


@transaction.atomic
def detach_third_party_report(*, assessment_id: UUID, attachment_id: UUID, actor: Actor, at: datetime) -> Attachment:
    """Set a report aside. Raises ``NotFound``, ``NotAllowed``, ``AttachmentBusy``."""
    nomination, found = _take(assessment_id, actor)
    report = attached_to(KIND, found.pk).filter(pk=attachment_id).first()
    if report is None:
        raise NotFound(attr="attachment")
    removed = attachments.remove(attachment_id=report.pk, at=at)
    documents = {REPORT: removed.sha256}
    engine.record(nomination, "detach_third_party", actor=actor, at=at, payload=_told(found), documents=documents)
    return removed


def _take(assessment_id: UUID, actor: Actor) -> tuple[Nomination, ThirdPartyAssessment]:
    """Return the locked nomination and its assessment, as far as the actor may know of them."""
    found = ThirdPartyAssessment.objects.visible_to(actor).filter(pk=assessment_id).first()
    if found is None:
        raise NotFound
    nomination: Nomination = engine.take(Nomination, found.nomination_id, actor=actor)
    require_role(actor, RECORDERS)
    found.refresh_from_db()
    return nomination, found


def _told(about: ThirdPartyAssessment) -> dict[str, str]:
    return {"assessment": str(about.pk), "organization": about.organization}


def _clean(
    values: Mapping[str, Any], at: datetime, *, whole: bool, stored: Mapping[str, str] | None = None
) -> dict[str, Any]:
    cleaned, faults = clean_fields(THIRD_PARTY, values, whole=whole)
    faults = faults or third_party_faults({**(stored or {}), **cleaned}, today=local_date(at))
    if faults:
        raise InvalidInput(refusals=faults)
    return {name: date.fromisoformat(value) if name in DAYS else value for name, value in cleaned.items()}
