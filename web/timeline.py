"""What has happened to an object, as a page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from workflow.declaration import flow_of
from workflow.models import Event, WorkflowModel

# Acts that are no moves, in the words of a timeline; an act without words here is the office's own business.
ACTS: dict[str, Sentence] = {
    "start": _("Form begun"),
    "invite_committee": _("Owners' committee invited"),
    "committee_confirmed": _("Owners' committee confirmed"),
    "committee_refused": _("Owners' committee did not confirm"),
    "confirm_substitute": _("Confirmed in place of a committee"),
    "seal": _("Sealed copy uploaded"),
    "claim": _("Taken up by the district"),
    "complete_review": _("Handed to the approver"),
    "record_visit": _("Visited on site"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline."""

    label: Sentence
    at: datetime
    organization_name: str
    comment: str


def told(subject: WorkflowModel) -> list[Told]:
    """Return the events of ``subject`` that have words, oldest first, one query."""
    labels = {**ACTS, **{spec.name: spec.label for spec in flow_of(type(subject))}}
    events = Event.objects.filter(flow=subject.flow, subject_id=subject.pk).order_by("sequence")
    return [_line(event, labels) for event in events if event.name in labels]


def _line(event: Event, labels: dict[str, Any]) -> Told:
    return Told(labels[event.name], event.at, event.organization_name, event.comment)
