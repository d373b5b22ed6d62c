"""What the papers of a campaign have in common: summary, work report, selection, report to the province."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import QuerySet
from django_filters.rest_framework import UUIDFilter
from rest_framework import serializers

from accounts.actors import Actor
from api.filters import Filters
from api.shapes import VerdictShape
from api.transitions import verdict_row
from api.v1.refs import CampaignRef, OrganizationRef, campaign_ref, organization_ref, picked
from api.views import FlowView, ListView
from workflow import engine
from workflow.models import WorkflowModel

PaperT = TypeVar("PaperT", bound=WorkflowModel)


class PaperRowShape(serializers.Serializer[None]):
    """A paper in a list."""

    id = serializers.UUIDField()
    campaign = CampaignRef()
    state = serializers.CharField()
    state_label = serializers.CharField()
    version = serializers.IntegerField()
    prepared = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class DistrictPaperRowShape(PaperRowShape):
    """A district's paper in a list."""

    district = OrganizationRef()


class PaperShape(PaperRowShape):
    """A paper with what may be done with it."""

    transitions = VerdictShape(many=True)


class DistrictPaperShape(DistrictPaperRowShape):
    """A district's paper with what may be done with it."""

    transitions = VerdictShape(many=True)


class PaperFilter(Filters):
    """What a list of the city's papers may be narrowed by."""

    campaign = UUIDFilter()


class DistrictPaperFilter(PaperFilter):
    """What a list of the districts' papers may be narrowed by."""

    district = UUIDFilter()


class PapersView(ListView, Generic[PaperT]):
    """A list of papers."""

    model: ClassVar[Any]
    orderings = {"created_at": ()}
    usual_ordering = "-created_at"
    filterset_class = PaperFilter

    def papers(self) -> QuerySet[Any]:
        """Return the papers in scope with their facts."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.actor).with_facts()
        return rows


class PaperView(FlowView, Generic[PaperT]):
    """One paper."""


def paper_row(paper: Any) -> dict[str, Any]:
    """Return what a list shows of any paper."""
    shown = picked(paper, "id", "state", "version", "created_at", "updated_at") | {
        "state_label": paper.get_state_display(),
        "campaign": campaign_ref(paper.campaign),
        "prepared": paper.preparer_id is not None,
    }
    return shown | ({"district": organization_ref(paper.district)} if hasattr(paper, "district_id") else {})


def paper_sheet(paper: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what a page shows of any paper: the row, and the moves open to ``actor``."""
    [verdicts] = engine.available([paper], actor=actor, at=at)
    return paper_row(paper) | {"transitions": [verdict_row(verdict) for verdict in verdicts]}
