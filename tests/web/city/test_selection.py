"""The selection desk and the report to the province: from the frozen ranking to what the province has decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nominations.enums import NominationState, SelectionOutcome, SelectionState
from nominations.models import Nomination, ProvincialReport, Selection
from nominations.operations.ranking import freeze_ranking
from nominations.operations.selection import prepare_selection
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, read
from tests.web.city.test_ranking import evaluated
from web.city.words import CONSEQUENCES
from workflow.declaration import flow_of

pytestmark = pytest.mark.django_db


def drafted(programme: Programme, *points: str) -> Selection:
    """Return a drafted selection of communities with these points."""
    evaluated(programme, *points)
    campaign = programme.campaign
    freeze_ranking(campaign_id=campaign.pk, actor=programme.city_reviewer, at=campaign.evaluation_closes_at)
    return prepare_selection(campaign_id=campaign.pk, actor=programme.city_reviewer, at=EVALUATING_AT)


def reread(selection: Selection) -> Any:
    """Return the selection as it stands now."""
    return Selection.objects.with_facts().get(pk=selection.pk)


def entries(selection: Selection, **more: str) -> dict[str, Any]:
    """Return the form of a selection as it is shown, changed by ``more``."""
    now = reread(selection)
    rows = {f"outcome-{row.pk}": row.outcome for row in now.rows.all()}
    return {"version": now.version, **rows, **more}


def test_selection_is_begun_from_the_frozen_ranking(programme: Programme) -> None:
    evaluated(programme, "9")
    campaign = programme.campaign
    freeze_ranking(campaign_id=campaign.pk, actor=programme.city_reviewer, at=campaign.evaluation_closes_at)

    answer = desk(programme.city_reviewer).post(reverse("web:city:selection-begin", args=[campaign.pk]))

    [selection] = Selection.objects.filter(campaign=campaign)
    assert answer.headers["Location"] == reverse("web:city:selection", args=[selection.pk])


def test_selection_without_a_ranking_is_refused(programme: Programme) -> None:
    answer = desk(programme.city_reviewer).post(reverse("web:city:selection-begin", args=[programme.campaign.pk]))

    assert answer.status_code == 422
    assert not Selection.objects.filter(campaign=programme.campaign).exists()


def test_rows_are_changed_together_with_their_reasons(programme: Programme) -> None:
    selection = drafted(programme, "9", "8")
    [first, second] = reread(selection).rows.all()
    changed = {f"outcome-{first.pk}": SelectionOutcome.RESERVE.value, f"reason-{second.pk}": "第一名主动让出。"}

    desk(programme.city_reviewer).post(
        reverse("web:city:selection", args=[selection.pk]), entries(selection, **changed, tie_decision="会议研究。")
    )

    now = reread(selection)
    assert [(row.outcome, row.reason) for row in now.rows.all()] == [("reserve", ""), ("shortlist", "第一名主动让出。")]
    assert now.tie_decision == "会议研究。"


def test_change_on_a_version_seen_before_overwrites_nothing(programme: Programme) -> None:
    selection = drafted(programme, "9")
    form = entries(selection, tie_decision="会议研究。")

    answer = desk(programme.city_reviewer).post(
        reverse("web:city:selection", args=[selection.pk]), {**form, "version": 99}
    )

    assert answer.status_code == 409
    assert reread(selection).tie_decision == ""


def test_approver_reads_and_does_not_edit(programme: Programme) -> None:
    selection = drafted(programme, "9")
    client = desk(programme.city_approver)

    page = read(client, "web:city:selection", selection.pk)
    answer = client.post(reverse("web:city:selection", args=[selection.pk]), entries(selection))

    assert ("<select" in page, answer.status_code) == (False, 403)


def test_selection_is_proposed_by_one_and_decided_by_another(programme: Programme) -> None:
    selection = drafted(programme, "9")
    reviewer, approver = desk(programme.city_reviewer), desk(programme.city_approver)

    reviewer.post(reverse("web:city:selection-move", args=[selection.pk, "propose"]))
    asked = approver.get(reverse("web:city:selection-move", args=[selection.pk, "approve"]))
    approver.post(reverse("web:city:selection-move", args=[selection.pk, "approve"]), {"comment": "同意。"})

    assert "拟推荐 1 个" in asked.content.decode()
    assert reread(selection).state == SelectionState.APPROVED
    assert Nomination.objects.get(campaign=programme.campaign).state == NominationState.SHORTLISTED


def test_selection_of_another_city_is_not_found(programme: Programme) -> None:
    foreign = drafted(stages.programme(), "9")
    client = desk(programme.city_reviewer)

    statuses = [
        client.get(reverse("web:city:selection", args=[foreign.pk])).status_code,
        client.post(reverse("web:city:selection", args=[foreign.pk])).status_code,
        client.get(reverse("web:city:selection-move", args=[foreign.pk, "propose"])).status_code,
    ]

    assert statuses == [404, 404, 404]


def test_hostile_reason_is_shown_as_text(programme: Programme) -> None:
    selection = drafted(programme, "9")
    row = reread(selection).rows.get()
    row.reason = HOSTILE
    row.save()

    page = read(desk(programme.city_reviewer), "web:city:selection", selection.pk)

    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def report_of(programme: Programme) -> ProvincialReport:
    """Return the city's report to the province."""
    return ProvincialReport.objects.get(campaign=programme.campaign)


