"""What was approved stays true: a table that a nomination has overtaken is not sent (decision 10; rows S-05, S-06)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from attachments import operations as attachments
from nominations.enums import SummaryState
from nominations.models import Nomination, RecommendationSummary
from nominations.operations import recommendation
from nominations.operations.moves import make_move
from nominations.queries.waiting import counts_waiting_for
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import RECOMMENDED_AT
from tests.nominations.stages import Programme
from tests.workflow.races import at_once, codes, elsewhere
from workflow import engine
from workflow.declaration import flow_of
from workflow.errors import MoveRefused
from workflow.models import Event


def asked(programme: Programme, **more: Any) -> dict[str, Any]:
    """Return the arguments that every verb of the district's reviewer takes."""
    return {"summary_id": programme.bureau.summary.pk, "actor": programme.bureau.reviewer, "at": RECOMMENDED_AT} | more


def move(programme: Programme, name: str, **wanted: Any) -> Event:
    """Make a move of the summary as the district's approver."""
    pk, actor = programme.bureau.summary.pk, programme.bureau.approver
    return engine.perform(RecommendationSummary, pk, name, actor=actor, at=RECOMMENDED_AT, **wanted)


def prepared(programme: Programme) -> None:
    """Bring the table before the approver."""
    recommendation.compute_ranks(**asked(programme))
    for row in programme.bureau.summary.rows.all():
        described = recommendation.attach_description(
            **asked(programme, row_id=row.pk, upload=city_stages.photo("scan.jpg"))
        )
        attachments.inspect(attachment_id=described.pk, at=RECOMMENDED_AT)
    recommendation.prepare(**asked(programme))


def sealed(programme: Programme) -> None:
    """Bring the table to approval, and seal it."""
    prepared(programme)
    move(programme, "approve")
    digest = programme.bureau.summary.content_digest
    scan = recommendation.attach_sealed_copy(
        **asked(programme, upload=city_stages.photo("scan.jpg"), content_digest=digest)
    )
    attachments.inspect(attachment_id=scan.pk, at=RECOMMENDED_AT)


def reasons(programme: Programme) -> list[str]:
    """Return the reasons against sending the table."""
    with pytest.raises(MoveRefused) as refused:
        move(programme, "submit")
    return [refusal.code for refusal in refused.value.refusals]


@pytest.mark.django_db
def test_sealed_table_that_nothing_overtook_goes_to_the_city(programme: Programme) -> None:
    city_stages.recommended(programme)
    sealed(programme)

    move(programme, "submit")

    assert programme.bureau.summary.state == SummaryState.SUBMITTED


@pytest.mark.django_db
def test_nomination_that_comes_in_later_keeps_the_sealed_table_at_home(programme: Programme) -> None:
    city_stages.recommended(programme)
    sealed(programme)

    stages.submitted(programme)

    summary = programme.bureau.summary
    assert reasons(programme) == ["summary_overtaken"]
    assert (summary.state, summary.preparer_id, summary.content_digest) == (SummaryState.APPROVED, None, "")
    assert (summary.sealed_digest, summary.sealed_copy_id) == ("", None)


@pytest.mark.django_db
def test_overtaken_table_lies_with_the_approver_for_another_approval(programme: Programme) -> None:
    city_stages.recommended(programme)
    sealed(programme)
    before = counts_waiting_for(programme.bureau.approver)

    stages.submitted(programme)

    after = counts_waiting_for(programme.bureau.approver)
    assert (before["summaries_to_approve"], before["summaries_to_send"]) == (0, 1)
    assert (after["summaries_to_approve"], after["summaries_to_send"]) == (1, 0)


@pytest.mark.django_db
def test_overtaken_table_goes_out_after_it_was_amended_and_approved_again(programme: Programme) -> None:
    city_stages.recommended(programme)
    sealed(programme)
    late = stages.reviewed(programme)
    stages.moved(late, "decline", programme.bureau.approver, at=RECOMMENDED_AT, comment="不符合要求。")

    move(programme, "amend", comment="另有一件已作出决定。")
    sealed(programme)
    move(programme, "submit")

    assert programme.bureau.summary.state == SummaryState.SUBMITTED


