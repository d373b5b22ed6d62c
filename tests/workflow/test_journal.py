"""The chain: one event and many are linked alike, and what is hashed is what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.digest import sha256_hex
from nominations.models import Nomination
from tests.workflow.world import AT, REASON, World
from workflow import engine
from workflow.engine import Item
from workflow.journal import body_of, link
from workflow.models import GENESIS, Event, Stream
from workflow.plain import plain


def test_first_event_is_linked_to_nothing(world: World) -> None:
    event = engine.perform(Nomination, world.draft().pk, "withdraw", actor=world.company, at=AT, comment=REASON)

    assert event.digest == sha256_hex(body_of(event))
    assert event.hash == sha256_hex(f"{GENESIS}:1:{event.digest}")


def test_one_and_many_are_linked_alike(world: World) -> None:
    single, *bulk = world.drafts(3)
    wanted = {"actor": world.company, "at": AT, "comment": REASON}
    engine.perform(Nomination, single.pk, "withdraw", **wanted)  # type: ignore[arg-type]
    engine.perform_many(Nomination, [Item(draft.pk) for draft in bulk], "withdraw", **wanted)  # type: ignore[arg-type]
    last = engine.perform(Nomination, world.draft().pk, "withdraw", **wanted)  # type: ignore[arg-type]

    events = list(Event.objects.order_by("position"))

    assert [event.position for event in events] == [1, 2, 3, 4]
    for before, after in pairwise(events):
        assert after.hash == link(before.hash, after.position, after.digest)
    assert Stream.objects.values_list("length", "head").get(pk=last.stream_id) == (4, last.hash)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("汉", "汉"),
        (Role.SYSTEM, "system"),
        (Decimal("90.00"), "90.00"),
        (0.5, "0.5"),
        (UUID(int=1), str(UUID(int=1))),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 16, tzinfo=UTC), "2024-02-29T16:00:00+00:00"),
        ((1, [Decimal(2)]), [1, ["2"]]),
        ({1: {"a": UUID(int=2)}}, {"1": {"a": str(UUID(int=2))}}),
    ],
)
def test_value_is_kept_as_json_keeps_it(value: object, kept: object) -> None:
    found = plain(value)

    assert (found, type(found)) == (kept, type(kept))


def test_what_has_no_single_spelling_is_not_kept(world: World) -> None:
    draft = world.draft()
    taken = engine.take(Nomination, draft.pk, actor=world.company)

    with pytest.raises(TypeError, match="no canonical spelling"):
        engine.record(taken, "act", actor=world.company, at=AT, payload={"label": _("Draft")})
