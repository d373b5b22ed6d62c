"""The report of a third party's assessment, as district and city hand it in, set it aside and take it (S-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.actors import Actor
from attachments.downloads import respond
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.errors import DomainError
from common.refusals import Refusal
from nominations.errors import InvalidInput
from nominations.models import ThirdPartyAssessment
from nominations.operations import third_party
from web import looks
from web.kit import Field, Problem, Tag, problems_of, with_errors
from web.refused import status_of
from workflow.errors import NotFound

PREFIX, LONGEST_LABEL = "r-", 200


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a report was not taken, at the fields of its form, and the status that says so."""

    problems: Sequence[Problem]
    status: int


def reports_of(assessment: ThirdPartyAssessment) -> list[tuple[Attachment, Tag]]:
    """Return the reports of an assessment with how far each has been inspected, oldest first."""
    files = attached_to(third_party.KIND, assessment.pk)
    return [(one, looks.state_tag(one.state, one.get_state_display())) for one in files]


def report_taken(assessment: ThirdPartyAssessment, file_id: UUID) -> HttpResponseBase:
    """Hand a report out; raises ``NotFound`` for a file of something else."""
    found = attached_to(third_party.KIND, assessment.pk).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return respond(found)


def report_sent(
    request: HttpRequest, assessment: ThirdPartyAssessment, *, actor: Actor, at: datetime
) -> Refused | None:
    """Receive a report, or set one aside; return why not, at the form's fields."""
    try:
        _do(request, assessment, actor, at)
    except DomainError as error:
        if error.code in {"not_found", "wrong_role"}:
            raise
        return Refused(problems_of(error, prefix=f"f-{PREFIX}"), status_of(error))
    return None


def upload_for(url: str, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """Return the form that takes a report."""
    hint = _("PDF, DOCX, XLSX or photograph, at most 20 MB.")
    fields = [
        Field("file", _("Report"), "file", hint=hint, required=True, prefix=PREFIX),
        Field("label", _("What it shows"), longest=LONGEST_LABEL, prefix=PREFIX),
    ]
    return {"url": url, "fields": with_errors(fields, problems), "button": _("Upload"), "look": "", "hidden": []}


def _do(request: HttpRequest, assessment: ThirdPartyAssessment, actor: Actor, at: datetime) -> None:
    upload, gone = request.FILES.get("file"), request.POST.get("remove", "")
    if gone:
        known = {str(one.pk): one.pk for one, _tag in reports_of(assessment)}
        if gone not in known:
            raise NotFound
        third_party.detach_third_party_report(
            assessment_id=assessment.pk, attachment_id=known[gone], actor=actor, at=at
        )
        return
    if upload is None:
        raise InvalidInput(refusals=[Refusal("required", _("Choose a file."), fix="file")])
    label = request.POST.get("label", "").replace("\x00", "")[:LONGEST_LABEL]
    third_party.attach_third_party_report(assessment_id=assessment.pk, label=label, upload=upload, actor=actor, at=at)
