"""Every case of a campaign: a list that is narrowed in the address, searched, and taken away as XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from common.name_search import holding, wanted_in
from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.models import Campaign, CampaignDistrict, Nomination
from web.acting import for_members
from web.city.campaigns import Chosen, chosen
from web.kit import Field, Link
from web.paging import page_of_rows
from web.tables import MOST_ROWS, Table, hand_out

# Where a case lies, as the chips above the list and the columns of the overview say it: each state in one of them.
GROUPS: Mapping[str, tuple[Sentence, tuple[S, ...]]] = {
    "company": (_("With the company"), (S.DRAFT, S.RETURNED)),
    "district": (_("With the district"), (S.SUBMITTED,)),
    "evaluation": (_("In evaluation"), (S.RECOMMENDED,)),
    "selection": (_("For selection"), (S.EVALUATED, S.RESERVED)),
    "chosen": (pgettext_lazy("cases", "Selected"), (S.SHORTLISTED, S.REPORTED, S.AWARDED, S.NOT_AWARDED, S.REVOKED)),
    "not_selected": (_("Not selected"), (S.NOT_SELECTED,)),
    "not_recommended": (_("Not recommended"), (S.NOT_RECOMMENDED,)),
    "ended": (_("Ended"), (S.WITHDRAWN, S.LAPSED, S.DISQUALIFIED)),
}
ORDERS: Mapping[str, tuple[Sentence, tuple[Any, ...]]] = {
    "submitted": (_("Submitted last"), (F("submitted_at").desc(nulls_last=True), "pk")),
    "name": (_("By name"), ("pinyin", "pk")),
    "district": (_("By district"), ("district__pinyin", "pinyin", "pk")),
    "score": (_("By the panel's score"), (F("panel_score").desc(nulls_last=True), "pinyin", "pk")),
}
HEAD: tuple[Sentence, ...] = (
    _("Number"),
    _("Community"),
    _("Property service company"),
    _("District bureau"),
    _("State"),
    pgettext_lazy("column", "Submitted"),
    _("Recommended on"),
    _("District's score"),
    _("Panel's score"),
    _("Satisfaction of the owners (%)"),
    _("Fee collection (%)"),
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed to, as the address says it; what cannot be understood there narrows nothing."""

    group: str
    states: tuple[str, ...]
    district: str
    text: str
    order: str

    @property
    def is_any(self) -> bool:
        """Tell whether anything but the whole list is shown."""
        return bool(self.group or self.states or self.district or self.text)


@for_members
def listed(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the cases; the number of queries does not depend on how many there are."""
    shown = chosen(request, actor)
    narrowed = _narrowed(request.GET)
    everything = Nomination.objects.visible_to(actor).filter(campaign=shown.campaign)
    searched = _searched(everything, narrowed)
    page = {
        "chosen": shown,
        "narrowed": narrowed,
        "chips": _chips(request, searched, narrowed),
        "filters": _filters(shown.campaign, narrowed),
        "page": page_of_rows(request, _rows(searched, narrowed)),
        "hidden": _hidden(request, shown),
        "at": at,
    }
    return render(request, "city/cases.html", page)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the list as it is narrowed, or hand it out as a workbook."""
    shown = chosen(request, actor)
    narrowed = _narrowed(request.GET)
    everything = Nomination.objects.visible_to(actor).filter(campaign=shown.campaign)
    rows = _rows(_searched(everything, narrowed), narrowed).select_related("review")
    back = f"{reverse('web:city:cases')}?{request.GET.urlencode()}"
    listed = Table("queue", _("Cases"), shown.campaign.title, HEAD, _lines(rows[:MOST_ROWS]), back)
    return hand_out(request, listed, actor=actor, at=at)


def _narrowed(query: QueryDict) -> Narrowed:
    group, order = query.get("group", ""), query.get("order", "")
    states = tuple(state for state in query.getlist("state") if state in S.values)
    return Narrowed(
        group if group in GROUPS else "",
        states,
        query.get("district", "") if _is_key(query.get("district", "")) else "",
        wanted_in(query.get("q", "")) or "",
        order if order in ORDERS else "submitted",
    )


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _searched(rows: QuerySet[Nomination], narrowed: Narrowed) -> QuerySet[Nomination]:
    """Return the rows by district and by what is looked for; their states are still to be narrowed."""
    if narrowed.district:
        rows = rows.filter(district=UUID(narrowed.district))
    if narrowed.text:
        rows = holding(rows, ("community__", "company__"), narrowed.text, also=("number",))
    return rows


def _rows(rows: QuerySet[Nomination], narrowed: Narrowed) -> QuerySet[Nomination]:
    states = narrowed.states or (GROUPS[narrowed.group][1] if narrowed.group else ())
    if states:
        rows = rows.filter(state__in=states)
    _label, order = ORDERS[narrowed.order]
    return rows.select_related("community", "company", "district").order_by(*order)


def _chips(request: HttpRequest, rows: QuerySet[Nomination], narrowed: Narrowed) -> list[Link]:
    counts = rows.order_by().aggregate(
        **{name: Count("pk", filter=Q(state__in=states)) for name, (_label, states) in GROUPS.items()}, all=Count("pk")
    )
    labels: dict[str, Sentence] = {"": _("All"), **{name: label for name, (label, _states) in GROUPS.items()}}
    return [
        Link(
            f"{label} {counts[name or 'all']}",
            _with(request, group=name),
            is_here=narrowed.group == name and not narrowed.states,
        )
        for name, label in labels.items()
    ]


def _with(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name in ("page", "state", *changed):
        query.pop(name, None)
    for name, value in changed.items():
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _filters(campaign: Campaign, narrowed: Narrowed) -> list[Field]:
    parts = CampaignDistrict.objects.filter(campaign=campaign).select_related("district").order_by("district__pinyin")
    districts = [(str(part.district_id), part.district.name) for part in parts]
    orders = [(name, label) for name, (label, _by) in ORDERS.items()]
    return [
        Field("district", _("District bureau"), "select", narrowed.district, choices=[("", _("All")), *districts]),
        Field("order", _("Order"), "select", narrowed.order, choices=orders),
    ]


def _hidden(request: HttpRequest, shown: Chosen) -> list[tuple[str, str]]:
    """Return what the form of the filters carries along: the campaign and the chip, where they were chosen."""
    kept = [("campaign", str(shown.campaign.pk))] if "campaign" in request.GET else []
    kept += [("group", request.GET["group"])] if request.GET.get("group") in GROUPS else []
    return kept + [("state", state) for state in request.GET.getlist("state") if state in S.values]


def _lines(rows: QuerySet[Nomination]) -> Iterator[tuple[Any, ...]]:
    for row in rows.iterator(chunk_size=500):
        review, figures = getattr(row, "review", None), row.form.get("figures", {})
        yield (
            row.number,
            row.community.name,
            row.company.name,
            row.district.name,
            row.get_state_display(),
            row.submitted_at,
            row.recommended_at,
            _number(review.score if review else None),
            _number(row.panel_score),
            figures.get("satisfaction_rate"),
            figures.get("fee_collection_rate"),
        )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
