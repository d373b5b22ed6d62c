"""The city's pool of evaluators, what they declare, and the address of their calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.acts import Versioned
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.v1.refs import OrganizationRef, PersonRef, organization_ref, picked
from api.views import ApiView, ListView, ObjectView, versioned
from nominations.enums import Capacity, ConflictKind, Specialty
from nominations.models import Declaration, Evaluator
from nominations.operations import conflict, evaluator
from nominations.queries.evaluator import declarations_visible_to, evaluators_visible_to


class AbsenceShape(StrictSerializer):
    """Days on which an evaluator is away, both included."""

    first_on = serializers.DateField()
    last_on = serializers.DateField()


class NamedShape(serializers.Serializer[None]):
    """Something with a name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class EvaluatorProfileShape(serializers.Serializer[None]):
    """A person of the pool; ``load`` is how many communities the person has in hand."""

    id = serializers.UUIDField()
    person = PersonRef()
    kind = serializers.ChoiceField(choices=Capacity.choices)
    organization = serializers.CharField()
    employer = OrganizationRef(allow_null=True)
    home = NamedShape(allow_null=True)
    specialties = serializers.ListField(child=serializers.ChoiceField(choices=Specialty.choices))
    districts = OrganizationRef(many=True)
    deputies = NamedShape(many=True)
    absences = AbsenceShape(many=True)
    identity_confirmed_at = serializers.DateTimeField(allow_null=True)
    is_active = serializers.BooleanField()
    load = serializers.IntegerField()
    version = serializers.IntegerField()


class EvaluatorFacts(Versioned):
    """What may be said of an evaluator; what is not sent stays."""

    kind = serializers.ChoiceField(choices=Capacity.choices, required=False)
    organization = serializers.CharField(max_length=120, required=False)
    employer = serializers.UUIDField(required=False, allow_null=True)
    home = serializers.UUIDField(required=False, allow_null=True)
    specialties = serializers.ListField(
        child=serializers.ChoiceField(choices=Specialty.choices), required=False, max_length=len(Specialty)
    )
    districts = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)
    deputies = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20)
    absences = serializers.ListField(child=AbsenceShape(), required=False, max_length=evaluator.MOST_ABSENCES)
    identity_confirmed = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class NewEvaluator(EvaluatorFacts):
    """A person who joins the pool."""

    user = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class DeclarationShape(serializers.Serializer[None]):
    """What an evaluator declared; the words behind it are for the city and the evaluator."""

    id = serializers.UUIDField()
    person = PersonRef()
    kind = serializers.ChoiceField(choices=ConflictKind.choices)
    organization = OrganizationRef(allow_null=True)
    community = NamedShape(allow_null=True)
    campaign = serializers.UUIDField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    declared_at = serializers.DateTimeField()
    lifted_at = serializers.DateTimeField(allow_null=True)
    lifted_reason = serializers.CharField(allow_blank=True)


class DeclarationWish(StrictSerializer):
    """A relation to a company, an authority or a community; or ``none``, about a community or a whole campaign."""

    kind = serializers.ChoiceField(choices=ConflictKind.choices)
    organization = serializers.UUIDField(required=False, allow_null=True, default=None)
    community = serializers.UUIDField(required=False, allow_null=True, default=None)
    campaign = serializers.UUIDField(required=False, allow_null=True, default=None)
    ended_on = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class LiftWish(StrictSerializer):
    """Why a declaration no longer counts."""

    reason = serializers.CharField(max_length=500)


class FeedShape(serializers.Serializer[None]):
    """The address at which a calendar program reads the visits; whoever knows it can read it."""

    url = serializers.URLField()


