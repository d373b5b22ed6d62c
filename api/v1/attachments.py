"""The files of a nomination."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.uploads import DIGEST, ContentView, FilesView, FileView, FileWish
from api.views import ObjectView
from attachments.models import Attachment
from nominations.models import Nomination
from nominations.operations import nomination
from nominations.operations.sealing import SEALED_COPY


class AttachmentWish(FileWish):
    """A file, what it is for, and for a sealed copy the digest that the paper bears."""

    purpose = serializers.CharField(max_length=40)
    content_digest = serializers.RegexField(DIGEST, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require the digest with a sealed copy, and with nothing else."""
        is_sealed, has_digest = attrs["purpose"] == SEALED_COPY, "content_digest" in attrs
        if is_sealed and not has_digest:
            self.require("content_digest")
        if has_digest and not is_sealed:
            self.forbid("content_digest")
        return attrs


def attach(*, purpose: str, label: str, content_digest: str = "", **common: Any) -> Attachment:
    """Receive a file, or the sealed copy, which the paper's digest names."""
    if purpose == SEALED_COPY:
        return nomination.attach_sealed_copy(content_digest=content_digest, **common)
    return nomination.attach(purpose=purpose, label=label, **common)


class NominationFiles(ObjectView):
    """What every address about a nomination's files begins with."""

    subject_kind = Nomination.flow
    subject = "nomination_id"
    serializer_class: Any = AttachmentWish
    attach = staticmethod(attach)
    detach = staticmethod(nomination.detach)

    def rows(self) -> QuerySet[Nomination]:
        """Return the nominations in scope."""
        return Nomination.objects.visible_to(self.actor)


class NominationAttachmentsView(NominationFiles, FilesView):
    """The files of a nomination."""


class NominationAttachmentView(NominationFiles, FileView):
    """One file of a nomination."""


class NominationAttachmentContentView(NominationFiles, ContentView):
    """The bytes of one file of a nomination."""
