"""Every address of the interface, the objects to try it on, and who may see which of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.operations import issue_token
from api.v1.urls import urlpatterns
from nominations.enums import Capacity, ConflictKind, VetoKind, Window
from nominations.models import (
    Assignment,
    Evaluator,
    Extension,
    GoodPractice,
    Nomination,
    PanelProposal,
    ProvincialReport,
    PublicityEntry,
    RelatedHonor,
    Selection,
    ThirdPartyAssessment,
    VetoFinding,
    Visit,
)
from nominations.operations.conflict import declare
from nominations.operations.evaluator import issue_feed
from tests.api.conftest import running_calendar
from tests.api.people import Person, make_organization, make_person, person_as
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOBODYS = UUID(int=7)

OFFICES = frozenset({Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR, Role.PROVINCE_VIEWER})
DISTRICTS = frozenset({Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER})
COMPANIES = frozenset({Role.COMPANY_ADMIN, Role.COMPANY_EDITOR})
BUREAU = OFFICES - {Role.PROVINCE_VIEWER}
EVALUATORS = frozenset({Role.EVALUATOR})
OPERATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})

# Who sees the object that an address below it is about, written down apart from the queries that decide it.
SEES: Mapping[str, frozenset[Role]] = {
    "campaign": OFFICES | DISTRICTS | COMPANIES | OPERATORS | EVALUATORS,
    "community": OFFICES | DISTRICTS | COMPANIES | EVALUATORS,
    "nomination": OFFICES | DISTRICTS | COMPANIES | EVALUATORS,
    "recommendation-summary": OFFICES | DISTRICTS,
    "work-report": OFFICES | DISTRICTS,
    "selection": OFFICES,
    "provincial-report": OFFICES,
    "publicity-entry": OFFICES | DISTRICTS,
    "good-practice": OFFICES | DISTRICTS,
    "third-party-assessment": OFFICES | DISTRICTS,
    "honor": OFFICES | DISTRICTS | COMPANIES,
    "extension": OFFICES | DISTRICTS | COMPANIES | OPERATORS | EVALUATORS,
    "evaluator": BUREAU | EVALUATORS,
    "declaration": BUREAU | EVALUATORS,
    "panel": BUREAU,
    "assignment": OFFICES | EVALUATORS,
    "visit": OFFICES | EVALUATORS,
    "finding": OFFICES | EVALUATORS,
    "score-sheet": frozenset(),
    "token": frozenset(Role),
    "notice": frozenset(),
    "delivery": frozenset(),
}


@dataclass(frozen=True)
class Scene:
    """A programme with an object of every kind, and a person in every role."""

    objects: Mapping[str, Any]
    people: Mapping[Role, Person]

    def address(self, route: str, role: Role | None = None) -> str:
        """Return the address of a route about this scene's object; a token is always the asker's own."""
        pattern = PATTERNS[route]
        names = re.findall(r"<\w+:(\w+)>", str(pattern.pattern))
        return reverse(f"api:{route}", kwargs={name: self._value(route, name, role) for name in names})

    def _value(self, route: str, name: str, role: Role | None) -> Any:
        if name == "code":
            return "not_found"
        if kind_of(route) == "token":
            return _spare_token(self.people[role]) if role else 1
        if name == "secret":
            return self.objects["calendar"]
        return self.objects[kind_of(route)] if name == "pk" else NOBODYS


PATTERNS: Mapping[str, URLPattern] = {pattern.name or "": pattern for pattern in urlpatterns}


def kind_of(route: str) -> str:
    """Return what kind of object a route is about, empty for a route about none."""
    if "<" not in str(PATTERNS[route].pattern):
        return ""
    return next((kind for kind in sorted(SEES, key=len, reverse=True) if route.startswith(kind)), "")


def methods_of(route: str) -> set[str]:
    """Return the methods that the view behind a route implements."""
    view = view_of(route)
    names = [name for name in view.http_method_names if hasattr(view, name)]
    return {method for method in METHODS if method.lower() in names}


def names_part(route: str) -> bool:
    """Tell whether a route names a part of its object as well; the scene has no such parts."""
    return str(PATTERNS[route].pattern).count("<") > 1


def view_of(route: str) -> Any:
    """Return the class of the view behind a route."""
    callback: Any = PATTERNS[route].callback
    return callback.view_class


def routes() -> Iterator[str]:
    """Yield the name of every route."""
    yield from PATTERNS


def scene() -> Scene:
    """Return a new scene."""
    programme = stages.programme(**running_calendar())
    now = timezone.now()
    report = ProvincialReport.objects.get(campaign=programme.campaign)
    selection = Selection.objects.create(
        campaign=programme.campaign,
        preparer_id=programme.city_reviewer.person_id,
        stream=report.stream,
        created_at=now,
        updated_at=now,
    )
    nomination: Nomination = stages.drafted(programme, at=now)
    objects = {
        "campaign": programme.campaign.pk,
        "community": nomination.community_id,
        "nomination": nomination.pk,
        "recommendation-summary": programme.bureau.summary.pk,
        "work-report": programme.bureau.work_report.pk,
        "selection": selection.pk,
        "provincial-report": report.pk,
        "extension": _extension(programme).pk,
        **_records(programme, nomination),
        **dict.fromkeys(("score-sheet", "notice", "delivery"), NOBODYS),
    }
    evaluator = city_stages.evaluator(programme)
    return Scene(objects | _on_site(programme, nomination, evaluator), _people(programme, evaluator))


def _on_site(programme: Programme, nomination: Nomination, evaluator: Actor) -> dict[str, Any]:
    """Return an evaluator's profile, declaration, assignment and calendar, a proposal, a visit and what it found."""
    now, city = timezone.now(), programme.city_reviewer.person_id
    visit = Visit.objects.create(
        nomination=nomination,
        planned_from=now,
        planned_until=now + timedelta(hours=1),
        planned_at=now,
        planned_by_id=city,
        recorded_at=now,
        recorded_by_id=city,
        visited_on=now.date(),
    )
    finding = VetoFinding.objects.create(visit=visit, kind=VetoKind.OTHER, note="示例", photo_id=UUID(int=8))
    assigned = Assignment.objects.create(
        nomination=nomination, evaluator_id=evaluator.person_id, capacity=Capacity.EXPERT, assigned_at=now
    )
    declared = declare(kind=ConflictKind.NONE, campaign_id=programme.campaign.pk, actor=evaluator, at=now)
    proposal = PanelProposal.objects.create(
        campaign=programme.campaign,
        seed=1,
        input_digest="0" * 64,
        findings={"lacking": [], "avoided": [], "loads": {}},
        prepared_by_id=city,
        prepared_at=now,
    )
    return {
        "evaluator": Evaluator.objects.get(user=evaluator.person_id).pk,
        "declaration": declared.pk,
        "assignment": assigned.pk,
        "panel": proposal.pk,
        "visit": visit.pk,
        "finding": finding.pk,
        "calendar": issue_feed(actor=evaluator, at=now),
    }