@pytest.mark.django_db
def test_later_recommendation_makes_the_approved_table_a_draft_again(programme: Programme) -> None:
    city_stages.recommended(programme)
    sealed(programme)
    late = stages.reviewed(programme)

    stages.moved(late, "recommend", programme.bureau.approver, at=RECOMMENDED_AT, comment="同意推荐。")

    summary = programme.bureau.summary
    told = Event.objects.get(flow="recommendation_summary", name="amend")
    assert (summary.state, summary.recommended_count, summary.sealed_digest) == (SummaryState.DRAFT, 2, "")
    assert (told.subject_id, told.comment) == (summary.pk, "同意推荐。")


@pytest.mark.django_db
def test_many_recommendations_at_once_amend_the_table_once(programme: Programme) -> None:
    sealed(programme)
    late = [stages.reviewed(programme) for _ in range(3)]

    engine.perform_many(
        Nomination,
        [engine.Item(nomination.pk) for nomination in late],
        "recommend",
        actor=programme.bureau.approver,
        at=RECOMMENDED_AT,
        comment="同意推荐。",
    )

    assert programme.bureau.summary.state == SummaryState.DRAFT
    assert Event.objects.filter(flow="recommendation_summary", name="amend").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["submitted", "received"])
def test_table_that_the_city_holds_takes_no_further_recommendation(programme: Programme, state: str) -> None:
    sealed(programme)
    move(programme, "submit")
    if state == "received":
        summary = programme.bureau.summary
        engine.perform(RecommendationSummary, summary.pk, "receive", actor=programme.city_reviewer, at=RECOMMENDED_AT)
    late = stages.reviewed(programme)

    with pytest.raises(MoveRefused) as refused:
        stages.moved(late, "recommend", programme.bureau.approver, at=RECOMMENDED_AT, comment="同意推荐。")

    assert [refusal.code for refusal in refused.value.refusals] == ["summary_submitted"]
    assert programme.bureau.summary.state == state


@pytest.mark.django_db
def test_reconsidered_nomination_overtakes_the_table_too(programme: Programme) -> None:
    declined = stages.reviewed(programme)
    stages.moved(declined, "decline", programme.bureau.approver, at=RECOMMENDED_AT, comment="不符合要求。")
    sealed(programme)

    stages.moved(declined, "reconsider", programme.city_approver, at=RECOMMENDED_AT, comment="请重新审核。")

    assert reasons(programme) == ["summary_overtaken"]


@pytest.mark.django_db
def test_withdrawn_nomination_overtakes_the_table_too(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    sealed(programme)

    stages.moved(nomination, "withdraw", programme.company.admin, at=RECOMMENDED_AT, comment="不再申报。")

    assert reasons(programme) == ["summary_overtaken"]


@pytest.mark.django_db
def test_preparation_of_a_draft_outlasts_a_nomination_that_comes_in(programme: Programme) -> None:
    city_stages.recommended(programme)
    prepared(programme)

    stages.submitted(programme)

    assert programme.bureau.summary.preparer_id == programme.bureau.reviewer.user_id


def test_moves_that_overtake_lock_the_table() -> None:
    spec = flow_of(Nomination).transitions

    assert [name for name in spec if "summary" in spec[name].locks] == [
        "submit",
        "withdraw",
        "recommend",
        "rescind_recommendation",
        "return_to_district",
        "disqualify",
        "reconsider",
    ]


@pytest.mark.usefixtures("committed")
def test_table_is_never_approved_beside_a_nomination_that_comes_in() -> None:
    programme = elsewhere(stages.programme)
    elsewhere(lambda: prepared(programme))
    newcomer = elsewhere(lambda: stages.ready(programme))
    submit = partial(make_move, Nomination, newcomer.pk, "submit", actor=programme.company.admin, at=RECOMMENDED_AT)

    refused = codes(at_once([submit, partial(move, programme, "approve")]))

    summary = programme.bureau.summary
    newcomer.refresh_from_db()
    assert newcomer.state == "submitted"
    assert (refused, summary.state, summary.is_overtaken) in [
        (["refused"], SummaryState.DRAFT, False),
        ([], SummaryState.APPROVED, True),
    ]