def test_letter_is_written_and_judged(programme: Programme) -> None:
    report = report_of(programme)
    client, address = desk(programme.city_reviewer), reverse("web:city:report", args=[report.pk])

    wrong = client.post(address, {"letter": "省厅：", "document_number": "12", "version": report.version})
    right = client.post(
        address, {"letter": "省厅：", "document_number": "示城管〔2023〕12号", "version": report.version}
    )

    assert (wrong.status_code, 'href="#f-document_number"' in wrong.content.decode()) == (422, True)
    assert right.status_code == 302
    assert report_of(programme).letter == "省厅："


def test_letter_is_saved_without_being_put_before_the_approver(programme: Programme) -> None:
    report = report_of(programme)
    client, address = desk(programme.city_reviewer), reverse("web:city:report", args=[report.pk])
    client.post(address, {"letter": "省厅：", "version": report.version, "then": "prepare"})
    prepared = report_of(programme)

    answer = client.post(address, {"letter": "省厅：再改。", "version": prepared.version, "then": "keep"}, follow=True)

    kept = report_of(programme)
    assert prepared.preparer_id == programme.city_reviewer.user_id
    assert (kept.letter, kept.preparer_id, kept.content_digest) == ("省厅：再改。", None, "")
    assert "已保存。" in answer.content.decode()


def test_empty_letter_is_proposed_from_the_notice_and_the_selection(programme: Programme) -> None:
    selection = drafted(programme, "9", "8")
    client = desk(programme.city_reviewer)
    before = read(client, "web:city:report", report_of(programme).pk)
    client.post(reverse("web:city:selection-move", args=[selection.pk, "propose"]), {"comment": ""})
    desk(programme.city_approver).post(
        reverse("web:city:selection-move", args=[selection.pk, "approve"]), {"comment": "同意。"}
    )

    page = read(client, "web:city:report", report_of(programme).pk)

    assert "报上，请审核。" not in before
    assert ["现推荐2个小区" in page, "报上，请审核。" in page, report_of(programme).letter] == [True, True, ""]


def test_report_without_a_shortlist_says_where_the_list_comes_from(programme: Programme) -> None:
    city_stages.recommended(programme)

    page = read(desk(programme.city_reviewer), "web:city:report", report_of(programme).pk)

    assert "尚无拟推荐小区" in page


def test_report_shows_what_each_community_still_lacks(programme: Programme) -> None:
    selection = drafted(programme, "9")
    for name, actor, words in (
        ("propose", programme.city_reviewer, ""),
        ("approve", programme.city_approver, "同意。"),
    ):
        desk(actor).post(reverse("web:city:selection-move", args=[selection.pk, name]), {"comment": words})

    page = read(desk(programme.city_reviewer), "web:city:report", report_of(programme).pk)

    assert [text in page for text in ("工作报告已审阅", "缺", programme.bureau.office.name)] == [True, True, True]


def test_signing_is_refused_with_every_reason_while_the_dossier_is_incomplete(programme: Programme) -> None:
    report = report_of(programme)

    answer = desk(programme.city_approver).post(reverse("web:city:report-move", args=[report.pk, "approve"]))

    assert answer.status_code == 422
    assert report_of(programme).state == "draft"


def test_sealed_copy_is_not_taken_before_the_report_is_signed(programme: Programme) -> None:
    report = report_of(programme)
    scan = SimpleUploadedFile("盖章件.pdf", b"%PDF-1.4", content_type="application/pdf")
    client, address = desk(programme.city_reviewer), reverse("web:city:report", args=[report.pk])

    answers = [
        client.post(address, {"file": scan, "content_digest": "0" * 64}),
        client.post(address, {"content_digest": "0" * 64}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_report_of_the_campaign_is_led_to_and_read_by_the_province(programme: Programme) -> None:
    report = report_of(programme)
    client = desk(programme.province_viewer)

    answer = client.get(reverse("web:city:report-current"))

    assert answer.headers["Location"] == reverse("web:city:report", args=[report.pk])
    assert read(client, "web:city:report", report.pk)


@pytest.mark.parametrize("model", [Selection, ProvincialReport])
def test_every_move_of_the_city_says_what_comes_of_it(model: Any) -> None:
    moves = flow_of(model).transitions.values()

    assert {spec.name for spec in moves} == {name for flow, name in CONSEQUENCES if flow == model.flow}