class EvaluatorsView(ListView):
    """The pool."""

    queryset = Evaluator.objects.none()
    orderings = {"entered_at": ("entered_at",)}
    usual_ordering = "entered_at"
    filter_backends = []

    @extend_schema(responses=EvaluatorProfileShape(many=True))
    def get(self, request: Request) -> Response:
        """List the city's pool with everybody's load; an evaluator finds the own profile."""
        return self.page(evaluators_visible_to(self.actor), evaluator_row)

    @extend_schema(request=NewEvaluator, responses={201: EvaluatorProfileShape})
    def post(self, request: Request) -> Response:
        """Put somebody with the role of an evaluator into the pool."""
        wish = NewEvaluator(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = dict(wish.validated_data)
        made = evaluator.enter_evaluator(user_id=asked.pop("user"), facts=_facts(asked), actor=self.actor, at=self.at)
        return Response(evaluator_row(evaluators_visible_to(self.actor).get(pk=made.pk)), status=201)


class EvaluatorView(ObjectView):
    """One person of the pool."""

    def rows(self) -> QuerySet[Evaluator]:
        """Return the pool in sight."""
        return evaluators_visible_to(self.actor)

    @extend_schema(responses=EvaluatorProfileShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show one profile."""
        found = self.find(pk)
        return versioned(evaluator_row(found), found.version)

    @extend_schema(request=EvaluatorFacts, responses=EvaluatorProfileShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change a profile; assignments that a conflict of interest now forbids end at once."""
        self.require_role(pk)
        wish = EvaluatorFacts(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = dict(wish.validated_data)
        with precondition(request):
            version = version_wanted(request, asked.pop("version", None))
            evaluator.correct_evaluator(
                evaluator_id=pk, facts=_facts(asked), actor=self.actor, at=self.at, version=version
            )
        found = self.find(pk)
        return versioned(evaluator_row(found), found.version)


class DeclarationsView(ListView):
    """Declarations of interest."""

    queryset = Declaration.objects.none()
    orderings = {"declared_at": ("declared_at",)}
    usual_ordering = "-declared_at"
    filter_backends = []

    @extend_schema(responses=DeclarationShape(many=True))
    def get(self, request: Request) -> Response:
        """List what was declared: the evaluator's own, or those of the city's pool."""
        return self.page(declarations_visible_to(self.actor), lambda row: declaration_row(row, self.actor))

    @extend_schema(request=DeclarationWish, responses={201: DeclarationShape})
    def post(self, request: Request) -> Response:
        """Declare a relation, or that there is none; assignments that it forbids end at once."""
        wish = DeclarationWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        made = conflict.declare(
            kind=ConflictKind(asked["kind"]),
            organization_id=asked["organization"],
            community_id=asked["community"],
            campaign_id=asked["campaign"],
            ended_on=asked["ended_on"],
            reason=asked["reason"],
            actor=self.actor,
            at=self.at,
        )
        return Response(declaration_row(made, self.actor), status=201)


class DeclarationLiftView(ObjectView):
    """Letting a mistaken declaration no longer count."""

    def rows(self) -> QuerySet[Declaration]:
        """Return the declarations in sight."""
        return declarations_visible_to(self.actor)

    @extend_schema(request=LiftWish, responses=DeclarationShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Let a declaration no longer count; what it has ended stays ended."""
        self.require_role(pk)
        wish = LiftWish(data=self.body)
        wish.is_valid(raise_exception=True)
        reason = wish.validated_data["reason"]
        conflict.lift_declaration(declaration_id=pk, reason=reason, actor=self.actor, at=self.at)
        return Response(declaration_row(self.find(pk), self.actor))


class MyCalendarView(ApiView):
    """The secret address of the evaluator's own calendar."""

    takes_key = False
    keeps_answers = False  # the secret would be kept with them

    @extend_schema(request=None, responses={201: FeedShape})
    def post(self, request: Request) -> Response:
        """Make a new address, shown this once; the former one no longer works."""
        secret = evaluator.issue_feed(actor=self.actor, at=self.at)
        url = f"{settings.SITE_URL}{reverse('api:calendar', args=[secret])}"
        return Response({"url": url}, status=201)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Let the address no longer work."""
        evaluator.revoke_feed(actor=self.actor, at=self.at)
        return Response(status=204)


def _facts(asked: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: value for name, value in asked.items() if name != "version"}
    if "absences" in facts:
        facts["absences"] = [(row["first_on"], row["last_on"]) for row in facts["absences"]]
    return facts


def evaluator_row(row: Any) -> dict[str, Any]:
    """Return a profile as it is listed."""
    plain = picked(row, "id", "kind", "organization", "specialties", "identity_confirmed_at", "is_active", "version")
    return plain | {
        "person": picked(row.user, "id", "name"),
        "employer": organization_ref(row.employer) if row.employer else None,
        "home": picked(row.home, "id", "name") if row.home else None,
        "districts": [organization_ref(district) for district in row.districts.all()],
        "deputies": [{"id": deputy.pk, "name": deputy.user.name} for deputy in row.deputies.all()],
        "absences": [picked(absence, "first_on", "last_on") for absence in row.absences.all()],
        "load": row.load,
    }


def declaration_row(row: Declaration, actor: Actor) -> dict[str, Any]:
    """Return a declaration; its words only to the city bureau and to whoever wrote them."""
    may_read = row.speaks_to(actor)
    return picked(row, "id", "kind", "ended_on", "declared_at", "lifted_at") | {
        "person": picked(row.person, "id", "name"),
        "organization": organization_ref(row.organization) if row.organization else None,
        "community": picked(row.community, "id", "name") if row.community else None,
        "campaign": row.campaign_id,
        "reason": row.reason if may_read else "",
        "lifted_reason": row.lifted_reason if may_read else "",
    }
