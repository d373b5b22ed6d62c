"""S-15: the frozen ranking, the selection drafted from it, its approval in one transaction; S-16: the report."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal

import pytest
from pytest_django import DjangoDbBlocker

from accounts.enums import Role
from accounts.models import User
from attachments import operations as attachments
from common.digest import canonical_digest
from nominations.enums import NominationState, SelectionOutcome, SelectionState
from nominations.errors import ContentChanged, NotAllowed, NotEditable, SelectionUnderway
from nominations.models import Nomination, ProvincialReport, Ranking, Selection, WorkReport
from nominations.operations import ranking as ranks
from nominations.operations import reporting, selection
from tests.kept import rows_kept
from tests.nominations import city_stages, factories, stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from tests.workflow.tampering import place
from workflow import engine
from workflow.errors import MoveRefused, NotFound
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Programme]:
    """Build a programme with two places and three evaluated communities of 90, 85 and 80 points."""
    with rows_kept(django_db_blocker):
        programme = stages.programme(places=2)
        nominations = [city_stages.recommended(programme) for _ in range(3)]
        city_stages.received(programme)
        for nomination, points in zip(nominations, ("9", "8.5", "8"), strict=True):
            city_stages.assessed(programme, nomination, [Decimal(points)] * 3)
        yield programme


@pytest.fixture
def season(db: None, kept: Programme) -> Programme:
    return deepcopy(kept)


def freeze(programme: Programme) -> Ranking:
    """Freeze the ranking as the city's reviewer."""
    return ranks.freeze_ranking(campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=EVALUATING_AT)


def prepare(programme: Programme) -> Selection:
    """Freeze the ranking and draft a selection."""
    freeze(programme)
    return selection.prepare_selection(
        campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=EVALUATING_AT
    )


def decide(programme: Programme, drafted: Selection, name: str, **wanted: str) -> Event:
    """Move a selection by whoever makes that move."""
    actor = programme.city_reviewer if name == "propose" else programme.city_approver
    return engine.perform(Selection, drafted.pk, name, actor=actor, at=EVALUATING_AT, **wanted)


def approved(programme: Programme) -> Selection:
    """Return an approved selection in rank order."""
    drafted = prepare(programme)
    decide(programme, drafted, "propose")
    decide(programme, drafted, "approve", comment="同意。")
    return drafted


def states(programme: Programme) -> list[str]:
    """Return the states of the programme's nominations in the order in which they were begun."""
    return list(Nomination.objects.filter(campaign=programme.campaign).order_by("pk").values_list("state", flat=True))


def test_frozen_ranking_holds_every_figure_under_its_digest(season: Programme) -> None:
    ranking = freeze(season)

    rows = ranking.figures["rows"]
    assert [(row["rank"], row["figures"]["total"]) for row in rows] == [(1, "90.00"), (2, "85.00"), (3, "80.00")]
    assert [len(row["sheets"]) for row in rows] == [3, 3, 3]
    assert rows[0]["decided_by"] == "total"
    assert ranking.digest == canonical_digest(ranking.figures)


def test_scores_under_a_frozen_ranking_are_not_evaluated_again(season: Programme) -> None:
    freeze(season)
    nomination = Nomination.objects.order_by("pk")[0]

    with pytest.raises(MoveRefused) as refused:
        engine.perform(
            Nomination, nomination.pk, "reopen_evaluation", actor=season.city_approver, at=EVALUATING_AT, comment="重评"
        )

    assert [refusal.code for refusal in refused.value.refusals] == ["ranking_frozen"]


def test_ranking_without_evaluated_communities_is_not_frozen(programme: Programme) -> None:
    with pytest.raises(ranks.NothingToRank):
        freeze(programme)


def test_drafted_selection_follows_the_ranking(season: Programme) -> None:
    drafted = prepare(season)

    rows = drafted.rows.order_by("rank").values_list("rank", "outcome")
    assert list(rows) == [(1, "shortlist"), (2, "shortlist"), (3, "pass_over")]


def test_drafted_rows_carry_how_firm_each_rank_is(season: Programme) -> None:
    drafted = prepare(season)

    figures = Ranking.objects.get().figures
    told = {row["nomination"]: {**row["stability"], "resamples": figures["resamples"]} for row in figures["rows"]}
    assert {str(row.nomination_id): row.stability for row in drafted.rows.all()} == told


