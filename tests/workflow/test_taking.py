"""Taking objects: locked in one order, loaded like the ORM would load them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from nominations.models import Nomination, ProvincialReport, RecommendationSummary, Selection, WorkReport
from tests.nominations import stages
from tests.workflow.races import elsewhere
from tests.workflow.world import World, build
from workflow import engine, taking
from workflow.errors import NotFound
from workflow.models import WorkflowModel

MODELS = (Nomination, RecommendationSummary, WorkReport, Selection, ProvincialReport)


def told(row: WorkflowModel) -> dict[str, Any]:
    """Return everything that was loaded with the row: its fields, its annotations, its parents by their ids."""
    loaded = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
    parents = {name: getattr(parent, "pk", None) for name, parent in row._state.fields_cache.items()}
    return loaded | {"parents": parents}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("count", [1, 3])
def test_compiled_query_loads_what_the_orm_loads(world: World, model: Any, count: int) -> None:
    first = world.one_of(model.flow)
    stages.submitted(world.programme)
    stages.submitted(world.programme)
    ids = [first.pk, *model.objects.exclude(pk=first.pk).values_list("pk", flat=True)][:count]

    loaded = taking.load(model, ids)

    expected = {row.pk: told(row) for row in model.objects.with_facts().filter(pk__in=ids)}
    assert {pk: told(row) for pk, row in loaded.items()} == expected


@pytest.mark.parametrize("model", MODELS)
def test_object_is_shown_as_the_orm_would_load_it(world: World, model: Any) -> None:
    row, actor = world.one_of(model.flow), world.programme.city_reviewer

    with CaptureQueriesContext(connection) as asked:
        found = engine.find(model, row.pk, actor=actor)

    assert told(found) == told(model.objects.visible_to(actor).with_facts().get(pk=row.pk))
    assert len(asked) == (2 if model is Selection else 1)  # the row, and a selection's own rows


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("model", MODELS)
def test_two_in_the_same_capacity_are_shown_their_own(world: World, model: Any, role: Role) -> None:
    row, other = world.one_of(model.flow), build()
    people = [world.actor(role), other.actor(role)]

    shown = [is_shown(model, row.pk, actor) for actor in people]

    assert shown == [model.objects.visible_to(actor).filter(pk=row.pk).exists() for actor in people]
    assert not is_shown(model, uuid4(), people[0])


def is_shown(model: Any, pk: UUID, actor: Any) -> bool:
    try:
        return bool(engine.find(model, pk, actor=actor))
    except NotFound:
        return False


def test_rows_of_one_parent_share_it(world: World) -> None:
    ids = [draft.pk for draft in world.drafts(3)]

    loaded = taking.load_locked(Nomination, ids, ["campaign"])

    assert len({id(row.campaign) for row in loaded.values()}) == 1


def test_rows_that_somebody_holds_are_left(committed_world: World) -> None:
    held, free = elsewhere(lambda: committed_world.drafts(2))
    with transaction.atomic():
        Nomination.objects.select_for_update().get(pk=held.pk)

        found = elsewhere(lambda: free_ones([held.pk, free.pk]))
        transaction.set_rollback(True)

    assert found == {free.pk}


def free_ones(ids: list[Any]) -> set[Any]:
    with transaction.atomic():
        return taking.lock_free(Nomination, ids, locks=["campaign", "summary"])
