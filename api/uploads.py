"""Files on their way in and out."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsers import StrictMultiPartParser
from api.serializers import StrictSerializer
from api.v1.refs import picked
from api.views import ApiView, ObjectView
from attachments.downloads import respond
from attachments.enums import AttachmentKind, AttachmentState, Rejection
from attachments.limits import MEBIBYTE, limits
from attachments.models import Attachment
from common.refusals import Refusal
from workflow.errors import NotFound

DIGEST = r"^[0-9a-f]{64}$"
PLAIN = (
    "id", "purpose", "label", "original_name", "kind", "size", "sha256", "state", "sealed", "uploaded_at",
    "inspected_at", "taken_at", "width", "height", "pages",
)  # fmt: skip


class AttachmentShape(serializers.Serializer[None]):
    """A file, and how far its inspection has come; only a clean one is handed out."""

    id = serializers.UUIDField()
    purpose = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # the contract's word
    original_name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AttachmentKind.choices)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(choices=AttachmentState.choices)
    state_label = serializers.CharField()
    rejection = serializers.CharField(allow_blank=True)
    sealed = serializers.BooleanField()
    uploaded_at = serializers.DateTimeField()
    inspected_at = serializers.DateTimeField(allow_null=True)
    taken_at = serializers.DateTimeField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    pages = serializers.IntegerField(allow_null=True)


class SealWish(StrictSerializer):
    """A sealed scan, and the digest that the paper bears."""

    file = serializers.FileField(allow_empty_file=True)
    content_digest = serializers.RegexField(DIGEST)


class UploadView(ApiView):
    """A view that takes files; what is larger than they can be is refused before it is read."""

    parser_classes = [StrictMultiPartParser]
    most_files: ClassVar[int] = 1

    def largest_body(self) -> int:
        """Return the cap: the files, and room for the fields around them."""
        return self.most_files * limits().max_bytes + MEBIBYTE


class SealView(UploadView, ObjectView):
    """The sealed copy of a paper."""

    operation: ClassVar[Any] = None
    subject: ClassVar[str] = ""
    model: ClassVar[Any] = None

    def rows(self) -> QuerySet[Any]:
        """Return the papers in scope."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.actor)
        return rows

    @extend_schema(request={"multipart/form-data": SealWish}, responses={201: AttachmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Receive the sealed scan and bind it to the text whose digest the paper bears."""
        self.require_role(pk)
        wish = SealWish(data=request.data)
        wish.is_valid(raise_exception=True)
        scan = self.operation(
            **{self.subject: pk},
            upload=wish.validated_data["file"],
            content_digest=wish.validated_data["content_digest"],
            actor=self.actor,
            at=self.at,
        )
        return Response(attachment_row(scan), status=201)


class ContentView(ObjectView):
    """The bytes of one file of an object in scope."""

    subject_kind: ClassVar[str]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID, attachment: UUID) -> FileResponse:
        """Hand out a clean file, to be saved and never to be shown as a page."""
        self.find(pk)
        return respond(one_of(self.subject_kind, pk, attachment))


def one_of(subject_kind: str, subject_id: UUID, attachment_id: UUID) -> Attachment:
    """Return one present file of a subject that was found in scope before; raises ``NotFound``."""
    files = Attachment.objects.of_subjects(subject_kind, [subject_id]).present()
    found = files.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound
    return found


def attachment_row(attachment: Attachment) -> dict[str, Any]:
    """Return a file as it is listed."""
    return picked(attachment, *PLAIN) | {
        "state_label": attachment.get_state_display(),
        "rejection": _rejection(attachment),
    }


def _rejection(attachment: Attachment) -> str:
    """Return why the file was not accepted, in the reader's language; empty when it was."""
    if not attachment.rejection_code:
        return ""
    sentence = Rejection(attachment.rejection_code).label
    return Refusal(attachment.rejection_code, sentence, attachment.rejection_params).sentence()
