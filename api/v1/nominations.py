"""Nominations: the form by section, where it stands, until when, and what its reader may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.rest_framework import BooleanFilter, ChoiceFilter, MultipleChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.enums import OrganizationKind
from api import access
from api.filters import Filters
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.serializers import StrictSerializer
from api.shapes import VerdictShape
from api.transitions import verdict_row
from api.v1.refs import (
    CampaignRef,
    CommunityRef,
    OrganizationRef,
    campaign_ref,
    community_ref,
    organization_ref,
    picked,
)
from api.views import FlowView, ListView, versioned
from common.masking import mask_phone
from nominations.enums import PUBLIC_LABELS, CheckVerdict, NominationState, Pile, Window
from nominations.models import Nomination
from nominations.operations.nomination import save_sections, start_nomination
from nominations.queries.company import precheck_of
from nominations.queries.nomination import nominations_on
from nominations.rules import form, windows
from workflow import engine

PLAIN = (
    "id",
    "number",
    "state",
    "version",
    "corrections",
    "submitted_at",
    "recommended_at",
    "created_at",
    "updated_at",
)
# These offices work with the telephone numbers of the form; everybody else sees them masked.
KNOWS_NUMBERS = access.COMPANY | access.DISTRICT | access.CITY
CITY_SEES = frozenset({OrganizationKind.CITY, OrganizationKind.PROVINCE, OrganizationKind.OPERATOR})
WINDOW_OF = {
    NominationState.SUBMITTED: Window.DISTRICT,
    NominationState.RECOMMENDED: Window.EVALUATION,
    NominationState.SHORTLISTED: Window.REPORT,
}


class NominationRowShape(serializers.Serializer[None]):
    """A nomination in a list."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=NominationState.choices)
    state_label = serializers.CharField()
    version = serializers.IntegerField()
    campaign = CampaignRef()
    community = CommunityRef()
    company = OrganizationRef()
    district = OrganizationRef()
    corrections = serializers.IntegerField()
    claimed = serializers.BooleanField()
    deadline = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    recommended_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class NominationShape(NominationRowShape):
    """A nomination with its form, and what may be done with it."""

    form = serializers.DictField(child=serializers.DictField())
    content_digest = serializers.CharField(allow_blank=True)
    confirmed = serializers.BooleanField()
    sealed = serializers.BooleanField()
    sealed_copy = serializers.UUIDField(allow_null=True)
    panel_score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    result_document = serializers.CharField(allow_blank=True)
    title_from = serializers.DateField(allow_null=True)
    title_until = serializers.DateField(allow_null=True)
    revoked_on = serializers.DateField(allow_null=True)
    revocation_document = serializers.CharField(allow_blank=True)
    transitions = VerdictShape(many=True)


class NominationStart(StrictSerializer):
    """Which community is put forward in which campaign."""

    campaign = serializers.UUIDField()
    community = serializers.UUIDField()


class FormChange(StrictSerializer):
    """Sections of the form, as far as they are filled in; what is not sent stays."""

    form = serializers.DictField(child=serializers.DictField(), allow_empty=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class FormPreview(StrictSerializer):
    """Sections of the form as they are being typed."""

    form = serializers.DictField(child=serializers.DictField())


class FindingShape(serializers.Serializer[None]):
    """What a machine can tell of one principle requirement."""

    number = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=CheckVerdict.choices)
    facts = serializers.DictField()


class NominationFilter(Filters):
    """What a list of nominations may be narrowed by."""

    campaign = UUIDFilter()
    district = UUIDFilter()
    company = UUIDFilter()
    community = UUIDFilter()
    state = MultipleChoiceFilter(choices=NominationState.choices)
    claimed = BooleanFilter(field_name="claimed_by", lookup_expr="isnull", exclude=True)
    pile = ChoiceFilter(choices=Pile.choices, method="on_pile", label="On which pile of the reader's desk.")

    def on_pile(self, rows: QuerySet[Nomination], name: str, pile: str) -> QuerySet[Nomination]:
        """Keep what lies on one pile of the reader's desk (待办、在办、已办)."""
        return rows.filter(pk__in=nominations_on(self.request.auth, Pile(pile)).order_by().values("pk"))


class NominationsView(ListView):
    """Nominations."""

    queryset = Nomination.objects.none()
    orderings = {"created_at": (), "name": ("pinyin",)}
    usual_ordering = "-created_at"
    search_paths = ("community__",)
    filterset_class = NominationFilter

    @extend_schema(responses=NominationRowShape(many=True))
    def get(self, request: Request) -> Response:
        """List the nominations in scope, the latest first."""
        rows = Nomination.objects.visible_to(self.actor)
        return self.page(rows, lambda nomination: nomination_row(nomination, self.actor))

    def found(self, rows: QuerySet[Any]) -> list[Any]:
        """Return the rows of the page with the facts that a row shows."""
        return engine.with_facts(super().found(rows.defer("form", "returned_form")))

    @extend_schema(request=NominationStart, responses={201: NominationShape})
    def post(self, request: Request) -> Response:
        """Begin a draft for one of the company's communities."""
        wish = NominationStart(data=request.data)
        wish.is_valid(raise_exception=True)
        started = start_nomination(
            campaign_id=wish.validated_data["campaign"],
            community_id=wish.validated_data["community"],
            actor=self.actor,
            at=self.at,
        )
        return versioned(nomination_sheet(started, self.actor, self.at), started.version, status=201)


