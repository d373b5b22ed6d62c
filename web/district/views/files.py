"""Files of a case: looked at one by one, and handed out to be saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from attachments.downloads import respond
from attachments.models import Attachment
from nominations.models import Inspection, Nomination
from nominations.operations.district_review import EVIDENCE
from nominations.operations.inspection import KIND as INSPECTION
from web.acting import for_members
from web.district.gallery import pictures_of
from web.kit import Link
from workflow import engine
from workflow.errors import NotFound


@for_members
def look(request: HttpRequest, nomination_id: UUID, attachment_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one file with what is known of it, and the way to the one before and after."""
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    files = list(_files(nomination))
    index = next((index for index, one in enumerate(files) if one.pk == attachment_id), None)
    if index is None:
        raise NotFound
    pictures = pictures_of(files, nomination.pk)
    page = {
        "nomination": nomination,
        "file": files[index],
        "picture": pictures[index],
        "before": pictures[index - 1] if index else None,
        "after": pictures[index + 1] if index + 1 < len(pictures) else None,
        "number": index + 1,
        "whole": len(files),
        "crumbs": (
            Link(_("Cases of the district"), reverse("web:district:queue")),
            Link(nomination.community.name, reverse("web:district:case", args=[nomination.pk]), "zh-Hans"),
            Link(pictures[index].title, "", "zh-Hans"),
        ),
        "at": at,
    }
    return render(request, "district/look.html", page)


@for_members
def hand_out(
    request: HttpRequest, nomination_id: UUID, attachment_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Hand a clean file out, to be saved."""
    found = _files(engine.find(Nomination, nomination_id, actor=actor)).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound
    answer = respond(found, small="small" in request.GET)
    return cast("HttpResponse", answer)  # streams, which the stubs tell apart


def _files(nomination: Any) -> Any:
    """Return the company's files, the reviewer's, and the photos of the community's inspections; oldest first."""
    own = Q(subject_kind__in=(Nomination.flow, EVIDENCE), subject_id=nomination.pk)
    inspections = Inspection.objects.filter(community=nomination.community_id).values("pk")
    seen = Q(subject_kind=INSPECTION, subject_id__in=inspections)
    rows = Attachment.objects.filter(own | seen).present()
    return rows.select_related("uploaded_by").order_by("-subject_kind", "uploaded_at", "pk")
