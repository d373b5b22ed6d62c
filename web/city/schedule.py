"""What of panels and visits is taken along: who scores what, and the calendar; never a point."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from common.refusals import Sentence
from nominations.queries.panel import board_of
from web.acting import for_members
from web.city.campaigns import chosen
from web.city.panels import address_of, day_of, visits_of
from web.tables import Table, hand_out

BOARD_HEAD: tuple[Sentence, ...] = (
    _("Community"),
    _("District bureau"),
    _("Evaluator"),
    pgettext_lazy("panel", "Capacity"),
    _("How far"),
)
VISITS_HEAD: tuple[Sentence, ...] = (
    _("Day"),
    _("Time"),
    _("Community"),
    _("District bureau"),
    _("Evaluators"),
    _("State"),
)


@for_members
def panels(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print who scores what and how far everybody is, or hand it out as a workbook; no points either."""
    campaign = chosen(request, actor).campaign
    rows = [
        [
            row.nomination.community.name,
            row.nomination.district.name,
            one.evaluator.name,
            str(one.get_capacity_display()),
            str(one.stage.label),
        ]
        for row in board_of(campaign, actor).rows
        for one in row.seated
    ]
    listed = Table("panels", _("Who scores what"), campaign.title, BOARD_HEAD, rows, address_of(campaign))
    return hand_out(request, listed, actor=actor, at=at)


@for_members
def visits(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the calendar of visits, or hand it out as a workbook."""
    campaign = chosen(request, actor).campaign
    rows = [_visit_cells(visit) for visit in visits_of(campaign, actor)]
    back = f"{reverse('web:city:visits')}?campaign={campaign.pk}"
    listed = Table("visits", _("Calendar of visits"), campaign.title, VISITS_HEAD, rows, back)
    return hand_out(request, listed, actor=actor, at=at)


def _visit_cells(visit: Any) -> list[Any]:
    nomination, is_timed = visit.nomination, visit.planned_from and visit.planned_until
    times = (
        [f"{timezone.localtime(one):%H:%M}" for one in (visit.planned_from, visit.planned_until)] if is_timed else []
    )
    return [
        day_of(visit),
        "–".join(times),
        nomination.community.name,
        nomination.district.name,
        "、".join(one.evaluator.name for one in nomination.coming),
        str(_("Planned") if visit.is_planned else _("On record")),
    ]
