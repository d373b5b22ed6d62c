"""S-04, S-05, S-08: what the company and the district may do with a nomination, until when, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.enums import Role
from nominations.enums import Window
from nominations.models import Campaign, ComplaintFigure, DistrictReview, Nomination, RecommendationSummary
from nominations.operations.district_review import complete_review
from nominations.operations.extension import approve_extension, prepare_extension
from nominations.operations.moves import make_move, make_moves
from nominations.operations.nomination import claim
from tests.nominations import factories, stages
from tests.nominations.factories import APPLICATION_CLOSES, DISTRICT_CLOSES, OPENS
from tests.nominations.stages import AT, Bureau, Programme
from workflow.engine import Item, available
from workflow.errors import MoveRefused, NotFound, WrongRole, WrongState
from workflow.models import Deadline

MICROSECOND = timedelta(microseconds=1)
SECTIONS = {"sections": [{"section": "basics", "remark": "请核对总建筑面积"}]}


@pytest.fixture
def bureau(programme: Programme) -> Bureau:
    return programme.bureau


def move(nomination: Nomination, name: str, actor: Actor, **wanted: Any) -> Nomination:
    """Make a move as the faces do; a comment is given unless the test gives one."""
    make_move(Nomination, nomination.pk, name, **{"actor": actor, "at": AT, "comment": "说明", **wanted})
    return stages.reloaded(nomination)


def submit(nomination: Nomination, programme: Programme, **wanted: Any) -> Nomination:
    return move(nomination, "submit", programme.company.admin, **{"comment": "", **wanted})


def why_not(nomination: Nomination, name: str, actor: Actor, **wanted: Any) -> list[tuple[str, str]]:
    with pytest.raises(MoveRefused) as refused:
        move(nomination, name, actor, **wanted)
    return [(reason.code, reason.fix) for reason in refused.value.refusals]


def open_deadlines(nomination: Nomination) -> dict[str, Any]:
    rows = Deadline.objects.filter(subject_id=nomination.pk, settled_at__isnull=True)
    return dict(rows.values_list("kind", "due_at"))


def extend(programme: Programme, window: Window, nomination: Nomination, days: int = 5) -> None:
    ends = {Window.APPLICATION: APPLICATION_CLOSES, Window.DISTRICT: DISTRICT_CLOSES}
    prepared = prepare_extension(
        campaign_id=programme.campaign.pk,
        window=window,
        until=ends.get(window, APPLICATION_CLOSES) + timedelta(days=days),
        reason="汛期影响",
        actor=programme.city_reviewer,
        at=AT,
        nomination_id=nomination.pk,
    )
    approve_extension(extension_id=prepared.pk, actor=programme.city_approver, at=AT)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (OPENS - MICROSECOND, [("window_not_open", "")]),
        (OPENS, []),
        (APPLICATION_CLOSES - MICROSECOND, []),
        (APPLICATION_CLOSES, [("window_over", "extensions")]),
        (APPLICATION_CLOSES + timedelta(seconds=1), [("window_over", "extensions")]),
    ],
)
def test_form_is_submitted_within_the_window(programme: Programme, at: Any, reason: list[tuple[str, str]]) -> None:
    nomination = stages.ready(programme)

    if reason:
        assert why_not(nomination, "submit", programme.company.admin, comment="", at=at) == reason
    else:
        assert submit(nomination, programme, at=at).state == "submitted"


def test_extension_lets_one_nomination_in_later(programme: Programme) -> None:
    favored, other = (stages.ready(programme) for _ in range(2))
    extend(programme, Window.APPLICATION, favored)
    last = APPLICATION_CLOSES + timedelta(days=5)

    assert why_not(favored, "submit", programme.company.admin, comment="", at=last) == [("window_over", "extensions")]
    assert submit(favored, programme, at=last - MICROSECOND).state == "submitted"
    assert why_not(other, "submit", programme.company.admin, comment="", at=APPLICATION_CLOSES) == [
        ("window_over", "extensions")
    ]


def test_attachment_that_is_not_clean_keeps_the_form_back(programme: Programme) -> None:
    nomination = stages.ready(programme)
    factories.AttachmentFactory.create(subject_id=nomination.pk, state="quarantined")

    assert why_not(nomination, "submit", programme.company.admin, comment="") == [
        ("attachments_not_clean", "attachments")
    ]


def test_form_is_recalled_while_nobody_works_on_it(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.submitted(programme)

    recalled = move(nomination, "recall", programme.company.admin, comment="")

    assert recalled.state == "draft"
    assert open_deadlines(nomination) == {"application_closes": APPLICATION_CLOSES}
    again = submit(recalled, programme)
    claim(nomination_id=again.pk, actor=bureau.reviewer, at=AT)
    assert why_not(again, "recall", programme.company.admin) == [("claimed", "")]


def test_form_is_returned_with_every_remark_at_once(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.claimed(programme)

    returned = move(nomination, "return_for_correction", bureau.reviewer, payload=SECTIONS)

    assert (returned.state, returned.corrections) == ("returned", 1)
    assert returned.correction_due_at is not None
    assert open_deadlines(nomination) == {"correction_due": returned.correction_due_at}


def test_returned_form_has_its_own_last_instant(programme: Programme, bureau: Bureau) -> None:
    late = APPLICATION_CLOSES - timedelta(days=1)
    nomination = stages.submitted(programme, at=late)
    returned = move(nomination, "return_for_correction", bureau.reviewer, payload=SECTIONS, at=late)
    due_at = returned.correction_due_at

    assert due_at is not None
    assert APPLICATION_CLOSES < due_at <= DISTRICT_CLOSES
    assert why_not(returned, "submit", programme.company.admin, comment="", at=due_at) == [
        ("window_over", "extensions")
    ]
    assert submit(returned, programme, at=due_at - MICROSECOND).correction_due_at is None


def test_correction_can_be_extended(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.submitted(programme)
    returned = move(nomination, "return_for_correction", bureau.reviewer, payload=SECTIONS)
    extend(programme, Window.CORRECTION, returned)

    last = APPLICATION_CLOSES + timedelta(days=5)
    assert open_deadlines(returned) == {"correction_due": last}
    assert submit(returned, programme, at=last - MICROSECOND).state == "submitted"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"sections": []},
        {"sections": "basics"},
        {"sections": ["basics"]},
        {"sections": [{"section": "basics"}]},
        {"sections": [{"section": "basics", "remark": "  "}]},
        {"sections": [{"section": "weather", "remark": "雨"}]},
        {"sections": [{"section": "basics", "remark": "字" * 1001}]},
        {"sections": [{"section": "basics", "remark": "面积", "mood": "x"}]},
        {"sections": [*SECTIONS["sections"], {"section": "basics", "remark": 5}]},
    ],
)
def test_return_names_sections_and_remarks(programme: Programme, bureau: Bureau, payload: dict[str, Any]) -> None:
    nomination = stages.submitted(programme)

    assert why_not(nomination, "return_for_correction", bureau.reviewer, payload=payload) == [
        ("sections_missing", "data.sections")
    ]


def test_form_is_returned_twice_at_most(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.submitted(programme)
    for _ in range(2):
        returned = move(nomination, "return_for_correction", bureau.reviewer, payload=SECTIONS)
        nomination = submit(returned, programme)

    assert why_not(nomination, "return_for_correction", bureau.reviewer, payload=SECTIONS) == [
        ("no_corrections_left", "")
    ]


def test_nothing_is_recommended_without_its_review(programme: Programme, bureau: Bureau) -> None:
    for nomination in (stages.submitted(programme), stages.written(programme)):
        for name in ("recommend", "decline"):
            assert why_not(nomination, name, bureau.approver) == [("review_incomplete", "district-review")]


def test_recommendation_is_made_by_somebody_else(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)

    recommended = move(nomination, "recommend", bureau.approver)

    assert (recommended.state, recommended.recommended_at) == ("recommended", AT)
    assert bureau.summary.recommended_count == 1
    assert open_deadlines(nomination) == {"evaluation_closes": programme.campaign.evaluation_closes_at}


def test_decline_cites_the_review(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)

    declined = move(nomination, "decline", bureau.approver)

    assert declined.state == "not_recommended"
    assert open_deadlines(nomination) == {}


def test_unmet_requirement_keeps_a_nomination_back_unless_overridden(programme: Programme, bureau: Bureau) -> None:
    ComplaintFigure.objects.all().delete()
    nomination = stages.claimed(programme, changes={"committee": {"term_until": "2023-07-30"}})
    ComplaintFigure.objects.all().delete()
    stages.write_review(nomination, bureau.reviewer, unmet=(4,))
    complete_review(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT)

    assert why_not(nomination, "recommend", bureau.approver) == [
        ("requirements_not_met", "data.override_reason"),
        ("city_figures_missing", "data.override_reason"),
    ]
    for bad in ("", "  ", 5, "字" * 1001):
        assert why_not(nomination, "recommend", bureau.approver, payload={"override_reason": bad}) == [
            ("override_reason_unusable", "data.override_reason")
        ]
    reason = {"override_reason": " 换届选举已公告，8月完成 "}
    assert move(nomination, "recommend", bureau.approver, payload=reason).state == "recommended"
    assert DistrictReview.objects.get(pk=nomination.pk).override_reason == "换届选举已公告，8月完成"


def test_retry_of_an_override_says_nothing_new(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)
    wanted: dict[str, Any] = {"payload": {"override_reason": "理由"}, "key": "once", "comment": "说明"}
    first = make_move(Nomination, nomination.pk, "recommend", actor=bureau.approver, at=AT, **wanted)
    DistrictReview.objects.filter(pk=nomination.pk).update(override_reason="后来的理由")

    again = make_move(Nomination, nomination.pk, "recommend", actor=bureau.approver, at=AT + MICROSECOND, **wanted)

    assert again.pk == first.pk
    assert DistrictReview.objects.get(pk=nomination.pk).override_reason == "后来的理由"


def test_quota_of_a_district_is_kept_in_bulk(db: None) -> None:
    programme = stages.programme(quota=2)
    cases = [stages.reviewed(programme) for _ in range(3)]
    payload = {"override_reason": "统一说明"}

    outcomes = make_moves(
        Nomination,
        [Item(case.pk) for case in cases],
        "recommend",
        actor=programme.bureau.approver,
        at=AT,
        comment="同意",
        payload=payload,
        all_or_nothing=False,
    )

    assert [outcome.error is None for outcome in outcomes] == [True, True, False]
    assert [reason.code for reason in outcomes[2].error.refusals] == ["district_quota_exhausted"]  # type: ignore[union-attr]  # just looked at
    assert programme.bureau.summary.recommended_count == 2
    kept = DistrictReview.objects.order_by("pk").values_list("override_reason", flat=True)
    assert sorted(kept) == ["", "统一说明", "统一说明"]


@pytest.mark.parametrize("name", ["return_for_correction", "recommend", "decline"])
def test_district_acts_until_its_last_microsecond(programme: Programme, bureau: Bureau, name: str) -> None:
    nomination = stages.reviewed(programme)
    actor = bureau.reviewer if name == "return_for_correction" else bureau.approver
    payload = SECTIONS if name == "return_for_correction" else {}

    assert why_not(nomination, name, actor, payload=payload, at=DISTRICT_CLOSES) == [("window_over", "extensions")]
    moved = move(nomination, name, actor, payload=payload, at=DISTRICT_CLOSES - MICROSECOND)
    assert moved.state in {"returned", "recommended", "not_recommended"}


def test_rescinded_recommendation_frees_its_place(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.recommended(programme)

    rescinded = move(nomination, "rescind_recommendation", bureau.approver)

    assert (rescinded.state, rescinded.recommended_at) == ("submitted", None)
    assert bureau.summary.recommended_count == 0
    assert open_deadlines(nomination) == {"district_closes": DISTRICT_CLOSES}


def test_declined_nomination_is_reconsidered_within_the_window(programme: Programme, bureau: Bureau) -> None:
    nomination = move(stages.reviewed(programme), "decline", bureau.approver)

    assert why_not(nomination, "reconsider", programme.city_approver, at=DISTRICT_CLOSES) == [
        ("window_over", "extensions")
    ]
    again = move(nomination, "reconsider", programme.city_approver)
    assert (again.state, again.claimed_by_id) == ("submitted", None)
    assert move(again, "recommend", bureau.approver).state == "recommended"


@pytest.mark.parametrize("state", ["draft", "approved", "returned"])
def test_summary_that_lists_another_set_is_neither_prepared_nor_sealed(
    programme: Programme, bureau: Bureau, state: str
) -> None:
    nomination = stages.recommended(programme)
    prepared(bureau, state)

    withdrawn = move(nomination, "withdraw", programme.company.admin)

    summary = bureau.summary
    assert withdrawn.state == "withdrawn"
    assert (summary.recommended_count, summary.preparer_id) == (0, None)
    assert (summary.content_digest, summary.sealed_digest, summary.sealed_copy_id) == ("", "", None)


def test_recommendation_amends_an_approved_summary(programme: Programme, bureau: Bureau) -> None:
    stages.recommended(programme)
    prepared(bureau, "approved")

    stages.recommended(programme)

    assert (bureau.summary.state, bureau.summary.content_digest) == ("draft", "")


def test_what_the_city_holds_is_neither_withdrawn_from_nor_added_to(programme: Programme, bureau: Bureau) -> None:
    nomination, waiting = stages.recommended(programme), stages.reviewed(programme)
    move(waiting, "decline", bureau.approver)
    prepared(bureau, "submitted")
    move(waiting, "reconsider", programme.city_approver)

    assert why_not(nomination, "withdraw", programme.company.admin) == [("summary_submitted", "")]
    assert why_not(nomination, "rescind_recommendation", bureau.approver) == [("summary_submitted", "")]
    assert why_not(waiting, "recommend", bureau.approver) == [("summary_submitted", "")]
    assert bureau.summary.content_digest == "5" * 64


def test_lapsed_nomination_goes_on_within_an_extension(programme: Programme) -> None:
    nomination = stages.ready(programme)
    stages.moved(nomination, "lapse", factories.system(), at=APPLICATION_CLOSES)

    assert why_not(nomination, "reopen", programme.city_approver, at=APPLICATION_CLOSES) == [
        ("no_extension", "extensions")
    ]
    extend(programme, Window.APPLICATION, nomination)
    reopened = move(nomination, "reopen", programme.city_approver, at=APPLICATION_CLOSES)
    last = APPLICATION_CLOSES + timedelta(days=5)
    assert open_deadlines(nomination) == {"application_closes": last}
    assert submit(reopened, programme, at=last - MICROSECOND).state == "submitted"


def test_machine_lets_nothing_lapse_that_may_still_come_in(programme: Programme) -> None:
    nomination = stages.ready(programme)

    assert why_not(nomination, "lapse", factories.system(), comment="", at=APPLICATION_CLOSES - MICROSECOND) == [
        ("window_still_open", "")
    ]


@pytest.mark.parametrize("name", ["submit", "recall", "withdraw", "recommend", "return_for_correction"])
def test_moves_of_others_lead_nowhere(programme: Programme, name: str) -> None:
    nomination = stages.submitted(programme)
    strangers = [programme.companies[1].admin, programme.bureaus[1].approver, programme.bureaus[1].reviewer]

    for stranger in strangers:
        with pytest.raises(NotFound):
            move(nomination, name, stranger)


def test_wrong_state_and_wrong_role_are_told_apart(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.submitted(programme)

    with pytest.raises(WrongState):
        submit(nomination, programme)
    with pytest.raises(WrongRole):
        move(nomination, "recommend", bureau.reviewer)
    with pytest.raises(WrongRole):
        move(nomination, "withdraw", programme.company.editor)


def test_what_an_approver_may_do_costs_no_query(
    programme: Programme, bureau: Bureau, django_assert_num_queries: Any
) -> None:
    stages.reviewed(programme)
    stages.submitted(programme)
    rows = list(Nomination.objects.visible_to(bureau.approver).with_facts().order_by("pk"))

    with django_assert_num_queries(0):
        verdicts = available(rows, actor=bureau.approver, at=AT)

    assert [[(v.transition.name, v.allowed) for v in row] for row in verdicts] == [
        [("recommend", True), ("decline", True)],
        [("recommend", False), ("decline", False)],
    ]


def test_four_eyes_off_is_a_matter_of_the_campaign(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)
    DistrictReview.objects.filter(pk=nomination.pk).update(writers=[bureau.approver.user_id])

    assert why_not(nomination, "recommend", bureau.approver) == [("four_eyes", "")]
    Campaign.objects.update(four_eyes=False)
    assert move(nomination, "recommend", bureau.approver).state == "recommended"


def prepared(bureau: Bureau, state: str) -> None:
    """Bring the district's summary to a state, prepared and sealed, past what it says."""
    digest, summary = "5" * 64, bureau.summary
    seal = factories.AttachmentFactory.create(subject_kind=summary.flow, subject_id=summary.pk, purpose="sealed_copy")
    for row in summary.nominations.filter(state="recommended"):
        made = summary.rows.create(nomination=row, rank=1, score=90)
        factories.AttachmentFactory.create(subject_kind="summary_row", subject_id=made.pk, purpose="description")
    RecommendationSummary.objects.filter(pk=summary.pk).update(
        preparer=bureau.reviewer.person_id, content_digest=digest, sealed_digest=digest, sealed_copy_id=seal.pk
    )
    for name, actor in _WAY[state](bureau):
        make_move(
            RecommendationSummary, summary.pk, name, actor=actor, at=AT, comment="" if name != "return" else "退回"
        )


def _city(bureau: Bureau) -> Actor:
    return factories.actor(Role.CITY_REVIEWER, bureau.campaign.city)


_WAY: dict[str, Any] = {
    "draft": lambda bureau: [],
    "approved": lambda bureau: [("approve", bureau.approver)],
    "submitted": lambda bureau: [("approve", bureau.approver), ("submit", bureau.approver)],
    "returned": lambda bureau: [
        ("approve", bureau.approver), ("submit", bureau.approver), ("return", _city(bureau)),
    ],
}  # fmt: skip
