"""The way of a case across the page: what is behind it, where it stands, what comes next, by whom and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy

from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.enums import Window
from nominations.rules import windows
from web.dates import spell_end, spell_time
from web.kit import Step


@dataclass(frozen=True, slots=True)
class _Stage:
    """One station of the spine: its word, the states in which it is reached, its stamp, and its window."""

    title: Sentence
    reached: tuple[S, ...]
    stamp: str = ""
    window: Window | None = None


AWARDED = (S.AWARDED, S.REVOKED)
REPORTED = (*AWARDED, S.REPORTED, S.NOT_AWARDED)
SELECTED = (*REPORTED, S.SHORTLISTED)
EVALUATED = (*SELECTED, S.EVALUATED, S.RESERVED, S.NOT_SELECTED)
RECOMMENDED = (*EVALUATED, S.RECOMMENDED)
SUBMITTED = (*RECOMMENDED, S.SUBMITTED, S.NOT_RECOMMENDED, S.RETURNED)
STAGES = (
    _Stage(pgettext_lazy("stage", "Submitted"), SUBMITTED, "submitted_at", Window.APPLICATION),
    _Stage(pgettext_lazy("stage", "Recommended"), RECOMMENDED, "recommended_at", Window.DISTRICT),
    _Stage(pgettext_lazy("stage", "Evaluated"), EVALUATED, "evaluated_at", Window.EVALUATION),
    _Stage(pgettext_lazy("stage", "Selected"), SELECTED, "", Window.REPORT),
    _Stage(pgettext_lazy("stage", "Reported"), REPORTED, "", Window.REPORT),
    _Stage(pgettext_lazy("stage", "Title given"), AWARDED),
)
# What ends the way before its end.
ENDS = (S.NOT_RECOMMENDED, S.NOT_SELECTED, S.NOT_AWARDED, S.WITHDRAWN, S.LAPSED, S.DISQUALIFIED, S.REVOKED)


def steps_of(nomination: Any, at: datetime) -> list[Step]:
    """Return the stations: those behind with their days, the present one lit, those ahead with their last day."""
    found: list[Step] = []
    is_open = nomination.state not in ENDS
    for stage in STAGES:
        if nomination.state in stage.reached or _was_passed(nomination, stage):
            stamp = getattr(nomination, stage.stamp) if stage.stamp else None
            found.append(Step("is-pass", stage.title, "check", spell_time(stamp, at) if stamp else ""))
        elif is_open:
            found.append(_coming(nomination, stage, at, is_next=all(step.look == "is-pass" for step in found)))
    if not is_open:
        found.append(Step("is-bad", nomination.get_state_display(), "x"))
    return found


def _was_passed(nomination: Any, stage: _Stage) -> bool:
    """Tell whether a case that has ended had come so far; where it left, its stamps say."""
    ended = nomination.state in {S.WITHDRAWN, S.LAPSED, S.DISQUALIFIED}
    return ended and bool(stage.stamp) and getattr(nomination, stage.stamp) is not None


def _coming(nomination: Any, stage: _Stage, at: datetime, *, is_next: bool) -> Step:
    ends_at = windows.end_of(nomination, stage.window) if stage.window else None
    sub = gettext("by %(day)s") % {"day": spell_end(ends_at, at)} if ends_at else ""
    return Step("is-now" if is_next else "is-future", stage.title, "point" if is_next else "", sub)