def test_approval_moves_every_listed_nomination_in_one_transaction(season: Programme) -> None:
    approved(season)

    season.campaign.refresh_from_db()
    assert states(season) == ["shortlisted", "shortlisted", "not_selected"]
    assert season.campaign.places_taken == 2


def test_who_proposed_a_selection_does_not_approve_it(season: Programme) -> None:
    drafted = prepare(season)
    decide(season, drafted, "propose")
    Selection.objects.filter(pk=drafted.pk).update(preparer_id=season.city_approver.user_id)

    with pytest.raises(MoveRefused) as refused:
        decide(season, drafted, "approve", comment="同意。")

    assert [refusal.code for refusal in refused.value.refusals] == ["four_eyes"]
    assert states(season) == ["evaluated"] * 3


def test_overtaking_a_better_rank_needs_a_reason(season: Programme) -> None:
    drafted = prepare(season)
    second, third = drafted.rows.order_by("rank")[1:]
    choose(season, drafted, second.nomination_id, SelectionOutcome.RESERVE)
    choose(season, drafted, third.nomination_id, SelectionOutcome.SHORTLIST)
    with pytest.raises(MoveRefused) as refused:
        decide(season, drafted, "propose")

    choose(season, drafted, third.nomination_id, SelectionOutcome.SHORTLIST, "第二名同企业已有一个小区入选。")
    decide(season, drafted, "propose")
    decide(season, drafted, "approve", comment="同意。")

    assert [refusal.code for refusal in refused.value.refusals] == ["reasons_missing"]
    assert states(season) == ["shortlisted", "reserved", "shortlisted"]
    event = Event.objects.get(subject_id=third.nomination_id, name="shortlist")
    assert event.comment == "第二名同企业已有一个小区入选。"


def choose(
    programme: Programme, drafted: Selection, nomination_id: object, outcome: SelectionOutcome, reason: str = ""
) -> None:
    """Change one row as the city's reviewer."""
    selection.edit_row(
        selection_id=drafted.pk,
        nomination_id=nomination_id,  # type: ignore[arg-type]  # as the row holds it
        outcome=outcome,
        reason=reason,
        actor=programme.city_reviewer,
        at=EVALUATING_AT,
    )


def test_more_communities_than_places_are_not_proposed(season: Programme) -> None:
    drafted = prepare(season)
    third = drafted.rows.order_by("rank")[2]
    choose(season, drafted, third.nomination_id, SelectionOutcome.SHORTLIST)

    with pytest.raises(MoveRefused) as refused:
        decide(season, drafted, "propose")

    assert {refusal.code for refusal in refused.value.refusals} == {"places_exhausted"}


def test_tie_across_the_cut_line_is_never_cut_by_the_machine() -> None:
    programme = stages.programme(places=1)
    nominations = [city_stages.recommended(programme) for _ in range(2)]
    city_stages.received(programme)
    for nomination in nominations:
        city_stages.assessed(programme, nomination, [Decimal(9)] * 3)

    drafted = prepare(programme)

    assert list(drafted.rows.values_list("rank", "outcome")) == [(1, "pass_over"), (1, "pass_over")]
    choose(programme, drafted, nominations[0].pk, SelectionOutcome.SHORTLIST)
    with pytest.raises(MoveRefused) as refused:
        decide(programme, drafted, "propose")
    assert [refusal.code for refusal in refused.value.refusals] == ["tie_undecided"]
    selection.decide_tie(
        selection_id=drafted.pk, decision="局务会研究确定。", actor=programme.city_reviewer, at=EVALUATING_AT
    )
    assert decide(programme, drafted, "propose").to_state == SelectionState.PROPOSED


def test_one_selection_is_open_at_a_time(season: Programme) -> None:
    prepare(season)

    with pytest.raises(SelectionUnderway):
        freeze(season)
    with pytest.raises(SelectionUnderway):
        selection.prepare_selection(campaign_id=season.campaign.pk, actor=season.city_reviewer, at=EVALUATING_AT)


def test_selection_draws_on_a_frozen_ranking(season: Programme) -> None:
    with pytest.raises(ranks.RankingMissing):
        selection.prepare_selection(campaign_id=season.campaign.pk, actor=season.city_reviewer, at=EVALUATING_AT)


