"""What a selection would bring about if it were approved now: where each community goes, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.actors import Actor
from common.refusals import Refusal
from nominations.enums import NominationState, SelectionOutcome
from nominations.models import Nomination, Selection, SelectionRow
from nominations.rules.concentration import Concentration
from nominations.rules.selection import no_veto_event
from workflow import engine
from workflow.declaration import flow_of
from workflow.errors import WrongState


@dataclass(frozen=True, slots=True)
class Consequence:
    """What approval brings to one community; ``obstacles`` keep the whole selection from being approved.

    ``move`` is the one that its company is told of, empty where the community stays as it is.
    """

    row: SelectionRow
    from_state: NominationState
    to_state: NominationState
    move: str
    obstacles: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A selection's consequences, community by community, and how the places would be spread."""

    selection: Selection
    consequences: tuple[Consequence, ...]
    concentrations: tuple[Concentration, ...]
    places: int
    places_taken: int
    places_after: int
    reserves_after: int


def preview_of(selection_id: UUID, *, actor: Actor) -> Preview:
    """Return the consequences of approving the selection as it stands: two queries. Raises ``NotFound``."""
    return previewed(engine.find(Selection, selection_id, actor=actor))


def previewed(selection: Selection) -> Preview:
    """Return the same of a selection that is loaded with its rows."""
    campaign = selection.campaign
    return Preview(
        selection=selection,
        consequences=tuple(_consequence(row) for row in selection.rows.all()),
        concentrations=tuple(selection.concentrations()),
        places=campaign.places,
        places_taken=campaign.places_taken,
        places_after=campaign.places_taken + selection.shortlisted_rows,
        reserves_after=selection.reserved_rows,
    )


def _consequence(row: SelectionRow) -> Consequence:
    nomination, now = row.nomination, NominationState(row.nomination.state)
    if row.stays:
        return Consequence(row, now, now, "", ())
    spec = flow_of(Nomination).transitions[row.outcome]
    obstacles = []
    if now not in spec.sources:
        wrong = WrongState(label=spec.label, state=now.label)
        obstacles.append(Refusal(wrong.code, wrong.sentence(), fix="refresh"))
    if row.outcome == SelectionOutcome.SHORTLIST and (veto := no_veto_event(nomination, None)):
        obstacles.append(veto)
    return Consequence(row, now, NominationState(spec.target), spec.name, tuple(obstacles))
