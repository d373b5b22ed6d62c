"""What every page of an evaluator about one community begins with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from common.refusals import Sentence
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet
from nominations.models import Assignment
from nominations.operations.conflict import own_assignment
from web.kit import Link
from workflow.errors import NotFound


def assignment_of(assignment_id: UUID, *, actor: Actor) -> Assignment:
    """Return one of the evaluator's own assignments that still count; raises ``NotFound``."""
    return own_assignment(assignment_id, actor)


def sheet_of(assignment: Assignment) -> ScoreSheet:
    """Return the sheet that was opened for the community; raises ``NotFound`` before that."""
    if assignment.sheet is None:
        raise NotFound
    return assignment.sheet


def is_writable(assignment: Assignment) -> bool:
    """Tell whether the sheet is open and the community still being evaluated."""
    sheet = assignment.sheet
    return sheet is not None and sheet.state == SheetState.OPEN and assignment.nomination.state == "recommended"


def address(assignment: Assignment, page: str = "assignment", *more: Any) -> str:
    """Return the address of a page of the evaluator about this community."""
    return reverse(f"web:evaluator:{page}", args=[assignment.pk, *more])


def address_of_own(nomination_id: UUID, actor: Actor) -> str:
    """Return the address of the evaluator's own assignment to a community, empty without one that still counts."""
    own = Assignment.objects.active().filter(nomination=nomination_id, evaluator=actor.person_id).first()
    return address(own) if own else ""


def crumbs(assignment: Assignment, *here: Sentence) -> list[Link]:
    """Return the way to a page about this community."""
    community = Link(assignment.nomination.community.name, address(assignment) if here else "", lang="zh-Hans")
    return [Link(_("My visits"), reverse("web:evaluator:visits")), community, *[Link(label, "") for label in here]]
