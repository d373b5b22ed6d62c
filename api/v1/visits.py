"""Visits on site: planned as routes, moved, called off, put on record with findings; and the calendar of evaluators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.calendars import spell_calendar
from api.filters import Filters
from api.serializers import StrictSerializer
from api.uploads import AttachmentShape, UploadView, attachment_row
from api.v1.refs import CommunityRef, OrganizationRef, PersonRef, community_ref, organization_ref, picked
from api.views import ApiView, ListView, ObjectView
from attachments.queries import by_subject
from nominations.enums import CheckVerdict, VetoKind
from nominations.models import Nomination, VetoFinding, Visit
from nominations.operations import visit
from nominations.queries.calendar import feed_of
from nominations.queries.visit import findings_to_settle, visits_visible_to

PHOTOS, STOPS = 10, 40


class VisitCheckShape(serializers.Serializer[None]):
    """What was found about one requirement."""

    number = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=CheckVerdict.choices)
    note = serializers.CharField(allow_blank=True)


class VetoFindingShape(serializers.Serializer[None]):
    """Something that may exclude the community, the photo that shows it, and whether the city has settled it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=VetoKind.choices)
    note = serializers.CharField()
    photo = serializers.UUIDField()
    settled_at = serializers.DateTimeField(allow_null=True)
    dismissed_reason = serializers.CharField(allow_blank=True)


class VisitShape(serializers.Serializer[None]):
    """A visit, planned or held, with its photos."""

    id = serializers.UUIDField()
    nomination = serializers.UUIDField()
    community = CommunityRef()
    district = OrganizationRef()
    planned_from = serializers.DateTimeField(allow_null=True)
    planned_until = serializers.DateTimeField(allow_null=True)
    route_position = serializers.IntegerField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    evaluators = PersonRef(many=True)
    members = serializers.ListField(child=serializers.CharField())
    visited_on = serializers.DateField(allow_null=True)
    findings = serializers.CharField(allow_blank=True)
    recorded_at = serializers.DateTimeField(allow_null=True)
    checks = VisitCheckShape(many=True)
    vetoes = VetoFindingShape(many=True)
    photos = AttachmentShape(many=True)


class VisitWish(StrictSerializer):
    """A visit that was held: its day, its members, what was found, and its photos."""

    visited_on = serializers.DateField()
    members = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=40)
    findings = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    photos = serializers.ListField(child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=PHOTOS)


class StopWish(StrictSerializer):
    """One community of a route, and when it is visited."""

    nomination = serializers.UUIDField()
    planned_from = serializers.DateTimeField()
    planned_until = serializers.DateTimeField()


class RouteWish(StrictSerializer):
    """A route: its stops in order, and who comes along besides the evaluators."""

    stops = serializers.ListField(child=StopWish(), min_length=1, max_length=STOPS)
    members = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=40
    )


class CancelWish(StrictSerializer):
    """Why something is called off or dismissed."""

    reason = serializers.CharField(max_length=1000)


