"""Later ends of a window: prepared by one officer of the city, approved by another, told to whom they concern.

Flow rule 8. An approved extension counts from that moment; the deadlines it moves are set anew in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from common.refusals import Refusal
from nominations.enums import (
    DeadlineKind,
    NominationState,
    ProvincialReportState,
    SummaryState,
    Window,
    WorkReportState,
)
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import (
    Campaign,
    CampaignDistrict,
    Extension,
    Nomination,
    ProvincialReport,
    RecommendationSummary,
    WorkReport,
)
from nominations.rules import windows
from workflow import deadlines, engine
from workflow.errors import NotFound
from workflow.models import WorkflowModel

LONGEST_REASON = 1000
# What waits for the end of each window: which rows in which states, and the deadline that is theirs.
CONCERNED: Mapping[Window, tuple[tuple[type[WorkflowModel], tuple[str, ...], DeadlineKind], ...]] = {
    Window.APPLICATION: ((Nomination, (NominationState.DRAFT,), DeadlineKind.APPLICATION_CLOSES),),
    Window.CORRECTION: ((Nomination, (NominationState.RETURNED,), DeadlineKind.CORRECTION_DUE),),
    Window.DISTRICT: (
        (
            RecommendationSummary,
            (SummaryState.DRAFT, SummaryState.APPROVED, SummaryState.RETURNED),
            DeadlineKind.DISTRICT_CLOSES,
        ),
        (Nomination, (NominationState.SUBMITTED,), DeadlineKind.DISTRICT_CLOSES),
    ),
    Window.EVALUATION: ((Nomination, (NominationState.RECOMMENDED,), DeadlineKind.EVALUATION_CLOSES),),
    Window.WORK_REPORT: (
        (WorkReport, (WorkReportState.DRAFT, WorkReportState.RETURNED), DeadlineKind.WORK_REPORT_CLOSES),
    ),
    Window.REPORT: (
        (
            ProvincialReport,
            (ProvincialReportState.DRAFT, ProvincialReportState.APPROVED),
            DeadlineKind.REPORT_CLOSES,
        ),
    ),
}


class SamePerson(DomainError):
    """Who prepared the extension does not approve it."""

    code = "four_eyes"
    message = _("You prepared this extension yourself. Somebody else has to approve it.")


class ApprovedAlready(DomainError):
    """The extension was approved before."""

    code = "approved_already"
    message = _("This extension is approved already.")


@transaction.atomic
def prepare_extension(
    *,
    campaign_id: UUID,
    window: Window,
    until: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
    district_id: UUID | None = None,
    nomination_id: UUID | None = None,
) -> Extension:
    """Write down who shall have longer, until when and why; nothing changes before somebody else approves it.

    For the whole campaign, one district or one nomination. Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``.
    """
    campaign = Campaign.objects.visible_to(actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound(attr="campaign")
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    _require_concerned(campaign, district_id, nomination_id)
    if faults := _faults(campaign, window, until, reason, at):
        raise InvalidInput(refusals=faults)
    return Extension.objects.create(
        campaign=campaign,
        window=window,
        district_id=district_id,
        nomination_id=nomination_id,
        until=until,
        reason=reason.strip(),
        prepared_by_id=actor.person_id,
        prepared_at=at,
    )


@transaction.atomic
def approve_extension(*, extension_id: UUID, actor: Actor, at: datetime) -> Extension:
    """Let the extension count, move the deadlines concerned and tell everybody whose time it lengthens.

    Raises ``NotFound``, ``NotAllowed``, ``SamePerson`` and ``ApprovedAlready``.
    """
    campaigns = Campaign.objects.visible_to(actor)
    extension = Extension.objects.select_for_update().filter(pk=extension_id, campaign__in=campaigns).first()
    if extension is None:
        raise NotFound
    if actor.role != Role.CITY_APPROVER:
        raise NotAllowed
    if extension.approved_at is not None:
        raise ApprovedAlready
    if extension.prepared_by_id == actor.user_id:
        raise SamePerson
    extension.approved_by_id, extension.approved_at = actor.person_id, at
    extension.save(update_fields=["approved_by", "approved_at"])
    for model, states, kind in CONCERNED[Window(extension.window)]:
        _lengthen(extension, rows_concerned(extension, model, states), kind, actor=actor, at=at)
    return extension


def _lengthen(
    extension: Extension, rows: Sequence[WorkflowModel], kind: DeadlineKind, *, actor: Actor, at: datetime
) -> None:
    """Set the deadline of each row concerned and record the extension in its history."""
    told = {"window": extension.window, "until": extension.until, "extension": str(extension.pk)}
    for row in rows:
        subject = engine.take(type(row), row.pk, actor=actor)
        deadlines.schedule(kind=kind, flow=row.flow, subject_id=row.pk, due_at=_end_of(subject, kind))
        engine.record(subject, "grant_extension", actor=actor, at=at, comment=extension.reason, payload=told)


def rows_concerned(extension: Extension, model: type[WorkflowModel], states: tuple[str, ...]) -> list[WorkflowModel]:
    """Return the rows that wait for the end of the window, within the extension's scope, in the order of their keys."""
    scope = {"campaign": extension.campaign_id, "state__in": states}
    if extension.nomination_id:
        scope["pk"] = extension.nomination_id
    if extension.district_id:
        scope["district"] = extension.district_id
    return list(model._base_manager.filter(**scope).order_by("pk"))


def _end_of(subject: WorkflowModel, kind: DeadlineKind) -> datetime:
    if kind in {DeadlineKind.APPLICATION_CLOSES, DeadlineKind.CORRECTION_DUE}:
        return windows.submission_end(subject)
    return windows.end_of(subject, _WINDOW_OF[kind])


_WINDOW_OF = {
    DeadlineKind.DISTRICT_CLOSES: Window.DISTRICT,
    DeadlineKind.EVALUATION_CLOSES: Window.EVALUATION,
    DeadlineKind.WORK_REPORT_CLOSES: Window.WORK_REPORT,
    DeadlineKind.REPORT_CLOSES: Window.REPORT,
}


def _require_concerned(campaign: Campaign, district_id: UUID | None, nomination_id: UUID | None) -> None:
    if district_id and not CampaignDistrict.objects.filter(campaign=campaign, district=district_id).exists():
        raise NotFound(attr="district")
    if nomination_id and not Nomination.objects.filter(campaign=campaign, pk=nomination_id).exists():
        raise NotFound(attr="nomination")
    if district_id and nomination_id:
        message = _("An extension is for a district or for a nomination, not for both.")
        raise InvalidInput(refusals=[Refusal("one_scope", message, fix="nomination")])


def _faults(campaign: Campaign, window: Window, until: datetime, reason: str, at: datetime) -> list[Refusal]:
    closes_at = getattr(campaign, windows.CLOSING_FIELD[window]) if window in windows.CLOSING_FIELD else at
    checks = [
        (
            until > max(at, closes_at),
            "not_later",
            _("The new end must lie after the present one and after now."),
            "until",
        ),
        (bool(reason.strip()), "required", _("Please give the reason."), "reason"),
        (len(reason) <= LONGEST_REASON, "too_long", _("At most %(limit)s characters; these are %(count)s."), "reason"),
    ]
    params = {"limit": LONGEST_REASON, "count": len(reason)}
    return [Refusal(code, message, params, fix=field) for holds, code, message, field in checks if not holds]
