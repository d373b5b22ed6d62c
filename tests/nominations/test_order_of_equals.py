"""Equal in every criterion: people decide the order, with a reason, and the decision falls when the tie changes."""

from __future__ import annotations

from uuid import UUID

import pytest

from nominations.errors import InvalidInput
from nominations.models import Nomination, SummaryRow
from nominations.operations.recommendation import NotATie, compute_ranks, decide_order
from nominations.rules.recommendation import decided_places
from tests.nominations import stages
from tests.nominations.stages import AT, Programme
from workflow.models import Event

A, B, C, D = (UUID(int=number) for number in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("ties", "places", "held"),
    [
        ([[A, B]], {A: 2, B: 1}, {A: 2, B: 1}),
        ([[A, B]], {}, {}),
        ([[A, B, C]], {A: 2, B: 1}, {}),
        ([[A, B]], {A: 2, B: 1, C: 3}, {A: 2, B: 1}),
        ([[A, B, C, D]], {A: 1, B: 2, C: 1, D: 2}, {}),
        ([[A, B], [C, D]], {A: 1, B: 2, C: 2, D: 1}, {A: 1, B: 2, C: 2, D: 1}),
        ([], {A: 1, B: 2}, {}),
    ],
)
def test_decision_holds_as_long_as_its_tie(
    ties: list[list[UUID]], places: dict[UUID, int], held: dict[UUID, int]
) -> None:
    assert decided_places(ties, places) == held


def equals(programme: Programme, number: int = 2) -> list[SummaryRow]:
    """Return the rows of communities that are equal in every criterion."""
    for _ in range(number):
        stages.recommended(programme)
    return rank(programme)


def rank(programme: Programme) -> list[SummaryRow]:
    """Compute the ranks and return the rows in the order of their numbers."""
    compute_ranks(summary_id=programme.bureau.summary.pk, actor=programme.bureau.reviewer, at=AT)
    return list(SummaryRow.objects.order_by("nomination__number"))


def decide(programme: Programme, rows: list[SummaryRow], reason: str = "集体研究决定。") -> Event:
    return decide_order(
        summary_id=programme.bureau.summary.pk,
        row_ids=[row.pk for row in rows],
        reason=reason,
        actor=programme.bureau.reviewer,
        at=AT,
    )


def ranks() -> list[int | None]:
    return list(SummaryRow.objects.order_by("nomination__number").values_list("rank", flat=True))


def test_equals_share_a_rank_until_people_decide(programme: Programme) -> None:
    first, second = equals(programme)
    shared = ranks()

    event = decide(programme, [second, first])

    assert (shared, ranks()) == ([1, 1], [2, 1])
    assert (event.name, event.comment) == ("decide_order", "集体研究决定。")
    assert event.payload["order"] == [second.nomination.number, first.nomination.number]


def test_decision_survives_computing_again(programme: Programme) -> None:
    first, second = equals(programme)
    decide(programme, [second, first])

    rank(programme)

    assert ranks() == [2, 1]
    assert set(SummaryRow.objects.values_list("decided_reason", flat=True)) == {"集体研究决定。"}


def test_decision_falls_when_another_joins_the_tie(programme: Programme) -> None:
    first, second = equals(programme)
    decide(programme, [second, first])

    stages.recommended(programme)
    rank(programme)

    assert ranks() == [1, 1, 1]
    assert set(SummaryRow.objects.values_list("decided_place", "decided_reason")) == {(None, "")}


def test_decision_may_be_changed(programme: Programme) -> None:
    first, second = equals(programme)
    decide(programme, [second, first])

    decide(programme, [first, second], "复核后决定。")

    assert ranks() == [1, 2]


def test_decision_voids_what_was_prepared(programme: Programme) -> None:
    first, second = equals(programme)
    programme.bureau.summary.__class__.objects.update(preparer=programme.bureau.reviewer.user_id)

    decide(programme, [first, second])

    assert programme.bureau.summary.preparer_id is None


@pytest.mark.parametrize("reason", ["", "  ", "字" * 1001])
def test_decision_needs_a_reason(programme: Programme, reason: str) -> None:
    rows = equals(programme)

    with pytest.raises(InvalidInput) as caught:
        decide(programme, rows, reason)

    assert [refusal.fix for refusal in caught.value.refusals] == ["reason"]
    assert ranks() == [1, 1]


def test_nobody_decides_against_the_figures(programme: Programme) -> None:
    best, other = equals(programme)
    better = Nomination.objects.get(pk=best.nomination_id)
    better.form["figures"]["satisfaction_rate"] = "99.00"
    better.save(update_fields=["form"])
    rank(programme)

    with pytest.raises(NotATie):
        decide(programme, [other, best])


@pytest.mark.parametrize("chosen", [[0], [0, 0], [0, 1], []])
def test_decision_names_the_whole_tie(programme: Programme, chosen: list[int]) -> None:
    rows = equals(programme, 3)

    with pytest.raises(NotATie):
        decide(programme, [rows[index] for index in chosen])