class VisitCheckWish(StrictSerializer):
    """What was found about one requirement of annex 1, by its number."""

    number = serializers.IntegerField(min_value=1, max_value=1000)
    verdict = serializers.ChoiceField(choices=CheckVerdict.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class VetoFindingWish(StrictSerializer):
    """Something that may exclude the community, and the photo of this visit that shows it."""

    kind = serializers.ChoiceField(choices=VetoKind.choices)
    note = serializers.CharField(max_length=1000)
    photo = serializers.UUIDField()


class FindingsWish(StrictSerializer):
    """What a visit has found."""

    checks = serializers.ListField(child=VisitCheckWish(), required=False, default=list, max_length=100)
    vetoes = serializers.ListField(child=VetoFindingWish(), required=False, default=list, max_length=20)


class NominationVisitsView(ObjectView, ListView, UploadView):
    """Visits to one community."""

    queryset = Visit.objects.none()
    orderings = {"visited_on": ("visited_on",)}
    usual_ordering = "visited_on"
    filter_backends = []
    most_files = PHOTOS

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)

    @extend_schema(responses=VisitShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the visits that are on record, with their photos."""
        self.find(pk)
        visits = self.found(visits_visible_to(self.actor).recorded().filter(nomination=pk))
        return self.get_paginated_response(_visit_rows(visits))

    @extend_schema(request={"multipart/form-data": VisitWish}, responses={201: VisitShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Put a visit on record with at least one photo; a planned one becomes the recorded one."""
        self.require_role(pk)
        wish = VisitWish(data=request.data)
        wish.is_valid(raise_exception=True)
        made = visit.record_visit(nomination_id=pk, actor=self.actor, at=self.at, **wish.validated_data)
        return Response(_visit_rows([visits_visible_to(self.actor).get(pk=made.pk)])[0], status=201)


class VisitFilter(Filters):
    """Which visits are wanted: of a campaign, of one nomination, from a day on, up to another."""

    campaign = filters.UUIDFilter(field_name="nomination__campaign")
    nomination = filters.UUIDFilter(field_name="nomination")
    district = filters.UUIDFilter(field_name="nomination__district")
    since = filters.IsoDateTimeFilter(field_name="planned_from", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="planned_from", lookup_expr="lt")


class VisitsView(ListView):
    """The calendar of visits."""

    queryset = Visit.objects.none()
    orderings = {"planned_from": ("planned_from",)}
    usual_ordering = "planned_from"
    filterset_class = VisitFilter

    @extend_schema(responses=VisitShape(many=True))
    def get(self, request: Request) -> Response:
        """List the planned visits in scope, also those that were held or called off since, by their time."""
        planned = visits_visible_to(self.actor).filter(planned_from__isnull=False)
        return self.get_paginated_response(_visit_rows(self.found(planned)))

    @extend_schema(request=RouteWish, responses={201: VisitShape(many=True)})
    def post(self, request: Request) -> Response:
        """Plan a route, its stops in order; a community that has a planned visit already has it moved."""
        wish = RouteWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        stops = [visit.Stop(row["nomination"], row["planned_from"], row["planned_until"]) for row in asked["stops"]]
        made = visit.plan_visits(stops=stops, members=asked["members"], actor=self.actor, at=self.at)
        found = {row.pk: row for row in visits_visible_to(self.actor).filter(pk__in=[one.pk for one in made])}
        return Response(_visit_rows([found[one.pk] for one in made]), status=201)


class VisitPart(ObjectView):
    """What every address below a visit begins with."""

    def rows(self) -> QuerySet[Visit]:
        """Return the visits in sight."""
        return visits_visible_to(self.actor)

    def shown(self, pk: UUID) -> Response:
        """Return the visit as it now stands."""
        return Response(_visit_rows([self.find(pk)])[0])


class VisitView(VisitPart):
    """One visit."""

    @extend_schema(responses=VisitShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show a visit with what was found."""
        return self.shown(pk)


class CancelVisitView(VisitPart):
    """Calling a visit off."""

    @extend_schema(request=CancelWish, responses=VisitShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Call off a planned visit; its evaluators are told."""
        self.require_role(pk)
        wish = CancelWish(data=self.body)
        wish.is_valid(raise_exception=True)
        visit.cancel_visit(visit_id=pk, reason=wish.validated_data["reason"], actor=self.actor, at=self.at)
        return self.shown(pk)


class VisitFindingsView(VisitPart):
    """What a visit has found."""

    @extend_schema(request=FindingsWish, responses=VisitShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Add findings about the requirements of annex 1, and what may exclude the community with its photo."""
        self.require_role(pk)
        wish = FindingsWish(data=self.body)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        visit.record_findings(
            visit_id=pk,
            checks=[visit.Check(row["number"], CheckVerdict(row["verdict"]), row["note"]) for row in asked["checks"]],
            vetoes=[visit.Veto(VetoKind(row["kind"]), row["note"], row["photo"]) for row in asked["vetoes"]],
            actor=self.actor,
            at=self.at,
        )
        return self.shown(pk)


class DismissFindingView(ObjectView):
    """Settling what a visit has found."""

    def rows(self) -> QuerySet[VetoFinding]:
        """Return what the city has not settled yet."""
        return findings_to_settle(self.actor)

    def traces(self) -> QuerySet[VetoFinding]:
        """Return what visits in scope have found, settled or not."""
        return VetoFinding.objects.filter(visit__in=visits_visible_to(self.actor).values("pk"))

    @extend_schema(request=CancelWish, responses=VetoFindingShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Say why what was found does not exclude the community."""
        self.require_role(pk)
        wish = CancelWish(data=self.body)
        wish.is_valid(raise_exception=True)
        reason = wish.validated_data["reason"]
        return Response(_veto_row(visit.dismiss_finding(finding_id=pk, reason=reason, actor=self.actor, at=self.at)))


class CalendarView(ApiView):
    """The calendar behind a secret address, for calendar programs; nobody signs in here."""

    authentication_classes = []

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR}, auth=[])
    def get(self, request: Request, secret: str) -> HttpResponse:
        """Answer with the visits as iCalendar (RFC 5545): names of communities and times, nothing else."""
        return HttpResponse(spell_calendar(feed_of(secret, at=self.at)), content_type="text/calendar; charset=utf-8")


def _visit_rows(visits: Any) -> list[dict[str, Any]]:
    photos = by_subject("visit", [row.pk for row in visits])
    return [_visit_row(row, photos.get(row.pk, [])) for row in visits]


def _visit_row(row: Visit, photos: Any) -> dict[str, Any]:
    nomination: Any = row.nomination
    planned = picked(row, "planned_from", "planned_until", "route_position", "cancelled_at")
    return (
        picked(row, "id", "visited_on", "members", "findings", "recorded_at")
        | planned
        | {
            "nomination": row.nomination_id,
            "community": community_ref(nomination.community),
            "district": organization_ref(nomination.district),
            "evaluators": [picked(one.evaluator, "id", "name") for one in nomination.coming],
            "checks": [
                picked(check, "verdict", "note") | {"number": check.requirement.number} for check in row.checks.all()
            ],
            "vetoes": [_veto_row(finding) for finding in row.vetoes.all()],
            "photos": [attachment_row(photo) for photo in photos],
        }
    )


def _veto_row(finding: VetoFinding) -> dict[str, Any]:
    shown = picked(finding, "id", "kind", "note", "settled_at", "dismissed_reason")
    return shown | {"photo": finding.photo_id}
