"""Mails that wait to be sent, and the tick that sends them, at instants of the test's choosing."""

from __future__ import annotations

from datetime import datetime, timedelta

from notifications import courier
from notifications.models import Delivery
from notifications.operations import relay
from tests.nominations import factories, stages
from tests.nominations.stages import Programme

AT = stages.AT


def tick(at: datetime = AT, *, rounds: int = 10) -> int:
    """Do what the relay does at ``at``; return how many mails were taken up."""
    relay.free_dead_claims(at=at)
    relay.decide_unknown(at=at)
    while relay.queue_mails(at=at):
        pass
    relay.bundle_held(at=at)
    taken = 0
    for _ in range(rounds):
        count = courier.send_batch(clock=lambda: at)
        taken += count
        if not count:
            break
    return taken


def waiting(programme: Programme, *local_parts: str) -> dict[str, Delivery]:
    """Have a submission told to reviewers with these addresses only, and return their waiting mails."""
    people = [programme.company.editor, programme.bureau.reviewer, programme.bureau.colleague]
    for actor in people:
        assert actor.membership_id is not None
        factories.Membership.objects.filter(pk=actor.membership_id).update(valid_until=AT + timedelta(seconds=-1))
    for name in local_parts:
        user = factories.UserFactory(username=name, email=f"{name}@example.com")
        factories.actor(factories.Role.DISTRICT_REVIEWER, programme.bureau.office, user)
    stages.submitted(programme)
    relay.queue_mails(at=AT)
    return {delivery.address.partition("@")[0]: delivery for delivery in Delivery.objects.order_by("pk")}


def states() -> dict[str, str]:
    """Return the state of every mail, by the local part of its address."""
    return {address.partition("@")[0]: state for address, state in Delivery.objects.values_list("address", "state")}
