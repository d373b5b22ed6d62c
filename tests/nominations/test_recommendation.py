"""S-06 and S-07: the district's table: ranks, columns, descriptions, two people, one seal for one text."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attachments import operations as attachments
from nominations.enums import SummaryState
from nominations.errors import ContentChanged, InvalidInput, NotAllowed, NotEditable
from nominations.models import RecommendationSummary, SummaryRow
from nominations.operations import recommendation
from nominations.operations.district_review import complete_review
from nominations.rules.narrative import narrative
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import RECOMMENDED_AT
from tests.nominations.stages import Programme
from workflow import engine
from workflow.errors import MoveRefused, NotFound

pytestmark = pytest.mark.django_db


def asked(programme: Programme, **more: Any) -> dict[str, Any]:
    """Return the arguments that every verb of the district's reviewer takes."""
    return {"summary_id": programme.bureau.summary.pk, "actor": programme.bureau.reviewer, "at": RECOMMENDED_AT} | more


def picture(name: str = "scan.jpg") -> SimpleUploadedFile:
    """Return a scan."""
    return city_stages.photo(name)


def describe_all(programme: Programme) -> None:
    """Attach a checked description to each row."""
    for row in programme.bureau.summary.rows.all():
        received = recommendation.attach_description(**asked(programme, row_id=row.pk, upload=picture()))
        attachments.inspect(attachment_id=received.pk, at=RECOMMENDED_AT)


def move(programme: Programme, name: str, **wanted: Any) -> None:
    """Make a move of the summary as the district's approver."""
    summary = programme.bureau.summary
    engine.perform(
        RecommendationSummary, summary.pk, name, actor=programme.bureau.approver, at=RECOMMENDED_AT, **wanted
    )


def approved(programme: Programme) -> RecommendationSummary:
    """Bring the table to approval."""
    recommendation.compute_ranks(**asked(programme))
    describe_all(programme)
    recommendation.prepare(**asked(programme))
    move(programme, "approve")
    return programme.bureau.summary


def test_ranks_follow_the_score_and_equal_figures_share_one(programme: Programme) -> None:
    for score in ("88.00", "91.50", "88.00"):
        city_stages.recommended(programme, score=score)

    recommendation.compute_ranks(**asked(programme))

    rows = programme.bureau.summary.rows.order_by("rank")
    assert [(row.rank, str(row.score)) for row in rows] == [(1, "91.50"), (2, "88.00"), (2, "88.00")]


def test_satisfaction_parts_equal_scores_before_anything_else(programme: Programme) -> None:
    """S-12: satisfaction is the first criterion."""
    first = city_stages.recommended(programme, changes={"figures": {"satisfaction_rate": "91.00"}})
    second = city_stages.recommended(programme, changes={"figures": {"satisfaction_rate": "97.00"}})

    recommendation.compute_ranks(**asked(programme))

    ranks = dict(programme.bureau.summary.rows.values_list("nomination", "rank"))
    assert ranks == {second.pk: 1, first.pk: 2}


def test_third_group_parts_what_is_equal_otherwise(programme: Programme) -> None:
    """S-12: of two equal totals the one with the better property service comes first."""
    strong_elsewhere, strong_in_three = (stages.claimed(programme) for _ in range(2))
    for nomination, points in ((strong_elsewhere, ("9", "8")), (strong_in_three, ("8", "9.5"))):
        stages.write_review(nomination, programme.bureau.reviewer, points=points[0], group_three=points[1])
        complete_review(nomination_id=nomination.pk, actor=programme.bureau.reviewer, at=stages.AT)
        stages.moved(nomination, "recommend", programme.bureau.approver, comment="同意推荐。")

    recommendation.compute_ranks(**asked(programme))

    rows = programme.bureau.summary.rows.order_by("rank")
    assert [(row.nomination_id, row.rank, str(row.score)) for row in rows] == [
        (strong_in_three.pk, 1, "86.00"),
        (strong_elsewhere.pk, 2, "86.00"),
    ]


def test_columns_are_proposed_from_the_form_and_keep_what_was_edited(programme: Programme) -> None:
    city_stages.recommended(programme)
    recommendation.compute_ranks(**asked(programme))
    row = programme.bureau.summary.rows.get()

    recommendation.edit_row(**asked(programme, row_id=row.pk, texts={"party_text": "党组织健全。"}))
    recommendation.compute_ranks(**asked(programme))

    row.refresh_from_db()
    assert row.party_text == "党组织健全。"
    assert row.committee_text == "示例花园业主委员会，任期2021年6月1日至2026年5月31日，成员7人，其中党员4人。"
    assert row.fees_text == "物业费收缴率96.40%。"


def test_narrative_says_what_there_is_and_nothing_of_what_there_is_not() -> None:
    empty = narrative({})
    without = narrative(
        {"committee": {"kind": "none", "substitute": "示例社区居委会"}, "company": {"has_penalty": True}}
    )

    assert empty["committee_text"] == "未成立业主委员会或物业管理委员会。"
    assert {name: text for name, text in empty.items() if text} == {"committee_text": empty["committee_text"]}
    assert without["committee_text"] == "未成立业主委员会或物业管理委员会，由示例社区居委会代行。"
    assert without["company_text"] == "一年内有行政处罚记录。"


