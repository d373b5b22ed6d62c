"""S-14: the district's work report: sections, files, remarks by section, a deadline, the digest that is accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import Actor
from attachments import operations as attachments
from attachments.models import Attachment
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import WorkReport
from nominations.operations import work_report
from nominations.operations.moves import make_move
from tests.nominations import factories
from tests.nominations.city_stages import photo
from tests.nominations.stages import AT, Programme
from workflow.errors import MoveRefused, NotFound, StaleVersion
from workflow.models import Deadline, Event

pytestmark = pytest.mark.django_db
TEXTS = {"practice_and_results": "做法和成效。", "problems": "存在的问题。", "suggestions": "有关建议。"}


def written(programme: Programme, **texts: str) -> WorkReport:
    """Return the first district's report with its three sections."""
    return work_report.save_sections(
        report_id=programme.bureau.work_report.pk, sections=TEXTS | texts, actor=programme.bureau.reviewer, at=AT
    )


def with_file(programme: Programme, *, purpose: str = "case", actor: Actor | None = None) -> Attachment:
    """Attach a picture to the first district's report."""
    return work_report.attach(
        report_id=programme.bureau.work_report.pk,
        purpose=purpose,
        label="典型案例",
        upload=photo("case.jpg"),
        actor=actor or programme.bureau.reviewer,
        at=AT,
    )


def move(programme: Programme, name: str, **wanted: Any) -> WorkReport:
    """Move the first district's report by whoever makes that move."""
    report = programme.bureau.work_report
    actor = programme.bureau.approver if name == "submit" else programme.city_reviewer
    make_move(WorkReport, report.pk, name, actor=actor, **{"at": AT, **wanted})
    return programme.bureau.work_report


def refused(programme: Programme, name: str, **wanted: Any) -> list[tuple[str, str]]:
    """Return why a move is refused, and where each reason is mended."""
    with pytest.raises(MoveRefused) as error:
        move(programme, name, **wanted)
    return [(refusal.code, refusal.fix) for refusal in error.value.refusals]


def test_report_is_sent_with_all_its_sections_or_not_at_all(programme: Programme) -> None:
    assert refused(programme, "submit") == [
        ("section_empty", "practice_and_results"),
        ("section_empty", "problems"),
        ("section_empty", "suggestions"),
    ]

    written(programme)

    assert move(programme, "submit").state == "submitted"


def test_files_are_checked_before_the_report_is_sent(programme: Programme) -> None:
    written(programme)
    file = with_file(programme)

    before = refused(programme, "submit")
    attachments.inspect(attachment_id=file.pk, at=AT)

    assert before == [("attachments_unclean", "attachments")]
    assert move(programme, "submit").state == "submitted"


def test_rejected_file_is_removed_first(programme: Programme) -> None:
    written(programme)
    report = programme.bureau.work_report
    file = factories.AttachmentFactory.create(
        subject_kind="work_report", subject_id=report.pk, purpose="case", state="rejected"
    )

    before = refused(programme, "submit")
    work_report.detach(report_id=report.pk, attachment_id=file.pk, actor=programme.bureau.reviewer, at=AT)

    assert before == [("attachments_unclean", "attachments")]
    assert move(programme, "submit").state == "submitted"


def test_digest_covers_texts_and_files_and_is_told_by_the_events(programme: Programme) -> None:
    bare = written(programme).content_digest
    file = with_file(programme)
    attachments.inspect(attachment_id=file.pk, at=AT)
    full = programme.bureau.work_report.content_digest

    move(programme, "submit")
    move(programme, "accept")

    assert len({bare, full}) == 2
    told = Event.objects.filter(name__in=["submit", "accept"]).values_list("documents", flat=True)
    assert [documents["work_report"] for documents in told] == [full, full]


def test_return_names_what_is_to_be_mended_in_each_section(programme: Programme) -> None:
    written(programme)
    move(programme, "submit")

    returned = move(programme, "return", comment="请补充。", payload={"remarks": {"problems": " 请写明数据来源。 "}})

    assert (returned.state, returned.remarks) == ("returned", {"problems": "请写明数据来源。"})
    event = Event.objects.get(subject_id=returned.pk, name="return")
    assert event.changes["remarks"] == {"old": {}, "new": {"problems": "请写明数据来源。"}}


