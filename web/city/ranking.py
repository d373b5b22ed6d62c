"""The frozen ranking: every figure that makes the order, why each community stands where it does, and how firmly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Sentence
from evaluation.enums import Counting, Criterion
from evaluation.models import StandardGroup
from evaluation.scoring import rounded
from nominations.models import Campaign, Nomination, Ranking, Selection
from nominations.operations.ranking import EvaluationUnderway, freeze_ranking, require_evaluation_over
from nominations.queries.diagnostics import diagnostics_for
from nominations.queries.ranking import being_evaluated, roll_of
from nominations.queries.ranking_explained import explain, ranking_in_force
from nominations.queries.ranking_export import csv_of
from web import looks
from web.acting import for_members
from web.city.campaigns import campaign_named, chosen
from web.dates import due
from web.export import download
from web.kit import Action, Confirmation, Fact, Link, Reason, Tag, problems_of
from web.paging import page_of_rows
from web.refused import status_of
from web.tables import Table, hand_out, note_export
from workflow import calendar
from workflow.errors import NotFound

HEAD: tuple[Sentence, ...] = (
    _("Rank"),
    _("Community"),
    _("District bureau"),
    _("Total score"),
    _("Satisfaction"),
    _("Stability"),
)
WIDTH = 184  # of the picture of the spread, in units of its view box
MARGIN = 6
STEP = 2


@dataclass(frozen=True, slots=True)
class Dot:
    """One sheet in the picture of the spread."""

    x: float
    total: str
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One community of the ranking as the page shows it."""

    place: Mapping[str, Any]
    groups: Sequence[str]
    dots: Sequence[Dot]
    mean_x: float | None
    stability: str
    is_above_cut: bool
    starts_below: bool
    url: str

    @property
    def is_tied_at_cut(self) -> bool:
        """Tell whether equal ranks lie on both sides of the line."""
        return bool(self.place["shared"])


