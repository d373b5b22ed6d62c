"""The form as a task list: sections saved by themselves, as they are typed, and from two windows at once."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nominations.models import Nomination
from nominations.operations.nomination import save_sections
from nominations.rules.form import SECTION_NAMES
from tests.nominations import stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db
PARTY = {"name": "示例党支部", "contact_name": "周示例", "contact_phone": "13800000001"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 7*7 }}{% debug %}",
    "javascript:alert(1)",
]


def address(nomination: Any, section: str = "party") -> str:
    return reverse("web:company:section", args=[nomination.pk, section])


def hidden(page: str) -> dict[str, str]:
    """Return what a form of the page sends along unseen."""
    found = dict(re.findall(r'<input type="hidden" name="(version|base)"[^>]*value="([^"]*)"', page))
    assert set(found) == {"version", "base"}
    return found


def form_of(nomination: Any) -> Any:
    return Nomination.objects.get(pk=nomination.pk).form


def test_start_is_one_button_and_leads_to_the_tasks(programme: Programme, admin: Client) -> None:
    community = programme.community()

    answer = admin.post(
        reverse("web:company:start", args=[community.pk]), {"campaign": programme.campaign.pk}, follow=True
    )

    started = Nomination.objects.get(community=community)
    assert answer.redirect_chain == [(reverse("web:company:case", args=[started.pk]), 302)]
    assert answer.content.decode().count("/form/") >= len(SECTION_NAMES)


@pytest.mark.parametrize("wanted", ["", "nonsense", "01a214f9-d3c2-76bc-bf54-61e39373e197"])
def test_start_in_no_campaign_is_not_found(programme: Programme, admin: Client, wanted: str) -> None:
    community = programme.community()

    answer = admin.post(reverse("web:company:start", args=[community.pk]), {"campaign": wanted})

    assert answer.status_code == 404
    assert not Nomination.objects.filter(community=community).exists()


def test_second_nomination_of_a_community_is_refused_in_words(admin: Client, draft: Any) -> None:
    answer = admin.post(reverse("web:company:start", args=[draft.community_id]), {"campaign": draft.campaign_id})

    assert answer.status_code == 422
    assert "内容未作任何改动" in answer.content.decode()


def test_section_is_saved_by_itself_and_leads_on(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft)).content.decode()

    answer = editor.post(address(draft), {**PARTY, **hidden(page)})

    assert answer.headers["Location"] == address(draft, "company")
    assert form_of(draft)["party"] == PARTY


def test_last_section_leads_to_the_evidence(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft, "practices")).content.decode()

    answer = editor.post(address(draft, "practices"), {"practice_1": "每季度一次。", **hidden(page)})

    assert answer.headers["Location"] == reverse("web:company:evidence", args=[draft.pk])


def test_entry_that_cannot_be_taken_is_told_twice_and_nothing_is_lost(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft)).content.decode()

    answer = editor.post(address(draft), {**PARTY, "contact_phone": "1370000", **hidden(page)})

    content = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-contact_phone"' in content
    assert 'id="f-contact_phone-error"' in content
    assert 'value="示例党支部"' in content
    assert "party" not in form_of(draft)


def test_typing_keeps_what_can_be_kept(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft)).content.decode()

    answer = editor.post(
        address(draft), {**PARTY, "contact_phone": "1370000", **hidden(page)}, headers={"HX-Request": "true"}
    )

    assert "已保存" in answer.content.decode()
    assert "1 项待修改" in answer.content.decode()
    assert form_of(draft)["party"] == {"name": "示例党支部", "contact_name": "周示例"}


def test_typing_goes_on_from_the_version_that_was_answered(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft)).content.decode()
    first = editor.post(address(draft), {"name": "一", **hidden(page)}, headers={"HX-Request": "true"})

    answer = editor.post(
        address(draft), {"name": "一二", **hidden(first.content.decode())}, headers={"HX-Request": "true"}
    )

    assert "jy-saved is-bad" not in answer.content.decode()
    assert form_of(draft)["party"]["name"] == "一二"


def test_precheck_answers_while_typing(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft, "figures")).content.decode()
    typed = {"satisfaction_rate": "80.00", "fee_collection_rate": "95.00", "complaints": "0"}

    answer = editor.post(address(draft, "figures"), {**typed, **hidden(page)}, headers={"HX-Request": "true"})

    assert "不符合" in answer.content.decode()
    assert 'id="prechecks" hx-swap-oob="true"' in answer.content.decode()


def test_change_of_another_section_meanwhile_is_no_conflict(
    programme: Programme, editor: Client, draft: Any, now: datetime
) -> None:
    page = editor.get(address(draft)).content.decode()
    save_sections(nomination_id=draft.pk, sections={"basics": {"households": 9}}, actor=programme.company.admin, at=now)

    answer = editor.post(address(draft), {**PARTY, **hidden(page)})

    assert answer.status_code == 302
    assert (form_of(draft)["basics"]["households"], form_of(draft)["party"]["name"]) == (9, "示例党支部")


def test_second_window_is_shown_both_sides_and_overwrites_nothing(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft)).content.decode()
    editor.post(address(draft), {**PARTY, "name": "先保存的", **hidden(page)})

    answer = editor.post(address(draft), {**PARTY, "name": "后保存的", **hidden(page)})

    content = answer.content.decode()
    assert answer.status_code == 409
    assert ("先保存的" in content, "后保存的" in content) == (True, True)
    assert form_of(draft)["party"]["name"] == "先保存的"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "后保存的"), ("theirs", "先保存的")])
def test_conflict_is_settled_as_chosen(editor: Client, draft: Any, choice: str, kept: str) -> None:
    page = editor.get(address(draft)).content.decode()
    editor.post(address(draft), {**PARTY, "name": "先保存的", **hidden(page)})
    both = editor.post(address(draft), {"name": "后保存的", **hidden(page)}).content.decode()

    editor.post(address(draft), {"name": "后保存的", "choice-name": choice, **hidden(both)})

    assert form_of(draft)["party"]["name"] == kept


def test_typing_in_a_second_window_is_warned_and_keeps_the_old_version(editor: Client, draft: Any) -> None:
    page = editor.get(address(draft)).content.decode()
    editor.post(address(draft), {**PARTY, "name": "先保存的", **hidden(page)})

    answer = editor.post(address(draft), {"name": "后保存的", **hidden(page)}, headers={"HX-Request": "true"})

    assert "其他窗口已作修改" in answer.content.decode()
    assert hidden(answer.content.decode()) == hidden(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(
    programme: Programme, admin: Client, draft: Any, now: datetime, text: str
) -> None:
    practices = {"practices": {"practice_1": text}, "party": {"name": text}}
    save_sections(nomination_id=draft.pk, sections=practices, actor=programme.company.admin, at=now)

    for page in ("case", "check", "print", "compare"):
        content = admin.get(reverse(f"web:company:{page}", args=[draft.pk])).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert "<svg onload" not in content
    assert "<svg onload" not in admin.get(address(draft, "practices")).content.decode()


def test_unknown_section_is_not_found(editor: Client, draft: Any) -> None:
    assert editor.get(address(draft, "nothing")).status_code == 404


def test_form_with_the_offices_is_shown_but_not_changed(programme: Programme, editor: Client, now: datetime) -> None:
    handed_in = stages.submitted(programme, at=now)

    page = editor.get(address(handed_in)).content.decode()
    answer = editor.post(address(handed_in), {**PARTY, **hidden(page)})

    assert "现在不能修改" in page
    assert answer.status_code == 422


@pytest.mark.parametrize("page", ["communities", "nominations"])
def test_list_of_one_and_three_rows_takes_one_number_of_queries(
    programme: Programme, admin: Client, now: datetime, page: str
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            stages.drafted(programme, at=now)
        admin.get(reverse(f"web:company:{page}"))
        with CaptureQueriesContext(connection) as asked:
            admin.get(reverse(f"web:company:{page}"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_community_is_entered(programme: Programme, admin: Client) -> None:
    facts = {"name": "新苑", "subdistrict": "南塘街道", "neighborhood": "南塘社区", "address": ""}

    answer = admin.post(
        reverse("web:company:new-community"), {"authority": programme.bureau.office.pk, **facts}, follow=True
    )

    assert "新苑" in answer.content.decode()


def test_community_with_gaps_is_told_at_its_fields(programme: Programme, admin: Client) -> None:
    answer = admin.post(reverse("web:company:new-community"), {"authority": programme.bureau.office.pk, "name": ""})

    assert answer.status_code == 422
    assert 'href="#f-name"' in answer.content.decode()


def test_community_without_a_bureau_is_asked_for_one(admin: Client) -> None:
    answer = admin.post(reverse("web:company:new-community"), {"name": "新苑"})

    assert answer.status_code == 422
    assert 'href="#f-authority"' in answer.content.decode()
