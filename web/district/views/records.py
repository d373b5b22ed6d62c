"""Records beside the papers: publications, good practice, third parties' assessments, honors (S-13, S-17, S-18).

One list with its form and one page for each record, whatever the kind; what a kind is, stands in its line of ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import HonorStatus
from nominations.models import Campaign, GoodPractice, Nomination, PublicityEntry, RelatedHonor, ThirdPartyAssessment
from nominations.operations import honor, publicity, third_party
from nominations.queries.district_review import case_of
from nominations.queries.queue import campaigns_of
from nominations.rules import records as rules
from nominations.rules.form import Field as Blank
from web.acting import for_members
from web.kit import Fact, Field, Link, Problem, problems_of, with_errors
from web.paging import page_of_rows
from web.refused import status_of
from web.tables import MOST_ROWS, Table, hand_out
from workflow.errors import NotFound

LONG = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its words, its blanks, its verbs, and whether it is about a case or a whole campaign."""

    page: str
    title: Sentence
    empty: Sentence
    model: Any
    blanks: Sequence[Blank]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., Any]
    is_of_a_case: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What a list is about: a campaign, and one of its cases where the kind belongs to a case."""

    campaign: Campaign
    nomination: Any = None


@dataclass(frozen=True, slots=True)
class Place:
    """A list of one kind as one reader sees it."""

    what: Kind
    about: About
    actor: Actor

    def rows(self) -> Any:
        """Return the records of the list."""
        rows = self.what.model.objects.visible_to(self.actor).in_words()
        if self.what.model is RelatedHonor:
            return rows.filter(community=self.about.nomination.community_id)
        if self.what.model is ThirdPartyAssessment:
            return rows.filter(nomination=self.about.nomination.pk)
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


KINDS: Mapping[str, Kind] = {
    "publicity": Kind(
        "publicity",
        gettext_lazy("Publicity"),
        gettext_lazy("Enter what your district has published: channel, day, title, address."),
        PublicityEntry,
        rules.PUBLICITY,
        lambda about, values, **who: publicity.log_publicity(campaign_id=about.campaign.pk, entry=values, **who),
        lambda pk, values, **who: publicity.correct_publicity(entry_id=pk, changes=values, **who),
        lambda pk, **who: publicity.remove_publicity(entry_id=pk, **who),
    ),
    "practices": Kind(
        "practices",
        gettext_lazy("Good practice"),
        gettext_lazy("Collect what other communities can learn from, with tags to find it by."),
        GoodPractice,
        rules.PRACTICE,
        lambda about, values, **who: publicity.collect_practice(campaign_id=about.campaign.pk, practice=values, **who),
        lambda pk, values, **who: publicity.correct_practice(practice_id=pk, changes=values, **who),
        lambda pk, **who: publicity.remove_practice(practice_id=pk, **who),
    ),
    "third-party": Kind(
        "third-party",
        gettext_lazy("Assessments by third parties"),
        gettext_lazy("Enter who assessed the community, when, how, and with which result."),
        ThirdPartyAssessment,
        rules.THIRD_PARTY,
        lambda about, values, **who: third_party.record_third_party(
            nomination_id=about.nomination.pk, assessment=values, **who
        ),
        lambda pk, values, **who: third_party.correct_third_party(assessment_id=pk, changes=values, **who),
        lambda pk, **who: third_party.remove_third_party(assessment_id=pk, **who),
        is_of_a_case=True,
    ),
    "honors": Kind(
        "honors",
        gettext_lazy("Related honors"),
        gettext_lazy("Enter honors that the community holds or applies for besides this one."),
        RelatedHonor,
        rules.HONOR,
        lambda about, values, **who: honor.enter_honor(community_id=about.nomination.community_id, honor=values, **who),
        lambda pk, values, **who: honor.correct_honor(honor_id=pk, changes=values, **who),
        lambda pk, **who: honor.remove_honor(honor_id=pk, **who),
        is_of_a_case=True,
    ),
}


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
        place.what.add(place.about, _sent(request, place.what), actor=actor, at=at)
    except DomainError as error:
        return _list_page(request, place, _problems(error), status=status_of(error))
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
            place.what.change(found.pk, _sent(request, place.what), actor=actor, at=at)
    except DomainError as error:
        return _record_page(request, place, found, _problems(error), status=status_of(error))
    return redirect(place.url())


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
        [[_worded(one, blank) for blank in blanks] for one in place.rows()[:MOST_ROWS]],
        place.url(),
    )
    return hand_out(request, listed, actor=actor, at=at)


def _place(kind: str, nomination_id: UUID | None, actor: Actor) -> Place | None:
    if nomination_id is not None:
        nomination = case_of(nomination_id, actor=actor)
        return Place(KINDS[kind], About(nomination.campaign, nomination), actor)
    campaigns = campaigns_of(actor)
    return Place(KINDS[kind], About(campaigns[0]), actor) if campaigns else None


def _sent(request: HttpRequest, what: Kind) -> dict[str, Any]:
    """Return what was typed; an empty answer is none."""
    sent: dict[str, Any] = {blank.name: request.POST.get(blank.name, "") or None for blank in what.blanks}
    if what.model is GoodPractice:
        sent |= {"tags": request.POST.getlist("tags"), "nomination": _key(request.POST.get("nomination", ""))}
    return sent


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


def _problems(error: DomainError) -> list[Problem]:
    if error.code in {"not_found", "wrong_role"}:
        raise error
    return problems_of(error)


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
    request: HttpRequest, place: Place, found: Any, problems: Sequence[Problem] = (), *, status: int = 200
) -> HttpResponse:
    stored: dict[str, Any] = {blank.name: _spelled(getattr(found, blank.name)) for blank in place.what.blanks}
    if place.what.model is GoodPractice:
        stored |= {"tags": found.tags, "nomination": str(found.nomination_id or "")}
    context = {
        "kind": place.what,
        "record": found,
        "back": place.url(),
        "crumbs": (*place.crumbs(), Link(str(found), "", "zh-Hans")),
        **_form(place, request.POST if request.method == "POST" else stored, problems),
    }
    return render(request, "district/record.html", context, status=status)


def _form(place: Place, typed: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    campaign = place.about.campaign
    fields = [_field(blank, campaign, str(typed.get(blank.name) or "")) for blank in place.what.blanks]
    if place.what.model is GoodPractice:
        chosen = typed.getlist("tags") if isinstance(typed, QueryDict) else typed.get("tags", [])
        tags = [(tag, tag) for tag in campaign.practice_tags]
        fields.append(Field("tags", _("Tags"), "checks", chosen, choices=tags, required=True))
        fields.append(_case_field(place, str(typed.get("nomination") or "")))
    return {"fields": with_errors(fields, problems), "problems": problems}


def _case_field(place: Place, value: str) -> Field:
    visible = Nomination.objects.visible_to(place.actor).filter(campaign=place.about.campaign).exclude(state="draft")
    cases = [(str(case.pk), case.community.name) for case in visible.select_related("community").order_by("pinyin")]
    choices = [("", _("The whole district")), *cases]
    return Field("nomination", _("Community"), "select", value, choices=choices, width="m")


def _field(blank: Blank, campaign: Campaign, value: str) -> Field:
    kind = {"integer": "number", "date": "date", "choice": "select"}.get(blank.kind, "text")
    choices: list[tuple[str, Sentence]] = []
    if blank.name == "channel":
        kind, choices = "select", [("", _("Choose")), *((name, name) for name in campaign.publicity_channels)]
    elif kind == "select":
        choices = [("", _("Choose")), *((one.value, one.label) for one in HonorStatus)]
    elif kind == "text" and blank.longest > LONG:
        kind = "textarea"
    return Field(
        blank.name,
        blank.label,
        kind,
        value,
        _("For instance 2026-07-17.") if kind == "date" else "",
        choices=choices,
        required=blank.required,
        width={"number": "s", "date": "s", "select": "m"}.get(kind, ""),
        longest=blank.longest if kind in {"text", "textarea"} else 0,
    )


def _shown(place: Place, one: Any) -> dict[str, Any]:
    blanks = place.what.blanks
    lead = next((blank for blank in blanks if blank.name == "title"), blanks[0])
    facts = [Fact(blank.label, _worded(one, blank)) for blank in blanks if blank != lead and getattr(one, blank.name)]
    if place.what.model is GoodPractice:
        facts.append(Fact(_("Tags"), "、".join(one.tags)))
        if one.nomination:
            facts.append(Fact(_("Community"), one.nomination.community.name))
    return {"title": _worded(one, lead), "facts": facts, "url": place.url_of(one.pk)}


def _worded(one: Any, blank: Blank) -> str:
    if blank.kind == "choice":
        return str(getattr(one, f"get_{blank.name}_display")())
    return _spelled(getattr(one, blank.name))


def _spelled(value: Any) -> str:
    return "" if value is None else str(value)
