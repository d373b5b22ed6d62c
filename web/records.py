"""Records beside the papers, as a desk writes and reads them: what each kind is made of (S-13, S-17, S-18).

What a kind is, stands in its line of ``KINDS``: its words, its blanks, its verbs. Desks add their addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.errors import DomainError
from common.refusals import Sentence
from nominations.enums import HonorStatus
from nominations.models import Campaign, GoodPractice, Nomination, PublicityEntry, RelatedHonor, ThirdPartyAssessment
from nominations.operations import honor, publicity, third_party
from nominations.rules import records as rules
from nominations.rules.form import Field as Blank
from web.dates import spell_date
from web.kit import Fact, Field, Problem, problems_of
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


def records_about(kind: str, nomination: Any) -> dict[str, Any]:
    """Return the filter of the records of a case: honors belong to its community, assessments to itself."""
    if kind == "honors":
        return {"community": nomination.community_id}
    return {"nomination": nomination.pk}


def values_sent(request: HttpRequest, what: Kind) -> dict[str, Any]:
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


def problems_told(error: DomainError) -> list[Problem]:
    """Return a refusal as lines of the error summary; what is not there or not the reader's is raised again."""
    if error.code in {"not_found", "wrong_role"}:
        raise error
    return problems_of(error)


def values_stored(what: Kind, found: Any) -> dict[str, Any]:
    """Return what a record holds, as its form shows it."""
    stored: dict[str, Any] = {blank.name: _spelled(getattr(found, blank.name)) for blank in what.blanks}
    if what.model is GoodPractice:
        stored |= {"tags": found.tags, "nomination": str(found.nomination_id or "")}
    return stored


def fields_of(what: Kind, campaign: Campaign | None, typed: Mapping[str, Any], *, actor: Actor) -> list[Field]:
    """Return the blanks of a kind with what was typed or stored; a good practice has tags and a community besides.

    ``campaign`` offers channels and tags; kinds of a case need none.
    """
    fields = [_field(blank, campaign, str(typed.get(blank.name) or "")) for blank in what.blanks]
    if campaign and what.model is GoodPractice:
        chosen = typed.getlist("tags") if isinstance(typed, QueryDict) else typed.get("tags", [])
        tags = [(tag, tag) for tag in campaign.practice_tags]
        fields.append(Field("tags", _("Tags"), "checks", chosen, choices=tags, required=True))
        fields.append(_case_field(campaign, actor, str(typed.get("nomination") or "")))
    return fields


def title_of(what: Kind, one: Any) -> str:
    """Return what a record is called by: its title, or its first answer where it has none."""
    return worded(one, _titled(what))


def _titled(what: Kind) -> Blank:
    return next((blank for blank in what.blanks if blank.name == "title"), what.blanks[0])


def facts_of(what: Kind, one: Any) -> list[Fact]:
    """Return what a record says beside its title."""
    told = [blank for blank in what.blanks if blank is not _titled(what) and getattr(one, blank.name)]
    facts = [Fact(blank.label, worded(one, blank)) for blank in told]
    if what.model is GoodPractice:
        facts.append(Fact(_("Tags"), "、".join(one.tags)))
        if one.nomination:
            facts.append(Fact(_("Community"), one.nomination.community.name))
    return facts


def worded(one: Any, blank: Blank) -> str:
    """Return one answer of a record in words."""
    if blank.kind == "choice":
        return str(getattr(one, f"get_{blank.name}_display")())
    value = getattr(one, blank.name)
    return spell_date(value) if isinstance(value, date) else _spelled(value)


def _case_field(campaign: Campaign, actor: Actor, value: str) -> Field:
    visible = Nomination.objects.visible_to(actor).filter(campaign=campaign).exclude(state="draft")
    named = visible.order_by("pinyin", "pk").values_list("pk", "community__name")
    cases = [(str(key), name) for key, name in named]
    choices = [("", _("The whole district")), *cases]
    return Field("nomination", _("Community"), "select", value, choices=choices, width="m")


def _field(blank: Blank, campaign: Campaign | None, value: str) -> Field:
    kind = {"integer": "number", "date": "date", "choice": "select"}.get(blank.kind, "text")
    choices: list[tuple[str, Sentence]] = []
    if campaign and blank.name == "channel":
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


def _spelled(value: Any) -> str:
    return "" if value is None else str(value)
