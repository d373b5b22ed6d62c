"""The evaluation of one case on its page: panel, visits, and figures only where the blind rule lets them be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from attachments.queries import by_subject
from common.refusals import Sentence
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet, StandardGroup
from evaluation.scoring import rounded
from nominations.enums import CommitteeKind
from nominations.enums import NominationState as S
from nominations.models import Assignment, Visit
from nominations.rules.assessment import panel_of
from web.kit import Action, Tag
from web.looks import NOW, PASS, PLAIN, WAIT, tag

COMMITTEES: Mapping[str, Sentence] = {kind.value: kind.label for kind in CommitteeKind}
OVER = (S.WITHDRAWN, S.LAPSED, S.DISQUALIFIED, S.REVOKED, S.NOT_AWARDED)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the standard and what a sheet gave it."""

    number: str
    title: str
    weight: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Seat:
    """One evaluator of the panel; figures are there only when they may be seen."""

    assignment: Assignment
    tag: Tag
    groups: Sequence[Decimal] = ()
    total: Decimal | None = None
    note: str = ""
    unlock: str = ""


def evaluation_of(nomination: Any, actor: Actor) -> dict[str, Any]:
    """Return what the page shows of the evaluation; points stay out until everybody on the panel has handed in."""
    seats = list(
        Assignment.objects.filter(nomination=nomination.pk)
        .select_related("evaluator", "sheet", "nomination")
        .order_by("capacity", "assigned_at", "pk")
    )
    shows = may_be_seen(seats)
    found = Visit.objects.recorded().filter(nomination=nomination.pk)
    visits = list(found.prefetch_related("checks__requirement", "vetoes").order_by("-visited_on", "pk"))
    photos = by_subject("visit", [visit.pk for visit in visits])
    panel = panel_of(nomination) if shows else None
    return {
        "seats": [_seat(seat, actor, shows=shows) for seat in seats],
        "shows": shows,
        "group_titles": _titles(nomination) if shows else [],
        "gap": rounded(panel.widest_gap) if panel else None,
        "visits": [(visit, photos.get(visit.pk, [])) for visit in visits],
        "finds": actor.role == Role.CITY_REVIEWER and nomination.state == S.RECOMMENDED,
        "settles": actor.organization_kind == OrganizationKind.CITY,
        "handed_in": sum(_is_in(seat) for seat in seats if seat.ended_at is None),
        "working": sum(seat.ended_at is None for seat in seats),
    }


def may_be_seen(seats: Sequence[Assignment]) -> bool:
    """Tell whether everybody who still scores has handed in: until then no figure of the panel is shown to anyone."""
    working = [seat for seat in seats if seat.ended_at is None]
    return bool(working) and all(_is_in(seat) for seat in working)


def groups_of(sheet: ScoreSheet) -> list[Group]:
    """Return the groups of a handed-in sheet with their scores."""
    groups = StandardGroup.objects.filter(standard=sheet.standard_id).order_by("position")
    return [
        Group(group.number, group.title, group.weight, score)
        for group, score in zip(groups, _scores(sheet), strict=False)
    ]


def acts_on(nomination: Any, actor: Actor) -> list[Action]:
    """Return the acts of the city's reviewer that are no moves."""
    if actor.role != Role.CITY_REVIEWER:
        return []

    def act(name: str, label: Sentence, icon: str, look: str = "") -> Action:
        return Action(name, label, reverse(f"web:city:{name}", args=[nomination.pk]), look=look, icon=icon)

    acts = []
    if nomination.state == S.RECOMMENDED:
        acts.append(act("visit-record", _("Record a visit"), "map-pin"))
        if is_apart(nomination):
            acts.append(act("discrepancy", _("Resolve the discrepancy"), "scale"))
    if nomination.state not in OVER:
        acts.append(act("veto", _("Record an excluding event"), "flag"))
    return acts


def is_whole(nomination: Any) -> bool:
    """Tell whether everybody who still scores has handed in, by the facts of the case."""
    working = [row for row in nomination.panel if not row["conflict"]]
    return bool(working) and all(row["state"] == SheetState.HANDED_IN for row in working)


def is_apart(nomination: Any) -> bool:
    """Tell whether two sheets lie too far apart; nobody is told before everybody has handed in."""
    if not is_whole(nomination):
        return False
    panel = panel_of(nomination)
    return panel is not None and panel.widest_gap > nomination.campaign.discrepancy_points


def _is_in(seat: Assignment) -> bool:
    return seat.sheet is not None and seat.sheet.state == SheetState.HANDED_IN


def _seat(seat: Assignment, actor: Actor, *, shows: bool) -> Seat:
    if seat.ended_at is not None:
        return Seat(seat, tag(PLAIN, seat.get_ended_because_display(), "circle-minus"), note=_why(seat, actor))
    if seat.sheet is None:
        return Seat(seat, tag(WAIT, _("Not begun")))
    if not _is_in(seat):
        return Seat(seat, tag(NOW, _("Scoring")))
    groups, total = (_scores(seat.sheet), seat.sheet.total) if shows else ((), None)
    return Seat(seat, tag(PASS, _("Handed in")), groups, total, unlock=_unlocking(seat, actor))


def _unlocking(seat: Assignment, actor: Actor) -> str:
    """Return where the approver unlocks the sheet, as long as the community is being evaluated."""
    if actor.role != Role.CITY_APPROVER or seat.nomination.state != S.RECOMMENDED:
        return ""
    return reverse("web:city:sheet-unlock", args=[seat.sheet_id])


def _why(seat: Assignment, actor: Actor) -> str:
    """Return why somebody left: a declaration may speak of relatives, so its words are for the city bureau alone."""
    if seat.conflict_reason and actor.organization_kind != OrganizationKind.CITY:
        return str(seat.get_conflict_kind_display())
    return seat.conflict_reason or str(seat.get_decline_reason_display())


def _scores(sheet: ScoreSheet) -> list[Decimal]:
    pairs = zip(sheet.group_numerators, sheet.group_denominators, strict=True)
    return [rounded(Fraction(numerator, denominator)) for numerator, denominator in pairs]


def _titles(nomination: Any) -> list[StandardGroup]:
    return list(StandardGroup.objects.filter(standard=nomination.campaign.standard_id).order_by("position"))
