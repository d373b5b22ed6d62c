"""One upload of the corpus and what must become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from attachments.enums import AttachmentKind, Rejection

Build = Callable[[], bytes]


@dataclass(frozen=True)
class Specimen:
    """A file to be uploaded; ``refused_by`` is ``upload``, ``inspection`` or empty for a file that comes out clean."""

    key: str
    name: str
    build: Build
    rejection: Rejection | None = None
    refused_by: str = ""
    kept_as: AttachmentKind | None = None
    shown_as: str = ""

    @property
    def verdict(self) -> tuple[str, str]:
        """Return who refuses it and why."""
        return (self.refused_by, self.rejection.value if self.rejection else "")


def clean(key: str, name: str, build: Build, kept_as: AttachmentKind, shown_as: str = "") -> Specimen:
    """Return a specimen that passes."""
    return Specimen(key, name, build, kept_as=kept_as, shown_as=shown_as)


def at_upload(key: str, name: str, build: Build, rejection: Rejection) -> Specimen:
    """Return a specimen that is refused while its sender waits."""
    return Specimen(key, name, build, rejection, "upload")


def at_inspection(key: str, name: str, build: Build, rejection: Rejection) -> Specimen:
    """Return a specimen that gets into quarantine and no further."""
    return Specimen(key, name, build, rejection, "inspection")
