"""The pool of evaluators: who is in it, who is there, how much each has in hand, what keeps whom from what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.actors import Actor
from accounts.enums import Role
from common.instants import local_date
from common.name_search import holding, wanted_in
from common.refusals import Sentence
from nominations.enums import Capacity, ConflictKind, Specialty
from nominations.models import Campaign, CampaignDistrict, Declaration, Evaluator, Visit
from nominations.models.evaluator import EvaluatorQuerySet
from nominations.queries.calendar import feed_kept_by
from nominations.queries.evaluator import absences_of, declarations_visible_to, evaluators_visible_to
from nominations.queries.panel import assignments_visible_to
from nominations.queries.pool import Barred, barred, spell_home
from nominations.queries.visit import visits_visible_to
from nominations.rules.availability import is_away
from web.acting import for_members
from web.city.campaigns import Chosen, chosen
from web.city.panels import stage_tag
from web.dates import spell_day
from web.kit import Action, Fact, Field, Link, Tag
from web.looks import BACK, BAD, PASS, PLAIN, WAIT, tag
from web.paging import page_of_rows
from web.tables import MOST_ROWS, Table, hand_out
from workflow.errors import NotFound

MOST_VISITS = 20
TITLE = gettext_lazy("Pool of evaluators")
HEAD: tuple[Sentence, ...] = (
    gettext_lazy("Evaluator"),
    pgettext_lazy("panel", "Capacity"),
    gettext_lazy("Where the person works"),
    gettext_lazy("Specialties"),
    gettext_lazy("Serves in"),
    gettext_lazy("State"),
    gettext_lazy("Away"),
    gettext_lazy("Communities in hand"),
    gettext_lazy("Barred from"),
)
STANDINGS: Mapping[str, tuple[Sentence, Callable[[EvaluatorQuerySet], EvaluatorQuerySet]]] = {
    "serving": (gettext_lazy("In service"), EvaluatorQuerySet.in_service),
    "unconfirmed": (gettext_lazy("Identity not confirmed"), EvaluatorQuerySet.unconfirmed),
    "suspended": (pgettext_lazy("evaluator", "Suspended"), EvaluatorQuerySet.suspended),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the pool as the list shows it."""

    profile: Any
    specialties: Sequence[str]
    districts: Sequence[str]
    standing: Tag
    presence: Tag
    barred: int


