"""The city's verbs on the report to the province (row S-16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import User
from attachments import operations as attachments
from common.digest import canonical_digest
from nominations.enums import NominationState, ProvincialReportState
from nominations.errors import ContentChanged, NotAllowed, NotEditable
from nominations.models import Nomination, ProvincialReport
from workflow import engine


@transaction.atomic
def prepare_report(
    *, report_id: UUID, letter: str, document_number: str, actor: Actor, at: datetime, version: int | None = None
) -> ProvincialReport:
    """Write the letter and its number; the digest covers them and the communities shortlisted at this moment."""
    report = _take(report_id, actor, version, {ProvincialReportState.DRAFT})
    report.letter, report.document_number, report.preparer_id = letter.strip(), document_number.strip(), actor.user_id
    report.content_digest = report_digest(report)
    engine.record(report, "prepare", actor=actor, at=at, documents={"report": report.content_digest})
    return report


@transaction.atomic
def attach_sealed_copy(
    *, report_id: UUID, upload: UploadedFile[bytes], content_digest: str, actor: Actor, at: datetime
) -> Any:
    """Receive the sealed scan of the signed report and bind it to the text that was printed."""
    report = _take(report_id, actor, None, {ProvincialReportState.APPROVED})
    if not report.content_digest or content_digest != report.content_digest:
        raise ContentChanged(attr="content_digest")
    scan = attachments.receive(
        subject_kind=ProvincialReport.flow,
        subject_id=report.pk,
        purpose="sealed_copy",
        label=str(_("Sealed copy")),
        upload=upload,
        uploaded_by=User.objects.get(pk=actor.person_id),
        at=at,
    )
    report.sealed_copy_id, report.sealed_digest = scan.pk, content_digest
    engine.record(report, "seal", actor=actor, at=at, documents={"sealed_copy": scan.sha256})
    return scan


def report_digest(report: ProvincialReport) -> str:
    """Return the digest of the letter, its number and the list of communities that it reports."""
    listed = Nomination.objects.filter(campaign=report.campaign_id, state=NominationState.SHORTLISTED)
    rows = list(listed.order_by("number", "pk").values_list("number", "content_digest"))
    return canonical_digest([report.document_number, report.letter, rows])


def _take(report_id: UUID, actor: Actor, version: int | None, states: set[ProvincialReportState]) -> ProvincialReport:
    report: ProvincialReport = engine.take(ProvincialReport, report_id, actor=actor, version=version)
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if report.state not in states:
        raise NotEditable(state=report.get_state_display())
    return report
