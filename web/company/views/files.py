"""Evidence and the sealed copy: sent by a plain form, checked, shown, replaced."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from attachments import queries as attachments
from attachments.downloads import respond
from attachments.enums import AttachmentKind, AttachmentState, Rejection
from attachments.limits import limits
from attachments.models import Attachment
from common.errors import DomainError
from common.refusals import Refusal
from nominations.models import Nomination
from nominations.operations.nomination import PURPOSES, SUBSTITUTE, attach, attach_sealed_copy, detach
from nominations.operations.sealing import SEALED_COPY
from nominations.rules import form as rules
from web.acting import for_members
from web.company import cases
from web.kit import Field, Problem, with_errors
from web.looks import state_tag
from workflow import engine
from workflow.errors import NotFound

UNPROCESSABLE = 422
ACCEPTED = "image/*,.heic,.pdf,.docx,.xlsx"
SEEN = frozenset({AttachmentKind.JPEG, AttachmentKind.PNG})
LABELS = {
    "evidence": gettext_lazy("Document"),
    "photo": gettext_lazy("Photograph"),
    SUBSTITUTE: gettext_lazy("Document of whoever confirms in place of a committee"),
}


@for_members
def evidence(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """List what was attached with how far its check has come, and take one more file."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _received(request, nomination, actor, at)
        if not problems:
            return redirect(cases.address(nomination, "evidence"))
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return render(request, "company/files.html", _listed(nomination))
    fields = with_errors(_fields(request, nomination), problems)
    upload = {"url": "", "fields": fields, "button": _("Upload"), "look": "primary", "hidden": []}
    page = {"nomination": nomination, "problems": problems, "upload": upload, "at": at}
    page |= _listed(nomination) | {"crumbs": cases.crumbs(nomination, _("Evidence"))}
    return render(request, "company/evidence.html", page, status=UNPROCESSABLE if problems else 200)


@for_members
def content(request: HttpRequest, nomination_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> Any:
    """Hand out a file that has passed its check."""
    found = _file(engine.find(Nomination, nomination_id, actor=actor), file_id)
    return respond(found, small="small" in request.GET)


@for_members
def remove(request: HttpRequest, nomination_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Set a file aside."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    name = _file(nomination, file_id).original_name
    detach(nomination_id=nomination.pk, attachment_id=file_id, actor=actor, at=at)
    messages.success(request, _("“%(name)s” was removed.") % {"name": name})
    return redirect(cases.address(nomination, "evidence"))


@for_members
def seal(request: HttpRequest, nomination_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Tell how the form is printed and sealed, and bind the scan to the text that was printed."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _sealed(request, nomination, actor, at)
        if not problems:
            return redirect(cases.address(nomination, "seal"))
    field = Field("file", _("Scan with the seals"), "file", hint=_hint(), required=True, accept="image/*,.pdf")
    upload = {"url": "", "fields": with_errors([field], problems), "button": _("Upload the sealed copy")}
    upload |= {"look": "primary", "hidden": [("content_digest", nomination.content_digest)]}
    copy = attachments.of(Nomination.flow, nomination.pk).filter(pk=nomination.sealed_copy_id).first()
    page = {"nomination": nomination, "problems": problems, "upload": upload, "copy": _shown(copy) if copy else None}
    page |= {"is_current": bool(copy) and nomination.sealed_digest == nomination.content_digest}
    page |= {"is_complete": not rules.missing(nomination.form), "crumbs": cases.crumbs(nomination, _("Sealed copy"))}
    return render(request, "company/seal.html", page, status=UNPROCESSABLE if problems else 200)


def _received(request: HttpRequest, nomination: Any, actor: Actor, at: datetime) -> list[Problem]:
    upload = request.FILES.get("file")
    if upload is None:
        return [Problem(_("Choose a file."), "f-file")]
    wish = {"purpose": request.POST.get("purpose", PURPOSES[0]), "label": request.POST.get("label", "").strip()}
    try:
        attach(nomination_id=nomination.pk, upload=upload, actor=actor, at=at, **wish)
    except DomainError as error:
        return _file_problems(error)
    return []


def _sealed(request: HttpRequest, nomination: Any, actor: Actor, at: datetime) -> list[Problem]:
    upload, digest = request.FILES.get("file"), request.POST.get("content_digest", "")
    if upload is None:
        return [Problem(_("Choose a file."), "f-file")]
    try:
        attach_sealed_copy(nomination_id=nomination.pk, upload=upload, content_digest=digest, actor=actor, at=at)
    except DomainError as error:
        return _file_problems(error)
    return []


def _file_problems(error: DomainError) -> list[Problem]:
    """Return why a file was not taken, at the input for files unless another one is named."""
    if isinstance(error, NotFound):
        raise error
    return [Problem(refusal.sentence(), "f-file") for refusal in error.refusals] or [
        Problem(error.sentence(), "f-label" if error.attr == "label" else "f-file")
    ]


def _file(nomination: Any, file_id: UUID) -> Attachment:
    found = attachments.of(Nomination.flow, nomination.pk).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def _listed(nomination: Any) -> dict[str, Any]:
    files = [_shown(one) for one in attachments.of(Nomination.flow, nomination.pk).exclude(purpose=SEALED_COPY)]
    waiting = any(one["file"].state == AttachmentState.QUARANTINED for one in files)
    return {"nomination": nomination, "files": files, "waiting": waiting, "editable": cases.is_editable(nomination)}


def _shown(one: Attachment) -> dict[str, Any]:
    rejection = Rejection(one.rejection_code).label if one.rejection_code else ""
    return {
        "file": one,
        "tag": state_tag(one.state, one.get_state_display()),
        "kind": LABELS.get(one.purpose, ""),
        "megabytes": f"{max(one.size / 1024 / 1024, 0.1):.1f}",
        "is_seen": one.state == AttachmentState.CLEAN and one.kind in SEEN,
        "is_clean": one.state == AttachmentState.CLEAN,
        "reason": Refusal(one.rejection_code, rejection, one.rejection_params).sentence() if rejection else "",
    }


def _fields(request: HttpRequest, nomination: Any) -> list[Field]:
    purposes = [(purpose, LABELS[purpose]) for purpose in PURPOSES if purpose != SUBSTITUTE or _lacks(nomination)]
    chosen = request.POST.get("purpose", PURPOSES[0])
    label = request.POST.get("label", "")
    about = _("For instance: requirement 5, notice board; requirement 7, fire lane.")
    return [
        Field("purpose", _("What it is"), "select", chosen, choices=purposes, required=True, width="m"),
        Field("label", _("What it shows"), value=label, hint=about, longest=limits().max_label),
        Field("file", _("File"), "file", hint=_hint(), required=True, accept=ACCEPTED),
    ]


def _lacks(nomination: Any) -> bool:
    return rules.has_no_committee(nomination.form)


def _hint() -> str:
    return _("PDF or photograph, at most %(limit)s MB; text and seals must be readable.") % {
        "limit": limits().max_megabytes
    }