class NominationView(FlowView):
    """One nomination."""

    model = Nomination

    @extend_schema(responses=NominationShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the form, the state, the deadline, and every move open to the reader with what stands against it."""
        nomination = self.find(pk)
        return versioned(nomination_sheet(nomination, self.actor, self.at), nomination.version)

    @extend_schema(request=FormChange, responses=NominationShape, parameters=[MATCH_PARAMETER])
    def patch(self, request: Request, pk: UUID) -> Response:
        """Save sections of a form that is a draft or was returned; any change voids confirmation and seal."""
        self.require_role(pk)
        change = FormChange(data=request.data)
        change.is_valid(raise_exception=True)
        with precondition(request):
            saved = save_sections(
                nomination_id=pk,
                sections=change.validated_data["form"],
                actor=self.actor,
                at=self.at,
                version=version_wanted(request, change.validated_data.get("version")),
            )
        return versioned(nomination_sheet(saved, self.actor, self.at), saved.version)


class PrecheckView(NominationView):
    """How a nomination stands to the principle requirements, as far as a machine can tell."""

    http_method_names = ["get", "post"]

    @extend_schema(responses=FindingShape(many=True), filters=False)
    def get(self, request: Request, pk: UUID) -> Response:
        """List the machine's finding on each requirement, on the form as it is kept."""
        self.find(pk)
        return self._show(pk, {})

    @extend_schema(request=FormPreview, responses=FindingShape(many=True), filters=False)
    def post(self, request: Request, pk: UUID) -> Response:
        """List the findings with what is being typed put over the form; nothing is kept."""
        self.find(pk)
        preview = FormPreview(data=self.body)
        preview.is_valid(raise_exception=True)
        return self._show(pk, preview.validated_data["form"])

    def _show(self, pk: UUID, sections: Mapping[str, Any]) -> Response:
        found = precheck_of(pk, actor=self.actor, sections=sections)
        return Response(
            [
                {"number": requirement.number, "verdict": finding.verdict, "facts": finding.facts}
                for requirement, finding in found
            ]
        )


def nomination_row(nomination: Any, actor: Actor) -> dict[str, Any]:
    """Return a nomination as a list shows it; load it with its facts."""
    return picked(nomination, *PLAIN) | {
        "state_label": _state_label(nomination, actor),
        "campaign": campaign_ref(nomination.campaign),
        "community": community_ref(nomination.community),
        "company": organization_ref(nomination.company),
        "district": organization_ref(nomination.district),
        "claimed": nomination.claimed_by_id is not None,
        "deadline": deadline_of(nomination),
    }


def nomination_sheet(nomination: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return a nomination with its form and the moves open to ``actor``; load it with its facts."""
    [verdicts] = engine.available([nomination], actor=actor, at=at)
    digest = nomination.content_digest
    return nomination_row(nomination, actor) | {
        "form": _form_for(nomination.form, actor),
        "content_digest": digest,
        "confirmed": bool(digest) and nomination.confirmed_digest == digest,
        "sealed": bool(digest) and nomination.sealed_digest == digest,
        "sealed_copy": nomination.sealed_copy_id,
        "panel_score": nomination.panel_score if actor.organization_kind in CITY_SEES else None,
        **picked(nomination, "result_document", "title_from", "title_until", "revoked_on", "revocation_document"),
        "transitions": [verdict_row(verdict) for verdict in verdicts],
    }


def deadline_of(nomination: Any) -> datetime | None:
    """Return until when the present step must be done, extensions included; ``None`` where nothing is due."""
    if nomination.state in {NominationState.DRAFT, NominationState.RETURNED}:
        return windows.submission_end(nomination)
    window = WINDOW_OF.get(nomination.state)
    return windows.end_of(nomination, window) if window else None


def _state_label(nomination: Nomination, actor: Actor) -> str:
    if actor.organization_kind == OrganizationKind.COMPANY:
        return str(PUBLIC_LABELS[NominationState(nomination.state)])
    return str(nomination.get_state_display())


def _form_for(values: Mapping[str, Mapping[str, Any]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
    if actor.role in KNOWS_NUMBERS:
        return values
    return {name: _masked(name, section) for name, section in values.items()}


def _masked(name: str, section: Mapping[str, Any]) -> dict[str, Any]:
    known = form.section_named(name)
    phones = {field.name for field in known.fields if field.kind == "phone"} if known else set()
    return {key: mask_phone(value) if key in phones and value else value for key, value in section.items()}
