"""The selection desk: drafted in rank order, edited with reasons, proposed by one officer, decided by another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import SelectionOutcome, SelectionState
from nominations.errors import NotAllowed
from nominations.models import Nomination, Selection, SelectionRow
from nominations.operations import selection as operations
from nominations.queries.selection import previewed
from web.acting import for_members
from web.city.campaigns import campaign_named, chosen
from web.city.papers import log_of
from web.city.ranking import address_of, in_force
from web.city.words import consequences_of, look_of
from web.kit import Action, Confirmation, Link, Problem, Reason, Tag, action_of, problems_of
from web.looks import NOW, PASS, PLAIN, tag
from web.moving import Wish, confirm
from web.paging import page_of_rows
from web.refused import status_of
from web.tables import Table, hand_out
from workflow import engine
from workflow.declaration import flow_of
from workflow.errors import NotFound, StaleVersion

LOOKS: Mapping[str, str] = {
    SelectionOutcome.SHORTLIST: PASS,
    SelectionOutcome.RESERVE: NOW,
    SelectionOutcome.PASS_OVER: PLAIN,
}

HEAD: tuple[Sentence, ...] = (
    _("Rank"),
    _("Community"),
    _("District bureau"),
    _("Property service company"),
    _("Total score"),
    _("Stability"),
    _("Decision"),
    _("Reason"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One community of the selection: what it says about it, and what would become of it."""

    row: SelectionRow
    figures: Mapping[str, Any]
    tag: Tag
    becomes: str
    needs_reason: bool
    stability: str


