"""Blind score sheets: filled in item by item, also by a device that was offline; handed in once, unlocked by one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import refusal_row
from api.serializers import StrictSerializer
from api.shapes import RefusalShape
from api.uploads import AttachmentShape, UploadView, attachment_row
from api.v1.refs import PersonRef, picked
from api.v1.sheets import SheetShape, sheet_row
from api.views import ObjectView
from attachments.downloads import respond
from evaluation import operations as evaluation
from evaluation.enums import SheetState, SyncOutcome
from evaluation.models import ScoreSheet
from evaluation.queries import versions_of
from evaluation.rules import CHANGE_ID_LENGTH, UNLOCK_REASON_LENGTH
from evaluation.scoring import Mark
from nominations.operations import sheets
from nominations.queries.sheets import own_sheets, photos_of, readable_sheets, sheets_known_to
from workflow.errors import NotFound


class ScoreWish(StrictSerializer):
    """One mark, and the version of it that the device last saw."""

    item = serializers.UUIDField()
    points = serializers.DecimalField(max_digits=3, decimal_places=1, required=False, allow_null=True, default=None)
    not_applicable = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)
    version = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)


class ScoresWish(StrictSerializer):
    """Marks of one sheet; what is not sent stays."""

    scores = serializers.ListField(child=ScoreWish(), min_length=1, max_length=200)


class SavedShape(serializers.Serializer[None]):
    """What became of the marks: those that another device had changed were left alone."""

    conflicts = serializers.ListField(child=serializers.UUIDField())
    sheet = SheetShape()


class MarkShape(serializers.Serializer[None]):
    """A mark as it is stored, with its version and since when."""

    points = serializers.DecimalField(max_digits=3, decimal_places=1, allow_null=True)
    not_applicable = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    remark = serializers.CharField(allow_blank=True)
    photo = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()


class ChangeWish(StrictSerializer):
    """A mark that a device wrote, maybe long ago, under an id of its own."""

    change = serializers.RegexField(rf"^[!-~]{{1,{CHANGE_ID_LENGTH}}}$")
    item = serializers.UUIDField()
    version = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)
    after = serializers.RegexField(rf"^[!-~]{{1,{CHANGE_ID_LENGTH}}}$", required=False, default="")
    points = serializers.DecimalField(max_digits=6, decimal_places=3, required=False, allow_null=True, default=None)
    not_applicable = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)


class SyncWish(StrictSerializer):
    """What a device has written since it was last heard, in the order of writing."""

    changes = serializers.ListField(child=ChangeWish(), max_length=200)


class SyncedShape(serializers.Serializer[None]):
    """What became of one change, and what is stored for its item now."""

    change = serializers.CharField()
    item = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=SyncOutcome.choices)
    version = serializers.IntegerField()
    repeated = serializers.BooleanField()
    stored = MarkShape(allow_null=True)
    refusals = RefusalShape(many=True)


class SyncShape(serializers.Serializer[None]):
    """A verdict per change, in the order in which they were sent, and the sheet as it is stored now."""

    results = SyncedShape(many=True)
    sheet = SheetShape()


class PhotoWish(StrictSerializer):
    """A photo for an item of the sheet."""

    file = serializers.FileField(allow_empty_file=True)
    label = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)  # type: ignore[assignment]  # the contract's word


class UnlockWish(StrictSerializer):
    """Why the sheet is unlocked."""

    reason = serializers.CharField(max_length=UNLOCK_REASON_LENGTH)


class SheetVersionShape(serializers.Serializer[None]):
    """One version of a sheet, and who had it reopened and why."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=SheetState.choices)
    opened_at = serializers.DateTimeField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField(allow_blank=True)
    reopened_by = PersonRef(allow_null=True)
    reopened_reason = serializers.CharField(allow_blank=True)


class OwnSheet(ObjectView):
    """What every address begins with at which an evaluator writes on the own sheet."""

    def rows(self) -> QuerySet[ScoreSheet]:
        """Return the evaluator's own sheets; blind to everybody else's."""
        return own_sheets(self.actor)


class ReadableSheet(ObjectView):
    """What every address begins with at which a sheet is read."""

    def rows(self) -> QuerySet[ScoreSheet]:
        """Return the own sheets, for the city those of panels on which everybody has handed in."""
        return readable_sheets(self.actor)


