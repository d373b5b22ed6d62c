"""Codes of the attachments engine; every rejection carries its sentence here and nowhere else."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttachmentKind(models.TextChoices):
    """What a file may be; decided by its content, confirmed by its ending."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    HEIC = "heic", "HEIC"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"


class AttachmentState(models.TextChoices):
    """How far a file has come; only a clean one is ever handed out."""

    QUARANTINED = "quarantined", _("being checked")
    CLEAN = "clean", _("checked")
    REJECTED = "rejected", _("not accepted")


class Rejection(models.TextChoices):
    """Why a file is not accepted: a stable code and the sentence that the uploader reads."""

    EMPTY = "empty", _("“%(name)s” is empty. Choose the file again.")
    TOO_LARGE = "too_large", _("“%(name)s” is larger than %(limit)s MB. Reduce it or split it.")
    INCOMPLETE = "incomplete", _("“%(name)s” did not arrive whole. Upload it again.")
    EXTENSION = "extension", _("“%(name)s” has an ending that is not accepted. Accepted are %(accepted)s.")
    KIND_UNKNOWN = "kind_unknown", _("The content of “%(name)s” is not that of a %(expected)s file.")
    KIND_MISMATCH = (
        "kind_mismatch",
        _("“%(name)s” is named as a %(expected)s file but contains %(found)s. Correct the ending or the file."),
    )
    MARKUP = "markup", _("“%(name)s” contains a web page or a drawing in code, not a %(expected)s file.")
    LEGACY_OFFICE = (
        "legacy_office",
        _("“%(name)s” is in an old Office format or protected by a password. Save it as DOCX or XLSX, unprotected."),
    )
    MIXED = "mixed", _("“%(name)s” carries foreign data before or after its own content. Save it again.")
    DAMAGED = "damaged", _("“%(name)s” is incomplete or damaged. Save it again and upload the new copy.")
    TOO_MANY_PIXELS = (
        "too_many_pixels",
        _("“%(name)s” has %(megapixels)s megapixels; at most %(limit)s are accepted. Reduce the picture."),
    )
    TOO_COMPLEX = "too_complex", _("“%(name)s” is too complex to be checked. Print it to a new PDF or reduce it.")
    PDF_ENCRYPTED = "pdf_encrypted", _("“%(name)s” is protected by a password or by permissions. Save it unprotected.")
    PDF_SCRIPT = "pdf_script", _("“%(name)s” contains scripts. Print it to a new PDF and upload that one.")
    PDF_ACTION = (
        "pdf_action",
        _("“%(name)s” starts programs, opens or fetches something, or plays media. Print it to a new PDF."),
    )
    PDF_EMBEDDED_FILE = "pdf_embedded_file", _("“%(name)s” has other files inside. Upload those by themselves.")
    TOO_MANY_PAGES = "too_many_pages", _("“%(name)s” has %(pages)s pages; at most %(limit)s are accepted. Split it.")
    UNPACKED_SIZE = "unpacked_size", _("“%(name)s” unpacks to far more than its size. Save it again in Office or WPS.")
    ENTRY_COUNT = "entry_count", _("“%(name)s” consists of too many parts (at most %(limit)s). Reduce it or split it.")
    ENTRY_NAME = "entry_name", _("“%(name)s” has parts with forbidden names. Save it again in Office or WPS.")
    OFFICE_MACRO = "office_macro", _("“%(name)s” contains macros. Save it without macros.")
    OFFICE_EXTERNAL = (
        "office_external",
        _("“%(name)s” draws on content outside the file (%(part)s). Break the links and save it again."),
    )
    OFFICE_EMBEDDED = (
        "office_embedded",
        _("“%(name)s” has embedded objects (%(part)s). Paste them as pictures or upload them by themselves."),
    )
    OFFICE_MARKUP = "office_markup", _("“%(name)s” contains forbidden declarations (%(part)s). Save it again.")
    INFECTED = "infected", _("“%(name)s” contains malicious software (%(signature)s). Check your computer.")
    LOST = "lost", _("The stored copy of “%(name)s” was lost or altered. Upload it again.")
    UNINSPECTABLE = "uninspectable", _("“%(name)s” could not be checked in %(attempts)s attempts. Save it anew.")
    LABEL_TOO_LONG = "label_too_long", _("The label of “%(name)s” is longer than %(limit)s characters.")


class NoRoom(models.TextChoices):
    """Why one more file is not received, whatever is in it; never the verdict on a stored one."""

    FILES = "too_many_files", _("At most %(limit)s files of this kind are kept here. Remove one before “%(name)s”.")
    KEPT_FILES = (
        "too_many_kept_files",
        _("No more than %(limit)s files are kept here, removed ones included; “%(name)s” cannot be added."),
    )
    KEPT_BYTES = (
        "no_room_left",
        _("No more than %(limit)s MB are kept here, removed files included; “%(name)s” cannot be added. Reduce it."),
    )
    DAY_BYTES = (
        "day_used_up",
        _("You have sent %(limit)s MB within 24 hours, which is the most. Send “%(name)s” tomorrow."),
    )
