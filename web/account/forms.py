"""What is posted on the account pages, as values for an operation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from accounts.models import Membership
from common.refusals import Sentence
from web.kit import Field, Problem

LIVES: tuple[int, ...] = (7, 30, 90, 366)
LONGEST_LABEL = 80


def token_fields(posted: QueryDict, memberships: list[Membership]) -> list[Field]:
    """Return the fields of a new token: what for, as whom, and for how long."""
    held = [(str(one.pk), f"{one.organization.name} {one.get_role_display()}") for one in memberships]
    lives: list[tuple[str, Sentence]] = [
        (str(days), ngettext_lazy("%(count)s day", "%(count)s days", days) % {"count": days}) for days in LIVES
    ]
    usual = str(LIVES[1])
    return [
        Field(
            "label",
            _("What for"),
            value=posted.get("label", ""),
            hint=_("The program or the person that uses it."),
            required=True,
            width="m",
            longest=LONGEST_LABEL,
        ),
        Field("membership", _("Acts as"), "select", posted.get("membership", ""), choices=held, required=True),
        Field("days", _("Valid for"), "select", posted.get("days", usual), choices=lives, required=True, width="s"),
    ]


def token_wish(
    posted: QueryDict, memberships: list[Membership], at: datetime
) -> tuple[str, Membership | None, datetime, list[Problem]]:
    """Return label, membership and end of the wanted token, and what is wrong with the wish."""
    label = posted.get("label", "").strip().replace("\x00", "")[:LONGEST_LABEL]
    membership = next((one for one in memberships if str(one.pk) == posted.get("membership")), None)
    days = next((days for days in LIVES if str(days) == posted.get("days")), 0)
    problems = [] if label else [Problem(_("Please say what the token is for."), "f-label")]
    if membership is None:
        problems.append(Problem(_("Choose as whom the program acts."), "f-membership"))
    if not days:
        problems.append(Problem(_("Choose for how long the token is valid."), "f-days"))
    return label, membership, at + timedelta(days=days), problems
