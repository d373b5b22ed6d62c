"""The city's verbs on the list: prepare a selection from the frozen ranking, edit its rows (row S-15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from nominations.enums import NominationState, SelectionOutcome, SelectionStanding, SelectionState
from nominations.errors import NotAllowed, NotEditable, SelectionUnderway
from nominations.models import Campaign, Nomination, Ranking, Selection, SelectionRow
from nominations.operations.ranking import RankingMissing, city_campaign
from nominations.operations.words import clean_text
from nominations.rules.drafting import Entrant, drafted
from nominations.rules.form import Field
from workflow import engine
from workflow.errors import NotFound

OPEN_TO_SELECTION = (NominationState.EVALUATED, NominationState.RESERVED)
DECISION = Field("decision", _("Decision"), longest=2000)
REASON = Field("reason", _("Reason"), longest=2000)


@transaction.atomic
def prepare_selection(*, campaign_id: UUID, actor: Actor, at: datetime) -> Selection:
    """Draft a selection in rank order: the free places, the reserves, everybody else not selected, until edited.

    A further selection draws on the reserves first. The machine never cuts a tie (``rules.drafting``).
    Raises ``NotAllowed``, ``NotFound``, ``RankingMissing``, ``SelectionUnderway``.
    """
    campaign = city_campaign(campaign_id, actor)
    ranking = _ranking_in_force(campaign)
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
    SelectionRow.objects.bulk_create(_rows(selection, ranking))
    taken = engine.take(Selection, selection.pk, actor=actor)
    engine.record(taken, "prepare", actor=actor, at=at, documents={"ranking": ranking.digest})
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
    row.outcome, row.reason = outcome, clean_text(REASON, reason)
    row.save(update_fields=["outcome", "reason"])
    engine.save_quietly(selection, at=at)
    return row


@transaction.atomic
def decide_tie(
    *, selection_id: UUID, decision: str, actor: Actor, at: datetime, version: int | None = None
) -> Selection:
    """Record who parted equal ranks at a line, and why."""
    selection = _take_draft(selection_id, actor, version)
    selection.tie_decision = clean_text(DECISION, decision)
    engine.save_quietly(selection, at=at)
    return selection


@transaction.atomic
def explain_fewer(
    *, selection_id: UUID, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Selection:
    """Record why places are left free that could be filled."""
    selection = _take_draft(selection_id, actor, version)
    selection.fewer_reason = clean_text(DECISION, reason)
    engine.save_quietly(selection, at=at)
    return selection


@transaction.atomic
def refresh_selection(*, selection_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Selection:
    """Bring a draft in line with what has happened since it was prepared, and with the ranking in force.

    Communities that can no longer be selected leave it, others join it as the machine would draft them; what the city
    has said about the rest stays. Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable`` and
    ``RankingMissing``.
    """
    selection = _take_draft(selection_id, actor, version)
    selection.ranking = _ranking_in_force(selection.campaign)
    kept = {row.nomination_id: row for row in selection.rows.all()}
    fresh = _rows(selection, selection.ranking)
    for row in fresh:
        if row.nomination_id in kept:
            row.outcome, row.reason = kept[row.nomination_id].outcome, kept[row.nomination_id].reason
    selection.rows.all().delete()
    SelectionRow.objects.bulk_create(fresh)
    engine.record(selection, "refresh", actor=actor, at=at, documents={"ranking": selection.ranking.digest})
    return selection


def _ranking_in_force(campaign: Campaign) -> Ranking:
    ranking = Ranking.objects.filter(campaign=campaign, superseded_at__isnull=True).first()
    if ranking is None:
        raise RankingMissing
    return ranking


def _rows(selection: Selection, ranking: Ranking) -> list[SelectionRow]:
    """Return what the machine drafts about each community that the ranking lists and that is still open."""
    campaign = selection.campaign
    ranked = {UUID(row["nomination"]): row for row in ranking.figures["rows"]}
    standings = _standings(campaign)
    entrants = [Entrant(pk, row["rank"], standings[pk]) for pk, row in ranked.items() if pk in standings]
    free = campaign.places - campaign.places_taken
    outcomes = drafted(entrants, places=free, reserves=campaign.reserves or 0)
    return [
        SelectionRow(
            selection=selection,
            nomination_id=one.id,
            rank=one.rank,
            outcome=outcomes[one.id],
            standing=one.standing,
            stability=_stability(ranking, ranked[one.id]),
        )
        for one in entrants
    ]


def _stability(ranking: Ranking, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how firm a rank is: in how many resamples within the places, in how many tied across the line."""
    told = row.get("stability")
    return {**told, "resamples": ranking.figures.get("resamples")} if isinstance(told, dict) else None


def _standings(campaign: Campaign) -> dict[UUID, SelectionStanding]:
    """Return the communities that a selection may decide on, and where each stands."""
    still_open = Nomination.objects.filter(campaign=campaign, state__in=OPEN_TO_SELECTION)
    approved = SelectionRow.objects.filter(nomination__in=still_open, selection__state=SelectionState.APPROVED)
    removed = set(approved.filter(outcome=SelectionOutcome.SHORTLIST).values_list("nomination", flat=True))
    return {pk: _standing(pk, state, removed) for pk, state in still_open.values_list("pk", "state")}


def _standing(pk: UUID, state: str, removed: set[UUID]) -> SelectionStanding:
    if state == NominationState.RESERVED:
        return SelectionStanding.RESERVED
    return SelectionStanding.REMOVED if pk in removed else SelectionStanding.EVALUATED


def _take_draft(selection_id: UUID, actor: Actor, version: int | None) -> Selection:
    selection: Selection = engine.take(Selection, selection_id, actor=actor, version=version)
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if selection.state != SelectionState.DRAFT:
        raise NotEditable(state=selection.get_state_display())
    selection.preparer_id = actor.person_id  # who changes it last does not approve it, nor who began or proposed it
    return selection
