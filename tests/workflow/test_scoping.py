"""The compiled lock of a capacity says what ``visible_to`` says of each person in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db.transaction import TransactionManagementError

from accounts.actors import Actor
from accounts.enums import Role
from nominations.models import Nomination, ProvincialReport, RecommendationSummary, Selection, WorkReport
from tests.workflow.races import elsewhere
from tests.workflow.world import World, build
from workflow import taking
from workflow.scoping import filled_in, is_one_of, lock_statement

MODELS = (Nomination, RecommendationSummary, WorkReport, Selection, ProvincialReport)


def compiled_for(model: Any, actor: Actor, ids: list[Any]) -> tuple[str, list[Any]] | None:
    """Return the lock as Django compiles it for this very person."""
    rows = model.objects.visible_to(actor).filter(is_one_of(model)).order_by("pk")
    try:
        sql, params = (
            rows.select_for_update(of=("self",), no_key=True).values_list("pk", "stream").query.sql_with_params()
        )
    except EmptyResultSet:
        return None
    return sql, filled_in(params, {"ids": ids})


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", list(Role))
def test_lock_is_the_one_of_the_person(world: World, model: Any, role: Role) -> None:
    ids, other = [world.one_of(model.flow).pk], build()

    for actor in (world.actor(role), other.actor(role)):
        found = lock_statement(model, ids, actor)

        assert (found and (found[0], list(found[1]))) == compiled_for(model, actor, ids)


@pytest.mark.parametrize("role", list(Role))
def test_lock_takes_what_is_visible_and_nothing_else(world: World, role: Role) -> None:
    own, foreign = world.draft(), build().draft()
    actor = world.actor(role)

    locked = taking.lock(Nomination, [own.pk, foreign.pk], actor=actor)

    visible = Nomination.objects.visible_to(actor).filter(pk__in=[own.pk, foreign.pk])
    assert set(locked) == set(visible.values_list("pk", flat=True))


def test_person_without_an_office_is_not_taken_for_one_with_an_office(world: World) -> None:
    own, company = world.draft(), world.company
    assert set(taking.lock(Nomination, [own.pk], actor=company)) == {own.pk}

    locked = taking.lock(Nomination, [own.pk], actor=replace(company, organization_id=None))

    assert locked == {}


def test_objects_are_taken_inside_a_transaction_only(committed_world: World) -> None:
    draft = elsewhere(committed_world.draft)

    with pytest.raises(TransactionManagementError, match="inside a transaction"):
        elsewhere(lambda: taking.take(Nomination, [draft.pk], actor=committed_world.company))