def test_proposed_selection_is_not_edited(season: Programme) -> None:
    drafted = prepare(season)
    decide(season, drafted, "propose")
    row = drafted.rows.order_by("rank")[0]

    with pytest.raises(NotEditable):
        choose(season, drafted, row.nomination_id, SelectionOutcome.RESERVE)


def test_selection_says_nothing_about_foreign_nominations(season: Programme) -> None:
    drafted = prepare(season)

    with pytest.raises(NotFound):
        choose(season, drafted, season.campaign.pk, SelectionOutcome.RESERVE)


@pytest.mark.parametrize("who", ["city_approver", "auditor"])
def test_only_the_citys_reviewer_prepares(season: Programme, who: str) -> None:
    with pytest.raises(NotAllowed):
        ranks.freeze_ranking(campaign_id=season.campaign.pk, actor=getattr(season, who), at=EVALUATING_AT)


def test_district_does_not_find_selections(season: Programme) -> None:
    drafted = prepare(season)

    assert not Selection.objects.visible_to(season.bureau.approver).filter(pk=drafted.pk).exists()


@pytest.mark.parametrize("part", ["began", "changed", "proposed"])
def test_whoever_had_a_hand_in_a_selection_does_not_approve_it(season: Programme, part: str) -> None:
    """One person may be reviewer and approver, by two memberships; four eyes are two persons all the same."""
    head = season.city_approver
    person = User.objects.get(pk=head.person_id)
    twice = factories.actor(Role.CITY_REVIEWER, season.campaign.city, user=person)
    parts = ("began", "changed", "proposed")
    began, changed, proposed = (twice if part == name else season.city_reviewer for name in parts)
    freeze(season)
    drafted = selection.prepare_selection(campaign_id=season.campaign.pk, actor=began, at=EVALUATING_AT)
    last = drafted.rows.order_by("-rank")[0]
    selection.edit_row(
        selection_id=drafted.pk,
        nomination_id=last.nomination_id,
        outcome=SelectionOutcome.RESERVE,
        reason="备选。",
        actor=changed,
        at=EVALUATING_AT,
    )
    engine.perform(Selection, drafted.pk, "propose", actor=proposed, at=EVALUATING_AT)

    with pytest.raises(MoveRefused) as refused:
        decide(season, drafted, "approve", comment="同意。")

    assert [refusal.code for refusal in refused.value.refusals] == ["four_eyes"]


def test_who_had_a_hand_in_a_selection_takes_nobody_off_its_list(season: Programme) -> None:
    drafted = prepare(season)
    person = User.objects.get(pk=season.city_reviewer.person_id)
    twice = factories.actor(Role.CITY_APPROVER, season.campaign.city, user=person)
    decide(season, drafted, "propose")
    decide(season, drafted, "approve", comment="同意。")
    first = Nomination.objects.order_by("pk")[0]

    with pytest.raises(MoveRefused) as refused:
        engine.perform(Nomination, first.pk, "remove_from_shortlist", actor=twice, at=EVALUATING_AT, comment="核实有误")

    assert [refusal.code for refusal in refused.value.refusals] == ["four_eyes"]


def test_place_that_falls_free_is_given_after_the_report_has_gone(season: Programme) -> None:
    """The province may take one more within an extension: whom a further selection chooses is reported by itself."""
    approved(season)
    first = Nomination.objects.order_by("pk")[0]
    engine.perform(
        Nomination, first.pk, "remove_from_shortlist", actor=season.city_approver, at=EVALUATING_AT, comment="核实有误"
    )
    place(ProvincialReport.objects.get(campaign=season.campaign), "sent")

    further = prepare(season)
    decide(season, further, "propose")
    decide(season, further, "approve", comment="省厅同意补报。")

    assert Selection.objects.get(pk=further.pk).state == "approved"


