"""One planned visit: moved to another time, or called off; and one sheet that was handed in: unlocked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from nominations.models import Nomination, Visit
from nominations.operations import sheets
from nominations.operations import visit as visits
from nominations.queries.sheets import sheets_known_to
from nominations.queries.visit import visits_visible_to
from web.acting import for_members
from web.city.asking import answered
from web.city.case import crumbs_of
from web.city.panels import times_in
from web.kit import Confirmation, Field, Link
from workflow import engine
from workflow.errors import NotFound

REASON = Field("reason", _("Reason"), "textarea", required=True, longest=500)


@for_members
def move(request: HttpRequest, visit_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Give a planned visit another time; whoever comes along is told."""
    found = _planned(visit_id, actor)
    asked = Confirmation(
        _("Move the visit"),
        (found.nomination.community.name, str(_("The evaluators who come along are told the new time."))),
        pgettext_lazy("visit", "Move"),
        _calendar(found.nomination),
        _times(found),
    )

    def moved() -> None:
        begins, each = times_in(request)
        visits.plan_visits(
            stops=[visits.Stop(found.nomination_id, begins, begins + each)], actor=actor, at=at
        )  # the planned visit of a community is moved, never doubled

    return answered(request, asked, _crumbs(found.nomination), moved)


@for_members
def cancel(request: HttpRequest, visit_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Call a planned visit off, with the reason."""
    found = _planned(visit_id, actor)
    asked = Confirmation(
        _("Call off the visit"),
        (
            found.nomination.community.name,
            str(_("The evaluators are told, with the reason. Another visit can be planned.")),
        ),
        _("Call off"),
        _calendar(found.nomination),
        (REASON,),
        look="danger",
    )
    return answered(
        request,
        asked,
        _crumbs(found.nomination),
        lambda: visits.cancel_visit(visit_id=found.pk, reason=request.POST.get("reason", ""), actor=actor, at=at),
    )


@for_members
def unlock(request: HttpRequest, sheet_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Unlock a sheet that was handed in; it goes on in a new version, and the reason is kept."""
    sheet = sheets_known_to(actor).select_related("scorer").filter(pk=sheet_id).first()
    if sheet is None:
        raise NotFound
    nomination = engine.find(Nomination, sheet.subject_id, actor=actor)
    asked = Confirmation(
        _("Unlock the score sheet"),
        (
            str(
                _("%(community)s, sheet of %(name)s.")
                % {"community": nomination.community.name, "name": sheet.scorer.name}
            ),
            str(_("The evaluator goes on in a new version; the one that was handed in stays as it was.")),
            str(_("How a discrepancy was resolved is set aside: it was about other sheets.")),
        ),
        _("Unlock"),
        reverse("web:city:case", args=[nomination.pk]) + "?part=evaluation",
        (REASON,),
        look="danger",
    )
    return answered(
        request,
        asked,
        crumbs_of(nomination, linked=True),
        lambda: sheets.unlock(sheet_id=sheet.pk, reason=request.POST.get("reason", ""), actor=actor, at=at),
    )


def _planned(visit_id: UUID, actor: Actor) -> Visit:
    found = visits_visible_to(actor).planned().filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    return found


def _times(visit: Visit) -> tuple[Field, ...]:
    assert visit.planned_from is not None  # planned visits only
    assert visit.planned_until is not None
    begins = timezone.localtime(visit.planned_from)
    minutes = (visit.planned_until - visit.planned_from).seconds // 60
    return (
        Field("day", _("Day"), "date", begins.date().isoformat(), required=True, width="s"),
        Field("start", _("Begins at"), "text", f"{begins:%H:%M}", required=True, width="s"),
        Field("minutes", _("Minutes"), "number", str(minutes), required=True, width="s"),
    )


def _calendar(nomination: Nomination) -> str:
    return f"{reverse('web:city:visits')}?campaign={nomination.campaign_id}"


def _crumbs(nomination: Nomination) -> list[Link]:
    return [Link(_("Calendar of visits"), _calendar(nomination)), Link(nomination.community.name, "", "zh-Hans")]