@for_members
def listed(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the pool, narrowed in the address; the number of queries does not depend on how many are in it."""
    shown = chosen(request, actor)
    page = page_of_rows(request, narrowed(request, actor))
    context = {
        "chosen": shown,
        "page": page,
        "lines": lines_of(page.object_list, shown.campaign, actor, at),
        "chips": _chips(request),
        "filters": _filters(request, shown.campaign),
        "text": wanted_in(request.GET.get("q", "")) or "",
        "hidden": _hidden(request),
        "is_narrowed": bool(request.GET),
        "actions": _actions(actor),
    }
    return render(request, "city/pool.html", context)


@for_members
def table(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Print the pool as it is narrowed, or hand it out as a workbook."""
    campaign = chosen(request, actor).campaign
    lines = lines_of(narrowed(request, actor)[:MOST_ROWS], campaign, actor, at)
    back = f"{reverse('web:city:pool')}?{request.GET.urlencode()}"
    listed = Table("evaluators", TITLE, campaign.title, HEAD, [_cells(line) for line in lines], back)
    return hand_out(request, listed, actor=actor, at=at)


@for_members
def show(request: HttpRequest, evaluator_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show one person: what is known, what was declared, what is in hand, what is planned; never a point."""
    profile = profile_of(evaluator_id, actor)
    shown = chosen(request, actor)
    kept = barred(shown.campaign, [profile.user_id], actor=actor, at=at)
    held = page_of_rows(request, _assignments(profile, shown, actor))
    page = {
        "page": held,
        "profile": profile,
        "crumbs": [Link(TITLE, reverse("web:city:pool")), Link(profile.user.name, "", "zh-Hans")],
        "chosen": shown,
        "standing": standing_of(profile),
        "facts": _facts(profile, at),
        "presence": presence_of(profile, local_date(at)),
        "barred": [(case, [one.refusal().sentence() for one in why]) for case, why in kept.get(profile.user_id, [])],
        "declared": [_declared(one, actor) for one in declarations_visible_to(actor).filter(person=profile.user_id)],
        "assignments": [(one, stage_tag(one)) for one in held.object_list],
        "visits": _visits(profile, actor, at),
        "actions": _actions(actor, profile),
        "lifts": actor.role == Role.CITY_REVIEWER,
        "at": at,
    }
    return render(request, "city/evaluator.html", page)


def profile_of(evaluator_id: UUID, actor: Actor) -> Any:
    """Return a person of the pool in sight; raises ``NotFound``."""
    found = evaluators_visible_to(actor).select_related("home__authority").filter(pk=evaluator_id).first()
    if found is None:
        raise NotFound
    return found


def narrowed(request: HttpRequest, actor: Actor) -> Any:
    """Return the pool as the address narrows it; what cannot be understood there narrows nothing."""
    query = request.GET
    rows: Any = evaluators_visible_to(actor)
    if query.get("standing") in STANDINGS:
        rows = STANDINGS[query["standing"]][1](rows)
    if query.get("kind") in Capacity.values:
        rows = rows.filter(kind=query["kind"])
    if query.get("specialty") in Specialty.values:
        rows = rows.filter(specialties__contains=[query["specialty"]])
    if district := key_in(query.get("district", "")):
        rows = rows.serving(district)
    if text := wanted_in(query.get("q", "")):
        rows = holding(rows, (), text, also=("user__name", "organization"))
    return rows.order_by("-is_active", "kind", "user__name", "pk")


def key_in(text: str) -> UUID | None:
    """Return the key that an address names, ``None`` for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def lines_of(rows: Any, campaign: Campaign, actor: Actor, at: datetime) -> list[Line]:
    """Return people of the pool as a list shows them."""
    people, today = list(rows), local_date(at)
    kept: Barred = barred(campaign, [one.user_id for one in people], actor=actor, at=at)
    return [
        Line(
            one,
            [str(Specialty(name).label) for name in one.specialties],
            [district.name for district in one.districts.all()],
            standing_of(one),
            presence_of(one, today),
            len(kept.get(one.user_id, [])),
        )
        for one in people
    ]


def standing_of(profile: Evaluator) -> Tag:
    """Return whether the person may be matched, and if not, why."""
    if not profile.is_active:
        return tag(BAD, STANDINGS["suspended"][0])
    if profile.identity_confirmed_at is None:
        return tag(WAIT, STANDINGS["unconfirmed"][0])
    return tag(PASS, STANDINGS["serving"][0])


def presence_of(profile: Evaluator, today: date) -> Tag:
    """Return whether the person is there today, and the next days of absence."""
    away = absences_of(profile)
    if is_away(away, today):
        until = max(one.last_on for one in away if one.first_on <= today <= one.last_on)
        return tag(BACK, _("Away until %(day)s") % {"day": spell_day(until, today)}, "calendar-event")
    coming = min((one.first_on for one in away if one.first_on > today), default=None)
    if coming:
        return tag(PLAIN, _("Away from %(day)s") % {"day": spell_day(coming, today)}, "calendar-event")
    return tag(PASS, _("On duty"))


def _cells(line: Line) -> list[Any]:
    one = line.profile
    return [
        one.user.name,
        str(one.get_kind_display()),
        one.organization,
        "、".join(line.specialties),
        "、".join(line.districts) or _("All districts"),
        str(line.standing.label),
        "、".join(str(absence) for absence in one.absences.all()),
        one.load,
        line.barred,
    ]


def _chips(request: HttpRequest) -> list[Link]:
    wanted = request.GET.get("standing", "")
    chips = [Link(_("All"), _with(request, ""), is_here=wanted not in STANDINGS)]
    return chips + [
        Link(label, _with(request, name), is_here=wanted == name) for name, (label, _f) in STANDINGS.items()
    ]


def _with(request: HttpRequest, standing: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("standing", None)
    if standing:
        query["standing"] = standing
    return f"?{query.urlencode()}"


def _hidden(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, request.GET[name]) for name in ("campaign", "standing") if name in request.GET]


def _filters(request: HttpRequest, campaign: Campaign) -> list[Field]:
    parts = CampaignDistrict.objects.filter(campaign=campaign).select_related("district").order_by("district__pinyin")
    districts = [(str(part.district_id), part.district.name) for part in parts]
    offered: list[tuple[str, Sentence, Sentence, Sequence[tuple[str, Sentence]]]] = [
        ("kind", pgettext_lazy("panel", "Capacity"), _("Every capacity"), Capacity.choices),
        ("specialty", _("Specialties"), _("Every specialty"), Specialty.choices),
        ("district", _("Serves in"), _("Every district"), districts),
    ]
    return [
        Field(name, label, "select", request.GET.get(name, ""), choices=[("", everything), *choices])
        for name, label, everything, choices in offered
    ]


def _actions(actor: Actor, profile: Evaluator | None = None) -> list[Action]:
    if actor.role != Role.CITY_REVIEWER:
        return []
    if profile is None:
        return [Action("enter", _("Enter an evaluator"), reverse("web:city:evaluator-new"), look="primary")]
    change = Action(
        "change",
        pgettext("evaluator", "Change"),
        reverse("web:city:evaluator-change", args=[profile.pk]),
        icon="pencil",
    )
    suspend = Action("suspend", _("Suspend"), reverse("web:city:evaluator-suspend", args=[profile.pk]), look="danger")
    resume = Action("resume", _("Take back into service"), reverse("web:city:evaluator-resume", args=[profile.pk]))
    confirm = Action("confirm", _("Confirm the identity"), reverse("web:city:evaluator-confirm", args=[profile.pk]))
    waits = profile.is_active and profile.identity_confirmed_at is None
    return [*([confirm] if waits else []), change, suspend if profile.is_active else resume]


def _facts(profile: Any, at: datetime) -> list[Fact]:
    districts = "、".join(one.name for one in profile.districts.all())
    specialties = "、".join(str(Specialty(name).label) for name in profile.specialties)
    feed = _("In use by the evaluator") if feed_kept_by(profile.user_id) else _("Not in use")
    return [
        Fact(pgettext_lazy("panel", "Capacity"), profile.get_kind_display(), ""),
        Fact(_("Where the person works"), profile.organization),
        Fact(_("Employer on the register"), profile.employer.name if profile.employer else "—"),
        Fact(_("Lives in"), spell_home(profile.home) or "—"),
        Fact(_("Specialties"), specialties or "—", ""),
        Fact(_("Serves in"), districts or _("All districts"), "zh-Hans" if districts else ""),
        Fact(_("Deputies"), "、".join(one.user.name for one in profile.deputies.all()) or "—"),
        Fact(_("Communities in hand"), profile.load, ""),
        Fact(_("Calendar address"), feed, ""),
    ]


def _declared(one: Declaration, actor: Actor) -> dict[str, Any]:
    about = one.organization or one.community or one.campaign
    speaks, lifted = one.speaks_to(actor), one.lifted_at is not None
    look = PASS if one.kind == ConflictKind.NONE else PLAIN if lifted else BACK
    return {
        "row": one,
        "about": about,
        "tag": tag(look, _("Lifted") if lifted else one.get_kind_display()),
        "kind": one.get_kind_display() if lifted else "",
        "reason": one.reason if speaks else "",
        "lifted_reason": one.lifted_reason if speaks else "",
        "may_be_lifted": not lifted and one.kind != ConflictKind.NONE,
    }


def _assignments(profile: Evaluator, shown: Chosen, actor: Actor) -> Any:
    rows = assignments_visible_to(actor).filter(evaluator=profile.user_id, nomination__campaign=shown.campaign)
    return rows.order_by("ended_at", "-assigned_at", "pk")


def _visits(profile: Evaluator, actor: Actor, at: datetime) -> Sequence[Visit]:
    ahead = visits_visible_to(actor).planned().filter(planned_from__gte=at)
    own = ahead.filter(
        nomination__assignments__evaluator=profile.user_id, nomination__assignments__ended_at__isnull=True
    )
    return list(own.order_by("planned_from", "pk")[:MOST_VISITS])
