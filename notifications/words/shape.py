"""The shape of what is said: sentences with places for names and dates, and what is listed beside them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence

REASON = _("Reason")


class Details(TextChoices):
    """What is listed under the sentences, read from the event."""

    NONE = "", "none"
    REMARKS = "remarks", "what is to be corrected, by section"
    REPORT_REMARKS = "report_remarks", "what is to be mended in a work report, by section"
    VETO = "veto", "the event that excludes: what, who found it, by which document"
    FINDINGS = "findings", "what a visit has found against the community"
    OUTCOMES = "outcomes", "what became of the reader's own communities"


@dataclass(frozen=True, slots=True)
class Words:
    """What one audience is told of one event: subject, what happened, what comes next, what to do about it.

    Places: ``title`` ``number`` ``campaign`` ``company`` ``district`` ``office`` (by whom) ``due`` (until when) and
    what an event adds. ``quote`` is the heading under which the actor's words are repeated; empty keeps them back.
    """

    title: Sentence
    body: Sentence
    then: Sentence = ""
    button: Sentence = ""
    due_label: Sentence = ""
    quote: Sentence = ""
    details: Details = Details.NONE


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done by a deadline, what happens otherwise, and what is said once it is too late."""

    task: Sentence
    waiting: Sentence
    after: Sentence
    late: Sentence
    late_after: Sentence
    above: Sentence
    button: Sentence
