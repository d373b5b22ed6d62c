"""The district's verbs on its work report (notice, section four, 3; row S-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from attachments import operations as attachments
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.digest import canonical_digest
from common.refusals import Refusal
from nominations.enums import WorkReportState
from nominations.errors import InvalidInput, NotEditable
from nominations.models import WorkReport
from nominations.operations.nomination import DISTRICT_ROLES, require_role
from nominations.operations.sealing import receive
from nominations.operations.words import clean_fields
from nominations.rules.form import Field
from nominations.rules.reporting import WORK_REPORT_SECTIONS
from workflow import engine
from workflow.errors import NotFound

EDITABLE = frozenset({WorkReportState.DRAFT, WorkReportState.RETURNED})
LONGEST_SECTION = 20_000
SECTIONS = tuple(
    Field(name, title, longest=LONGEST_SECTION, required=False) for name, title in WORK_REPORT_SECTIONS.items()
)
# What districts attach: a typical case, photos, figures, the publicity that was collected, anything else.
PURPOSES = ("case", "photo", "figures", "publicity", "other")


@transaction.atomic
def save_sections(
    *, report_id: UUID, sections: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> WorkReport:
    """Save any of the three sections of a draft or returned report; who writes last is its preparer.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``InvalidInput`` with a reason per section.
    """
    report = _take(report_id, actor, version)
    cleaned, faults = clean_fields(SECTIONS, sections, whole=False)
    if faults:
        raise InvalidInput(refusals=faults)
    for name, text in cleaned.items():
        setattr(report, name, text)
    _keep(report, actor, at)
    return report


@transaction.atomic
def attach(
    *, report_id: UUID, purpose: str, label: str, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive a file for a draft or returned report, in quarantine at first.

    Raises ``NotFound``, ``NotAllowed``, ``NotEditable``, ``InvalidInput`` for a purpose that is not one of
    ``PURPOSES``, and what ``attachments.receive`` raises.
    """
    report = _take(report_id, actor)
    if purpose not in PURPOSES:
        message = _("Choose one of: %(choices)s.")
        raise InvalidInput(refusals=[Refusal("not_a_choice", message, {"choices": list(PURPOSES)}, fix="purpose")])
    received = receive(
        kind=WorkReport.flow, subject_id=report.pk, purpose=purpose, label=label, upload=upload, actor=actor, at=at
    )
    _keep(report, actor, at)
    return received


@transaction.atomic
def detach(*, report_id: UUID, attachment_id: UUID, actor: Actor, at: datetime) -> Attachment:
    """Set a file of a draft or returned report aside. Raises also ``AttachmentBusy``."""
    report = _take(report_id, actor)
    if not attached_to(WorkReport.flow, report.pk).filter(pk=attachment_id).exists():
        raise NotFound(attr="attachment")
    removed = attachments.remove(attachment_id=attachment_id, at=at)
    _keep(report, actor, at)
    return removed


def content_digest(report: WorkReport) -> str:
    """Return the digest of the three sections and of the files, as they were uploaded."""
    files = attached_to(WorkReport.flow, report.pk).values_list("purpose", "received_sha256")
    texts = [getattr(report, name) for name in WORK_REPORT_SECTIONS]
    return canonical_digest([str(report.campaign_id), str(report.district_id), texts, sorted(map(list, files))])


def _take(report_id: UUID, actor: Actor, version: int | None = None) -> WorkReport:
    report: WorkReport = engine.take(WorkReport, report_id, actor=actor, version=version)
    require_role(actor, DISTRICT_ROLES)
    if report.state not in EDITABLE:
        raise NotEditable(state=report.get_state_display())
    return report


def _keep(report: WorkReport, actor: Actor, at: datetime) -> None:
    report.preparer_id, report.content_digest = actor.person_id, content_digest(report)
    engine.save_quietly(report, at=at)
