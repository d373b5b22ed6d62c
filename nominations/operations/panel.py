"""Panels: proposed by the machine, looked through and changed by a person, deployed at once (row S-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.digest import canonical_digest
from common.errors import DomainError
from common.refusals import Refusal
from nominations.errors import NotAllowed
from nominations.models import Campaign, Evaluator, Nomination, PanelProposal, PanelSeat
from nominations.operations.assignment import require_in_service, seat, take_evaluated
from nominations.operations.conflict import EvaluatorInConflict
from nominations.queries.conflict import conflicts_between
from nominations.queries.matching import communities_to_evaluate, findings_of, material_for, place_of, seated_on
from nominations.rules import matching
from workflow.errors import NotFound, StaleVersion

LARGEST_SEED = 2**31 - 1


class NothingToPropose(DomainError):
    """Every recommended community has its evaluators."""

    code = "nothing_to_propose"
    message = _("Every recommended community has its panel already.")


class ProposalClosed(DomainError):
    """The proposal was deployed, or a newer one has taken its place."""

    code = "proposal_closed"
    message = _("This proposal was deployed or replaced and can no longer be changed.")


class PanelsIncomplete(DomainError):
    """A community would get too few evaluators; each is named with what it lacks, and nobody was assigned."""

    code = "panels_incomplete"
    message = _("Some communities lack evaluators. Nobody has been assigned.")


@transaction.atomic
def propose_panels(*, campaign_id: UUID, actor: Actor, at: datetime, seed: int | None = None) -> PanelProposal:
    """Propose evaluators for every recommended community that lacks some, and keep the proposal to be looked at.

    Conflicts of interest, districts and absences bar a pair; the mix and the size of a panel are the campaign's; loads
    are even, nobody keeps to one district, who served a district last time goes elsewhere. The same input with the same
    seed gives the same panels. An open proposal is replaced. What cannot be filled is named in ``findings``. Raises
    ``NotFound``, ``NotAllowed``, ``NothingToPropose``.
    """
    campaign = _campaign(campaign_id, actor)
    material = material_for(campaign, at)
    if not material.places:
        raise NothingToPropose
    earlier = PanelProposal.objects.filter(campaign=campaign)
    chosen = _seed(campaign, earlier.count()) if seed is None else seed
    match = matching.match(material.people, material.places, material.barred, seed=chosen)
    earlier.open().update(replaced_at=at)
    proposal = PanelProposal.objects.create(
        campaign=campaign,
        seed=chosen,
        input_digest=material.digest(chosen),
        findings=findings_of(material, match),
        prepared_by_id=actor.person_id,
        prepared_at=at,
    )
    seats = [PanelSeat(proposal=proposal, nomination_id=place, evaluator_id=person) for place, person in match.pairs]
    PanelSeat.objects.bulk_create(seats)
    return proposal


@transaction.atomic
def change_panel(
    *,
    proposal_id: UUID,
    nomination_id: UUID,
    evaluator_ids: Sequence[UUID],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> PanelProposal:
    """Put other evaluators into one row of an open proposal; whoever is in conflict is refused here already.

    Raises ``NotFound`` (also for a community or an evaluator that is not among those to be matched), ``NotAllowed``,
    ``ProposalClosed``, ``StaleVersion``, ``IdentityNotConfirmed``, ``EvaluatorInConflict``.
    """
    proposal = _taken(proposal_id, actor, version)
    nomination = communities_to_evaluate(proposal.campaign).filter(pk=nomination_id).first()
    if nomination is None:
        raise NotFound(attr="nomination")
    pool = Evaluator.objects.filter(city=proposal.campaign.city_id).select_related("user")
    wanted = list(pool.filter(pk__in=evaluator_ids).order_by("pk"))
    if len(wanted) != len(set(evaluator_ids)):
        raise NotFound(attr="evaluators")
    require_in_service(wanted, attr="evaluators")
    _require_free(proposal.campaign, nomination, wanted, at)
    kept = {seat.evaluator_id: seat for seat in proposal.seats.filter(nomination=nomination)}
    proposal.seats.filter(nomination=nomination).exclude(evaluator__in=wanted).delete()
    new = [evaluator for evaluator in wanted if evaluator.pk not in kept]
    PanelSeat.objects.bulk_create(
        PanelSeat(proposal=proposal, nomination=nomination, evaluator=evaluator, is_manual=True) for evaluator in new
    )
    proposal.version += 1
    proposal.save(update_fields=["version"])
    return proposal


@transaction.atomic
def deploy_panels(*, proposal_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> PanelProposal:
    """Assign everybody whom an open proposal names, in one transaction, each with an event and a notice.

    Conflicts of interest, the mix and who is still in the pool are checked once more. Raises ``NotFound``,
    ``NotAllowed``, ``ProposalClosed``, ``StaleVersion``, ``IdentityNotConfirmed``, ``EvaluatorInConflict`` and
    ``PanelsIncomplete`` with a reason for each community.
    """
    proposal = _taken(proposal_id, actor, version)
    seats: dict[UUID, list[PanelSeat]] = defaultdict(list)
    for row in proposal.seats.select_related("evaluator__user").order_by("nomination_id", "pk"):
        seats[row.nomination_id].append(row)
    named = {row.evaluator_id: row.evaluator for rows in seats.values() for row in rows}
    require_in_service(named.values(), attr="evaluators")
    _require_complete(proposal.campaign, seats)
    for nomination_id, rows in seats.items():
        for row in rows:
            nomination = take_evaluated(nomination_id, actor)
            seat(nomination, row.evaluator, actor=actor, at=at, proposal_id=proposal.pk)
    proposal.deployed_at, proposal.deployed_by_id = at, actor.person_id
    proposal.version += 1
    proposal.save(update_fields=["deployed_at", "deployed_by", "version"])
    return proposal


def _campaign(campaign_id: UUID, actor: Actor) -> Campaign:
    visible = Campaign.objects.visible_to(actor).filter(pk=campaign_id).values("pk")
    campaign = Campaign.objects.select_for_update(no_key=True).filter(pk__in=visible).first()
    if campaign is None:
        raise NotFound(attr="campaign")
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    return campaign


def _taken(proposal_id: UUID, actor: Actor, version: int | None) -> PanelProposal:
    """Lock an open proposal of the city's reviewer."""
    visible = PanelProposal.objects.visible_to(actor).filter(pk=proposal_id).values("pk")
    locked = PanelProposal.objects.select_for_update(of=("self",)).select_related("campaign")
    proposal = locked.filter(pk__in=visible).first()
    if proposal is None:
        raise NotFound
    if actor.role != Role.CITY_REVIEWER:
        raise NotAllowed
    if not proposal.is_open:
        raise ProposalClosed
    if version is not None and version != proposal.version:
        raise StaleVersion(attr="version", seen=version, current=proposal.version)
    return proposal


