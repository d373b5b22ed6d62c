"""What every page of the company about one nomination begins with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from nominations.enums import PUBLIC_LABELS, NominationState
from nominations.operations.nomination import EDITABLE
from nominations.rules.form import SECTION_NAMES
from web.kit import Link, Tag
from web.looks import state_tag

PLACES = {"attachments": "evidence", "confirmation": "committee", "sealed_copy": "seal"}


def is_editable(nomination: Any) -> bool:
    """Tell whether the company may still change the form."""
    return nomination.state in EDITABLE


def tag_of(nomination: Any) -> Tag:
    """Return where the nomination stands, in the words that a company reads."""
    return state_tag(nomination.state, PUBLIC_LABELS[NominationState(nomination.state)])


def address(nomination: Any, page: str = "case", *more: str) -> str:
    """Return the address of a page of the company about this nomination."""
    return reverse(f"web:company:{page}", args=[nomination.pk, *more])


def crumbs(nomination: Any, *here: Sentence) -> list[Link]:
    """Return the way to a page about this nomination."""
    case = Link(nomination.community.name, address(nomination) if here else "", lang="zh-Hans")
    return [Link(_("Nominations"), reverse("web:company:nominations")), case, *[Link(label, "") for label in here]]


def place_of(nomination: Any, refusal: Refusal) -> str:
    """Return the page on which a reason is mended, empty where it is not in the company's hands."""
    section = refusal.fix.removeprefix("form.").partition(".")[0]
    if section in SECTION_NAMES:
        return address(nomination, "section", section)
    return address(nomination, PLACES[section]) if section in PLACES else ""
