"""The case on one screen: what it shows to whom, and what is written on it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from attachments.models import Attachment
from nominations.models import Inspection, Nomination, RequirementCheck
from nominations.operations.community import enter_community
from nominations.operations.inspection import record_inspections
from nominations.rules.nomination import review_of
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from tests.web.district.asking import (
    HOSTILE,
    IN_TERM,
    address,
    claimed,
    queries,
    recommended,
    reviewed,
    submitted,
    text_of,
    written,
)
from tests.web.test_pages import signed_in
from workflow.models import Event


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    """Return a small picture as a browser sends it."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def now(case: Nomination) -> Any:
    """Return the case as it stands now."""
    return Nomination.objects.select_related("review").get(pk=case.pk)


def test_case_shows_form_checks_and_score(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    page = text_of(reviewer, "case", case.pk)

    assert "栖云雅苑" in page
    assert case.form["practices"]["practice_1"] in page
    assert page.count('class="jy-check"') == 8
    assert "业主满意度 <b>95.20%" in page
    assert ["物业费收缴率 <b>" in page, "投诉率（市局数据） <b>" in page, "收费率 <b>" in page] == [True, True, False]


def test_case_tells_which_other_company_has_entered_the_place(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    alone = text_of(reviewer, "case", case.pk)
    place, rival = case.community, programme.companies[1]
    facts = {"name": place.name, "subdistrict": place.subdistrict, "neighborhood": place.neighborhood}
    enter_community(authority_id=case.district_id, facts=facts, actor=rival.admin, at=timezone.now())

    disputed = text_of(reviewer, "case", case.pk)

    assert [rival.office.name in page for page in (alone, disputed)] == [False, True]


@pytest.mark.parametrize("page", ["case", "case-scores", "case-scores-print", "case-complete"])
def test_foreign_case_is_not_found(programme: Programme, page: str) -> None:
    case = claimed(programme)
    stranger = signed_in(programme.bureaus[1].reviewer.user_id)

    assert stranger.get(address(page, case.pk)).status_code == 404


def test_case_takes_one_number_of_queries_however_much_it_holds(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    _fill(programme, case, 1)
    few = queries(reviewer, address("case", case.pk))
    _fill(programme, case, 2)

    assert queries(reviewer, address("case", case.pk)) == few


def _fill(programme: Programme, case: Nomination, number: int) -> None:
    for index in range(number):
        factories.AttachmentFactory.create(subject_id=case.pk, purpose="evidence")
        row = {"inspected_on": "2026-01-02", "findings": f"第{Inspection.objects.count()}次"}
        found = record_inspections(
            community_id=case.community_id, rows=[row], actor=programme.bureau.reviewer, at=timezone.now()
        )
        factories.AttachmentFactory.create(subject_kind="inspection", subject_id=found[index % len(found)].pk)


def test_hostile_words_are_shown_as_text(programme: Programme, reviewer: Client) -> None:
    case = submitted(programme, HOSTILE[:110])
    reviewer.post(address("case-claim", case.pk))
    reviewer.post(address("case-save", case.pk, "opinion"), {"opinion": HOSTILE})

    for page in ("case", "case-scores", "case-scores-print", "case-complete"):
        assert "<img src=x" not in text_of(reviewer, page, case.pk)


def test_case_is_taken_up_and_put_back(programme: Programme, reviewer: Client) -> None:
    case = submitted(programme)

    reviewer.post(address("case-claim", case.pk))
    taken = now(case).claimed_by_id
    reviewer.post(address("case-release", case.pk))

    assert (taken, now(case).claimed_by_id) == (programme.bureau.reviewer.user_id, None)


def test_case_of_a_colleague_is_read_and_not_written(programme: Programme) -> None:
    case = claimed(programme)
    colleague = signed_in(programme.bureau.colleague.user_id)

    page = text_of(colleague, "case", case.pk)
    answer = colleague.post(address("case-save", case.pk, "opinion"), {"opinion": "建议推荐。"})

    assert f"此件由{programme.bureau.reviewer.name}经办" in page
    assert answer.status_code == 422
    assert review_of(now(case)) is None


def test_judgement_is_saved_with_its_note(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(
        address("case-save", case.pk, "requirements"), {"number": "5", "verdict": "not_met", "note": "公示栏缺电话。"}
    )

    check = RequirementCheck.objects.get(review=case.pk, requirement__number=5)
    assert answer.headers["Location"].endswith("#check-5")
    assert (check.verdict, check.note) == ("not_met", "公示栏缺电话。")


def test_judgement_without_the_note_it_needs_is_refused_at_its_place(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(address("case-save", case.pk, "requirements"), {"number": "5", "verdict": "not_met"})

    assert answer.status_code == 422
    assert 'href="#note-5"' in answer.content.decode()


@pytest.mark.parametrize("sent", [{"number": "x"}, {"number": "5", "verdict": "nonsense"}, {"number": "99999"}])
def test_judgement_that_no_form_sends_is_not_found(
    programme: Programme, reviewer: Client, sent: dict[str, str]
) -> None:
    case = claimed(programme)

    assert reviewer.post(address("case-save", case.pk, "requirements"), sent).status_code == 404


def test_unknown_part_of_the_review_is_not_found(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    assert reviewer.post(address("case-save", case.pk, "nonsense"), {}).status_code == 404


def test_opinion_changed_meanwhile_is_not_overwritten(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    reviewer.post(address("case-save", case.pk, "opinion"), {"opinion": "先前的意见。"})

    answer = reviewer.post(address("case-save", case.pk, "opinion"), {"opinion": "后来的意见。", "version": "1"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("先前的意见。" in page, "后来的意见。" in page) == (True, True)
    assert now(case).review.opinion == "先前的意见。"


def test_inspection_is_recorded_and_resolved(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    save = address("case-save", case.pk, "inspections")

    reviewer.post(save, {"inspected_on": "2026-01-02", "findings": "消防通道停车。"})
    known = Inspection.objects.get()
    reviewer.post(
        save,
        {"id": str(known.pk), "inspected_on": "2026-01-02", "findings": known.findings, "resolved_on": "2026-01-09"},
    )

    known.refresh_from_db()
    assert str(known.resolved_on) == "2026-01-09"


def test_inspection_in_the_future_is_refused_at_its_field(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(
        address("case-save", case.pk, "inspections"), {"inspected_on": "2999-01-02", "findings": "消防通道停车。"}
    )

    assert answer.status_code == 422
    assert 'id="f-inspected_on-error"' in answer.content.decode()
    assert not Inspection.objects.exists()


def test_photo_of_the_reviewer_is_received(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(address("case-evidence", case.pk), {"purpose": "photo", "label": "公示栏", "file": photo()})

    received = Attachment.objects.get(subject_kind="district_review")
    assert (answer.status_code, received.subject_id, received.label) == (302, case.pk, "公示栏")


def test_upload_without_a_file_says_so(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(address("case-evidence", case.pk), {"purpose": "photo"})

    assert answer.status_code == 422
    assert "请选择文件" in answer.content.decode()


def test_photo_of_a_foreign_inspection_is_not_received(programme: Programme, reviewer: Client) -> None:
    case, other = claimed(programme), submitted(programme, "望山佳苑", bureau=1)
    [foreign] = record_inspections(
        community_id=other.community_id,
        rows=[{"inspected_on": "2026-01-02", "findings": "良好。"}],
        actor=programme.bureaus[1].reviewer,
        at=timezone.now(),
    )

    answer = reviewer.post(address("inspection-photo", case.pk, foreign.pk), {"file": photo()})

    assert answer.status_code == 404


def test_review_with_gaps_cannot_be_handed_on_and_names_them(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    page = text_of(reviewer, "case", case.pk)
    answer = reviewer.post(address("case-complete", case.pk))

    assert "评分表还有" in page
    assert f'href="{address("case", case.pk)}#check-5"' in page
    assert answer.status_code == 422


def test_complete_review_goes_to_the_approver(programme: Programme, reviewer: Client) -> None:
    case = written(programme)

    shown = text_of(reviewer, "case-complete", case.pk)
    reviewer.post(address("case-complete", case.pk), {"version": str(now(case).version)})

    assert "90.00" in shown
    assert now(case).review.completed_at is not None


def test_approver_recommends_with_a_comment(programme: Programme, approver: Client) -> None:
    case = reviewed(programme)

    answer = approver.post(address("case-move", case.pk, "recommend"), {"comment": "同意推荐。"})

    assert answer.status_code == 302
    assert now(case).state == "recommended"


def test_recommendation_without_a_comment_is_refused_at_its_field(programme: Programme, approver: Client) -> None:
    case = reviewed(programme)

    answer = approver.post(address("case-move", case.pk, "recommend"), {})

    assert answer.status_code == 422
    assert 'id="f-comment-error"' in answer.content.decode()


def test_recommendation_over_an_unmet_requirement_asks_for_the_reason(programme: Programme, approver: Client) -> None:
    case = claimed(programme)
    stages.write_review(case, programme.bureau.reviewer, unmet=[5], at=timezone.now())
    signed_in(programme.bureau.reviewer.user_id).post(address("case-complete", case.pk))

    shown = text_of(approver, "case-move", case.pk, "recommend")
    refused = approver.post(address("case-move", case.pk, "recommend"), {"comment": "同意推荐。"})
    approver.post(
        address("case-move", case.pk, "recommend"), {"comment": "同意推荐。", "override_reason": "已安排整改。"}
    )

    assert "仍予推荐的理由" in shown
    assert refused.status_code == 422
    assert (now(case).state, now(case).review.override_reason) == ("recommended", "已安排整改。")


def test_reviewer_who_approves_too_sees_why_not(programme: Programme) -> None:
    case = reviewed(programme)
    both = factories.actor("district_approver", programme.bureau.office)
    case.review.writers = [*case.review.writers, both.person_id]
    case.review.save()

    page = text_of(signed_in(both.user_id), "case", case.pk)

    assert 'aria-disabled="true"' in page


def test_approver_sends_the_review_back_with_a_reason(programme: Programme, approver: Client) -> None:
    case = reviewed(programme)

    empty = approver.post(address("case-reopen", case.pk), {"reason": " "})
    approver.post(address("case-reopen", case.pk), {"reason": "请补充第五项。"})

    assert empty.status_code == 422
    assert now(case).review.completed_at is None


def test_form_is_returned_with_every_remark_at_once(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(
        address("case-move", case.pk, "return_for_correction"),
        {"comment": "请补正。", "remark-basics": "面积有误。", "remark-sealed_copy": "盖章不清。"},
    )

    event = Event.objects.filter(subject_id=case.pk).latest("sequence")
    assert answer.status_code == 302
    assert event.payload["sections"] == [
        {"section": "basics", "remark": "面积有误。"},
        {"section": "sealed_copy", "remark": "盖章不清。"},
    ]
    assert "面积有误。" in text_of(reviewer, "case", case.pk)


def test_return_begins_with_what_was_noted_while_judging(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    stages.write_review(case, programme.bureau.reviewer, unmet=(2, 4), at=timezone.now())

    page = text_of(reviewer, "case-move", case.pk, "return_for_correction")

    noted = "原则要求第2项：现场查看不符合"
    assert [page.count(f">{noted}"), "至少填写一处" in page] == [1, True]


def test_return_without_a_remark_keeps_what_was_typed(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    answer = reviewer.post(address("case-move", case.pk, "return_for_correction"), {"comment": "请补正。"})

    assert answer.status_code == 422
    assert "请补正。" in answer.content.decode()
    assert now(case).state == "submitted"


def test_recommendation_is_taken_back(programme: Programme, approver: Client) -> None:
    case = recommended(programme)

    approver.post(address("case-move", case.pk, "rescind_recommendation"), {"comment": "发现新情况。"})

    assert now(case).state == "submitted"


def test_move_that_is_not_the_role_s_own_is_not_found(programme: Programme, reviewer: Client) -> None:
    case = reviewed(programme)

    assert reviewer.get(address("case-move", case.pk, "recommend")).status_code == 404


def test_approver_hands_a_case_over(programme: Programme, approver: Client) -> None:
    case = claimed(programme)

    nobody = approver.post(address("case-hand-over", case.pk), {"reviewer": "0"})
    approver.post(address("case-hand-over", case.pk), {"reviewer": str(programme.bureau.colleague.user_id)})

    assert nobody.status_code == 422
    assert now(case).claimed_by_id == programme.bureau.colleague.user_id


def test_reviewer_hands_nothing_over(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    assert reviewer.post(address("case-hand-over", case.pk), {"reviewer": "1"}).status_code == 403


def test_file_is_looked_at_and_handed_out_within_the_case_only(programme: Programme, reviewer: Client) -> None:
    case, other = claimed(programme), submitted(programme, "桂香里")
    mine = factories.AttachmentFactory.create(subject_id=case.pk, purpose="evidence", label="备案回执")
    foreign = factories.AttachmentFactory.create(subject_id=other.pk, purpose="evidence")

    page = text_of(reviewer, "case-look", case.pk, mine.pk)

    assert "备案回执" in page
    for name in ("case-look", "case-file"):
        assert reviewer.get(address(name, case.pk, foreign.pk)).status_code == 404


def test_draft_is_shown_without_anything_to_do(programme: Programme, reviewer: Client) -> None:
    draft = stages.drafted(programme, at=timezone.now())

    assert "jy-doing" in text_of(reviewer, "case", draft.pk)


def test_returned_form_shows_its_remark_where_it_belongs(programme: Programme, reviewer: Client) -> None:
    case = stages.submitted(programme, at=timezone.now(), changes=IN_TERM)
    remark = {"sections": [{"section": "committee", "remark": "备案回执不清晰。"}]}
    stages.returned(case, programme.bureau.reviewer, remark, at=timezone.now())

    page = text_of(reviewer, "case", case.pk)

    assert page.count('<span class="jy-remark" lang="zh-Hans">备案回执不清晰。</span>') == 1


def test_differences_since_the_last_return_are_shown(programme: Programme, reviewer: Client) -> None:
    case = stages.submitted(programme, at=timezone.now(), changes=IN_TERM)
    remark = {"sections": [{"section": "basics", "remark": "户数有误。"}]}
    stages.returned(case, programme.bureau.reviewer, remark, at=timezone.now())
    changed = Nomination.objects.get(pk=case.pk)
    changed.form["basics"]["households"] = 512
    Nomination.objects.filter(pk=case.pk).update(form=changed.form)

    page = text_of(reviewer, "case", case.pk)

    assert ("</span>500</del>" in page, "</span>512</ins>" in page) == (True, True)
