"""Acts on many cases at once: what would happen to each is shown first, what happened to each afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Sentence
from nominations.models import Nomination
from nominations.operations.moves import make_moves
from nominations.operations.nomination import claim, release
from nominations.rules.nomination import RETURNABLE
from web.acting import for_members
from web.district.sections import SECTION_LABELS
from web.district.views.queue import plain_query
from web.kit import Field, Link, Problem, Reason, problems_of, reasons_of, with_errors
from web.looks import BAD, PASS, tag
from workflow.engine import Item, Outcome

MOST = 50
# Words that stand for those still to be written: tried out, they tell what else is in the way.
STAND_IN = "1"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with many cases: what it is called before and after, and what will come of it."""

    name: str
    label: Sentence
    done: Sentence
    role: Role | None = None
    consequence: Sentence = ""


ACTS: Mapping[str, Act] = {
    "claim": Act("claim", _("Take up"), _("Taken up")),
    "release": Act("release", _("Put back on the pile"), _("Put back")),
    "return_for_correction": Act(
        "return_for_correction",
        _("Return for correction"),
        pgettext_lazy("done", "Returned for correction"),
        Role.DISTRICT_REVIEWER,
        _("Every company gets the same remark and a due date, and is told by mail. Each form can be returned twice."),
    ),
    "recommend": Act(
        "recommend",
        _("Recommend"),
        pgettext_lazy("done", "Recommended"),
        Role.DISTRICT_APPROVER,
        _("The communities go to the city with your summary. Companies, reviewers and the city are told at once."),
    ),
    "decline": Act(
        "decline",
        _("Do not recommend"),
        pgettext_lazy("done", "Not recommended"),
        Role.DISTRICT_APPROVER,
        _("The companies are told your reason. Only the city can have the district decide again."),
    ),
}
VERBS: Mapping[str, Callable[..., Any]] = {"claim": claim, "release": release}


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for: an act, on which cases, by whom, and where the reader goes on."""

    act: Act
    items: Sequence[Item]
    cases: Mapping[UUID, Nomination]
    actor: Actor
    at: datetime
    back: str

    def crumbs(self) -> tuple[Link, ...]:
        """Return where the page stands."""
        return (Link(_("Cases of the district"), self.back), Link(self.act.label, ""))


@for_members
def bulk(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show what an act would do to the selected cases, and do it once that is confirmed."""
    act, items = ACTS.get(request.POST.get("act", "")), _items(request)
    back = reverse("web:district:queue") + "?" + plain_query(request.POST.get("back", ""))
    if act is None or not items or act.role not in {None, actor.role}:
        return redirect(back)
    wish = _Wish(act, items, _cases(items, actor), actor, at, back)
    if act.name in VERBS:
        return _told(request, wish, _done_one_by_one(wish))
    return _made(request, wish) if "confirmed" in request.POST else _asked(request, wish)


def _items(request: HttpRequest) -> list[Item]:
    """Return the selected cases with the versions in which they were seen; what is no key is left out."""
    found = []
    for chosen in request.POST.getlist("case")[:MOST]:
        key, _dot, version = chosen.partition(".")
        try:
            found.append(Item(UUID(key), int(version) if version.isdecimal() and len(version) < 10 else None))
        except ValueError:
            continue
    return found


def _cases(items: Sequence[Item], actor: Actor) -> dict[UUID, Nomination]:
    """Return the selected cases in the actor's scope; one query."""
    visible = Nomination.objects.visible_to(actor).filter(pk__in=[item.id for item in items])
    return {case.pk: case for case in visible.select_related("community")}


def _done_one_by_one(wish: _Wish) -> list[Outcome]:
    outcomes = []
    for item in wish.items:
        try:
            VERBS[wish.act.name](nomination_id=item.id, actor=wish.actor, at=wish.at, version=item.version)
        except DomainError as error:
            outcomes.append(Outcome(item.id, error))
        else:
            outcomes.append(Outcome(item.id))
    return outcomes


