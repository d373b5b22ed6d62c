"""The work report: three sections that save by themselves, files, remarks, and its way to the city (row S-14)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from attachments.models import Attachment
from nominations.models import WorkReport
from nominations.operations.moves import make_move
from nominations.operations.work_report import save_sections
from tests.nominations import factories
from tests.nominations.stages import Programme
from tests.web.district.asking import HOSTILE, address, queries, text_of
from tests.web.district.test_case import photo
from tests.web.test_pages import signed_in

SECTIONS = {"practice_and_results": "主要做法。", "problems": "存在问题。", "suggestions": "建议。"}
HTMX = {"HTTP_HX_REQUEST": "true"}


def now(programme: Programme) -> WorkReport:
    """Return the report as it stands."""
    return programme.bureau.work_report


def write(programme: Programme) -> WorkReport:
    """Return a report whose sections are written."""
    return save_sections(
        report_id=now(programme).pk, sections=SECTIONS, actor=programme.bureau.reviewer, at=timezone.now()
    )


def test_navigation_leads_to_the_newest_report(programme: Programme, reviewer: Client) -> None:
    assert reviewer.get(address("work-reports")).headers["Location"] == address("work-report", now(programme).pk)


@pytest.mark.parametrize("page", ["work-report", "work-report-print"])
def test_foreign_report_is_not_found(programme: Programme, page: str) -> None:
    stranger = signed_in(programme.bureaus[1].reviewer.user_id)

    assert stranger.get(address(page, now(programme).pk)).status_code == 404


def test_sections_are_saved_by_a_plain_form(programme: Programme, reviewer: Client) -> None:
    answer = reviewer.post(address("work-report", now(programme).pk), SECTIONS)

    assert answer.status_code == 302
    assert now(programme).problems == "存在问题。"


def test_page_saves_by_itself_and_learns_the_new_version(programme: Programme, reviewer: Client) -> None:
    sent = {"problems": "存在问题。", "version": str(now(programme).version)}

    page = reviewer.post(address("work-report", now(programme).pk), sent, **HTMX).content.decode()

    assert ("已保存" in page, "<html" in page) == (True, False)
    assert f'value="{now(programme).version}"' in page


def test_report_changed_meanwhile_is_not_overwritten(programme: Programme, reviewer: Client) -> None:
    write(programme)
    sent = {"problems": "后来的内容。", "version": "0"}

    by_itself = reviewer.post(address("work-report", now(programme).pk), sent, **HTMX)
    plain = reviewer.post(address("work-report", now(programme).pk), sent)

    assert "is-bad" in by_itself.content.decode()
    assert plain.status_code == 409
    assert ("存在问题。" in plain.content.decode(), "后来的内容。" in plain.content.decode()) == (True, True)
    assert now(programme).problems == "存在问题。"


def test_section_that_is_too_long_is_refused_at_its_field(programme: Programme, reviewer: Client) -> None:
    answer = reviewer.post(address("work-report", now(programme).pk), {"problems": "字" * 20_001})

    assert answer.status_code == 422
    assert 'id="f-problems-error"' in answer.content.decode()


def test_gaps_stand_at_the_greyed_button(programme: Programme, approver: Client) -> None:
    page = text_of(approver, "work-report", now(programme).pk)

    assert page.count('aria-disabled="true"') == 1
    assert f'href="{address("work-report", now(programme).pk)}#f-problems"' in page


def test_approver_submits_the_report(programme: Programme, approver: Client) -> None:
    write(programme)

    answer = approver.post(address("work-report-move", now(programme).pk, "submit"))

    assert answer.status_code == 302
    assert now(programme).state == "submitted"


def test_reviewer_does_not_submit_it(programme: Programme, reviewer: Client) -> None:
    write(programme)

    assert reviewer.post(address("work-report-move", now(programme).pk, "submit")).status_code == 404


def test_returned_report_shows_reason_and_remarks(programme: Programme, approver: Client) -> None:
    write(programme)
    approver.post(address("work-report-move", now(programme).pk, "submit"))
    make_move(
        WorkReport,
        now(programme).pk,
        "return",
        actor=programme.city_reviewer,
        at=timezone.now(),
        comment="请补充数据。",
        payload={"remarks": {"problems": "写明原因。"}},
    )

    page = text_of(approver, "work-report", now(programme).pk)

    assert ("请补充数据。" in page, 'id="f-problems-remark"' in page, "写明原因。" in page) == (True, True, True)


def test_file_is_attached_and_removed(programme: Programme, reviewer: Client) -> None:
    url = address("work-report-files", now(programme).pk)

    reviewer.post(url, {"purpose": "case", "label": "典型案例", "file": photo()})
    received = Attachment.objects.get(subject_kind="work_report")
    shown = text_of(reviewer, "work-report", now(programme).pk)
    Attachment.objects.filter(pk=received.pk).update(state="clean", inspected_at=timezone.now())
    reviewer.post(url, {"remove": str(received.pk)})

    received.refresh_from_db()
    assert "典型案例" in shown
    assert received.removed_at is not None
    assert reviewer.post(url, {}).status_code == 422
    assert reviewer.post(url, {"purpose": "nonsense", "file": photo()}).status_code == 422
    assert reviewer.post(url, {"remove": "x"}).status_code == 404


def test_report_with_one_and_three_files_takes_one_number_of_queries(programme: Programme, reviewer: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            factories.AttachmentFactory.create(subject_kind="work_report", subject_id=now(programme).pk, purpose="case")
        counts.append(queries(reviewer, address("work-report", now(programme).pk)))

    assert counts[0] == counts[1]


def test_hostile_words_are_shown_as_text(programme: Programme, reviewer: Client) -> None:
    reviewer.post(address("work-report", now(programme).pk), {"problems": HOSTILE})

    for page in ("work-report", "work-report-print"):
        assert "<img src=x" not in text_of(reviewer, page, now(programme).pk)


def test_file_of_another_report_is_not_handed_out(programme: Programme) -> None:
    mine = factories.AttachmentFactory.create(subject_kind="work_report", subject_id=now(programme).pk, purpose="case")
    other = programme.bureaus[1]

    answer = signed_in(other.reviewer.user_id).get(address("work-report-file", other.work_report.pk, mine.pk))

    assert answer.status_code == 404
