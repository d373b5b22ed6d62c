"""Two people, or one person with two devices, at the same instant: real connections, committed rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import User
from common.errors import DomainError
from common.identifiers import new_id
from evaluation import operations, queries
from evaluation.models import ScoreSheet, Standard, StandardGroup
from evaluation.operations import Entry, Saved
from evaluation.scoring import Mark
from tests.evaluation.annex import annex_two
from tests.evaluation.steps import AT, fill, hand_in, open_for

T = TypeVar("T")
AT_ONCE = 6


REMOVE_ROWS = """
    ALTER TABLE evaluation_itemscore DISABLE TRIGGER USER;
    ALTER TABLE evaluation_scoresheet DISABLE TRIGGER USER;
    ALTER TABLE evaluation_standarditem DISABLE TRIGGER USER;
    ALTER TABLE evaluation_standardgroup DISABLE TRIGGER USER;
    ALTER TABLE evaluation_standard DISABLE TRIGGER USER;
    DELETE FROM evaluation_itemscore;
    DELETE FROM evaluation_scoresheet;
    DELETE FROM evaluation_standarditem;
    DELETE FROM evaluation_standardgroup;
    DELETE FROM evaluation_standard;
    DELETE FROM accounts_user WHERE username = 'racer';
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE evaluation_itemscore ENABLE TRIGGER USER;
    ALTER TABLE evaluation_scoresheet ENABLE TRIGGER USER;
    ALTER TABLE evaluation_standarditem ENABLE TRIGGER USER;
    ALTER TABLE evaluation_standardgroup ENABLE TRIGGER USER;
    ALTER TABLE evaluation_standard ENABLE TRIGGER USER
"""


def remove_rows() -> None:
    """Remove what the test has committed, as only the owner of the tables can."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in REMOVE_ROWS.split(";"):
            cursor.execute(statement)


@pytest.fixture
def racer(db: None) -> Iterator[User]:
    """A person whose rows are committed: written on a connection of their own, not in the test's transaction."""
    yield elsewhere(lambda: User.objects.create(username="racer", name="苏望"))
    elsewhere(remove_rows)


@pytest.fixture
def ready(racer: User) -> Standard:
    return elsewhere(lambda: operations.create_standard(code="race", title="标准", outline=annex_two()))


@pytest.fixture
def started(ready: Standard, racer: User) -> ScoreSheet:
    return elsewhere(lambda: open_for(ready, racer, new_id()))


def elsewhere(act: Callable[[], T]) -> T:
    """Do the act on a connection of its own, so that it commits."""
    (outcome,) = all_at_once(act)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def all_at_once(*acts: Callable[[], T]) -> list[T | DomainError | IntegrityError]:
    """Start every act at the same instant on a connection of its own, and return what came of each."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | DomainError | IntegrityError:
        try:
            start.wait()
            return act()
        except (DomainError, IntegrityError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_opening_at_once_gives_one_sheet(ready: Standard, racer: User) -> None:
    subject_id = new_id()

    opened = all_at_once(*[lambda: open_for(ready, racer, subject_id)] * AT_ONCE)

    assert opened == [ScoreSheet.objects.get()] * AT_ONCE


def test_saving_one_item_at_once_saves_one_mark_and_reports_the_rest(started: ScoreSheet) -> None:
    item_id = next(queries.outline_of(started.standard_id).leaves()).item.id

    def save(points: int) -> Callable[[], Saved]:
        entry = Entry(item_id, Mark(Decimal(points)))
        return lambda: operations.save_scores(sheet_id=started.pk, scorer_id=started.scorer_id, entries=[entry], at=AT)

    saved = all_at_once(*[save(points) for points in range(AT_ONCE)])

    assert Counter(len(one.conflicts) for one in saved if isinstance(one, Saved)) == {0: 1, 1: AT_ONCE - 1}
    assert [line.version for line in queries.filled_sheet(started.pk).lines[:1]] == [1]


def test_handing_in_at_once_gives_one_result(started: ScoreSheet) -> None:
    elsewhere(lambda: fill(started))

    def act() -> str:
        return operations.hand_in(sheet_id=started.pk, scorer_id=started.scorer_id, at=AT).digest

    digests = all_at_once(*[act] * AT_ONCE)

    assert digests == [ScoreSheet.objects.get().digest] * AT_ONCE


def test_saving_while_handing_in_leaves_an_intact_sheet(started: ScoreSheet) -> None:
    elsewhere(lambda: fill(started))
    item_id = next(queries.outline_of(started.standard_id).leaves()).item.id
    entry = Entry(item_id, Mark(Decimal(1), remark="抢先一步。", photo_id=new_id()), seen_version=1)

    all_at_once(
        lambda: operations.hand_in(sheet_id=started.pk, scorer_id=started.scorer_id, at=AT),
        lambda: operations.save_scores(sheet_id=started.pk, scorer_id=started.scorer_id, entries=[entry], at=AT),
    )

    filled = queries.filled_sheet(started.pk)
    assert filled.is_intact is True
    assert filled.score is not None
    assert filled.score.total == filled.sheet.total


def test_unlocking_at_once_makes_one_new_version(started: ScoreSheet) -> None:
    elsewhere(lambda: hand_in(started))

    def act() -> int:
        reopened = operations.reopen(sheet_id=started.pk, by_id=started.scorer_id, reason="误评。", at=AT)
        return reopened.version

    outcomes = all_at_once(*[act] * AT_ONCE)

    assert outcomes.count(2) == 1
    assert sum(isinstance(one, operations.SheetSuperseded) for one in outcomes) == AT_ONCE - 1


def test_a_weight_changed_during_the_freeze_is_seen_or_refused(ready: Standard) -> None:
    def freeze() -> object:
        return operations.freeze_standard(standard_id=ready.pk, at=AT)

    def change() -> object:
        return StandardGroup.objects.filter(standard=ready, position=1).update(weight=10)

    all_at_once(freeze, change)

    # Whoever came first, a frozen standard's weights add up to 100 and its digest is that of its content.
    ready.refresh_from_db()
    outline = queries.outline_of(ready.pk)
    total = sum(group.weight for group in outline.groups)
    is_sound = total == 100 and ready.digest == queries.standard_digest(ready, outline)
    assert is_sound == (ready.frozen_at is not None)
