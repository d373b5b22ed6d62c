"""Whose score sheets of a panel may be read by whom, and when (row S-09; the blind rule).

An evaluator reads nobody's sheets but the own ones. The city's readers read the sheets of a community once everybody on
its panel has handed in: until then no figure of it is shown to anyone. Districts and companies never see one.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from accounts.enums import Role
from attachments.models import Attachment, AttachmentQuerySet
from evaluation import queries as evaluation
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet
from nominations.models import Assignment, Nomination

PANEL = "panel"
PHOTO_OF = "score_sheet"
PHOTO = "photo"
CITY_READERS = frozenset({Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR, Role.PROVINCE_VIEWER})


def own_sheets(actor: Actor) -> QuerySet[ScoreSheet]:
    """Return the evaluator's own sheets, every version, of communities that nothing bars the evaluator from."""
    if actor.role != Role.EVALUATOR:
        return ScoreSheet.objects.none()
    assigned = Assignment.objects.active().filter(evaluator=actor.user_id, nomination=OuterRef("subject_id"))
    return _panel_sheets().filter(Exists(assigned), scorer=actor.user_id)


def sheets_known_to(actor: Actor) -> QuerySet[ScoreSheet]:
    """Return the sheets that the actor may know to exist: an evaluator's own, all in a city officer's scope."""
    if actor.role not in CITY_READERS:
        return own_sheets(actor)
    return _panel_sheets().filter(subject_id__in=Nomination.objects.visible_to(actor).values("pk"))


def readable_sheets(actor: Actor) -> QuerySet[ScoreSheet]:
    """Return the sheets that the actor may read: the own ones, or those of panels on which everybody has handed in."""
    if actor.role not in CITY_READERS:
        return own_sheets(actor)
    at_work = (
        Assignment.objects.active().filter(nomination=OuterRef("subject_id")).exclude(sheet__state=SheetState.HANDED_IN)
    )
    return sheets_known_to(actor).filter(~Exists(at_work))


def photos_of(sheet: ScoreSheet) -> AttachmentQuerySet:
    """Return the present photos of a sheet, whichever version of it they were sent with."""
    versions = [version.pk for version in evaluation.versions_of(sheet)]
    return Attachment.objects.of_subjects(PHOTO_OF, versions).present().filter(purpose=PHOTO)


def _panel_sheets() -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.filter(subject_kind=Nomination.flow, kind=PANEL)
