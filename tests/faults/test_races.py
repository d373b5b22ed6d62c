"""Many clients want the same at the same instant: the database decides, exactly once, and nobody gets a 5xx."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import pytest

from tests.faults.crowd import Answer, acknowledged, at_once, move
from tests.faults.seed import CONTESTED, PLACES, WAITING
from tests.faults.stage import Stage

pytestmark = pytest.mark.faults
CLIENTS, COPIES, REPEATED = 6, 8, 10


def test_same_move_by_six_clients_makes_one_event_each(scene: Stage) -> None:
    scene.web()
    plan = [move(pk, "recommend", scene.seeded["approver"]) for pk in scene.seeded["waiting"]]

    answers = flat(at_once(scene.web_port, [plan] * CLIENTS))

    assert statuses(answers) == {200: WAITING, 409: WAITING * (CLIENTS - 1)}
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"wrong_state"}
    assert made(scene, "recommend") == WAITING
    assert scene.judge(acknowledged(answers)) == []


def test_thirty_recommendations_fill_ten_places(scene: Stage) -> None:
    scene.web()
    calls = [move(pk, "recommend", scene.seeded["narrow_approver"]) for pk in scene.seeded["contested"]]

    answers = flat(at_once(scene.web_port, [[call] for call in calls]))

    assert statuses(answers) == {200: PLACES, 422: CONTESTED - PLACES}
    refused = [answer.body["refusals"] for answer in answers if answer.status == 422]
    assert {reason["code"] for reasons in refused for reason in reasons} == {"district_quota_exhausted"}
    assert made(scene, "recommend") == PLACES
    assert scene.judge(acknowledged(answers)) == []


def test_same_key_eight_times_gives_eight_equal_answers(scene: Stage) -> None:
    scene.web()
    found = []

    for pk in scene.seeded["waiting"][:REPEATED]:
        call = move(pk, "recommend", scene.seeded["approver"], key=f"recommend-{pk}")
        found.append(flat(at_once(scene.web_port, [[call]] * COPIES)))

    assert [statuses(answers) for answers in found] == [{200: COPIES}] * REPEATED
    assert [[answer.body == answers[0].body for answer in answers] for answers in found] == [[True] * COPIES] * REPEATED
    assert made(scene, "recommend") == REPEATED
    assert scene.judge(acknowledged(flat(found))) == []


def flat(plans: Sequence[Sequence[Answer]]) -> list[Answer]:
    """Return the answers of all plans."""
    return list(chain.from_iterable(plans))


def statuses(answers: Sequence[Answer]) -> Counter[int]:
    """Count the answers by status."""
    return Counter(answer.status for answer in answers)


def made(scene: Stage, name: str) -> int:
    """Return how many events of this move there are."""
    return int(scene.ask("SELECT count(*) FROM workflow_event WHERE name = %s", name))
