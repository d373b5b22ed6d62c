"""The pool's keeper: entering a person, changing what is known, suspending, confirming, lifting a declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.actors import Actor
from accounts.enums import OrganizationKind
from accounts.models import Organization
from common.errors import DomainError
from common.refusals import Refusal, Sentence
from nominations.enums import Capacity, Specialty
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Evaluator
from nominations.operations import conflict
from nominations.operations import evaluator as operations
from nominations.queries.evaluator import declarations_visible_to
from nominations.queries.pool import candidates, employer_named, home_named, spell_home
from web.acting import for_members
from web.city.acts import day_in
from web.city.asking import answered
from web.city.pool import TITLE, key_in, profile_of
from web.kit import Confirmation, Field, Link, Problem, aside, problems_of, with_errors
from web.refused import status_of
from workflow.errors import NotFound

LONGEST_NAME = 200
BLANK_ABSENCES = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """A change of standing: its words, and what it writes."""

    title: Sentence
    consequences: tuple[Sentence, ...]
    button: Sentence
    facts: Mapping[str, bool]
    done: Sentence
    look: str = "primary"


STANDINGS: Mapping[str, Standing] = {
    "suspend": Standing(
        gettext_lazy("Suspend %(name)s"),
        (
            gettext_lazy("The person is proposed and assigned no more until taken back into service."),
            gettext_lazy("Communities in hand stay with the person. Release them on the board of panels where needed."),
        ),
        gettext_lazy("Suspend"),
        {"is_active": False},
        gettext_lazy("%(name)s is suspended."),
        "danger",
    ),
    "resume": Standing(
        gettext_lazy("Take %(name)s back into service"),
        (gettext_lazy("The person can be proposed and assigned again."),),
        gettext_lazy("Take back into service"),
        {"is_active": True},
        gettext_lazy("%(name)s is back in service."),
    ),
    "confirm": Standing(
        gettext_lazy("Confirm the identity of %(name)s"),
        (
            gettext_lazy("You have seen a document that shows who the person is. Your name and the time are kept."),
            gettext_lazy("From then on the person can be proposed and assigned."),
        ),
        gettext_lazy("Confirm the identity"),
        {"identity_confirmed": True},
        gettext_lazy("The identity of %(name)s is confirmed."),
    ),
}


@for_members
def enter(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Put somebody who holds the role of an evaluator into the pool."""
    people = [(str(person.pk), aside(person.name, person.username)) for person in candidates(actor, at)]
    choices = [("", _("Choose")), *people]
    who = Field("user", _("Person"), "select", request.POST.get("user", ""), choices=choices, required=True, width="m")
    pages = _Page(request, actor, None, [who], reverse("web:city:pool"), bool(people))
    if request.method != "POST":
        return pages.shown()

    def made() -> UUID:
        facts, user = _facts(request, actor), request.POST.get("user", "")
        if user not in dict(people):
            raise InvalidInput(refusals=[Refusal("required", _("Choose a person."), fix="user")])
        return operations.enter_evaluator(user_id=int(user), facts=facts, actor=actor, at=at).pk

    return pages.answered(made, _("The person is in the pool. Confirm the identity before the first assignment."))


