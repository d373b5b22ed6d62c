"""From when until when a title is held, and how it stands on a day (row S-16)."""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.instants import local_date
from common.refusals import Refusal
from nominations.enums import NominationState, TitleStanding
from workflow.declaration import asks

if TYPE_CHECKING:
    from workflow.moves import Move

DOCUMENT, DECIDED_ON, VALID_UNTIL = "result_document", "decided_on", "valid_until"
LONGEST_DOCUMENT = 200
NOT_A_DATE = _("This is not a date of the form 2023-07-31.")


@asks(DOCUMENT, DECIDED_ON, VALID_UNTIL)
def result_document_given(nomination: Any, move: Move) -> list[Refusal]:
    """Require the document by which the result was made known; its day and the title's last one may be given as well.

    Without ``decided_on`` the day of the move counts, without ``valid_until`` the years that the campaign lays down.
    """
    given = [name for name in (DECIDED_ON, VALID_UNTIL) if move.payload.get(name)]
    unreadable = [name for name in given if day_named(move, name) is None]
    faults = [Refusal("not_a_date", NOT_A_DATE, fix=f"data.{name}") for name in unreadable]
    faults += [] if document_in(move) else [_no_document()]
    return faults or _out_of_order(nomination, move)


@asks(DOCUMENT)
def result_document_readable(nomination: Any, move: Move) -> Refusal | None:
    """Judge the document that may go with a result which gives no title."""
    return None if not move.payload.get(DOCUMENT) or document_in(move) else _no_document()


def document_in(move: Move) -> str:
    """Return the number of the document that was sent with the move, empty for none or one that cannot be kept."""
    document = move.payload.get(DOCUMENT)
    kept = document.strip() if isinstance(document, str) else ""
    return kept if len(kept) <= LONGEST_DOCUMENT else ""


def day_in(move: Move, name: str) -> date:
    """Return the day that was sent with the move, or the day of the move."""
    return day_named(move, name) or local_date(move.at)


def day_named(move: Move, name: str) -> date | None:
    """Return the day that was sent with the move, ``None`` for none or one that is no day."""
    try:
        return date.fromisoformat(str(move.payload.get(name)))
    except ValueError:
        return None


def last_day_of(first: date, years: int | None) -> date | None:
    """Return the last day of a title: the eve of the same day so many years later; ``None`` when it has no end."""
    if years is None:
        return None
    year = min(first.year + years, MAXYEAR)
    try:
        return first.replace(year=year) - timedelta(days=1)
    except ValueError:  # 29 February has no same day in most years
        return date(year, 2, 28)


def standing_of(state: str, until: date | None, today: date) -> TitleStanding:
    """Tell how a title stands: taken back, over since its last day has passed, or held."""
    if state == NominationState.REVOKED:
        return TitleStanding.REVOKED
    return TitleStanding.EXPIRED if until is not None and until < today else TitleStanding.VALID


def _no_document() -> Refusal:
    return Refusal("result_document_missing", _("Give the number of the document."), fix=f"data.{DOCUMENT}")


def _out_of_order(nomination: Any, move: Move) -> list[Refusal]:
    decided_on, until = day_in(move, DECIDED_ON), day_named(move, VALID_UNTIL)
    since = getattr(nomination, "title_from", None)
    opened = local_date(nomination.campaign.application_opens_at)
    checks = [
        (decided_on >= opened, "before_campaign", _("This day lies before the campaign began."), DECIDED_ON),
        (decided_on <= local_date(move.at), "in_future", _("This day lies in the future."), DECIDED_ON),
        (
            since is None or decided_on >= since,
            "before_title",
            _("This day lies before the title was given."),
            DECIDED_ON,
        ),
        (until is None or until >= decided_on, "ends_early", _("The title would end before it begins."), VALID_UNTIL),
    ]
    return [Refusal(code, message, fix=f"data.{name}") for holds, code, message, name in checks if not holds]
