"""The city's figures of complaints: a list is tried first, with a verdict for every line, then written (row S-10)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import refusal_row
from api.serializers import StrictSerializer
from api.shapes import RefusalShape
from api.uploads import UploadView
from api.views import ObjectView
from nominations.models import Campaign
from nominations.operations.complaints import ComplaintImport, import_complaints

OUTCOMES = ("matched", "not_registered", "refused")


class LineVerdictShape(serializers.Serializer[None]):
    """What became of one line; ``not_registered`` counts among those of the city all the same."""

    line = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    refusals = RefusalShape(many=True)


class ComplaintImportShape(serializers.Serializer[None]):
    """A verdict per line, the exact rate at the limit of the best few percent, how many communities are within it."""

    written = serializers.BooleanField()
    limit = serializers.CharField(allow_null=True)
    within = serializers.IntegerField()
    lines = LineVerdictShape(many=True)


class ListWish(StrictSerializer):
    """The list of the whole city (XLSX or CSV), and whether it is to be written or only tried."""

    file = serializers.FileField(allow_empty_file=True)
    write = serializers.BooleanField(required=False, default=False)


class ComplaintFiguresView(ObjectView, UploadView):
    """The city's figures of complaints in a campaign."""

    def rows(self) -> QuerySet[Campaign]:
        """Return the campaigns in sight."""
        return Campaign.objects.visible_to(self.actor)

    @extend_schema(request={"multipart/form-data": ListWish}, responses=ComplaintImportShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Try the list, or write it in the place of the former one: all lines, or none while one is refused."""
        self.require_role(pk)
        wish = ListWish(data=request.data)
        wish.is_valid(raise_exception=True)
        upload = wish.validated_data["file"]
        found = import_complaints(
            campaign_id=pk, content=upload.read(), name=upload.name, dry_run=not wish.validated_data["write"]
        )
        return Response(import_row(found))


def import_row(found: ComplaintImport) -> dict[str, Any]:
    """Return what became of a list."""
    return {
        "written": found.written,
        "limit": None if found.limit is None else str(found.limit),
        "within": found.within,
        "lines": [
            {
                "line": verdict.line,
                "name": verdict.name,
                "outcome": verdict.outcome,
                "refusals": [refusal_row(refusal) for refusal in verdict.refusals],
            }
            for verdict in found.verdicts
        ],
    }