def _seed(campaign: Campaign, number: int) -> int:
    """Return the seed of the campaign's next proposal: chosen by nobody, and the same whoever asks."""
    return int(canonical_digest([str(campaign.pk), number])[:12], 16) % LARGEST_SEED


def _require_free(campaign: Campaign, nomination: Nomination, wanted: Sequence[Evaluator], at: datetime) -> None:
    found = conflicts_between(campaign, [nomination], [one.user_id for one in wanted], at=at)
    if found:
        reasons = [reason.refusal() for own in found.values() for reason in own]
        raise EvaluatorInConflict(attr="evaluators", refusals=reasons)


def _require_complete(campaign: Campaign, seats: Mapping[UUID, Sequence[PanelSeat]]) -> None:
    """Name every community that would have too few evaluators, and what it lacks."""
    nominations = list(communities_to_evaluate(campaign))
    seated, _ever = seated_on(nominations)
    lacking = []
    for one in nominations:
        new = [(row.evaluator.user_id, row.evaluator.kind) for row in seats.get(one.pk, ())]
        place = place_of(campaign, one, [*seated[one.pk], *new])
        lacking += _lacks_of(one, place)
    if lacking:
        raise PanelsIncomplete(refusals=lacking)


def _lacks_of(nomination: Nomination, place: matching.Place) -> list[Refusal]:
    """Return what a community lacks: of a capacity, or of anybody."""
    of_capacity = {capacity: count for capacity, count in place.least.items() if count}
    anybody = place.seats - sum(of_capacity.values())
    name = nomination.community.name
    found = [
        Refusal(
            "panel_lacks_capacity",
            _("%(community)s lacks evaluators as %(capacity)s: %(count)s."),
            {"community": name, "capacity": capacity.label, "count": count},
            fix=f"nominations/{nomination.pk}",
        )
        for capacity, count in of_capacity.items()
    ]
    if anybody > 0:
        message = _("%(community)s lacks evaluators: %(count)s.")
        params = {"community": name, "count": anybody}
        found.append(Refusal("panel_lacks_evaluators", message, params, fix=f"nominations/{nomination.pk}"))
    return found