def _people(programme: Programme, evaluator: Actor) -> dict[Role, Person]:
    actors = (
        programme.company.admin,
        programme.company.editor,
        programme.bureau.reviewer,
        programme.bureau.approver,
        programme.city_reviewer,
        programme.city_approver,
        programme.auditor,
        programme.province_viewer,
        evaluator,
    )
    operator = make_organization(OrganizationKind.OPERATOR)
    strangers = [make_person(Role.COMMITTEE_CONFIRMER)]
    admins = [make_person(role, organization=operator) for role in sorted(OPERATORS)]
    everybody = [*map(person_as, actors), *strangers, *admins]
    return {Role(person.membership.role): person for person in everybody}


def _records(programme: Programme, nomination: Nomination) -> dict[str, Any]:
    entered = {"recorded_by_id": programme.bureau.reviewer.person_id, "recorded_at": timezone.now()}
    ours = {"campaign": programme.campaign, "district": programme.bureau.office, **entered}
    today = timezone.localdate()
    return {
        "publicity-entry": PublicityEntry.objects.create(channel="报刊", title="示例", published_on=today, **ours).pk,
        "good-practice": GoodPractice.objects.create(title="示例", summary="示例", tags=["党建引领"], **ours).pk,
        "third-party-assessment": ThirdPartyAssessment.objects.create(
            nomination=nomination, organization="示例", began_on=today, ended_on=today, **entered
        ).pk,
        "honor": RelatedHonor.objects.create(
            community=nomination.community, programme="皖美红色物业", year=2023, status="granted", **entered
        ).pk,
    }


def _extension(programme: Programme) -> Extension:
    now = timezone.now()
    return Extension.objects.create(
        campaign=programme.campaign,
        window=Window.APPLICATION,
        until=now + timedelta(days=20),
        reason="示例",
        prepared_by_id=programme.city_reviewer.person_id,
        prepared_at=now,
    )


def _spare_token(person: Person) -> int:
    now = timezone.now()
    token, _secret = issue_token(
        membership=person.membership, label="spare", at=now, expires_at=now + timedelta(days=1)
    )
    return int(token.pk)