@for_members
def show(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the ranking in force, or what is still missing before there can be one."""
    shown = chosen(request, actor)
    campaign = shown.campaign
    ranking = in_force(campaign)
    page: dict[str, Any] = {"chosen": shown, "campaign": campaign, "ranking": ranking, "at": at}
    page["due"] = due(campaign.report_closes_at, at=at, calendar=calendar.load())
    page["actions"] = _actions(campaign, ranking, actor, at)
    if ranking is not None:
        page |= _frozen(request, ranking)
    else:
        page["waiting"] = being_evaluated(campaign, at)
    return render(request, "city/ranking.html", page)


@for_members
def explained(
    request: HttpRequest, campaign_id: UUID, nomination_id: UUID, *, actor: Actor, at: datetime
) -> HttpResponse:
    """Show how one total came about, from the sheets to the place."""
    campaign = campaign_named(campaign_id, actor)
    nomination = Nomination.objects.visible_to(actor).filter(campaign=campaign, pk=nomination_id).first()
    ranking = in_force(campaign)
    if nomination is None or ranking is None:
        raise NotFound
    places = ranking.figures["rows"]
    index = next((i for i, place in enumerate(places) if place["nomination"] == str(nomination_id)), None)
    if index is None:
        raise NotFound
    first = max(0, index - 1)
    rows = {first + number: row for number, row in enumerate(rows_of(ranking, first, index + 2))}
    told = explain(ranking, nomination_id=nomination.pk) if ranking.figures.get("format") else None
    page = {
        "campaign": campaign,
        "ranking": ranking,
        "row": rows[index],
        "above": rows.get(index - 1),
        "below": rows.get(index + 1),
        "sheets": _sheets(rows[index].place),
        "groups": _groups(campaign),
        "facts": _tie_breaks(rows[index].place),
        "scores": _countings(rows[index].place),
        "lines": told.arithmetic if told else (),
        "crumbs": [Link(_("Ranking"), address_of(campaign)), Link(rows[index].place["community"], "", "zh-Hans")],
    }
    return render(request, "city/ranking_explained.html", page)


@for_members
def freeze(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more, then work the order out and keep it."""
    campaign = campaign_named(campaign_id, actor)
    asked = Confirmation(
        _("Freeze the ranking"),
        (
            str(_("The order is worked out from the sheets that were handed in and stored with every figure.")),
            str(_("Nothing in it changes afterwards. A selection draws on this ranking alone.")),
        ),
        _("Freeze"),
        address_of(campaign),
        warning=str(_("An earlier ranking is superseded.")) if in_force(campaign) else "",
    )
    page: dict[str, Any] = {"confirmation": asked, "crumbs": [Link(_("Ranking"), address_of(campaign))]}
    if request.method != "POST":
        return render(request, "kit/confirmation.html", page)
    try:
        freeze_ranking(campaign_id=campaign.pk, actor=actor, at=at)
    except DomainError as error:
        page["problems"] = problems_of(error)
        return render(request, "kit/confirmation.html", page, status=status_of(error))
    return redirect(address_of(campaign))


@for_members
def table(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the ranking as it was frozen, or hand it out as a workbook."""
    campaign = campaign_named(campaign_id, actor)
    ranking = in_force(campaign)
    if ranking is None:
        raise NotFound
    groups = [f"{group.number}（{group.weight.normalize():f}）" for group in _groups(campaign)]
    head = [*HEAD[:3], *groups, *HEAD[3:]]
    rows = [_cells(row, len(groups)) for row in rows_of(ranking)]
    listed = Table("ranking", _("Ranking"), campaign.title, head, rows, address_of(campaign))
    return hand_out(request, listed, actor=actor, at=at)


@for_members
def exported(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Hand the ranking out as CSV, in UTF-8 with its mark, so that a spreadsheet opens it as it is."""
    campaign = campaign_named(campaign_id, actor)
    ranking = in_force(campaign)
    if ranking is None:
        raise NotFound
    content = "".join(csv_of(ranking)).encode()
    note_export(request, "ranking", rows=len(ranking.figures["rows"]), actor=actor, at=at)
    return download(content, f"{campaign.code}-ranking.csv", "text/csv; charset=utf-8")


@for_members
def diagnostics(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show how the evaluators scored beside each other; shown to explain an order, never applied to it."""
    campaign = campaign_named(campaign_id, actor)
    require_evaluation_over(campaign, at)
    found = diagnostics_for(roll_of(campaign), actor)
    page = {
        "campaign": campaign,
        "found": found,
        "evaluators": [(one, found.names.get(one.scorer, "")) for one in found.evaluators],
        "crumbs": [Link(_("Ranking"), address_of(campaign)), Link(_("Diagnostics"), "")],
    }
    return render(request, "city/diagnostics.html", page)


def in_force(campaign: Campaign) -> Ranking | None:
    """Return the ranking that has not been superseded."""
    return ranking_in_force(campaign.pk)


def address_of(campaign: Campaign) -> str:
    """Return the address of a campaign's ranking."""
    return f"{reverse('web:city:ranking')}?campaign={campaign.pk}"


def rows_of(ranking: Ranking, first: int = 0, end: int | None = None) -> Iterator[Row]:
    """Return the rows from ``first`` to before ``end`` with all that is drawn; the cut line follows the last place."""
    figures = ranking.figures
    totals = [float(sheet["total"]) for row in figures["rows"] for sheet in row["sheets"]]
    low, high = (min(totals), max(totals)) if totals else (0.0, 100.0)
    for number, place in enumerate(figures["rows"][first:end], start=first + 1):
        total = place["figures"].get(Criterion.TOTAL.value)
        yield Row(
            place,
            _mean_groups(place["sheets"]),
            [Dot(_x(float(s["total"]), low, high), s["total"], s["dropped"]) for s in place["sheets"]],
            _x(float(total), low, high) if total else None,
            _stability(place, figures),
            number <= figures["places"],
            number == figures["places"] + 1,
            reverse("web:city:ranking-explained", args=[ranking.campaign_id, place["nomination"]]),
        )


def _cells(row: Row, groups: int) -> list[Any]:
    figures = row.place["figures"]
    return [
        row.place["rank"],
        row.place["community"],
        row.place["district"],
        *(row.groups or [""] * groups),
        figures.get(Criterion.TOTAL.value),
        figures.get("satisfaction"),
        row.stability,
    ]


def tie_at_cut(ranking: Ranking) -> list[Mapping[str, Any]]:
    """Return the communities that share their rank across the cut line; nobody when the line parts no tie."""
    rows, places = ranking.figures["rows"], ranking.figures["places"]
    if not 0 < places < len(rows) or rows[places - 1]["rank"] != rows[places]["rank"]:
        return []
    return [row for row in rows if row["rank"] == rows[places]["rank"]]


def _frozen(request: HttpRequest, ranking: Ranking) -> dict[str, Any]:
    places = ranking.figures["rows"]
    page = page_of_rows(request, places)
    first = (page.number - 1) * page.paginator.per_page
    totals = [float(sheet["total"]) for place in places for sheet in place["sheets"]]
    return {
        "page": page,
        "rows": list(rows_of(ranking, first, first + page.paginator.per_page)),
        "tied": tie_at_cut(ranking),
        "groups": _groups(ranking.campaign),
        "places": ranking.figures["places"],
        "axis": [f"{value:.0f}" for value in (min(totals), sum((min(totals), max(totals))) / 2, max(totals))]
        if totals
        else [],
        "has_stability": any(place.get("stability") for place in places),
        "effects": [one for one in ranking.figures.get("without", ()) if one.get("exchanged")],
        "share": ranking.figures["district_share"],
    }


def _actions(campaign: Campaign, ranking: Ranking | None, actor: Actor, at: datetime) -> list[Action]:
    actions = []
    if ranking is not None:
        url = reverse("web:city:diagnostics", args=[campaign.pk])
        actions.append(Action("diagnostics", _("Diagnostics"), url, icon="scale"))
    if actor.role == Role.CITY_REVIEWER:
        why = tuple(_against_freezing(campaign, at))
        freeze_at = reverse("web:city:ranking-freeze", args=[campaign.pk])
        label = _("Freeze anew") if ranking else _("Freeze the ranking")
        actions.append(Action("freeze", label, freeze_at, why, "" if ranking else "primary", "lock"))
        if ranking is not None:
            url = f"{reverse('web:city:selections')}?campaign={campaign.pk}"
            actions.append(Action("select", _("Go to the selection"), url, look="primary"))
    return actions


def _against_freezing(campaign: Campaign, at: datetime) -> Iterator[Reason]:
    try:
        require_evaluation_over(campaign, at)
    except EvaluationUnderway as error:
        panels = f"{reverse('web:city:panels')}?campaign={campaign.pk}"
        yield Reason(error.sentence(), panels, _("Panels and progress"))
    if Selection.objects.filter(campaign=campaign).exclude(state="approved").exists():
        yield Reason(str(_("A selection that draws on it is open.")))


def _x(value: float, low: float, high: float) -> float:
    """Return where a total lies in the picture."""
    span = high - low or 1.0
    return round(MARGIN + (value - low) / span * (WIDTH - 2 * MARGIN), STEP)


def _mean_groups(sheets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the mean of each group over the sheets that count."""
    counted = [sheet["groups"] for sheet in sheets if not sheet["dropped"]]
    return [
        str(rounded(sum(map(Fraction, column), Fraction()) / len(counted))) for column in zip(*counted, strict=True)
    ]


def _stability(place: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    share = place.get("stability")
    if not share:
        return ""
    return f"{round(100 * share['within'] / figures['resamples'])}%"


def _groups(campaign: Campaign) -> list[StandardGroup]:
    return list(StandardGroup.objects.filter(standard=campaign.standard_id).order_by("position"))


def _sheets(place: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": sheet.get("evaluator") or str(number),
            "url": reverse("web:city:sheet", args=[sheet["sheet"]]),
            "groups": [str(rounded(Fraction(group))) for group in sheet["groups"]],
            "total": sheet["total"],
            "tag": _counted(sheet),
        }
        for number, sheet in enumerate(place["sheets"], start=1)
    ]


def _counted(sheet: Mapping[str, Any]) -> Tag:
    if sheet["dropped"]:
        return looks.tag(looks.PLAIN, _("Dropped as highest or lowest"), "circle-minus")
    return looks.tag(looks.PASS, _("Counts"))


def _tie_breaks(place: Mapping[str, Any]) -> list[Fact]:
    return [
        Fact(
            Criterion(code).label,
            value if value is not None else _("None"),
            "",
            url=_source_of(code, place["nomination"]),
        )
        for code, value in place["figures"].items()
        if code in Criterion.values
    ]


def _source_of(code: str, nomination_id: str) -> str:
    """Return where a figure comes from: the sheets above it, or the form of the case."""
    if code in {Criterion.TOTAL, Criterion.GROUP_THREE}:
        return "#sheets"
    return reverse("web:city:case", args=[nomination_id]) + "?part=form#s-figures"


COUNTINGS: Mapping[str, Sentence] = {counting.value: counting.label for counting in Counting}


def _countings(place: Mapping[str, Any]) -> list[tuple[Sentence, str]]:
    scores = place.get("scores", {})
    return (
        [(label, (scores.get(name) or {}).get("shown") or "—") for name, label in COUNTINGS.items()] if scores else []
    )