def _moved(wish: _Wish, section: str, comment: str, *, dry_run: bool = False) -> list[Outcome]:
    return make_moves(
        Nomination,
        wish.items,
        wish.act.name,
        actor=wish.actor,
        at=wish.at,
        comment=comment,
        payload=_payload(wish.act, section, comment),
        all_or_nothing=False,
        dry_run=dry_run,
    )


def _asked(request: HttpRequest, wish: _Wish, problems: Sequence[Problem] = ()) -> HttpResponse:
    """Show the verdict for each case, tried out without writing anything, and ask for the words."""
    tried = _moved(wish, RETURNABLE[0], STAND_IN, dry_run=True)
    possible = [outcome.id for outcome in tried if outcome.error is None]
    page = {
        "act": wish.act,
        "rows": [_row(outcome, wish.cases, _("Possible")) for outcome in tried if outcome.id in wish.cases],
        "possible": [item for item in wish.items if item.id in possible],
        "fields": with_errors(_fields(wish.act, request), problems),
        "problems": problems,
        "back": wish.back,
        "crumbs": wish.crumbs(),
    }
    return render(request, "district/bulk.html", page, status=422 if problems else 200)


def _made(request: HttpRequest, wish: _Wish) -> HttpResponse:
    if problems := _missing(wish.act, request):
        return _asked(request, wish, problems)
    outcomes = _moved(wish, request.POST.get("section", ""), request.POST.get("comment", "").strip())
    faulty = [problem for outcome in outcomes for problem in _at_fields(outcome.error)]
    if faulty and not any(outcome.event for outcome in outcomes):
        return _asked(request, wish, list(dict.fromkeys(faulty)))
    return _told(request, wish, outcomes)


def _told(request: HttpRequest, wish: _Wish, outcomes: Sequence[Outcome]) -> HttpResponse:
    """Show what became of each case."""
    known = [outcome for outcome in outcomes if outcome.id in wish.cases]
    page = {
        "act": wish.act,
        "rows": [_row(outcome, wish.cases, wish.act.done) for outcome in known],
        "done": sum(outcome.error is None for outcome in known),
        "left": sum(outcome.error is not None for outcome in known),
        "back": wish.back,
        "crumbs": wish.crumbs(),
    }
    return render(request, "district/bulk_done.html", page)


def _row(outcome: Outcome, cases: Mapping[UUID, Nomination], word: Sentence) -> dict[str, Any]:
    url = reverse("web:district:case", args=[outcome.id])
    title = cases[outcome.id].community.name
    if outcome.error is None:
        return {"title": title, "url": url, "tag": tag(PASS, word), "reasons": ()}
    error = outcome.error
    reasons = reasons_of(error.refusals) or (Reason(error.sentence()),)
    return {"title": title, "url": url, "tag": tag(BAD, _("Not possible")), "reasons": reasons}


def _payload(act: Act, section: str, remark: str) -> dict[str, Any]:
    if act.name != "return_for_correction":
        return {}
    return {"sections": [{"section": section, "remark": remark}]}


def _fields(act: Act, request: HttpRequest) -> list[Field]:
    comment = Field(
        "comment",
        _("Reason, as the companies read it"),
        "textarea",
        request.POST.get("comment", ""),
        required=True,
        longest=2000,
    )
    if act.name != "return_for_correction":
        return [comment]
    choices = [("", _("Choose")), *SECTION_LABELS.items()]
    section = Field(
        "section",
        _("What is to be corrected"),
        "select",
        request.POST.get("section", ""),
        choices=choices,
        required=True,
        width="m",
        hint=_("Only what is alike in all of them. To name several things, return the form from its own page."),
    )
    return [section, comment]


def _missing(act: Act, request: HttpRequest) -> list[Problem]:
    problems = []
    if act.name == "return_for_correction" and request.POST.get("section", "") not in RETURNABLE:
        problems.append(Problem(str(_("Choose what is to be corrected.")), "f-section"))
    if not any(map(str.isalnum, request.POST.get("comment", ""))):
        problems.append(Problem(str(_("Please give the reason.")), "f-comment"))
    return problems


def _at_fields(error: DomainError | None) -> list[Problem]:
    """Return what is wrong with the words themselves, which is the same for every case."""
    return [problem for problem in problems_of(error) if problem.field == "f-comment"] if error else []
