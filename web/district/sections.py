"""The parts of a form that a district can send back, in the words of the paper."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from nominations.rules.form import SECTIONS

SECTION_LABELS: Mapping[str, Sentence] = {
    **{section.name: section.title for section in SECTIONS},
    "attachments": _("Evidence"),
    "confirmation": _("Confirmation by the owners' committee"),
    "sealed_copy": _("Sealed copy"),
}