@for_members
def listed(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the selections of a campaign, and let one be begun where there is a frozen ranking."""
    shown = chosen(request, actor)
    selections = Selection.objects.visible_to(actor).filter(campaign=shown.campaign).order_by("-created_at")
    found = list(selections.select_related("preparer"))
    page = {
        "chosen": shown,
        "selections": found,
        "action": _begin(shown.campaign, found, actor),
        "ranking": in_force(shown.campaign),
        "ranking_url": address_of(shown.campaign),
        "at": at,
    }
    return render(request, "city/selections.html", page)


@for_members
def begin(request: HttpRequest, campaign_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Draft a selection from the frozen ranking."""
    campaign = campaign_named(campaign_id, actor)
    back = f"{reverse('web:city:selections')}?campaign={campaign.pk}"
    asked = Confirmation(
        _("Begin a selection"),
        (
            str(_("A draft is made in rank order: the free places first. You can change every row, with reasons.")),
            str(_("Communities of equal rank across the cut line are left out until you have decided.")),
        ),
        _("Begin"),
        back,
    )
    page: dict[str, Any] = {"confirmation": asked, "crumbs": [Link(_("Selection"), back)]}
    if request.method != "POST":
        return render(request, "kit/confirmation.html", page)
    try:
        made = operations.prepare_selection(campaign_id=campaign.pk, actor=actor, at=at)
    except DomainError as error:
        page["problems"] = problems_of(error)
        return render(request, "kit/confirmation.html", page, status=status_of(error))
    return redirect("web:city:selection", made.pk)


@for_members
def show(request: HttpRequest, selection_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show the selection; its author edits it here as long as it is a draft."""
    selection = engine.find(Selection, selection_id, actor=actor)
    if request.method == "POST":
        return _saved(request, selection, actor, at)
    return _page(request, selection, actor, at)


@for_members
def table(request: HttpRequest, selection_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the selection for the meeting that decides it, or hand it out as a workbook."""
    selection = engine.find(Selection, selection_id, actor=actor)
    back = reverse("web:city:selection", args=[selection.pk])
    lines = map(_cells, lines_of(selection, _in_order(selection)))
    listed = Table("selection", _("Selection"), selection.campaign.title, HEAD, lines, back)
    return hand_out(request, listed, actor=actor, at=at)


def _cells(line: Line) -> list[Any]:
    row = line.row
    nomination, total = row.nomination, line.figures.get("figures", {}).get("total")
    names = [nomination.community.name, nomination.district.name, nomination.company.name]
    return [row.rank, *names, total, line.stability, str(row.get_outcome_display()), row.reason]


@for_members
def move(request: HttpRequest, selection_id: UUID, move: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Propose, send back or approve the selection."""
    selection = engine.find(Selection, selection_id, actor=actor)
    spec = flow_of(Selection).transitions.get(move)
    if spec is None:
        raise NotFound
    wish = Wish(
        selection,
        move,
        selection.campaign.title,
        reverse("web:city:selection", args=[selection.pk]),
        (*consequences_of(Selection.flow, move), *_counts(selection, move)),
        look=look_of(Selection.flow, move),
        crumbs=tuple(_crumbs(selection)),
    )
    return confirm(request, wish, actor=actor, at=at)


def _saved(request: HttpRequest, selection: Any, actor: Actor, at: datetime) -> HttpResponse:
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    try:
        _save(request, selection, actor, at)
    except (NotAllowed, NotFound, StaleVersion):
        raise
    except DomainError as error:
        return _page(request, selection, actor, at, problems_of(error), status=status_of(error))
    url = reverse("web:city:selection", args=[selection.pk])
    return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)


@transaction.atomic
def _save(request: HttpRequest, selection: Any, actor: Actor, at: datetime) -> None:
    """Write what differs from what is stored: all of it or nothing, on the version that was shown."""
    text = request.POST.get("version", "")
    common: dict[str, Any] = {"selection_id": selection.pk, "actor": actor, "at": at}
    engine.take(
        Selection, selection.pk, actor=actor, version=int(text) if text.isdecimal() and len(text) < 10 else None
    )
    if "refresh" in request.POST:
        operations.refresh_selection(**common)
        return
    for row in selection.rows.all():
        outcome = request.POST.get(f"outcome-{row.pk}", row.outcome)
        reason = request.POST.get(f"reason-{row.pk}", row.reason)
        if outcome in SelectionOutcome.values and (outcome, reason.strip()) != (row.outcome, row.reason):
            operations.edit_row(
                nomination_id=row.nomination_id, outcome=SelectionOutcome(outcome), reason=reason, **common
            )
    decision, fewer = (request.POST.get(name, getattr(selection, name)) for name in ("tie_decision", "fewer_reason"))
    if decision.strip() != selection.tie_decision:
        operations.decide_tie(decision=decision, **common)
    if fewer.strip() != selection.fewer_reason:
        operations.explain_fewer(reason=fewer, **common)


def _page(
    request: HttpRequest,
    selection: Any,
    actor: Actor,
    at: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    rows = page_of_rows(request, _in_order(selection))
    preview = previewed(selection)
    page = {
        "selection": selection,
        "page": rows,
        "lines": lines_of(selection, rows.object_list),
        "edits": actor.role == Role.CITY_REVIEWER and selection.state == SelectionState.DRAFT,
        "outcomes": SelectionOutcome.choices,
        "counts": Counter(row.outcome for row in selection.rows.all()),
        "free": selection.campaign.places - selection.campaign.places_taken,
        "tie": selection.tie_at_cut(),
        "spread": preview.concentrations,
        "obstacles": [one for one in preview.consequences if one.obstacles],
        "preview": preview,
        "actions": _actions(selection, actor, at),
        "problems": problems,
        "crumbs": _crumbs(selection),
        "log": log_of(selection, at),
    }
    return render(request, "city/selection.html", page, status=status)


def lines_of(selection: Any, rows: Iterable[SelectionRow]) -> list[Line]:
    """Return rows of the selection with the figures of the ranking that they draw on."""
    figures = selection.ranking.figures if selection.ranking is not None else {"rows": ()}
    by_id = {row["nomination"]: row for row in figures["rows"]}
    ahead = {row.pk for row in selection.out_of_order()}
    labels = {spec.name: spec.target for spec in flow_of(Nomination).transitions.values()}
    states = dict(Nomination._meta.get_field("state").choices or ())
    return [
        Line(
            row,
            by_id.get(str(row.nomination_id), {}),
            tag(LOOKS[row.outcome], row.get_outcome_display()),
            str(states[labels[row.outcome]]),
            row.pk in ahead,
            _stability(by_id.get(str(row.nomination_id), {}), figures),
        )
        for row in rows
    ]


def _in_order(selection: Any) -> list[SelectionRow]:
    """Return the rows, which are loaded with their communities, in rank order."""
    return sorted(selection.rows.all(), key=lambda row: (row.rank, row.nomination.number))


def _stability(place: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    share = place.get("stability")
    return f"{round(100 * share['within'] / figures['resamples'])}%" if share else ""


def _counts(selection: Any, move: str) -> tuple[str, ...]:
    counts = Counter(row.outcome for row in selection.rows.all())
    told = str(_("%(shortlist)s shortlisted, %(reserve)s on reserve, %(pass_over)s not selected.")) % {
        name: counts[name] for name in SelectionOutcome.values
    }
    if move != "approve":
        return (told,)
    return (told, str(_("Every community moves at once, and every company is told in words of its own.")))


def _begin(campaign: Any, found: Sequence[Selection], actor: Actor) -> Action | None:
    if actor.role != Role.CITY_REVIEWER:
        return None
    why = []
    if in_force(campaign) is None:
        why.append(Reason(str(_("Freeze the ranking first.")), address_of(campaign)))
    if any(one.state != SelectionState.APPROVED for one in found):
        why.append(Reason(str(_("A selection is open already."))))
    url = reverse("web:city:selection-begin", args=[campaign.pk])
    return Action("begin", _("Begin a selection"), url, tuple(why), "primary", "plus")


def _actions(selection: Any, actor: Actor, at: datetime) -> list[Action]:
    [verdicts] = engine.available([selection], actor=actor, at=at)
    return [
        action_of(
            verdict,
            reverse("web:city:selection-move", args=[selection.pk, verdict.transition.name]),
            look=look_of(Selection.flow, verdict.transition.name),
        )
        for verdict in verdicts
    ]


def _crumbs(selection: Any) -> list[Link]:
    url = f"{reverse('web:city:selections')}?campaign={selection.campaign_id}"
    return [Link(_("Selection"), url), Link(selection.campaign.title, "", "zh-Hans")]
