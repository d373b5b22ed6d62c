"""S-09, S-11: an evaluator scores item by item, mends what is missing, and hands in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from attachments import operations as attachments
from attachments.models import Attachment
from evaluation import operations as evaluation
from evaluation import queries as scores
from evaluation.enums import SheetState
from evaluation.models import ItemScore, ScoreSheet
from evaluation.scoring import Mark
from nominations.models import Assignment
from nominations.operations.sheets import save_marks
from tests.nominations import city_stages
from tests.nominations.stages import Programme
from tests.web.evaluator.test_visits import page
from tests.web.test_pages import signed_in

NINE = Mark(Decimal(9))


def mark(scoring: Assignment, number: int = 1) -> Mark | None:
    return scores.filled_sheet(scoring.sheet_id).lines[number - 1].mark


def fill_in(scoring: Assignment, evaluator: Actor, now: datetime) -> None:
    lines = scores.filled_sheet(scoring.sheet_id).lines
    entries = [evaluation.Entry(line.leaf.item.id, NINE, line.version) for line in lines]
    save_marks(sheet_id=scoring.sheet_id, entries=entries, actor=evaluator, at=now)


def test_card_is_saved_and_leads_to_the_next(phone: Client, scoring: Assignment) -> None:
    answered = phone.post(page("item", scoring, 1), {"score": "8", "half": "0.5", "version": "0", "remark": "较好"})

    assert (answered.status_code, answered["Location"]) == (302, page("item", scoring, 2))
    assert mark(scoring) == Mark(Decimal("8.5"), remark="较好")


def test_last_card_leads_back_to_the_overview(phone: Client, scoring: Assignment) -> None:
    answered = phone.post(page("item", scoring, 25), {"score": "10", "half": "0.5", "version": "0"})

    assert answered["Location"] == page("assignment", scoring)
    assert mark(scoring, 25) == Mark(Decimal(10))


def test_item_beyond_the_last_is_not_found(phone: Client, scoring: Assignment) -> None:
    assert [phone.get(page("item", scoring, number)).status_code for number in (0, 25, 26)] == [404, 200, 404]


@pytest.mark.parametrize("score", ["", "11", "-1", "5.5", "九", "1e1"])
def test_card_without_points_says_what_to_choose(phone: Client, scoring: Assignment, score: str) -> None:
    answered = phone.post(page("item", scoring, 1), {"score": score, "remark": "有话", "version": "0"})

    assert answered.status_code == 422
    assert "请选择分值，或勾选本项不适用。" in answered.content.decode()
    assert "有话" in answered.content.decode()
    assert not ItemScore.objects.filter(sheet=scoring.sheet_id).exists()


def test_item_that_does_not_apply_needs_its_reason(phone: Client, scoring: Assignment) -> None:
    refused = phone.post(page("item", scoring, 1), {"not_applicable": "yes", "version": "0", "remark": " "})
    taken = phone.post(page("item", scoring, 1), {"not_applicable": "yes", "version": "0", "remark": "无此设施"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert mark(scoring) == Mark(None, True, reason="无此设施")


def test_photo_comes_with_the_card(phone: Client, scoring: Assignment) -> None:
    posted = {"score": "5", "version": "0", "remark": "垃圾满溢", "photo": city_stages.photo()}

    answered = phone.post(page("item", scoring, 1), posted)

    kept = Attachment.objects.get(subject_id=scoring.sheet_id, purpose="photo")
    assert answered.status_code == 302
    assert mark(scoring) == Mark(Decimal(5), remark="垃圾满溢", photo_id=kept.pk)


def test_photo_is_kept_when_the_points_were_forgotten(phone: Client, scoring: Assignment) -> None:
    answered = phone.post(page("item", scoring, 1), {"version": "0", "photo": city_stages.photo()})

    kept = Attachment.objects.get(subject_id=scoring.sheet_id, purpose="photo")
    assert answered.status_code == 422
    assert f'name="photo_id" value="{kept.pk}"' in answered.content.decode()


def test_photo_is_handed_out_to_its_evaluator_alone(programme: Programme, phone: Client, scoring: Assignment) -> None:
    phone.post(page("item", scoring, 1), {"score": "5", "version": "0", "photo": city_stages.photo()})
    kept = Attachment.objects.get(subject_id=scoring.sheet_id, purpose="photo")
    attachments.inspect(attachment_id=kept.pk, at=timezone.now())
    colleague = signed_in(city_stages.evaluator(programme).user_id)

    handed: Any = phone.get(page("photo", scoring, kept.pk))

    assert (handed.status_code, b"".join(handed.streaming_content)[:2]) == (200, b"\xff\xd8")
    assert colleague.get(page("photo", scoring, kept.pk)).status_code == 404
    handed.close()


def test_card_changed_on_another_device_shows_both(phone: Client, scoring: Assignment) -> None:
    phone.post(page("item", scoring, 1), {"score": "9", "version": "0", "remark": "甲"})

    answered = phone.post(page("item", scoring, 1), {"score": "4", "version": "0", "remark": "乙"})

    shown = answered.content.decode()
    assert answered.status_code == 409
    assert ("甲" in shown, "乙" in shown) == (True, True)
    assert mark(scoring) == Mark(Decimal(9), remark="甲")


def test_hand_in_says_what_is_missing_and_where(phone: Client, scoring: Assignment) -> None:
    phone.post(page("item", scoring, 1), {"score": "3", "version": "0"})

    shown = phone.get(page("hand-in", scoring)).content.decode()

    assert f'href="{page("item", scoring, 1)}"' in shown
    assert f'href="{page("item", scoring, 25)}"' in shown
    assert "确需改动的" not in shown


def test_hand_in_of_an_incomplete_sheet_changes_nothing(phone: Client, scoring: Assignment) -> None:
    answered = phone.post(page("hand-in", scoring))

    assert answered.status_code == 422
    assert ScoreSheet.objects.get(pk=scoring.sheet_id).state == SheetState.OPEN


def test_complete_sheet_is_handed_in(phone: Client, scoring: Assignment, evaluator: Actor, now: datetime) -> None:
    fill_in(scoring, evaluator, now)

    asked = phone.get(page("hand-in", scoring)).content.decode()
    answered = phone.post(page("hand-in", scoring))

    assert "25 项均已评分" in asked
    assert (answered.status_code, answered["Location"]) == (302, reverse("web:evaluator:visits"))
    assert ScoreSheet.objects.get(pk=scoring.sheet_id).state == SheetState.HANDED_IN


def test_sheet_that_was_handed_in_takes_no_mark(
    phone: Client, scoring: Assignment, evaluator: Actor, now: datetime
) -> None:
    fill_in(scoring, evaluator, now)
    phone.post(page("hand-in", scoring))

    shown = phone.get(page("item", scoring, 1)).content.decode()
    answered = phone.post(page("item", scoring, 1), {"score": "1", "version": "1"})

    assert "保存，下一项" not in shown
    assert answered.status_code == 422
    assert mark(scoring) == NINE


def test_paper_has_a_line_for_every_item(phone: Client, scoring: Assignment) -> None:
    shown = phone.get(page("paper", scoring)).content.decode()

    assert shown.count("<td>") == 2 * 25
