"""S-05, S-10, S-11: the district checks, scores and writes its opinion before anybody decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import User
from evaluation.models import ItemScore, ScoreSheet
from evaluation.queries import outline_of
from nominations.errors import (
    ClaimedByAnother,
    InvalidInput,
    NotAllowed,
    NotEditable,
    NotTakenUp,
    ReviewComplete,
    ReviewIncomplete,
    ReviewNotComplete,
)
from nominations.models import ComplaintFigure, DistrictReview, Inspection, Nomination, RequirementCheck
from nominations.operations.district_review import (
    attach_evidence,
    complete_review,
    hand_over,
    open_review,
    reopen_review,
    save_review,
)
from nominations.operations.nomination import claim, release
from tests.nominations import factories, stages
from tests.nominations.city_stages import photo
from tests.nominations.stages import AT, Bureau, Programme
from workflow.errors import MoveRefused, NotFound, StaleVersion
from workflow.models import Event

LATER = AT + timedelta(days=1)


@pytest.fixture
def bureau(programme: Programme) -> Bureau:
    return programme.bureau


@pytest.fixture
def nomination(programme: Programme) -> Nomination:
    return stages.claimed(programme)


def review_of(nomination: Nomination) -> DistrictReview:
    return DistrictReview.objects.get(pk=nomination.pk)


def verdicts(nomination: Nomination) -> dict[int, tuple[str, str]]:
    checks = RequirementCheck.objects.filter(review=nomination.pk).select_related("requirement")
    return {check.requirement.number: (check.verdict, check.source) for check in checks}


def first_item(nomination: Nomination) -> str:
    return str(next(outline_of(nomination.campaign.standard_id).leaves()).item.id)


def save(nomination: Nomination, actor: Actor, **sections: Any) -> Any:
    return save_review(nomination_id=nomination.pk, sections=sections, actor=actor, at=AT)


def complete(nomination: Nomination, actor: Actor, **more: Any) -> Event:
    return complete_review(nomination_id=nomination.pk, actor=actor, **{"at": AT, **more})


def reasons(error: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(reason.code, reason.fix) for reason in error.value.refusals]


def test_open_review_computes_what_the_figures_tell(nomination: Nomination, bureau: Bureau) -> None:
    review = open_review(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT)

    assert review.writers == [bureau.reviewer.user_id]
    assert review.sheet is not None
    assert (review.sheet.kind, review.sheet.scorer_id) == ("district", bureau.reviewer.user_id)
    assert verdicts(nomination) == {1: ("met", "computed")} | dict.fromkeys((2, 3, 4, 5, 6, 7, 8), ("open", "judged"))


def test_opening_again_computes_afresh_and_keeps_what_was_judged(nomination: Nomination, bureau: Bureau) -> None:
    save(nomination, bureau.reviewer, requirements=[{"number": 2, "verdict": "met", "note": "现场查看"}])
    ComplaintFigure.objects.filter(community=nomination.community).delete()

    open_review(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT)

    assert verdicts(nomination)[1] == ("needs_city_figures", "computed")
    assert verdicts(nomination)[2] == ("met", "judged")


def test_sections_are_saved_as_far_as_they_are_written(nomination: Nomination, bureau: Bureau) -> None:
    save(nomination, bureau.reviewer, requirements=[{"number": 7, "verdict": "not_met", "note": "占用消防车通道"}])
    save(nomination, bureau.reviewer, scores=[{"item": first_item(nomination), "points": "8.5"}])
    saved = save(nomination, bureau.reviewer, opinion=" 建议推荐。 ")

    assert saved.conflicts == ()
    assert verdicts(nomination)[7] == ("not_met", "judged")
    assert ItemScore.objects.get(sheet=saved.review.sheet).points == Decimal("8.5")
    assert review_of(nomination).opinion == "建议推荐。"
    save(nomination, bureau.reviewer, opinion=None)
    assert review_of(nomination).opinion == ""


def test_judgement_can_be_taken_back(nomination: Nomination, bureau: Bureau) -> None:
    save(nomination, bureau.reviewer, requirements=[{"number": 2, "verdict": "met"}])
    save(nomination, bureau.reviewer, requirements=[{"number": 2, "verdict": ""}])

    assert verdicts(nomination)[2] == ("open", "judged")


def test_reviewer_may_be_stricter_than_the_figures(nomination: Nomination, bureau: Bureau) -> None:
    save(nomination, bureau.reviewer, requirements=[{"number": 1, "verdict": "not_met", "note": "问卷不实"}])

    assert verdicts(nomination)[1] == ("not_met", "judged")


def test_nobody_judges_away_what_the_figures_say(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.claimed(programme, changes={"figures": {"satisfaction_rate": "90.00"}})

    with pytest.raises(InvalidInput) as refused:
        save(nomination, bureau.reviewer, requirements=[{"number": 1, "verdict": "met"}])

    assert reasons(refused) == [("contradicts_figures", "requirements[0].verdict")]


def test_a_mark_that_another_device_changed_is_reported(nomination: Nomination, bureau: Bureau) -> None:
    item = first_item(nomination)
    save(nomination, bureau.reviewer, scores=[{"item": item, "points": "8"}])

    saved = save(nomination, bureau.reviewer, scores=[{"item": item, "points": "9", "version": 0}])

    assert [(str(conflict.entry.item_id), conflict.stored.points) for conflict in saved.conflicts] == [(item, 8)]


def test_everything_wrong_is_told_at_once_and_nothing_is_saved(nomination: Nomination, bureau: Bureau) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(
            nomination,
            bureau.reviewer,
            requirements=[
                {"number": 99, "verdict": "met"},
                {"number": 2, "verdict": "not_met"},
                {"number": 3, "verdict": "x"},
            ],
            scores=[{"item": first_item(nomination), "points": "8.3"}, {"item": "x"}],
            inspections=[{"inspected_on": "2023-08-01", "findings": "检查"}],
            opinion="字" * 3001,
            mood="good",
        )

    assert reasons(refused) == [
        ("unknown_section", "mood"),
        ("not_an_id", "scores[1].item"),
        ("points_out_of_range", f"items/{first_item(nomination)}"),
        ("no_such_requirement", "requirements[0].number"),
        ("note_missing", "requirements[1].note"),
        ("not_a_choice", "requirements[2].verdict"),
        ("day_in_future", "inspections[0].inspected_on"),
        ("too_long", "opinion"),
    ]
    assert not DistrictReview.objects.exists()


def test_a_mark_refers_to_a_photo_of_the_review(nomination: Nomination, bureau: Bureau) -> None:
    received = attach_evidence(
        nomination_id=nomination.pk, purpose="photo", label="", upload=photo(), actor=bureau.reviewer, at=AT
    )
    foreign = factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="photo")
    mark = {"item": first_item(nomination), "points": "5", "remark": "有杂物"}

    saved = save(nomination, bureau.reviewer, scores=[{**mark, "photo": str(received.pk)}])
    with pytest.raises(InvalidInput) as refused:
        save(nomination, bureau.reviewer, scores=[{**mark, "photo": str(foreign.pk), "version": 1}])

    assert ItemScore.objects.get(sheet=saved.review.sheet).photo_id == received.pk
    assert reasons(refused) == [("photo_unknown", "scores[0].photo")]


def test_evidence_has_a_known_purpose(nomination: Nomination, bureau: Bureau) -> None:
    with pytest.raises(InvalidInput) as refused:
        attach_evidence(
            nomination_id=nomination.pk, purpose="sealed_copy", label="", upload=photo(), actor=bureau.reviewer, at=AT
        )

    assert reasons(refused) == [("not_a_choice", "purpose")]


def test_inspections_are_entered_once_and_resolved_later(nomination: Nomination, bureau: Bureau) -> None:
    row = {"inspected_on": "2023-06-01", "findings": "消防通道停车两辆"}
    save(nomination, bureau.reviewer, inspections=[row])
    save(nomination, bureau.reviewer, inspections=[row])
    [known] = Inspection.objects.all()

    again = {**row, "id": str(known.pk), "findings": "改写", "resolved_on": "2023-06-03"}
    save(nomination, bureau.reviewer, inspections=[again])
    save(nomination, bureau.reviewer, inspections=[{**again, "resolved_on": "2023-06-09"}])

    known.refresh_from_db()
    assert (known.findings, known.resolved_on) == ("消防通道停车两辆", date(2023, 6, 3))
    assert known.recorded_by_id == bureau.reviewer.user_id


def test_complete_review_freezes_it_for_the_approver(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.written(programme)

    event = complete(nomination, bureau.reviewer)

    review = review_of(nomination)
    assert (event.kind, event.name) == ("act", "complete_review")
    assert event.documents == {"form": nomination.content_digest, "review": review.digest}
    assert (review.score, review.unmet, review.unproven) == (Decimal("90.00"), [], [])
    assert (review.completed_at, review.content_digest) == (AT, nomination.content_digest)
    assert review.sheet is not None
    assert review.sheet.state == "handed_in"


def test_complete_review_lists_everything_that_is_missing(nomination: Nomination, bureau: Bureau) -> None:
    factories.AttachmentFactory.create(subject_kind="district_review", subject_id=nomination.pk, state="quarantined")
    with pytest.raises(ReviewIncomplete) as refused:
        complete(nomination, bureau.reviewer)

    told = reasons(refused)
    assert told[:7] == [("requirement_not_judged", f"requirements/{number}") for number in range(2, 9)]
    assert [code for code, _fix in told[7:]] == ["item_not_scored"] * 25 + ["opinion_missing", "attachments_not_clean"]
    assert told[7][1] == f"scores/items/{first_item(nomination)}"
    assert not DistrictReview.objects.exists()


def test_what_is_not_met_or_not_known_is_kept_by_number(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.written(programme, changes={"company": {"has_penalty": False}})
    ComplaintFigure.objects.all().delete()
    save(nomination, bureau.reviewer, requirements=[{"number": 8, "verdict": "not_met", "note": "未公示收费标准"}])

    complete(nomination, bureau.reviewer)

    review = review_of(nomination)
    assert (review.unmet, review.unproven) == ([8], [1])


def test_completed_review_is_not_written_on(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)

    for verb in (complete, save, lambda n, a: open_review(nomination_id=n.pk, actor=a, at=AT)):
        with pytest.raises(ReviewComplete):
            verb(nomination, bureau.reviewer)
    with pytest.raises(ReviewComplete):
        release(nomination_id=nomination.pk, actor=bureau.approver, at=AT)
    with pytest.raises(ReviewComplete):
        hand_over(nomination_id=nomination.pk, reviewer_id=bureau.colleague.person_id, actor=bureau.approver, at=AT)


def test_approver_sends_a_review_back_with_a_reason(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)
    before = review_of(nomination)

    event = reopen_review(nomination_id=nomination.pk, reason="请补充消防通道情况", actor=bureau.approver, at=LATER)

    review = review_of(nomination)
    assert (event.name, event.comment) == ("reopen_review", "请补充消防通道情况")
    assert (review.completed_at, review.score, review.digest) == (None, None, "")
    assert review.sheet is not None
    assert (review.sheet.state, review.sheet.version, review.sheet.supersedes_id) == ("open", 2, before.sheet_id)
    assert complete(nomination, bureau.reviewer, at=LATER).sequence == event.sequence + 1


@pytest.mark.parametrize(("reason", "code"), [("", "required"), (" ", "required"), ("字" * 1001, "too_long")])
def test_sending_back_needs_a_usable_reason(programme: Programme, bureau: Bureau, reason: str, code: str) -> None:
    nomination = stages.reviewed(programme)

    with pytest.raises(InvalidInput) as refused:
        reopen_review(nomination_id=nomination.pk, reason=reason, actor=bureau.approver, at=AT)

    assert reasons(refused) == [(code, "reason")]


def test_there_is_nothing_to_send_back_while_it_is_written(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.written(programme)

    with pytest.raises(ReviewNotComplete):
        reopen_review(nomination_id=nomination.pk, reason="请补充", actor=bureau.approver, at=AT)


def test_form_that_comes_back_unchanged_is_reviewed_anew(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.reviewed(programme)
    told = {"sections": [{"section": "attachments", "remark": "照片不清晰"}]}
    stages.returned(nomination, bureau.reviewer, told)
    again = stages.moved(nomination, "submit", programme.company.admin, at=LATER)

    assert not review_of(again).is_complete_for(again)
    with pytest.raises(MoveRefused):
        stages.moved(again, "recommend", bureau.approver, at=LATER, comment="同意")
    claim(nomination_id=again.pk, actor=bureau.reviewer, at=LATER)
    event = complete(again, bureau.reviewer, at=LATER)
    assert event.name == "complete_review"
    assert [sheet.version for sheet in ScoreSheet.objects.order_by("version")] == [1, 2]


def test_review_is_handed_over_with_what_is_written(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.written(programme)

    event = hand_over(nomination_id=nomination.pk, reviewer_id=bureau.colleague.person_id, actor=bureau.approver, at=AT)
    complete(nomination, bureau.colleague)

    review = review_of(nomination)
    assert event.payload == {"reviewer": bureau.colleague.user_id}
    assert (review.reviewer_id, review.score) == (bureau.colleague.user_id, Decimal("90.00"))
    assert review.writers == sorted([bureau.reviewer.person_id, bureau.colleague.person_id])
    with pytest.raises(ClaimedByAnother):
        save(nomination, bureau.reviewer, opinion="不同意")


def test_nobody_who_wrote_a_part_of_it_decides(programme: Programme, bureau: Bureau) -> None:
    nomination = stages.written(programme)
    both = factories.actor(Role.DISTRICT_APPROVER, bureau.office, user=_user(bureau.reviewer))
    hand_over(nomination_id=nomination.pk, reviewer_id=bureau.colleague.person_id, actor=bureau.approver, at=AT)
    complete(nomination, bureau.colleague)

    with pytest.raises(MoveRefused) as refused:
        stages.moved(nomination, "recommend", both, comment="同意")

    assert reasons(refused) == [("four_eyes", "")]


def test_four_eyes_can_be_switched_off_for_a_campaign(db: None) -> None:
    programme = stages.programme(four_eyes=False)
    nomination = stages.reviewed(programme)
    both = factories.actor(Role.DISTRICT_APPROVER, programme.bureau.office, user=_user(programme.bureau.reviewer))

    assert stages.moved(nomination, "recommend", both, comment="同意").state == "recommended"


@pytest.mark.parametrize("who", ["approver", "stranger", "company"])
def test_case_is_handed_to_a_reviewer_of_the_bureau_alone(
    programme: Programme, nomination: Nomination, who: str
) -> None:
    people = {
        "approver": programme.bureau.approver,
        "stranger": programme.bureaus[1].reviewer,
        "company": programme.company.admin,
    }

    with pytest.raises(NotFound):
        hand_over(
            nomination_id=nomination.pk, reviewer_id=people[who].person_id, actor=programme.bureau.approver, at=AT
        )


def test_claimed_case_belongs_to_one_reviewer(nomination: Nomination, bureau: Bureau) -> None:
    for verb in (claim, release, open_review):
        with pytest.raises(ClaimedByAnother) as refused:
            verb(nomination_id=nomination.pk, actor=bureau.colleague, at=AT)
        assert refused.value.params == {"name": bureau.reviewer.name}


def test_released_case_goes_back_on_the_pile(nomination: Nomination, bureau: Bureau) -> None:
    release(nomination_id=nomination.pk, actor=bureau.approver, at=AT)

    for verb in (release, open_review):
        with pytest.raises(NotTakenUp):
            verb(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT)
    claim(nomination_id=nomination.pk, actor=bureau.colleague, at=AT)
    release(nomination_id=nomination.pk, actor=bureau.colleague, at=AT)
    nomination.refresh_from_db()
    assert nomination.claimed_by_id is None


VERBS: dict[str, Callable[..., Any]] = {
    "open": open_review,
    "save": lambda **wanted: save_review(sections={}, **wanted),
    "complete": complete_review,
    "attach": lambda version=None, **wanted: attach_evidence(purpose="photo", label="", upload=photo(), **wanted),
    "reopen": lambda **wanted: reopen_review(reason="请补充", **wanted),
    "hand_over": lambda **wanted: hand_over(reviewer_id=0, **wanted),
    "claim": claim,
    "release": release,
}


@pytest.mark.parametrize("name", VERBS)
def test_review_keeps_to_scope_version_role_and_state(programme: Programme, name: str) -> None:
    nomination = stages.ready(programme)

    def ask(actor: Actor, **more: Any) -> None:
        VERBS[name](nomination_id=nomination.pk, actor=actor, at=AT, **more)

    for stranger in (programme.bureaus[1].approver, programme.companies[1].admin):
        with pytest.raises(NotFound):
            ask(stranger)
    if name != "attach":
        with pytest.raises(StaleVersion):
            ask(programme.bureau.approver, version=99)
    with pytest.raises(NotAllowed):
        ask(programme.company.admin)
    with pytest.raises(NotEditable):
        ask(programme.bureau.approver)


@pytest.mark.parametrize("verb", [reopen_review, hand_over])
def test_reviewer_neither_sends_back_nor_hands_over(programme: Programme, bureau: Bureau, verb: Any) -> None:
    nomination = stages.reviewed(programme)
    more = {"reason": "请补充"} if verb is reopen_review else {"reviewer_id": bureau.colleague.person_id}

    with pytest.raises(NotAllowed):
        verb(nomination_id=nomination.pk, actor=bureau.reviewer, at=AT, **more)


def _user(actor: Actor) -> User:
    return User.objects.get(pk=actor.person_id)
