from __future__ import annotations

import pytest

from accounts.enums import Role
from nominations.models import Nomination
from tests.workflow.world import AT, World, ready_to_submit, reload
from workflow import engine


def test_perform_moves(world: World) -> None:
    draft = ready_to_submit(world.nomination())

    event = engine.perform(Nomination, draft.pk, "submit", actor=world.actor(Role.COMPANY_ADMIN), at=AT)

    assert (event.from_state, event.to_state, event.sequence, event.position) == ("draft", "submitted", 1, 1)
    assert reload(draft).state == "submitted"
