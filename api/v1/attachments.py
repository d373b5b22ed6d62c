"""The files of a nomination."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import StrictSerializer
from api.uploads import DIGEST, AttachmentShape, ContentView, UploadView, attachment_row, one_of
from api.views import ListView, ObjectView
from attachments import queries
from attachments.models import Attachment
from nominations.models import Nomination
from nominations.operations.nomination import attach, attach_sealed_copy, detach
from nominations.operations.sealing import SEALED_COPY


class AttachmentWish(StrictSerializer):
    """A file, what it is for, and for a sealed copy the digest that the paper bears."""

    file = serializers.FileField(allow_empty_file=True)
    purpose = serializers.CharField(max_length=40)
    label = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)  # type: ignore[assignment]  # the contract's word
    content_digest = serializers.RegexField(DIGEST, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require the digest with a sealed copy, and with nothing else."""
        is_sealed, has_digest = attrs["purpose"] == SEALED_COPY, "content_digest" in attrs
        if is_sealed and not has_digest:
            self.require("content_digest")
        if has_digest and not is_sealed:
            self.forbid("content_digest")
        return attrs


class NominationFiles(ObjectView):
    """What every address about a nomination's files begins with."""

    subject_kind = Nomination.flow

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)


class NominationAttachmentsView(NominationFiles, ListView, UploadView):
    """The files of a nomination."""

    queryset = Attachment.objects.none()
    orderings = {"uploaded_at": ("uploaded_at",)}
    usual_ordering = "uploaded_at"
    filter_backends = []

    @extend_schema(responses=AttachmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List the files, the oldest first, with how far their inspection has come."""
        self.find(pk)
        return self.page(queries.of(Nomination.flow, pk), attachment_row)

    @extend_schema(request={"multipart/form-data": AttachmentWish}, responses={201: AttachmentShape})
    def post(self, request: Request, pk: UUID) -> Response:
        """Receive a file for a draft or returned form; it is inspected before anybody can have it."""
        self.require_role(pk)
        wish = AttachmentWish(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(attachment_row(self._receive(pk, wish.validated_data)), status=201)

    def _receive(self, pk: UUID, asked: dict[str, Any]) -> Attachment:
        common = {"nomination_id": pk, "upload": asked["file"], "actor": self.actor, "at": self.at}
        if asked["purpose"] == SEALED_COPY:
            return attach_sealed_copy(content_digest=asked["content_digest"], **common)
        return attach(purpose=asked["purpose"], label=asked["label"], **common)


class NominationAttachmentView(NominationFiles):
    """One file of a nomination."""

    @extend_schema(responses=AttachmentShape)
    def get(self, request: Request, pk: UUID, attachment: UUID) -> Response:
        """Show one file and how far its inspection has come."""
        self.find(pk)
        return Response(attachment_row(one_of(Nomination.flow, pk, attachment)))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID, attachment: UUID) -> Response:
        """Set a file of a draft or returned form aside."""
        self.require_role(pk)
        detach(nomination_id=pk, attachment_id=attachment, actor=self.actor, at=self.at)
        return Response(status=204)


class NominationAttachmentContentView(NominationFiles, ContentView):
    """The bytes of one file of a nomination."""
