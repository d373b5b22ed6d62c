"""The way of a nomination as a page tells it: what has happened, whose turn it is until when, what is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.enums import Window
from nominations.rules.windows import end_of, submission_end
from web.dates import due, spell_end, spell_time
from web.kit import Step
from web.timeline import Told, told
from workflow.calendar import Calendar

BACK = frozenset(
    {"return_for_correction", "committee_refused", "recall", "rescind_recommendation", "return_to_district"}
)
BAD = frozenset({"decline", "disqualify", "lapse", "revoke"})
LOOKS = {"is-back": "arrow-back-up", "is-bad": "x", "is-pass": "check"}


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stretch of the way: what is done in it, by whom, and by which window it ends."""

    state: S
    title: Sentence
    office: str
    window: Window


STAGES: Sequence[_Stage] = (
    _Stage(S.SUBMITTED, gettext_lazy("Review and recommendation by the district"), "district", Window.DISTRICT),
    _Stage(S.RECOMMENDED, gettext_lazy("Evaluation on site"), "city", Window.EVALUATION),
    _Stage(S.EVALUATED, gettext_lazy("Selection by the city"), "city", Window.REPORT),
    _Stage(S.SHORTLISTED, gettext_lazy("Report to the provincial department"), "city", Window.REPORT),
)
PLACE = {S.DRAFT: -1, S.RETURNED: -1, S.RESERVED: 2} | {stage.state: place for place, stage in enumerate(STAGES)}


def way_of(nomination: Any, *, at: datetime, calendar: Calendar) -> list[Step]:
    """Return the steps of a nomination loaded with its facts: two queries, for what has happened and for its city."""
    past = [_past(event, at) for event in told(nomination)]
    if nomination.state not in PLACE:
        return past
    place = PLACE[nomination.state]
    now = [_in_hand(nomination, at, calendar)] if place < 0 else [_now(nomination, STAGES[place], at, calendar)]
    return [*past, *now, *(_future(nomination, stage, at) for stage in STAGES[place + 1 :])]


def _past(event: Told, at: datetime) -> Step:
    look = "is-back" if event.name in BACK else "is-bad" if event.name in BAD else "is-pass"
    lines = [event.comment, *(f"{number}. {remark}" for number, remark in enumerate(event.remarks, start=1))]
    comment = "\n".join(line for line in lines if line)
    return Step(look, event.label, LOOKS[look], spell_time(event.at, at), event.organization_name, comment)


def _in_hand(nomination: Any, at: datetime, calendar: Calendar) -> Step:
    title = _("Correct and submit again") if nomination.state == S.RETURNED else _("Fill in and submit")
    until = due(submission_end(nomination), at=at, calendar=calendar)
    return Step("is-now", title, "point", _("by %(day)s") % {"day": until.day}, nomination.company.name, due=until)


def _now(nomination: Any, stage: _Stage, at: datetime, calendar: Calendar) -> Step:
    until = due(end_of(nomination, stage.window), at=at, calendar=calendar)
    sub = _("by %(day)s") % {"day": until.day}
    return Step("is-now", stage.title, "point", sub, _office(nomination, stage), due=until)


def _future(nomination: Any, stage: _Stage, at: datetime) -> Step:
    sub = _("by %(day)s") % {"day": spell_end(end_of(nomination, stage.window), at)}
    return Step("is-future", stage.title, "", sub, _office(nomination, stage))


def _office(nomination: Any, stage: _Stage) -> str:
    return str(nomination.district.name if stage.office == "district" else nomination.campaign.city.name)
