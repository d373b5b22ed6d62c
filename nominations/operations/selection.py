"""The city's verbs on the list: prepare a selection from the frozen ranking, edit its rows (row S-15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.enums import Role
from nominations.enums import NominationState, SelectionOutcome, SelectionState
from nominations.errors import NotAllowed, NotEditable, SelectionUnderway
from nominations.models import Nomination, Ranking, Selection, SelectionRow
from nominations.operations.ranking import RankingMissing, city_campaign
from workflow import engine
from workflow.errors import NotFound

OPEN_TO_SELECTION = (NominationState.EVALUATED, NominationState.RESERVED)


@transaction.atomic
def prepare_selection(*, campaign_id: UUID, actor: Actor, at: datetime) -> Selection:
    """Draft a selection in rank order: the free places first, everybody else not selected, until edited.

    Communities of equal rank across the cut line are left out of the first part: the machine never cuts a tie.
    Raises ``NotAllowed``, ``NotFound``, ``RankingMissing``, ``SelectionUnderway``.
    """
    campaign = city_campaign(campaign_id, actor)
    ranking = Ranking.objects.filter(campaign=campaign, superseded_at__isnull=True).first()
    if ranking is None:
        raise RankingMissing
    selection = Selection(
        campaign=campaign,
        ranking=ranking,
        preparer_id=actor.person_id,
        stream_id=campaign.stream_id,
        created_at=at,
        updated_at=at,
    )
    try:
        with transaction.atomic():
            selection.save(force_insert=True)
    except IntegrityError as error:
        raise SelectionUnderway from error
    SelectionRow.objects.bulk_create(_rows(selection, ranking, campaign.places - campaign.places_taken))
    engine.record(engine.take(Selection, selection.pk, actor=actor), "prepare", actor=actor, at=at)
    return selection


@transaction.atomic
def edit_row(
    *,
    selection_id: UUID,
    nomination_id: UUID,
    outcome: SelectionOutcome,
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> SelectionRow:
    """Change what a drafted selection says about one community; out of rank order it needs a reason."""
    selection = _take_draft(selection_id, actor, version)
    row = SelectionRow.objects.filter(selection=selection, nomination=nomination_id).first()
    if row is None:
        raise NotFound(attr="nomination")
    row.outcome, row.reason = outcome, reason.strip()
    row.save(update_fields=["outcome", "reason"])
    engine.save_quietly(selection, at=at)
    return row


@transaction.atomic
def decide_tie(
    *, selection_id: UUID, decision: str, actor: Actor, at: datetime, version: int | None = None
) -> Selection:
    """Record who parted equal ranks at the cut line, and why."""
    selection = _take_draft(selection_id, actor, version)
    selection.tie_decision = decision.strip()
    engine.save_quietly(selection, at=at)
    return selection


def _rows(selection: Selection, ranking: Ranking, places: int) -> list[SelectionRow]:
    ranked = ranking.figures["rows"]
    still_open = set(
        Nomination.objects.filter(campaign=selection.campaign, state__in=OPEN_TO_SELECTION).values_list("pk", flat=True)
    )
    listed = [row for row in ranked if UUID(row["nomination"]) in still_open]
    tied = listed[places]["rank"] if places < len(listed) else None
    return [
        SelectionRow(
            selection=selection,
            nomination_id=UUID(row["nomination"]),
            rank=row["rank"],
            outcome=_outcome(index < places and row["rank"] != tied),
        )
        for index, row in enumerate(listed)
    ]


def _outcome(shortlisted: bool) -> SelectionOutcome:
    return SelectionOutcome.SHORTLIST if shortlisted else SelectionOutcome.PASS_OVER


def _take_draft(selection_id: UUID, actor: Actor, version: int | None) -> Selection:
    selection: Selection = engine.take(Selection, selection_id, actor=actor, version=version)
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if selection.state != SelectionState.DRAFT:
        raise NotEditable(state=selection.get_state_display())
    return selection
