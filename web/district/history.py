"""What has happened to a case, as its own district reads it: the office's inner acts and people's names included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common.refusals import Sentence
from nominations.enums import NominationState as S
from nominations.models import Nomination
from nominations.rules.history import OF_PANELS
from web.dates import spell_end, spell_time
from web.district.paper import Remarks
from web.district.sections import SECTION_LABELS
from web.kit import Step
from workflow.declaration import Flow, flow_of
from workflow.models import Event

BACK = {"return_for_correction", "reopen_review", "return_to_district", "rescind_recommendation", "committee_refused"}
BAD = {"decline", "disqualify", "lapse", "revoke", "withdraw"}
# The way of a case, and the field of the campaign that tells until when each part of it lasts.
WAY: Sequence[tuple[Sentence, str, frozenset[str]]] = (
    (gettext_lazy("Application"), "application_closes_at", frozenset({S.DRAFT, S.RETURNED})),
    (gettext_lazy("District review"), "district_closes_at", frozenset({S.SUBMITTED})),
    (gettext_lazy("Evaluation on site"), "evaluation_closes_at", frozenset({S.RECOMMENDED})),
    (gettext_lazy("Selection by the city"), "report_closes_at", frozenset({S.EVALUATED, S.RESERVED})),
    (gettext_lazy("Report to the province"), "report_closes_at", frozenset({S.SHORTLISTED})),
)


def events_of(nomination: Any) -> list[Event]:
    """Return the events of the case that a district reads, oldest first; one query."""
    events = Event.objects.filter(flow=Nomination.flow, subject_id=nomination.pk)
    return list(events.exclude(name__in=OF_PANELS).order_by("sequence"))


def steps_of(events: Iterable[Event], *, actor: Actor, at: datetime) -> list[Step]:
    """Return the events as a timeline, the latest first; people are named within their own office only."""
    flow = flow_of(Nomination)
    return [_step(event, flow, actor, at) for event in events][::-1]


def remarks_of(events: Iterable[Event]) -> Remarks:
    """Return what the last return asked for, by part of the form; nothing where the form never was returned."""
    returns = [event for event in events if event.name == "return_for_correction"]
    if not returns:
        return Remarks()
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows(returns[-1]):
        found[row["section"]] = (*found.get(row["section"], ()), str(row["remark"]))
    return Remarks(found, returns[-1].comment)


def way_of(nomination: Any, at: datetime) -> list[Step]:
    """Return the whole way across the page: what is behind, where the case stands, what comes until when."""
    here = next((index for index, (_title, _end, states) in enumerate(WAY) if nomination.state in states), len(WAY))
    is_over = here == len(WAY) and nomination.state not in {S.REPORTED, S.AWARDED, S.NOT_AWARDED}
    if is_over:
        return []
    return [_part(index, here, nomination, at) for index in range(len(WAY))]


def _part(index: int, here: int, nomination: Any, at: datetime) -> Step:
    title, end, _states = WAY[index]
    until = _("by %(day)s") % {"day": spell_end(getattr(nomination.campaign, end), at)}
    if index < here:
        return Step("is-pass", title, "check")
    return Step("is-now" if index == here else "is-future", title, "point" if index == here else "", until)


def _step(event: Event, flow: Flow, actor: Actor, at: datetime) -> Step:
    is_ours = event.organization_id is not None and event.organization_id == actor.organization_id
    who = f"{event.organization_name} {event.actor_name}" if is_ours else event.organization_name
    look = "is-back" if event.name in BACK else "is-bad" if event.name in BAD else "is-pass"
    icon = {"is-back": "arrow-back-up", "is-bad": "x"}.get(look, "check")
    return Step(look, flow.label_of(event.name), icon, spell_time(event.at, at), who, _words(event))


def _words(event: Event) -> str:
    """Return the comment, and below it what was asked for in each part of the form."""
    lines = [f"{SECTION_LABELS.get(row['section'], row['section'])}：{row['remark']}" for row in _rows(event)]
    return "\n".join([event.comment, *lines]).strip()


def _rows(event: Event) -> list[Mapping[str, Any]]:
    rows = event.payload.get("sections", []) if event.name == "return_for_correction" else []
    return [row for row in rows if isinstance(row, dict) and "section" in row and "remark" in row]