def test_place_that_falls_free_goes_to_a_reserve_by_a_further_selection(season: Programme) -> None:
    drafted = prepare(season)
    third = drafted.rows.order_by("rank")[2]
    choose(season, drafted, third.nomination_id, SelectionOutcome.RESERVE)
    decide(season, drafted, "propose")
    decide(season, drafted, "approve", comment="同意。")
    first = Nomination.objects.order_by("pk")[0]
    engine.perform(
        Nomination, first.pk, "remove_from_shortlist", actor=season.city_approver, at=EVALUATING_AT, comment="核实有误"
    )

    further = prepare(season)
    choose(season, further, first.pk, SelectionOutcome.PASS_OVER)
    choose(season, further, third.nomination_id, SelectionOutcome.SHORTLIST, "递补。")
    decide(season, further, "propose")
    decide(season, further, "approve", comment="同意递补。")

    season.campaign.refresh_from_db()
    assert states(season) == ["not_selected", "shortlisted", "shortlisted"]
    assert season.campaign.places_taken == 2


def test_report_reaches_the_province_with_every_shortlisted_community(season: Programme) -> None:
    approved(season)
    report = ProvincialReport.objects.get(campaign=season.campaign)
    with pytest.raises(MoveRefused) as refused:
        engine.perform(ProvincialReport, report.pk, "approve", actor=season.city_approver, at=EVALUATING_AT)
    accept_work_report(season)
    prepared = reporting.prepare_report(
        report_id=report.pk,
        letter="现将“美好家园”小区推荐名单报上。",
        document_number="示城管〔2023〕12号",
        actor=season.city_reviewer,
        at=EVALUATING_AT,
    )

    engine.perform(ProvincialReport, report.pk, "approve", actor=season.city_approver, at=EVALUATING_AT)
    scan = reporting.attach_sealed_copy(
        report_id=report.pk,
        upload=city_stages.photo("sealed.jpg"),
        content_digest=prepared.content_digest,
        actor=season.city_reviewer,
        at=EVALUATING_AT,
    )
    attachments.inspect(attachment_id=scan.pk, at=EVALUATING_AT)
    engine.perform(ProvincialReport, report.pk, "send", actor=season.city_approver, at=EVALUATING_AT)

    codes = {refusal.code for refusal in refused.value.refusals}
    assert codes == {"not_prepared", "work_reports_missing", "letter_missing", "not_a_document_number"}
    assert states(season) == ["reported", "reported", "not_selected"]


def accept_work_report(programme: Programme) -> None:
    """Bring the district's work report to acceptance."""
    report = programme.bureau.work_report
    sections = {"practice_and_results": "做法和成效。", "problems": "问题。", "suggestions": "建议。"}
    WorkReport.objects.filter(pk=report.pk).update(**sections)
    for name, actor in [("submit", programme.bureau.approver), ("accept", programme.city_reviewer)]:
        engine.perform(WorkReport, report.pk, name, actor=actor, at=EVALUATING_AT)


def test_seal_belongs_to_the_text_that_was_printed(season: Programme) -> None:
    approved(season)
    accept_work_report(season)
    report = ProvincialReport.objects.get(campaign=season.campaign)
    common = {"report_id": report.pk, "actor": season.city_reviewer, "at": EVALUATING_AT}
    reporting.prepare_report(letter="报上。", document_number="示城管〔2023〕12号", **common)
    engine.perform(ProvincialReport, report.pk, "approve", actor=season.city_approver, at=EVALUATING_AT)

    with pytest.raises(ContentChanged):
        reporting.attach_sealed_copy(upload=city_stages.photo(), content_digest="0" * 64, **common)
    with pytest.raises(NotEditable):
        reporting.prepare_report(letter="改", document_number="", **common)
    with pytest.raises(NotAllowed):
        reporting.prepare_report(
            letter="改", document_number="", report_id=report.pk, actor=season.city_approver, at=EVALUATING_AT
        )


def test_award_needs_the_provinces_document(season: Programme) -> None:
    test_report_reaches_the_province_with_every_shortlisted_community(season)
    nomination = Nomination.objects.filter(state=NominationState.REPORTED).order_by("pk")[0]
    common = {"actor": season.city_reviewer, "at": EVALUATING_AT, "comment": "省厅公布。"}
    with pytest.raises(MoveRefused) as refused:
        engine.perform(Nomination, nomination.pk, "record_award", **common)

    engine.perform(
        Nomination, nomination.pk, "record_award", payload={"result_document": "建房函〔2023〕900号"}, **common
    )

    nomination.refresh_from_db()
    assert [refusal.code for refusal in refused.value.refusals] == ["result_document_missing"]
    assert (nomination.state, nomination.result_document) == ("awarded", "建房函〔2023〕900号")
