"""The way of a nomination as a page tells it: what has happened, whose turn it is until when, what is still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.enums import ProvincialReportState, SelectionState, SummaryState, Window, WorkReportState
from nominations.models import ProvincialReport, Selection
from nominations.rules.windows import end_of, submission_end
from web.dates import due, spell_end, spell_time
from web.kit import Due, Step
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
# Between recommendation and evaluation the district's table goes to the city.
SENDING = _Stage(S.RECOMMENDED, gettext_lazy("The district's summary goes to the city"), "district", Window.DISTRICT)
# Who does the next step with a paper of a district in each of its states, and by which window.
PAPERS: Mapping[str, Mapping[str, tuple[Role, Window]]] = {
    "recommendation_summary": {
        SummaryState.DRAFT: (Role.DISTRICT_REVIEWER, Window.DISTRICT),
        SummaryState.RETURNED: (Role.DISTRICT_REVIEWER, Window.DISTRICT),
        SummaryState.APPROVED: (Role.DISTRICT_APPROVER, Window.DISTRICT),
        SummaryState.SUBMITTED: (Role.CITY_REVIEWER, Window.EVALUATION),
    },
    "work_report": {
        WorkReportState.DRAFT: (Role.DISTRICT_REVIEWER, Window.WORK_REPORT),
        WorkReportState.RETURNED: (Role.DISTRICT_REVIEWER, Window.WORK_REPORT),
        WorkReportState.SUBMITTED: (Role.CITY_REVIEWER, Window.REPORT),
    },
}
PLACE = {S.DRAFT: -1, S.RETURNED: -1, S.RESERVED: 2} | {stage.state: place for place, stage in enumerate(STAGES)}


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is awaited, with what, and until when."""

    title: Sentence
    office: str
    role: Sentence
    due: Due


def way_of(nomination: Any, *, at: datetime, calendar: Calendar) -> list[Step]:
    """Return the steps of a nomination loaded with its facts: two queries, for what has happened and for its city."""
    past = [_past(event, at) for event in told(nomination)]
    turn = turn_of(nomination, at=at, calendar=calendar)
    if turn is None:
        return past
    sub = _("by %(day)s") % {"day": turn.due.day}
    now = Step("is-now", turn.title, "point", sub, turn.office, due=turn.due)
    return [*past, now, *(_future(nomination, stage, at) for stage in STAGES[_next(nomination) :])]


def turn_of(nomination: Any, *, at: datetime, calendar: Calendar) -> Turn | None:
    """Return whose turn it is with a nomination loaded with its facts; nobody's once the way is over."""
    if nomination.state not in PLACE:
        return None
    if PLACE[nomination.state] < 0:
        title = _("Correct and submit again") if nomination.state == S.RETURNED else _("Fill in and submit")
        until = due(submission_end(nomination), at=at, calendar=calendar)
        return Turn(title, nomination.company.name, Role.COMPANY_ADMIN.label, until)
    stage = SENDING if _is_unsent(nomination) else STAGES[PLACE[nomination.state]]
    until = due(end_of(nomination, stage.window), at=at, calendar=calendar)
    return Turn(stage.title, _office(nomination, stage), _role(nomination, stage).label, until)


def turn_with(paper: Any, *, at: datetime, calendar: Calendar) -> Turn | None:
    """Return whose turn it is with a district's summary or work report; nobody's once the city has taken it."""
    awaited = PAPERS[paper.flow].get(paper.state)
    if awaited is None:
        return None
    role, window = awaited
    office = paper.campaign.city if role == Role.CITY_REVIEWER else paper.district
    until = due(end_of(paper, window), at=at, calendar=calendar)
    return Turn(paper.get_state_display(), office.name, role.label, until)


def with_turns(rows: Any) -> QuerySet[Any]:
    """Load nominations with their facts and with what tells for which of the city's two officers they wait."""
    proposed = Selection.objects.filter(campaign=OuterRef("campaign"), state=SelectionState.PROPOSED)
    reports = ProvincialReport.objects.filter(campaign=OuterRef("campaign"))
    written = reports.filter(preparer__isnull=False).exclude(state=ProvincialReportState.SENT)
    facts: QuerySet[Any] = rows.with_facts().annotate(is_proposed=Exists(proposed), is_written=Exists(written))
    return facts.select_related("campaign__city")


def _next(nomination: Any) -> int:
    """Return the place of the first stage that is still to come."""
    return PLACE[nomination.state] + (0 if _is_unsent(nomination) else 1)


def _is_unsent(nomination: Any) -> bool:
    """Tell whether the community is recommended, but its district's table has not gone to the city."""
    sent = {SummaryState.SUBMITTED, SummaryState.RECEIVED}
    return nomination.state == S.RECOMMENDED and nomination.summary.state not in sent


def _role(nomination: Any, stage: _Stage) -> Role:
    if stage.office == "district":
        return Role.DISTRICT_APPROVER if _is_prepared(nomination) else Role.DISTRICT_REVIEWER
    is_approvers = {
        S.EVALUATED: getattr(nomination, "is_proposed", False),
        S.RESERVED: getattr(nomination, "is_proposed", False),
        S.SHORTLISTED: getattr(nomination, "is_written", False),
    }
    return Role.CITY_APPROVER if is_approvers.get(nomination.state) else Role.CITY_REVIEWER


def _is_prepared(nomination: Any) -> bool:
    """Tell whether the district's reviewer has done their part, so that the approver decides."""
    if nomination.state == S.RECOMMENDED:
        return nomination.summary.preparer_id is not None
    review = getattr(nomination, "review", None)
    return review is not None and review.is_complete_for(nomination)


def _past(event: Told, at: datetime) -> Step:
    look = "is-back" if event.name in BACK else "is-bad" if event.name in BAD else "is-pass"
    lines = [event.comment, *(f"{number}. {remark}" for number, remark in enumerate(event.remarks, start=1))]
    comment = "\n".join(line for line in lines if line)
    return Step(look, event.label, LOOKS[look], spell_time(event.at, at), event.organization_name, comment)


def _future(nomination: Any, stage: _Stage, at: datetime) -> Step:
    sub = _("by %(day)s") % {"day": spell_end(end_of(nomination, stage.window), at)}
    return Step("is-future", stage.title, "", sub, _office(nomination, stage))


def _office(nomination: Any, stage: _Stage) -> str:
    return str(nomination.district.name if stage.office == "district" else nomination.campaign.city.name)
