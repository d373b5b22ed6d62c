"""Files on their way in and out."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsers import StrictMultiPartParser
from api.serializers import StrictSerializer
from api.v1.refs import picked
from api.views import ApiView, ListView, ObjectView
from attachments import queries
from attachments.downloads import respond
from attachments.enums import AttachmentKind, AttachmentState, Rejection
from attachments.limits import MEBIBYTE, limits
from attachments.models import Attachment
from common.errors import DomainError
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


class FileWish(StrictSerializer):
    """A file, and what it shows."""

    file = serializers.FileField(allow_empty_file=True)
    label = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)  # type: ignore[assignment]  # the contract's word


class UploadView(ApiView):
    """A view that takes files; what is larger than they can be is refused before it is read."""

    parser_classes = [StrictMultiPartParser]
    most_files: ClassVar[int] = 1

    def largest_body(self) -> int:
        """Return the cap: the files, and room for the fields around them."""
        return self.most_files * limits().max_bytes + MEBIBYTE


class NoSealedCopy(DomainError):
    """The paper is in sight, and no sealed scan of it has been received."""

    code = "no_sealed_copy"
    status = 404
    message = _("No sealed copy has been received yet.")


class SealView(UploadView, ObjectView):
    """The sealed copy of a paper."""

    operation: ClassVar[Any] = None
    subject: ClassVar[str] = ""
    model: ClassVar[Any] = None

    def rows(self) -> QuerySet[Any]:
        """Return the papers in scope."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.actor)
        return rows

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> FileResponse:
        """Hand out the sealed scan, to be saved; a scan that no longer matches the paper is handed out as well."""
        scan = Attachment.objects.present().filter(pk=self.find(pk).sealed_copy_id).first()
        if scan is None:
            raise NoSealedCopy
        return respond(scan)

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


class FilesBelow(ObjectView):
    """What every address about the files of one object begins with; the operations stand below `nominations`.

    ``subject`` is what the operations call the id of the object, ``serializer_class`` what an upload says of its file.
    """

    subject_kind: ClassVar[str]
    subject: ClassVar[str]
    attach: ClassVar[Any]
    detach: ClassVar[Any]
    serializer_class: Any = FileWish

    def about(self, pk: UUID) -> dict[str, Any]:
        """Return what every operation is told: the object, who asks, and when."""
        return {self.subject: pk, "actor": self.actor, "at": self.at}


class FilesView(FilesBelow, ListView, UploadView):
    """The files of one object."""

    queryset = Attachment.objects.none()
    orderings = {"uploaded_at": ("uploaded_at",)}
    usual_ordering = "uploaded_at"
    filter_backends = []

    @extend_schema(responses=AttachmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the files, the oldest first, with how far their inspection has come."""
        self.find(pk)
        return self.page(queries.of(self.subject_kind, pk), attachment_row)

    @extend_schema(responses={201: AttachmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Receive a file as long as the object may be changed; it is inspected before anybody can have it."""
        self.require_role(pk)
        wish = self.serializer_class(data=request.data)
        wish.is_valid(raise_exception=True)
        asked = dict(wish.validated_data)
        received = self.attach(upload=asked.pop("file"), **asked, **self.about(pk))
        return Response(attachment_row(received), status=201)


class FileView(FilesBelow):
    """One file of an object."""

    @extend_schema(responses=AttachmentShape)
    def get(self, request: Request, pk: UUID, attachment: UUID) -> Response:
        """Show one file and how far its inspection has come."""
        self.find(pk)
        return Response(attachment_row(one_of(self.subject_kind, pk, attachment)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID, attachment: UUID) -> Response:
        """Set a file aside as long as the object may be changed."""
        self.require_role(pk)
        self.detach(attachment_id=attachment, **self.about(pk))
        return Response(status=204)


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
