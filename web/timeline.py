"""What has happened to an object, as a page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.refusals import Sentence
from nominations.enums import Act
from workflow.declaration import Flow, flow_of
from workflow.enums import EventKind
from workflow.models import Event, WorkflowModel

# Acts that everybody may read of; any other is the office's own business.
TOLD = frozenset(
    {
        Act.START,
        Act.INVITE_COMMITTEE,
        Act.COMMITTEE_CONFIRMED,
        Act.COMMITTEE_REFUSED,
        Act.CONFIRM_SUBSTITUTE,
        Act.SEAL,
        Act.CLAIM,
        Act.COMPLETE_REVIEW,
        Act.RECORD_VISIT,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline."""

    name: str
    label: Sentence
    at: datetime
    organization_name: str
    comment: str
    remarks: tuple[str, ...] = ()


def told(subject: WorkflowModel) -> list[Told]:
    """Return the moves of ``subject`` and the acts that everybody may read of, oldest first, one query."""
    flow = flow_of(type(subject))
    events = Event.objects.filter(flow=subject.flow, subject_id=subject.pk).order_by("sequence")
    return [_line(event, flow) for event in events if event.kind == EventKind.MOVE or event.name in TOLD]


def _line(event: Event, flow: Flow) -> Told:
    sections = event.payload.get("sections") if event.name == "return_for_correction" else None
    remarks = tuple(str(row["remark"]) for row in sections or ())
    return Told(event.name, flow.label_of(event.name), event.at, event.organization_name, event.comment, remarks)