@for_members
def change(request: HttpRequest, evaluator_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Change what is known of a person; assignments that a conflict of interest now forbids end at once."""
    profile = profile_of(evaluator_id, actor)
    pages = _Page(request, actor, profile, [], reverse("web:city:evaluator", args=[profile.pk]), True)
    if request.method != "POST":
        return pages.shown()

    def made() -> UUID:
        facts, version = _facts(request, actor), request.POST.get("version", "")
        operations.correct_evaluator(
            evaluator_id=profile.pk,
            facts=facts,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            actor=actor,
            at=at,
        )
        return UUID(str(profile.pk))

    return pages.answered(made, _("Saved."))


@for_members
def stand(request: HttpRequest, evaluator_id: UUID, standing: str, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more, then suspend a person, take one back, or confirm an identity."""
    profile, what = profile_of(evaluator_id, actor), STANDINGS[standing]
    named, own = {"name": profile.user.name}, reverse("web:city:evaluator", args=[profile.pk])
    asked = Confirmation(
        str(what.title) % named, tuple(str(one) for one in what.consequences), what.button, own, look=what.look
    )

    def done() -> None:
        operations.correct_evaluator(evaluator_id=profile.pk, facts=what.facts, actor=actor, at=at)
        messages.success(request, str(what.done) % named)

    return answered(request, asked, _crumbs(profile), done)


@for_members
def lift(request: HttpRequest, declaration_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Let a declaration that was a mistake no longer count, with the reason."""
    found = declarations_visible_to(actor).filter(pk=declaration_id).first()
    profile = Evaluator.objects.visible_to(actor).filter(user=found.person_id).first() if found else None
    if found is None or profile is None:
        raise NotFound
    asked = Confirmation(
        _("Lift a declaration of %(name)s") % {"name": found.person.name},
        (
            _("It stays on record and no longer keeps the person from any community."),
            _("Assignments that it has ended stay ended; assign the person anew where that is wanted."),
        ),
        _("Lift the declaration"),
        reverse("web:city:evaluator", args=[profile.pk]),
        (Field("reason", _("Reason"), "textarea", required=True, longest=conflict.LONGEST),),
        look="danger",
    )

    def done() -> None:
        reason = request.POST.get("reason", "")
        conflict.lift_declaration(declaration_id=found.pk, reason=reason, actor=actor, at=at)

    return answered(request, asked, _crumbs(profile_of(profile.pk, actor)), done)


@dataclass(frozen=True, slots=True)
class _Page:
    """The form about one person, new or known."""

    request: HttpRequest
    actor: Actor
    profile: Any
    first: Sequence[Field]
    back: str
    has_people: bool

    def shown(self, problems: Sequence[Problem] = (), status: int = 200) -> HttpResponse:
        """Show the form with what was typed, else with what is stored."""
        typed = self.request.POST if self.request.method == "POST" else None
        fields = [*self.first, *_fields(self.actor, self.profile, typed)]
        page = {
            "profile": self.profile,
            "fields": with_errors(fields, problems),
            "absences": _absences_shown(self.profile, typed),
            "absence_error": next((one.sentence for one in problems if one.field == "f-absences"), ""),
            "problems": problems,
            "crumbs": _crumbs(self.profile),
            "back": self.back,
            "has_people": self.has_people,
        }
        return render(self.request, "city/evaluator_form.html", page, status=status)

    def answered(self, made: Callable[[], UUID], words: str) -> HttpResponse:
        """Do it and lead to the person, or show the form with what stands in the way."""
        try:
            key = made()
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            return self.shown(problems_of(error), status_of(error))
        messages.success(self.request, words)
        return redirect("web:city:evaluator", key)


def _facts(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Return what was sent as facts of an evaluator; raises ``InvalidInput`` with everything that cannot be read."""
    post, faults, found = request.POST, list[Refusal](), dict[str, Any]()
    readers: Mapping[str, Callable[[], Any]] = {
        "employer": lambda: employer_named(post.get("employer", "")),
        "home": lambda: home_named(post.get("home", ""), actor.organization_id),
        "absences": lambda: _absences(post),
    }
    for name, read in readers.items():
        try:
            found[name] = read()
        except InvalidInput as error:
            faults += error.refusals
    if faults:
        raise InvalidInput(refusals=faults)
    return found | {
        "kind": post.get("kind", ""),
        "organization": post.get("organization", "").strip(),
        "specialties": post.getlist("specialties"),
        "districts": [key for one in post.getlist("districts") if (key := key_in(one))],
        "deputies": [key for one in post.getlist("deputies") if (key := key_in(one))],
    }


def _absences(post: QueryDict) -> list[tuple[date, date]]:
    pairs = zip_longest(post.getlist("first_on"), post.getlist("last_on"), fillvalue="")
    return [
        (day_in(first, "absences"), day_in(last, "absences")) for first, last in pairs if first.strip() or last.strip()
    ]


def _absences_shown(profile: Any, typed: QueryDict | None) -> list[tuple[str, str]]:
    if typed is not None:
        pairs = list(zip_longest(typed.getlist("first_on"), typed.getlist("last_on"), fillvalue=""))
        kept = [(first, last) for first, last in pairs if first.strip() or last.strip()]
    else:
        rows = profile.absences.all() if profile else ()
        kept = [(one.first_on.isoformat(), one.last_on.isoformat()) for one in rows]
    return [*kept, *[("", "")] * BLANK_ABSENCES]


def _stored(profile: Any) -> dict[str, Any]:
    if profile is None:
        return {}
    return {
        "kind": profile.kind,
        "organization": profile.organization,
        "employer": profile.employer.name if profile.employer else "",
        "home": spell_home(profile.home),
        "specialties": profile.specialties,
        "districts": [str(one.pk) for one in profile.districts.all()],
        "deputies": [str(one.pk) for one in profile.deputies.all()],
    }


def _fields(actor: Actor, profile: Any, typed: QueryDict | None) -> list[Field]:
    stored = _stored(profile)

    def text(name: str) -> str:
        return typed.get(name, "") if typed is not None else str(stored.get(name, ""))

    def several(name: str) -> list[str]:
        return typed.getlist(name) if typed is not None else list(stored.get(name, []))

    bureaus = Organization.objects.filter(kind=OrganizationKind.DISTRICT, parent=actor.organization_id)
    pool = Evaluator.objects.visible_to(actor).select_related("user").order_by("kind", "user__name", "pk")
    others = pool.exclude(pk=profile.pk) if profile else pool
    districts = [(str(one.pk), one.name) for one in bureaus.order_by("pinyin", "pk")]
    deputies = [(str(one.pk), aside(one.user.name, one.get_kind_display())) for one in others]
    full_name = _("The full name as it stands in the register. It is what conflicts of interest are computed from.")
    capacity = pgettext_lazy("panel", "Capacity")
    return [
        Field("kind", capacity, "radio", text("kind"), choices=Capacity.choices, required=True),
        Field("organization", _("Where the person works"), value=text("organization"), required=True, longest=120),
        Field("employer", _("Employer on the register"), value=text("employer"), hint=full_name, longest=LONGEST_NAME),
        Field("home", _("Lives in"), value=text("home"), hint=_("The community's full name."), longest=LONGEST_NAME),
        Field("specialties", _("Specialties"), "checks", several("specialties"), choices=Specialty.choices, lang=""),
        Field(
            "districts",
            _("Serves in"),
            "checks",
            several("districts"),
            _("Where none is chosen, the person serves in all districts."),
            choices=districts,
        ),
        Field(
            "deputies",
            _("Deputies"),
            "checks",
            several("deputies"),
            _("One of them is asked when the person declines."),
            choices=deputies,
        ),
    ]


def _crumbs(profile: Any) -> list[Link]:
    pool = Link(TITLE, reverse("web:city:pool"))
    if profile is None:
        return [pool, Link(_("Enter an evaluator"), "")]
    own = reverse("web:city:evaluator", args=[profile.pk])
    return [pool, Link(profile.user.name, own, "zh-Hans")]
