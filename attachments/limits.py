"""How large, how many, how long: every cap of the engine, each of which a site may change."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """The caps; ``settings.ATTACHMENT_LIMITS`` overrides any of them by name."""

    max_bytes: int = 20 * MEBIBYTE
    max_pixels: int = 50_000_000
    max_pages: int = 1_000
    # Text of all objects of a PDF, streams left out: bounds the time of the examination, and its memory with the next.
    max_pdf_text: int = 8 * MEBIBYTE
    max_pdf_objects: int = 100_000
    max_entries: int = 2_000
    max_elements: int = 2_000_000  # of XML, in all parts of an Office file: about a second
    max_unpacked: int = 100 * MEBIBYTE
    # A small file of repeated rows may well swell a hundredfold: the ratio counts once the size is worth the worry.
    max_ratio: int = 100
    ratio_from: int = 8 * MEBIBYTE
    # What one examination may take beyond what the worker holds; 48 megapixels need 370 MiB to be turned upright.
    max_document_memory: int = 192 * MEBIBYTE
    max_picture_memory: int = 432 * MEBIBYTE
    max_label: int = 120
    max_attempts: int = 3
    # How much is kept for one subject, such as a case: present files of one purpose; all that take room in the store,
    # those set aside included, by number and by size; and what one person may send in 24 hours, to whatever subject.
    max_files: int = 100
    max_kept_files: int = 300
    max_kept_bytes: int = 2 * GIBIBYTE
    max_day_bytes: int = 4 * GIBIBYTE
    scan_seconds: float = 30.0

    @property
    def max_megabytes(self) -> int:
        """Return the size cap as people say it."""
        return self.max_bytes // MEBIBYTE


def limits() -> Limits:
    """Return the caps in force."""
    overrides: dict[str, Any] = getattr(settings, "ATTACHMENT_LIMITS", {})
    return Limits(**overrides)
