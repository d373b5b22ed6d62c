"""The number of an official document, such as 示城管〔2023〕12号 (GB/T 9704-2012, 7.2.5; row S-16)."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal

LONGEST = 80
_NUMBER = re.compile(r"[一-龥㐀-䶿A-Za-z]{1,20}〔(?:19|20)\d{2}〕[1-9]\d{0,5}号", re.ASCII)
_LIKE = re.compile(r"(\w{1,20}?)[\[(【「〔{](\d{4})[\])】」〕}]第?0*(\d{1,6})号?")


def number_fault(number: str, fix: str = "document_number") -> Refusal | None:
    """Return why this is no number of a document, with what was probably meant; ``None`` when it is one.

    Code of the office, the whole year in 〔〕, a number without leading zeros, 号.
    """
    if _NUMBER.fullmatch(number):
        return None
    suggestion = _meant_by(number)
    if suggestion:
        message = _("The year stands in 〔〕 and the number has no leading zero: do you mean %(suggestion)s?")
        return Refusal("not_a_document_number", message, {"suggestion": suggestion}, fix)
    return Refusal("not_a_document_number", _("Write the number as in 示城管〔2023〕12号."), {}, fix)


def _meant_by(number: str) -> str:
    """Return the number in its proper form where only brackets, widths, spaces or zeros are wrong, else nothing."""
    plain = "".join(unicodedata.normalize("NFKC", number[:LONGEST]).split())
    found = _LIKE.fullmatch(plain)
    meant = f"{found[1]}〔{found[2]}〕{found[3]}号" if found else ""
    return meant if _NUMBER.fullmatch(meant) else ""
