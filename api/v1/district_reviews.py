"""The district's review of a case: taken up, written section by section, handed to the approver."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from api.acts import Versioned
from api.commands import read_version
from api.preconditions import precondition, version_wanted
from api.schema import MATCH_PARAMETER
from api.uploads import ContentView, FilesView, FileWish
from api.v1.communities import InspectionShape, inspection_row
from api.v1.refs import picked
from api.v1.sheets import SheetShape, sheet_row
from api.views import ObjectView
from evaluation.operations import Conflict
from nominations.enums import CheckSource, CheckVerdict
from nominations.models import DistrictReview, Inspection, Nomination, RequirementCheck
from nominations.operations.district_review import EVIDENCE, PURPOSES, attach_evidence, save_review
from nominations.rules.nomination import review_of


class CheckShape(serializers.Serializer[None]):
    """The verdict on one requirement: what the figures say, and what the reviewer says."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    verdict = serializers.ChoiceField(choices=CheckVerdict.choices)
    verdict_label = serializers.CharField()
    source = serializers.ChoiceField(choices=CheckSource.choices)  # type: ignore[assignment]  # the contract's word
    computed = serializers.CharField(allow_blank=True)
    facts = serializers.DictField()
    note = serializers.CharField(allow_blank=True)


class ConflictShape(serializers.Serializer[None]):
    """A mark that another device has changed meanwhile, and that was left alone."""

    item = serializers.UUIDField()
    points = serializers.DecimalField(max_digits=3, decimal_places=1, allow_null=True)
    version = serializers.IntegerField()


class ReviewShape(serializers.Serializer[None]):
    """A district's review of one nomination."""

    complete = serializers.BooleanField()
    completed_at = serializers.DateTimeField(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    opinion = serializers.CharField(allow_blank=True)
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    unmet = serializers.ListField(child=serializers.IntegerField())
    unproven = serializers.ListField(child=serializers.IntegerField())
    override_reason = serializers.CharField(allow_blank=True)
    digest = serializers.CharField(allow_blank=True)
    requirements = CheckShape(many=True)
    sheet = SheetShape(allow_null=True)
    inspections = InspectionShape(many=True)
    conflicts = ConflictShape(many=True)


class ReviewChange(Versioned):
    """Sections of the review as far as they are written; what is not sent stays."""

    requirements = serializers.ListField(child=serializers.DictField(), required=False)
    scores = serializers.ListField(child=serializers.DictField(), required=False)
    inspections = serializers.ListField(child=serializers.DictField(), required=False)
    opinion = serializers.CharField(required=False, allow_blank=True)


class HandOver(Versioned):
    """To which reviewer of the bureau the case goes."""

    reviewer_id = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class Reopening(Versioned):
    """Why the review goes back to who wrote it."""

    reason = serializers.CharField(max_length=1000)


class EvidenceWish(FileWish):
    """A photo or a piece of evidence for the review."""

    purpose = serializers.ChoiceField(choices=PURPOSES)


class ReviewedView(ObjectView):
    """What every address about a review begins with."""

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope with their reviews."""
        return Nomination.objects.visible_to(self.actor).select_related("review__reviewer", "review__sheet")


class DistrictReviewView(ReviewedView):
    """The review of one nomination."""

    @extend_schema(responses=ReviewShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show the review as far as it is written."""
        return self._show(self.find(pk))

    @extend_schema(request=ReviewChange, responses=ReviewShape, parameters=[MATCH_PARAMETER])
    def put(self, request: Request, pk: UUID) -> Response:
        """Save sections of the review; the first save opens it, with the checks that can be computed."""
        self.require_role(pk)
        sections = {name: value for name, value in self.body.items() if name != "version"}
        with precondition(request):
            saved = save_review(
                nomination_id=pk,
                sections=sections,
                actor=self.actor,
                at=self.at,
                version=version_wanted(request, read_version(self.body)),
            )
        return self._show(self.find(pk), saved.conflicts)

    def _show(self, nomination: Nomination, conflicts: tuple[Conflict, ...] = ()) -> Response:
        review = review_of(nomination) or DistrictReview(nomination=nomination)
        return Response(review_row(review, nomination, self.actor, conflicts))


class EvidenceFiles(ReviewedView):
    """What every address about the evidence of a review begins with; a mark may refer to a photo."""

    subject_kind = EVIDENCE
    subject = "nomination_id"
    serializer_class: Any = EvidenceWish
    attach = staticmethod(attach_evidence)


class EvidenceView(EvidenceFiles, FilesView):
    """The evidence of a review."""


class EvidenceContentView(EvidenceFiles, ContentView):
    """The bytes of one piece of evidence."""


def review_row(
    review: DistrictReview, nomination: Nomination, actor: Actor, conflicts: tuple[Conflict, ...]
) -> dict[str, Any]:
    """Return a review as its reader may see it; the reviewer's name stays within the office."""
    plain = ("completed_at", "opinion", "score", "unmet", "unproven", "override_reason", "digest")
    checks = RequirementCheck.objects.filter(review=review).select_related("requirement")
    inspections = Inspection.objects.filter(community=nomination.community_id)
    names_person = actor.organization_id == nomination.district_id and review.reviewer is not None
    return picked(review, *plain) | {
        "complete": review.completed_at is not None,
        "reviewer": review.reviewer.name if names_person and review.reviewer else None,
        "requirements": [_check_row(check) for check in checks.order_by("requirement__number")],
        "sheet": sheet_row(review.sheet_id) if review.sheet_id else None,
        "inspections": [inspection_row(one) for one in inspections],
        "conflicts": [_conflict_row(conflict) for conflict in conflicts],
    }


def _check_row(check: RequirementCheck) -> dict[str, Any]:
    return picked(check, "verdict", "source", "computed", "facts", "note") | {
        "number": check.requirement.number,
        "text": check.requirement.text,
        "verdict_label": check.get_verdict_display(),
    }


def _conflict_row(conflict: Conflict) -> dict[str, Any]:
    return {"item": conflict.entry.item_id, "points": conflict.stored.points, "version": conflict.version}
