"""The city's verbs on the report to the province (row S-16)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from attachments.models import Attachment
from common.digest import canonical_digest
from nominations.enums import ProvincialReportState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import ProvincialReport
from nominations.operations.sealing import seal
from nominations.operations.words import clean_text
from nominations.queries.dossier import reported_list
from nominations.rules.document_number import LONGEST, number_fault
from nominations.rules.form import Field
from workflow import engine

LETTER = Field("letter", _("Letter"), longest=20_000)
NUMBER = Field("document_number", _("Document number"), longest=LONGEST)


@transaction.atomic
def prepare_report(
    *, report_id: UUID, letter: str, document_number: str, actor: Actor, at: datetime, version: int | None = None
) -> ProvincialReport:
    """Write the letter and its number, and generate the list of the communities shortlisted at this moment.

    The digest covers all three. The letter may still be empty, the number not given yet; what is given is judged.
    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``InvalidInput``.
    """
    report = _take(report_id, actor, version, {ProvincialReportState.DRAFT})
    _write(report, letter, document_number)
    report.preparer_id, report.listed = actor.person_id, reported_list(report.campaign_id)
    report.content_digest = report_digest(report)
    engine.record(report, "prepare", actor=actor, at=at, documents={"report": report.content_digest})
    return report


@transaction.atomic
def save_letter(
    *, report_id: UUID, letter: str, document_number: str, actor: Actor, at: datetime, version: int | None = None
) -> ProvincialReport:
    """Keep the letter and its number without putting them before the approver; what lay there is taken back.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``InvalidInput``.
    """
    report = _take(report_id, actor, version, {ProvincialReportState.DRAFT})
    _write(report, letter, document_number)
    report.preparer_id, report.listed, report.content_digest = None, [], ""
    engine.save_quietly(report, at=at)
    return report


@transaction.atomic
def attach_sealed_copy(
    *, report_id: UUID, upload: UploadedFile[bytes], content_digest: str, actor: Actor, at: datetime
) -> Attachment:
    """Receive the sealed scan of the signed report and bind it to the text that was printed."""
    report = _take(report_id, actor, None, {ProvincialReportState.APPROVED})
    return seal(report, upload=upload, content_digest=content_digest, actor=actor, at=at)


def report_digest(report: ProvincialReport) -> str:
    """Return the digest of the letter, its number and the list as it was generated."""
    return canonical_digest([report.document_number, report.letter, report.listed])


def _write(report: ProvincialReport, letter: str, document_number: str) -> None:
    report.letter, report.document_number = clean_text(LETTER, letter), clean_text(NUMBER, document_number)
    if report.document_number and (fault := number_fault(report.document_number)):
        raise InvalidInput(refusals=[fault])


def _take(report_id: UUID, actor: Actor, version: int | None, states: set[ProvincialReportState]) -> ProvincialReport:
    report: ProvincialReport = engine.take(ProvincialReport, report_id, actor=actor, version=version)
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if report.state not in states:
        raise NotEditable(state=report.get_state_display())
    return report