class SheetView(ReadableSheet):
    """One score sheet."""

    @extend_schema(responses=SheetShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Show a sheet in the wording that it is scored on: the own one, or one of a panel that has handed in."""
        return Response(sheet_row(self.find(pk).pk))


class SheetVersionsView(ReadableSheet):
    """The versions of one score sheet."""

    @extend_schema(responses=SheetVersionShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List every version of the sheet, the first one first; each is read at its own address."""
        return Response([_version_row(version) for version in versions_of(self.find(pk))])


class ScoresView(OwnSheet):
    """The marks of one sheet."""

    @extend_schema(request=ScoresWish, responses=SavedShape)
    def put(self, request: Request, pk: UUID) -> Response:
        """Save marks; sending the same ones again changes nothing, and nothing newer is written over."""
        self.require_role(pk)
        wish = ScoresWish(data=self.body)
        wish.is_valid(raise_exception=True)
        entries = [evaluation.Entry(row["item"], _mark(row), row["version"]) for row in wish.validated_data["scores"]]
        saved = sheets.save_marks(sheet_id=pk, entries=entries, actor=self.actor, at=self.at)
        conflicts = [conflict.entry.item_id for conflict in saved.conflicts]
        return Response({"conflicts": conflicts, "sheet": sheet_row(pk)})


class SyncView(OwnSheet):
    """What was written offline."""

    @extend_schema(request=SyncWish, responses=SyncShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Bring in changes made offline, each judged by itself; the same delivery again changes nothing."""
        self.require_role(pk)
        wish = SyncWish(data=self.body)
        wish.is_valid(raise_exception=True)
        changes = [_change(row) for row in wish.validated_data["changes"]]
        results = sheets.sync_marks(sheet_id=pk, changes=changes, actor=self.actor, at=self.at)
        return Response({"results": [_synced_row(result) for result in results], "sheet": sheet_row(pk)})


class HandInView(OwnSheet):
    """Handing a sheet in."""

    @extend_schema(request=None, responses=SheetShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Hand the sheet in; from now on it does not change."""
        self.require_role(pk)
        sheets.hand_in(sheet_id=pk, actor=self.actor, at=self.at)
        return Response(sheet_row(pk))


class SheetUnlockView(ObjectView):
    """Unlocking a sheet."""

    def rows(self) -> QuerySet[ScoreSheet]:
        """Return the sheets that the actor may know of, whether or not they may be read yet."""
        return sheets_known_to(self.actor)

    @extend_schema(request=UnlockWish, responses={201: SheetVersionShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Unlock a sheet that was handed in: its marks go on in a new version, the old one stays as it was."""
        self.require_role(pk)
        wish = UnlockWish(data=self.body)
        wish.is_valid(raise_exception=True)
        opened = sheets.unlock(sheet_id=pk, reason=wish.validated_data["reason"], actor=self.actor, at=self.at)
        return Response(_version_row(versions_of(opened)[-1]), status=201)


class SheetPhotosView(ReadableSheet, UploadView):
    """The photos of a sheet."""

    @extend_schema(responses=AttachmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the photos of the sheet, the oldest first, with how far their inspection has come."""
        return Response([attachment_row(photo) for photo in photos_of(self.find(pk)).order_by("uploaded_at", "pk")])

    @extend_schema(request={"multipart/form-data": PhotoWish}, responses={201: AttachmentShape, 200: AttachmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Receive a photo of an open sheet, which a mark may name then; 200 when the same bytes are there already."""
        self.require_role(pk)
        wish = PhotoWish(data=request.data)
        wish.is_valid(raise_exception=True)
        photo, is_new = sheets.attach_photo(
            sheet_id=pk,
            label=wish.validated_data["label"],
            upload=wish.validated_data["file"],
            actor=self.actor,
            at=self.at,
        )
        return Response(attachment_row(photo), status=201 if is_new else 200)


class SheetPhotoContentView(ReadableSheet):
    """The bytes of one photo of a sheet."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID, attachment: UUID) -> FileResponse:
        """Hand out a photo that has passed its check."""
        photo = photos_of(self.find(pk)).filter(pk=attachment).first()
        if photo is None:
            raise NotFound
        return respond(photo)


def _mark(row: Mapping[str, Any]) -> Mark:
    points: Decimal | None = row["points"]
    return Mark(points, row["not_applicable"], row["reason"], row["remark"], row["photo"])


def _change(row: Mapping[str, Any]) -> evaluation.Change:
    return evaluation.Change(row["change"], row["item"], _mark(row), row["version"], row["after"])


def _synced_row(result: evaluation.Synced) -> dict[str, Any]:
    return {
        "change": result.change.id,
        "item": result.change.item_id,
        "outcome": result.outcome.value,
        "version": result.version,
        "repeated": result.repeated,
        "stored": _stored_row(result),
        "refusals": [refusal_row(refusal) for refusal in result.refusals],
    }


def _stored_row(result: evaluation.Synced) -> dict[str, Any] | None:
    if result.stored is None:
        return None
    plain = picked(result.stored, "points", "not_applicable", "reason", "remark")
    return plain | {"photo": result.stored.photo_id, "version": result.stored_version, "saved_at": result.stored_at}


def _version_row(version: ScoreSheet) -> dict[str, Any]:
    plain = picked(version, "id", "version", "state", "opened_at", "handed_in_at", "digest", "reopened_reason")
    by = version.reopened_by
    return plain | {"reopened_by": picked(by, "id", "name") if by else None}
