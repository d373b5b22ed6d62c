"""The summary desk: what is missing where, ranks, columns, descriptions, seal, and its way to the city."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from attachments.models import Attachment
from nominations.enums import SummaryState
from nominations.models import RecommendationSummary, SummaryRow
from nominations.operations.moves import make_move
from nominations.operations.recommendation import compute_ranks
from tests.nominations import factories
from tests.nominations.stages import Programme
from tests.web.district.asking import HOSTILE, address, queries, recommended, submitted, text_of
from tests.web.district.test_case import photo
from tests.web.test_pages import signed_in
from tests.workflow.tampering import place


def now(programme: Programme) -> RecommendationSummary:
    """Return the summary as it stands."""
    return programme.bureau.summary


def ranked(programme: Programme, *names: str) -> list[SummaryRow]:
    """Return the rows of a table that lists these communities."""
    for name in names:
        recommended(programme, name)
    compute_ranks(summary_id=now(programme).pk, actor=programme.bureau.reviewer, at=timezone.now())
    return list(SummaryRow.objects.order_by("nomination__number"))


def described(rows: list[SummaryRow]) -> None:
    """Give each row a checked description."""
    for row in rows:
        factories.AttachmentFactory.create(subject_kind="summary_row", subject_id=row.pk, purpose="description")


def prepared(programme: Programme) -> RecommendationSummary:
    """Return a summary that lies before the approver."""
    described(ranked(programme, "栖云雅苑"))
    signed_in(programme.bureau.reviewer.user_id).post(address("summary-prepare", now(programme).pk))
    return now(programme)


def test_navigation_leads_to_the_newest_summary(programme: Programme, reviewer: Client) -> None:
    answer = reviewer.get(address("summaries"))

    assert answer.headers["Location"] == address("summary", now(programme).pk)


def test_summary_shows_rows_and_the_cases_that_are_not_on_it(programme: Programme, reviewer: Client) -> None:
    ranked(programme, "栖云雅苑")
    submitted(programme, "桂香里")

    page = text_of(reviewer, "summary", now(programme).pk)

    assert ("第 1 名" in page, "桂香里" in page, "缺" in page) == (True, True, True)


def test_long_table_is_shown_in_pages_and_printed_whole(programme: Programme, reviewer: Client) -> None:
    ranked(programme, *(f"示例花园{number}号院" for number in range(1, 28)))
    paper = address("summary", now(programme).pk)

    first, second = (reviewer.get(f"{paper}?page={number}").content.decode() for number in (1, 2))
    printed = text_of(reviewer, "summary-print", now(programme).pk)

    numbers = re.findall(r'<td class="is-number">(\d+)</td>', first + second)
    assert numbers == [str(number) for number in range(1, 28)]
    assert [page.count("jy-strong jy-quiet") for page in (first, second)] == [25, 2]
    assert printed.count("号院") == 27


def test_empty_summary_says_what_to_do(programme: Programme, reviewer: Client) -> None:
    assert "表中暂无小区" in text_of(reviewer, "summary", now(programme).pk)


@pytest.mark.parametrize("page", ["summary", "summary-print"])
def test_foreign_summary_is_not_found(programme: Programme, page: str) -> None:
    stranger = signed_in(programme.bureaus[1].reviewer.user_id)

    assert stranger.get(address(page, now(programme).pk)).status_code == 404


def test_summary_of_one_and_three_rows_takes_one_number_of_queries(programme: Programme, reviewer: Client) -> None:
    described(ranked(programme, "栖云雅苑"))
    submitted(programme, "望山佳苑")
    one = queries(reviewer, address("summary", now(programme).pk))
    described(ranked(programme, "桂香里", "松风里")[1:])
    submitted(programme, "明德小区")

    assert queries(reviewer, address("summary", now(programme).pk)) == one


def test_hostile_words_are_shown_as_text(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, HOSTILE[:110])
    SummaryRow.objects.update(company_text=HOSTILE)

    for page, arguments in (("summary", ()), ("summary-print", ()), ("summary-row", (row.pk,))):
        assert "<img src=x" not in text_of(reviewer, page, now(programme).pk, *arguments)


def test_ranks_are_computed_on_demand(programme: Programme, reviewer: Client) -> None:
    recommended(programme)

    reviewer.post(address("summary-rank", now(programme).pk))

    assert list(SummaryRow.objects.values_list("rank", flat=True)) == [1]


def test_order_of_equals_is_recorded_by_their_numbers(programme: Programme, reviewer: Client) -> None:
    first, second = ranked(programme, "栖云雅苑", "桂香里")
    sent = {
        "row": [str(first.pk), str(second.pk)],
        f"place-{first.pk}": "2",
        f"place-{second.pk}": "1",
        "reason": "集体研究决定。",
    }

    shown = text_of(reviewer, "summary", now(programme).pk)
    reviewer.post(address("summary-order", now(programme).pk), sent)

    assert "各项指标完全相同" in shown
    assert list(SummaryRow.objects.order_by("nomination__number").values_list("rank", flat=True)) == [2, 1]


def test_refused_order_stands_as_it_was_typed(programme: Programme, reviewer: Client) -> None:
    first, second = ranked(programme, "栖云雅苑", "桂香里")
    sent = {"row": [str(first.pk), str(second.pk)], f"place-{first.pk}": "2", f"place-{second.pk}": "1", "reason": ""}

    answer = reviewer.post(address("summary-order", now(programme).pk), sent)

    page = answer.content.decode()
    shown = re.findall(r'name="place-([0-9a-f-]+)"[^>]*value="(\d)"', page)
    assert (answer.status_code, shown) == (422, [(str(second.pk), "1"), (str(first.pk), "2")])
    assert page.count('id="f-order-reason"') == page.count('href="#f-order-reason"') == 1


@pytest.mark.parametrize("sent", [{}, {"row": ["x"], "reason": "甲"}, {"row": [""], "place-": "9"}])
def test_order_that_no_form_sends_is_refused(programme: Programme, reviewer: Client, sent: dict[str, Any]) -> None:
    ranked(programme, "栖云雅苑", "桂香里")

    assert reviewer.post(address("summary-order", now(programme).pk), sent).status_code == 422


def test_narrative_columns_are_edited(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, "栖云雅苑")

    shown = text_of(reviewer, "summary-row", now(programme).pk, row.pk)
    reviewer.post(address("summary-row", now(programme).pk, row.pk), {"fees_text": "收缴率98%。"})

    row.refresh_from_db()
    assert "物业费收缴率96.40%" in shown
    assert row.fees_text == "收缴率98%。"


def test_column_changed_meanwhile_is_shown_beside_and_not_overwritten(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, "栖云雅苑")
    url = address("summary-row", now(programme).pk, row.pk)
    reviewer.post(url, {"fees_text": "先前的内容。"})

    answer = reviewer.post(url, {"fees_text": "后来的内容。", "version": "1"})

    page = answer.content.decode()
    assert (answer.status_code, "先前的内容。" in page, "后来的内容。" in page) == (409, True, True)
    row.refresh_from_db()
    assert row.fees_text == "先前的内容。"


def test_row_of_another_summary_is_not_found(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, "栖云雅苑")
    other = programme.bureaus[1].summary
    colleague = signed_in(programme.bureaus[1].reviewer.user_id)

    assert colleague.get(address("summary-row", other.pk, row.pk)).status_code == 404
    assert colleague.post(address("summary-describe", other.pk, row.pk)).status_code == 404


def test_description_is_uploaded_and_removed(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, "栖云雅苑")
    url = address("summary-describe", now(programme).pk, row.pk)

    reviewer.post(url, {"file": photo("说明.png")})
    received = Attachment.objects.get(subject_kind="summary_row")
    Attachment.objects.filter(pk=received.pk).update(state="clean", inspected_at=timezone.now())
    reviewer.post(url, {"remove": str(received.pk)})

    received.refresh_from_db()
    assert received.removed_at is not None
    assert reviewer.post(url, {}).status_code == 422
    assert reviewer.post(url, {"remove": "x"}).status_code == 404


def test_table_is_put_before_the_approver_and_approved_by_somebody_else(programme: Programme, approver: Client) -> None:
    found = prepared(programme)

    answer = approver.post(address("summary-move", found.pk, "approve"), {"version": str(found.version)})

    assert found.preparer_id == programme.bureau.reviewer.user_id
    assert answer.status_code == 302
    assert now(programme).state == "approved"


def test_who_prepared_it_sees_why_not_to_approve(programme: Programme, approver: Client) -> None:
    described(ranked(programme, "栖云雅苑"))
    approver.post(address("summary-prepare", now(programme).pk))

    answer = approver.post(address("summary-move", now(programme).pk, "approve"))

    assert answer.status_code == 422
    assert "四" in answer.content.decode() or "他人" in answer.content.decode()


def test_sealed_copy_is_bound_to_the_code_on_the_paper(programme: Programme, approver: Client) -> None:
    found = prepared(programme)
    approver.post(address("summary-move", found.pk, "approve"))
    url = address("summary-seal", found.pk)

    empty = approver.post(url, {})
    forged = approver.post(url, {"file": photo(), "content_digest": "0" * 64})
    approver.post(url, {"file": photo(), "content_digest": now(programme).content_digest})

    assert (empty.status_code, forged.status_code) == (422, 422)
    assert now(programme).sealed_digest == now(programme).content_digest


def test_summary_without_its_seal_is_not_submitted_and_says_where_to_mend_it(
    programme: Programme, approver: Client
) -> None:
    found = prepared(programme)
    approver.post(address("summary-move", found.pk, "approve"))

    page = text_of(approver, "summary", found.pk)
    answer = approver.post(address("summary-move", found.pk, "submit"))

    assert f'href="{address("summary", found.pk)}#seal"' in page
    assert answer.status_code == 422


def test_approved_table_is_amended_with_a_reason(programme: Programme, approver: Client) -> None:
    found = prepared(programme)
    approver.post(address("summary-move", found.pk, "approve"))

    empty = approver.post(address("summary-move", found.pk, "amend"), {})
    approver.post(address("summary-move", found.pk, "amend"), {"comment": "更正一处。"})

    assert empty.status_code == 422
    assert now(programme).state == "draft"


def test_table_sent_back_by_the_city_shows_its_reason(programme: Programme, approver: Client) -> None:
    found = prepared(programme)
    approver.post(address("summary-move", found.pk, "approve"))
    approver.post(address("summary-seal", found.pk), {"file": photo(), "content_digest": now(programme).content_digest})
    Attachment.objects.filter(subject_kind="recommendation_summary").update(state="clean", inspected_at=timezone.now())
    approver.post(address("summary-move", found.pk, "submit"))
    make_move(
        RecommendationSummary,
        found.pk,
        "return",
        actor=programme.city_reviewer,
        at=timezone.now(),
        comment="第二列有误。",
    )

    page = text_of(approver, "summary", found.pk)

    assert "市级退回" in page
    assert "第二列有误。" in page


def test_table_that_the_city_has_is_not_late(programme: Programme, reviewer: Client) -> None:
    ranked(programme, "栖云雅苑")
    before = text_of(reviewer, "summary", now(programme).pk)
    place(now(programme), SummaryState.RECEIVED)

    after = text_of(reviewer, "summary", now(programme).pk)

    assert ["当前办理" in page for page in (before, after)] == [True, False]


def test_printed_table_has_the_nine_columns_of_the_notice(programme: Programme, reviewer: Client) -> None:
    ranked(programme, "栖云雅苑")

    page = text_of(reviewer, "summary-print", now(programme).pk)

    columns = "序号 小区名称 评估得分及排名 所在街道、社区 物业公司情况 小区党组织情况 业主委员会情况 "
    columns += "信访投诉情况 物业费收缴情况"
    assert [f">{name}</th>" in page for name in columns.split()] == [True] * 9
    assert "基本情况请另附材料说明" in page


def test_file_of_another_summary_is_not_handed_out(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, "栖云雅苑")
    factories.AttachmentFactory.create(subject_kind="summary_row", subject_id=row.pk, purpose="description")
    found = Attachment.objects.get(subject_kind="summary_row")
    other = programme.bureaus[1]

    answer = signed_in(other.reviewer.user_id).get(address("summary-file", other.summary.pk, found.pk))

    assert answer.status_code == 404


def test_unknown_move_is_not_found(programme: Programme, reviewer: Client) -> None:
    assert reviewer.get(address("summary-move", now(programme).pk, "approve")).status_code == 404


def test_file_name_of_an_upload_is_shown_as_text(programme: Programme, reviewer: Client) -> None:
    [row] = ranked(programme, "栖云雅苑")
    hostile = SimpleUploadedFile("<img src=x>.png", photo().read(), "image/png")

    reviewer.post(address("summary-describe", now(programme).pk, row.pk), {"file": hostile})

    assert "<img src=x" not in text_of(reviewer, "summary-row", now(programme).pk, row.pk)
