"""Records beside the papers: publications, good practice, third parties' assessments, honors (S-13, S-17, S-18).

One list with its form and one page for each record, whatever the kind (see `web.records`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common.errors import DomainError
from nominations.models import Nomination, ThirdPartyAssessment
from nominations.queries.queue import campaigns_of
from web import third_party
from web.acting import for_members
from web.kit import Link, Problem, with_errors
from web.paging import page_of_rows
from web.records import (
    KINDS,
    About,
    Kind,
    facts_of,
    fields_of,
    problems_told,
    records_about,
    title_of,
    values_sent,
    values_stored,
    worded,
)
from web.refused import status_of
from web.tables import MOST_ROWS, Table, hand_out
from workflow import engine
from workflow.errors import NotFound


@dataclass(frozen=True, slots=True)
class Place:
    """A list of one kind as one reader sees it."""

    what: Kind
    about: About
    actor: Actor

    def rows(self) -> Any:
        """Return the records of the list."""
        rows = self.what.model.objects.visible_to(self.actor).in_words()
        if self.what.is_of_a_case:
            return rows.filter(**records_about(self.what.page, self.about.nomination))
        return rows.filter(campaign=self.about.campaign, district=self.actor.organization_id)

    def url(self) -> str:
        """Return the address of the list."""
        key = [self.about.nomination.pk] if self.what.is_of_a_case else []
        return reverse(f"web:district:{self.what.page}", args=key)

    def url_of(self, key: UUID) -> str:
        """Return the address of one record."""
        keys = [self.about.nomination.pk, key] if self.what.is_of_a_case else [key]
        return reverse(f"web:district:{self.what.page}-record", args=keys)

    def crumbs(self) -> tuple[Link, ...]:
        """Return where the list stands."""
        if not self.what.is_of_a_case:
            return (Link(self.what.title, self.url()),)
        case = self.about.nomination
        return (
            Link(_("Cases of the district"), reverse("web:district:queue")),
            Link(case.community.name, reverse("web:district:case", args=[case.pk]), "zh-Hans"),
            Link(self.what.title, self.url()),
        )


@for_members
def listing(
    request: HttpRequest, kind: str, nomination_id: UUID | None = None, *, actor: Actor, at: datetime
) -> HttpResponse:
    """List the records of one kind, and enter another."""
    place = _place(kind, nomination_id, actor)
    if place is None:
        return render(request, "district/no_paper.html", {"title": KINDS[kind].title})
    if request.method != "POST":
        return _list_page(request, place)
    try:
        place.what.add(place.about, values_sent(request, place.what), actor=actor, at=at)
    except DomainError as error:
        return _list_page(request, place, problems_told(error), status=status_of(error))
    return redirect(place.url())


@for_members
def record(
    request: HttpRequest, kind: str, record_id: UUID, nomination_id: UUID | None = None, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Show one record, correct it, or set it aside."""
    place = _place(kind, nomination_id, actor)
    found = place.rows().filter(pk=record_id).first() if place else None
    if place is None or found is None:
        raise NotFound
    if request.method != "POST":
        return _record_page(request, place, found)
    try:
        if "remove" in request.POST:
            place.what.remove(found.pk, actor=actor, at=at)
        else:
            place.what.change(found.pk, values_sent(request, place.what), actor=actor, at=at)
    except DomainError as error:
        return _record_page(request, place, found, problems_told(error), typed=request.POST, status=status_of(error))
    return redirect(place.url())


@for_members
def report(request: HttpRequest, nomination_id: UUID, record_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Receive the report of a third party, or set one aside."""
    place, found = _assessment(nomination_id, record_id, actor)
    refused = third_party.report_sent(request, found, actor=actor, at=at)
    if refused:
        return _record_page(request, place, found, refused.problems, status=refused.status)
    return redirect(place.url_of(found.pk) + "#reports")


@for_members
def report_file(
    request: HttpRequest, nomination_id: UUID, record_id: UUID, file_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponseBase:
    """Hand out the report of a third party."""
    _place_of_it, found = _assessment(nomination_id, record_id, actor)
    return third_party.report_taken(found, file_id)


@for_members
def table(
    request: HttpRequest, kind: str, nomination_id: UUID | None = None, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Print the records of one kind, or hand them out as a workbook."""
    place = _place(kind, nomination_id, actor)
    if place is None:
        raise NotFound
    blanks, about = place.what.blanks, place.about
    listed = Table(
        kind,
        place.what.title,
        about.nomination.community.name if about.nomination else about.campaign.title,
        [blank.label for blank in blanks],
        [[worded(one, blank) for blank in blanks] for one in place.rows()[:MOST_ROWS]],
        place.url(),
    )
    return hand_out(request, listed, actor=actor, at=at)


def _assessment(nomination_id: UUID, record_id: UUID, actor: Actor) -> tuple[Place, Any]:
    place = Place(KINDS["third-party"], _about(nomination_id, actor), actor)
    found = place.rows().filter(pk=record_id).first()
    if found is None:
        raise NotFound
    return place, found


def _about(nomination_id: UUID, actor: Actor) -> About:
    nomination = engine.find(Nomination, nomination_id, actor=actor)
    return About(nomination.campaign, nomination)


def _place(kind: str, nomination_id: UUID | None, actor: Actor) -> Place | None:
    if nomination_id is not None:
        return Place(KINDS[kind], _about(nomination_id, actor), actor)
    campaigns = campaigns_of(actor)
    return Place(KINDS[kind], About(campaigns[0]), actor) if campaigns else None


def _list_page(
    request: HttpRequest, place: Place, problems: Sequence[Problem] = (), *, status: int = 200
) -> HttpResponse:
    page = page_of_rows(request, place.rows())
    context = {
        "kind": place.what,
        "page": page,
        "rows": [_shown(place, one) for one in page.object_list],
        "crumbs": place.crumbs(),
        "along": f"{place.url()}table/",
        **_form(place, request.POST if request.method == "POST" else {}, problems),
    }
    return render(request, "district/records.html", context, status=status)


def _record_page(
    request: HttpRequest,
    place: Place,
    found: Any,
    problems: Sequence[Problem] = (),
    *,
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = values_stored(place.what, found)
    context = {
        "kind": place.what,
        "record": found,
        "own": place.url_of(found.pk),
        "back": place.url(),
        **_reports(place, found, problems),
        "crumbs": (*place.crumbs(), Link(str(found), "", "zh-Hans")),
        **_form(place, stored if typed is None else typed, problems),
    }
    return render(request, "district/record.html", context, status=status)


def _reports(place: Place, found: Any, problems: Sequence[Problem]) -> dict[str, Any]:
    if place.what.model is not ThirdPartyAssessment:
        return {}
    url = reverse("web:district:third-party-reports", args=[place.about.nomination.pk, found.pk])
    return {
        "reports": third_party.reports_of(found),
        "taken_at": url,
        "upload": third_party.upload_for(url, problems),
    }


def _form(place: Place, typed: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    fields = fields_of(place.what, place.about.campaign, typed, actor=place.actor)
    return {"fields": with_errors(fields, problems), "problems": problems}


def _shown(place: Place, one: Any) -> dict[str, Any]:
    return {"title": title_of(place.what, one), "facts": facts_of(place.what, one), "url": place.url_of(one.pk)}
