"""From the task list to the receipt, and after: confirmation, seal, submission, return, recall, withdrawal."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from attachments.models import Attachment
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.confirmation import link_of
from nominations.operations.moves import make_move
from nominations.operations.nomination import save_sections
from tests.nominations import stages
from tests.nominations.stages import Programme
from workflow.models import Event

pytestmark = pytest.mark.django_db


def at(nomination: Any, page: str, *more: str) -> str:
    return reverse(f"web:company:{page}", args=[nomination.pk, *more])


def picture(name: str = "scan.jpg") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (190, 205, 170)).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


@pytest.fixture
def full(programme: Programme, now: datetime) -> Any:
    return stages.filled_in(programme, at=now)


@pytest.fixture
def ready(programme: Programme, now: datetime) -> Any:
    return stages.ready(programme, at=now)


@pytest.fixture
def returned(programme: Programme, now: datetime) -> Any:
    """Return a form that came back with two remarks."""
    handed_in = stages.submitted(programme, at=now)
    sections = [
        {"section": "practices", "field": "practice_7", "remark": "请说明消防通道。"},
        {"section": "party", "remark": "全称不符。"},
    ]
    make_move(
        Nomination,
        handed_in.pk,
        "return_for_correction",
        actor=programme.bureau.reviewer,
        at=now,
        comment="请补正 2 处。",
        payload={"sections": sections},
    )
    return Nomination.objects.get(pk=handed_in.pk)


def test_evidence_is_received_and_listed(editor: Client, draft: Any) -> None:
    answer = editor.post(at(draft, "evidence"), {"purpose": "photo", "label": "公示栏", "file": picture()}, follow=True)

    assert "公示栏" in answer.content.decode()
    assert 'hx-trigger="every 3s"' in answer.content.decode()


def test_evidence_without_a_file_is_asked_for_one(editor: Client, draft: Any) -> None:
    answer = editor.post(at(draft, "evidence"), {"purpose": "photo", "label": ""})

    assert answer.status_code == 422
    assert 'href="#f-file"' in answer.content.decode()


def test_file_that_is_none_is_refused_at_its_field(editor: Client, draft: Any) -> None:
    upload = SimpleUploadedFile("a.html", b"<html><script>alert(1)</script>", "text/html")

    answer = editor.post(at(draft, "evidence"), {"purpose": "evidence", "label": "", "file": upload})

    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.content.decode()
    assert not Attachment.objects.filter(subject_id=draft.pk).exists()


def test_file_is_set_aside(editor: Client, draft: Any) -> None:
    editor.post(at(draft, "evidence"), {"purpose": "photo", "label": "", "file": picture()})
    [file] = Attachment.objects.filter(subject_id=draft.pk)

    editor.post(at(draft, "remove-file", str(file.pk)))

    file.refresh_from_db()
    assert file.removed_at is not None


def test_file_in_quarantine_is_not_handed_out(editor: Client, draft: Any) -> None:
    editor.post(at(draft, "evidence"), {"purpose": "photo", "label": "", "file": picture()})
    [file] = Attachment.objects.filter(subject_id=draft.pk)

    assert editor.get(at(draft, "file", str(file.pk))).status_code == 422


def test_incomplete_form_invites_nobody_and_says_why(editor: Client, draft: Any) -> None:
    page = editor.get(at(draft, "committee")).content.decode()
    answer = editor.post(at(draft, "committee"))

    assert 'aria-disabled="true"' in page
    assert answer.status_code == 422
    assert not CommitteeConfirmation.objects.filter(nomination=draft.pk).exists()


def test_invitation_shows_link_and_code_for_the_phone(editor: Client, full: Any) -> None:
    answer = editor.post(at(full, "committee"), follow=True)

    [invited] = CommitteeConfirmation.objects.filter(nomination=full.pk)
    page = answer.content.decode()
    assert link_of(invited) in page
    assert 'class="jy-qr"' in page
    assert "style=" not in page


def test_substitute_cannot_confirm_where_a_committee_exists(admin: Client, full: Any) -> None:
    answer = admin.post(at(full, "substitute"))

    assert answer.status_code == 422
    assert Nomination.objects.get(pk=full.pk).confirmed_digest == ""


def test_sealed_copy_is_bound_to_the_text_shown(editor: Client, full: Any) -> None:
    digest = full.content_digest

    editor.post(at(full, "seal"), {"content_digest": digest, "file": picture()})

    assert Nomination.objects.get(pk=full.pk).sealed_digest == digest


def test_sealed_copy_of_another_text_is_refused(editor: Client, full: Any) -> None:
    answer = editor.post(at(full, "seal"), {"content_digest": "0" * 64, "file": picture()})

    assert answer.status_code == 422
    assert Nomination.objects.get(pk=full.pk).sealed_digest == ""


def test_sealing_without_a_file_is_asked_for_one(editor: Client, full: Any) -> None:
    assert editor.post(at(full, "seal"), {"content_digest": full.content_digest}).status_code == 422


def test_reasons_against_submitting_lead_to_where_they_are_mended(admin: Client, draft: Any) -> None:
    page = admin.get(at(draft, "check")).content.decode()

    assert f'href="{at(draft, "section", "basics")}"' in page
    assert f'href="{at(draft, "committee")}"' in page
    assert f'href="{at(draft, "seal")}"' in page


def test_submission_needs_the_statement_of_truth(admin: Client, ready: Any) -> None:
    answer = admin.post(at(ready, "check"), {"version": ready.version, "key": "k" * 32})

    assert answer.status_code == 422
    assert 'href="#f-truth"' in answer.content.decode()


def test_submission_leads_to_the_receipt(admin: Client, ready: Any) -> None:
    answer = admin.post(at(ready, "check"), {"version": ready.version, "key": "k" * 32, "truth": "yes"}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(at(ready, "receipt"), 302)]
    assert (ready.number in page, ready.content_digest in page) == (True, True)


def test_submitting_twice_is_one_submission(admin: Client, ready: Any) -> None:
    sent = {"version": ready.version, "key": "k" * 32, "truth": "yes"}
    admin.post(at(ready, "check"), sent)

    answer = admin.post(at(ready, "check"), sent)

    assert answer.headers["Location"] == at(ready, "receipt")
    assert Event.objects.filter(subject_id=ready.pk, name="submit").count() == 1


def test_submission_over_a_stale_version_is_told(admin: Client, ready: Any) -> None:
    answer = admin.post(at(ready, "check"), {"version": ready.version - 1, "key": "", "truth": "yes"})

    assert answer.status_code == 422
    assert Nomination.objects.get(pk=ready.pk).state == "draft"


def test_editor_hands_nothing_in(editor: Client, ready: Any) -> None:
    page = editor.get(at(ready, "check")).content.decode()

    assert "请由企业管理员提交" in page
    assert editor.post(at(ready, "check"), {"truth": "yes"}).status_code == 403


def test_case_has_one_way_to_each_page(
    programme: Programme, admin: Client, draft: Any, ready: Any, now: datetime
) -> None:
    sent = stages.submitted(programme, at=now)
    pages = [admin.get(at(one, "case")).content.decode() for one in (draft, ready, sent)]

    ways = [
        [page.count(f'href="{at(one, name)}"') for name in ("check", "print")]
        for one, page in zip((draft, ready, sent), pages, strict=True)
    ]
    assert ways == [[1, 1], [1, 1], [0, 1]]


def test_draft_has_no_receipt(admin: Client, draft: Any) -> None:
    assert admin.get(at(draft, "receipt")).status_code == 404


def test_way_shows_past_present_and_future(programme: Programme, admin: Client, now: datetime) -> None:
    page = admin.get(at(stages.submitted(programme, at=now), "case")).content.decode()

    assert page.count('<li class="is-now" aria-current="step">') == 1
    assert page.count('<li class="is-future">') == 3
    assert programme.campaign.city.name in page


def test_remarks_stand_at_their_field_and_their_section(editor: Client, returned: Any) -> None:
    practices = editor.get(at(returned, "section", "practices")).content.decode()
    party = editor.get(at(returned, "section", "party")).content.decode()

    assert 'id="f-practice_7-remark"' in practices
    assert "全称不符。" in party


def test_returned_form_names_what_is_to_be_corrected(editor: Client, returned: Any) -> None:
    page = editor.get(at(returned, "case")).content.decode()

    assert page.count("待补正") == 2
    assert "请说明消防通道。" in page


def test_changes_since_the_return_are_shown_word_by_word(
    programme: Programme, editor: Client, returned: Any, now: datetime
) -> None:
    changed = {"practices": {"practice_7": "第7项要求的做法和明显成效。"}}
    save_sections(nomination_id=returned.pk, sections=changed, actor=programme.company.editor, at=now)

    page = editor.get(at(returned, "compare")).content.decode()

    assert "<ins>" in page
    assert "明显" in page
    assert page.count("jy-diff") == 1


def test_form_never_returned_has_one_version(editor: Client, draft: Any) -> None:
    assert "只有一个版本" in editor.get(at(draft, "compare")).content.decode()


def test_recall_asks_once_more_and_brings_the_form_back(programme: Programme, admin: Client, now: datetime) -> None:
    handed_in = stages.submitted(programme, at=now)
    asked = admin.get(at(handed_in, "move", "recall"))

    admin.post(at(handed_in, "move", "recall"), {"version": handed_in.version})

    assert asked.status_code == 200
    assert Nomination.objects.get(pk=handed_in.pk).state == "draft"


def test_withdrawal_needs_a_reason(admin: Client, draft: Any) -> None:
    refused = admin.post(at(draft, "move", "withdraw"), {"version": draft.version, "comment": ""})
    admin.post(at(draft, "move", "withdraw"), {"version": draft.version, "comment": "小区改造，今年不参加。"})

    assert refused.status_code == 422
    assert 'href="#f-comment"' in refused.content.decode()
    assert Nomination.objects.get(pk=draft.pk).state == "withdrawn"


def test_moves_of_others_are_not_offered_here(admin: Client, draft: Any) -> None:
    assert admin.get(at(draft, "move", "recommend")).status_code == 404


def test_paper_has_the_rows_of_the_notice(admin: Client, full: Any) -> None:
    page = admin.get(at(full, "print")).content.decode()

    for label in ("小区名称", "所在县/区", "所在社区", "小区基本情况", "物业服务企业", "业主委员会（盖章）"):
        assert label in page
    assert full.content_digest[:16] in page


def test_field_shows_what_has_been_changed_since_the_return(
    programme: Programme, editor: Client, returned: Any, now: datetime
) -> None:
    changed = {"practices": {"practice_7": "第7项要求的做法和明显成效。"}, "company": {"has_penalty": True}}
    save_sections(nomination_id=returned.pk, sections=changed, actor=programme.company.editor, at=now)

    practices = editor.get(at(returned, "section", "practices")).content.decode()
    company = editor.get(at(returned, "section", "company")).content.decode()

    assert [practices.count("jy-diff"), company.count("jy-diff")] == [1, 1]
    assert ["</span>明显</ins>" in practices, "</span>否</del>" in company, "</span>是</ins>" in company] == [True] * 3


def test_remarked_field_tells_that_it_has_not_been_changed(editor: Client, returned: Any) -> None:
    page = editor.get(at(returned, "section", "practices")).content.decode()

    assert [page.count("退回后尚未修改"), page.count("jy-diff")] == [1, 0]


def test_form_never_returned_compares_nothing(editor: Client, draft: Any) -> None:
    page = editor.get(at(draft, "section", "practices")).content.decode()

    assert [page.count("退回后"), page.count("jy-diff")] == [0, 0]