def test_remarks_are_gone_once_the_report_is_accepted(programme: Programme) -> None:
    written(programme)
    move(programme, "submit")
    move(programme, "return", comment="请补充。", payload={"remarks": {"problems": "请补充。"}})
    written(programme, problems="补充后的问题。")
    move(programme, "submit")

    assert move(programme, "accept").remarks == {}


def test_return_needs_its_reason_and_may_go_without_remarks(programme: Programme) -> None:
    written(programme)
    move(programme, "submit")

    assert refused(programme, "return") == [("comment_required", "comment")]
    assert move(programme, "return", comment="请补充。").remarks == {}


@pytest.mark.parametrize(
    ("remarks", "reasons"),
    [
        ("请补充", [("not_an_object", "data.remarks")]),
        ({"letter": "x"}, [("unknown_field", "data.remarks.letter")]),
        (
            {"problems": 7, "suggestions": "字" * 2001},
            [("not_text", "data.remarks.problems"), ("too_long", "data.remarks.suggestions")],
        ),
    ],
)
def test_remarks_that_cannot_be_read_return_nothing(
    programme: Programme, remarks: object, reasons: list[tuple[str, str]]
) -> None:
    written(programme)
    move(programme, "submit")

    assert refused(programme, "return", comment="请补充。", payload={"remarks": remarks}) == reasons
    assert programme.bureau.work_report.state == "submitted"


def test_report_has_a_deadline_of_its_own(programme: Programme) -> None:
    written(programme)
    last = factories.WORK_REPORT_CLOSES - timedelta(microseconds=1)

    too_late = refused(programme, "submit", at=factories.WORK_REPORT_CLOSES)
    submitted = move(programme, "submit", at=last)

    assert too_late == [("window_over", "extensions")]
    assert submitted.submitted_at == last
    deadline = Deadline.objects.get(subject_id=submitted.pk, kind="work_report_closes")
    assert deadline.settled_at == last


def test_returned_report_is_due_again(programme: Programme) -> None:
    written(programme)
    move(programme, "submit")
    returned = move(programme, "return", comment="请补充。")

    deadline = Deadline.objects.get(subject_id=returned.pk, kind="work_report_closes")

    assert (deadline.settled_at, deadline.due_at) == (None, factories.WORK_REPORT_CLOSES)


def test_sent_report_is_changed_by_nobody(programme: Programme) -> None:
    written(programme)
    move(programme, "submit")

    with pytest.raises(NotEditable):
        written(programme, problems="改")
    with pytest.raises(NotEditable):
        with_file(programme)


def test_report_is_the_districts_own(programme: Programme) -> None:
    other = programme.bureaus[1]

    with pytest.raises(NotFound):
        with_file(programme, actor=other.reviewer)
    with pytest.raises(NotAllowed):
        with_file(programme, actor=programme.city_reviewer)
    with pytest.raises(NotFound):
        work_report.detach(
            report_id=other.work_report.pk, attachment_id=other.work_report.pk, actor=other.reviewer, at=AT
        )


def test_entries_that_cannot_be_taken_are_told_together_and_save_nothing(programme: Programme) -> None:
    with pytest.raises(InvalidInput) as refusal:
        written(programme, problems="问" * 20_001, letter="x")

    assert [(reason.code, reason.fix) for reason in refusal.value.refusals] == [
        ("unknown_field", "letter"),
        ("too_long", "problems"),
    ]
    assert programme.bureau.work_report.practice_and_results == ""


def test_purpose_of_a_file_is_one_of_those_named(programme: Programme) -> None:
    with pytest.raises(InvalidInput) as refusal:
        with_file(programme, purpose="sealed_copy")

    assert [reason.fix for reason in refusal.value.refusals] == ["purpose"]


def test_older_version_is_not_written_over(programme: Programme) -> None:
    report = programme.bureau.work_report
    written(programme)

    with pytest.raises(StaleVersion):
        work_report.save_sections(
            report_id=report.pk, sections=TEXTS, actor=programme.bureau.reviewer, at=AT, version=report.version
        )