def test_row_of_a_community_that_is_no_longer_recommended_goes(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    recommendation.compute_ranks(**asked(programme))
    stages.moved(
        nomination, "rescind_recommendation", programme.bureau.approver, at=RECOMMENDED_AT, comment="核实有误。"
    )

    recommendation.compute_ranks(**asked(programme))

    assert not SummaryRow.objects.exists()


def test_approval_names_everything_that_is_missing(programme: Programme) -> None:
    stages.submitted(programme)
    city_stages.recommended(programme)

    with pytest.raises(MoveRefused) as refused:
        move(programme, "approve")

    codes = {refusal.code for refusal in refused.value.refusals}
    assert codes >= {"nominations_undecided", "ranks_incomplete"}


def test_summary_cannot_be_approved_without_descriptions(programme: Programme) -> None:
    city_stages.recommended(programme)
    recommendation.compute_ranks(**asked(programme))
    recommendation.prepare(**asked(programme))

    with pytest.raises(MoveRefused) as refused:
        move(programme, "approve")

    assert [refusal.code for refusal in refused.value.refusals] == ["descriptions_missing"]


def test_who_prepared_the_table_does_not_approve_it(programme: Programme) -> None:
    city_stages.recommended(programme)
    recommendation.compute_ranks(**asked(programme))
    describe_all(programme)
    recommendation.prepare(**asked(programme, actor=programme.bureau.approver))

    with pytest.raises(MoveRefused) as refused:
        move(programme, "approve")

    assert [refusal.code for refusal in refused.value.refusals] == ["four_eyes"]


def test_sealed_table_goes_to_the_city(programme: Programme) -> None:
    city_stages.recommended(programme)
    summary = approved(programme)
    with pytest.raises(ContentChanged):
        recommendation.attach_sealed_copy(**asked(programme, upload=picture(), content_digest="0" * 64))

    scan = recommendation.attach_sealed_copy(
        **asked(programme, upload=picture(), content_digest=summary.content_digest)
    )
    attachments.inspect(attachment_id=scan.pk, at=RECOMMENDED_AT)
    move(programme, "submit")

    assert programme.bureau.summary.state == SummaryState.SUBMITTED


def test_later_edit_voids_preparation_and_seal(programme: Programme) -> None:
    city_stages.recommended(programme)
    summary = approved(programme)
    recommendation.attach_sealed_copy(**asked(programme, upload=picture(), content_digest=summary.content_digest))
    move(programme, "amend", comment="更正。")
    row = summary.rows.get()

    recommendation.edit_row(**asked(programme, row_id=row.pk, texts={"fees_text": "收缴率较高。"}))

    changed = programme.bureau.summary
    assert (changed.content_digest, changed.sealed_digest, changed.preparer_id) == ("", "", None)


def test_preparation_needs_complete_ranks(programme: Programme) -> None:
    city_stages.recommended(programme)

    with pytest.raises(recommendation.NothingPrepared):
        recommendation.prepare(**asked(programme))


def test_district_without_a_recommendation_sends_an_empty_table(programme: Programme) -> None:
    recommendation.compute_ranks(**asked(programme))
    recommendation.prepare(**asked(programme))

    move(programme, "approve")

    assert programme.bureau.summary.state == SummaryState.APPROVED


def test_column_refusals_name_every_column(programme: Programme) -> None:
    city_stages.recommended(programme)
    recommendation.compute_ranks(**asked(programme))
    row = programme.bureau.summary.rows.get()

    with pytest.raises(InvalidInput) as refused:
        recommendation.edit_row(**asked(programme, row_id=row.pk, texts={"fees_text": "长" * 1001, "rank": 1}))

    assert [(refusal.code, refusal.fix) for refusal in refused.value.refusals] == [
        ("too_long", "fees_text"),
        ("unknown_field", "rank"),
    ]


def test_rows_of_another_table_and_other_offices_are_not_found(programme: Programme) -> None:
    city_stages.recommended(programme, bureau=1)
    there = asked(programme, summary_id=programme.bureaus[1].summary.pk)
    foreign = recommendation.compute_ranks(**there | {"actor": programme.bureaus[1].reviewer}).rows.get()

    with pytest.raises(NotFound):
        recommendation.compute_ranks(**there)
    with pytest.raises(NotFound):
        recommendation.edit_row(**asked(programme, row_id=foreign.pk, texts={}))
    with pytest.raises(NotAllowed):
        recommendation.compute_ranks(**asked(programme, actor=programme.city_reviewer))


def test_approved_table_is_not_edited(programme: Programme) -> None:
    city_stages.recommended(programme)
    approved(programme)

    with pytest.raises(NotEditable):
        recommendation.compute_ranks(**asked(programme))
