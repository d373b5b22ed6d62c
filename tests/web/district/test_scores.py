"""The district's score sheet: filled in on one page, saved item by item, added up by the server."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from evaluation.models import ItemScore
from evaluation.queries import outline_of
from nominations.models import Nomination
from nominations.operations.district_review import open_review
from tests.nominations.stages import Programme
from tests.web.district.asking import address, claimed, queries, text_of, written

HTMX = {"HTTP_HX_REQUEST": "true"}


def items_of(case: Nomination) -> list[str]:
    """Return the keys of the items of the case's standard, in order."""
    return [str(leaf.item.id) for leaf in outline_of(case.campaign.standard_id).leaves()]


def filled(item: str, **values: str) -> dict[str, str]:
    """Return one item as the form sends it."""
    return {f"{name}-{item}": value for name, value in {"version": "0", **values}.items()}


def marks(case: Nomination) -> list[tuple[Any, ...]]:
    """Return what is stored of the sheet."""
    return list(ItemScore.objects.order_by("pk").values_list("points", "not_applicable", "reason", "remark"))


def test_sheet_shows_every_item(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    page = text_of(reviewer, "case-scores", case.pk)

    assert page.count('class="jy-score-item"') == 25
    assert page.count('type="number"') == 25


def test_points_are_saved_and_added_up(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    sent: dict[str, str] = {}
    for item in items_of(case):
        sent |= filled(item, points="9")

    answer = reviewer.post(address("case-scores", case.pk), sent)

    assert answer.status_code == 302
    assert len(marks(case)) == 25
    assert "90.00" in text_of(reviewer, "case-scores", case.pk)


def test_page_saves_by_itself_and_is_told_the_total_only(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    first, second, *_others = items_of(case)
    sent = filled(first, points="9") | filled(second, words="还没有打分")

    page = reviewer.post(address("case-scores", case.pk), sent, **HTMX).content.decode()

    assert (page.count("<html"), 'id="sheet-state"' in page) == (0, True)
    assert f'name="version-{first}" value="1"' in page
    assert len(marks(case)) == 1


def test_half_filled_item_of_a_plain_form_is_refused_and_kept_on_the_page(
    programme: Programme, reviewer: Client
) -> None:
    case = claimed(programme)
    item = items_of(case)[0]

    answer = reviewer.post(address("case-scores", case.pk), filled(item, words="还没有打分"))

    assert answer.status_code == 422
    assert "还没有打分" in answer.content.decode()
    assert f'href="#item-{item}"' in answer.content.decode()
    assert marks(case) == []


def test_points_out_of_steps_are_refused_at_their_item(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    item = items_of(case)[3]

    for points in ("9.3", "11", "-1", "x", "９"):
        answer = reviewer.post(address("case-scores", case.pk), filled(item, points=points))
        assert (answer.status_code, f'id="error-{item}"' in answer.content.decode()) == (422, True)
    assert marks(case) == []


def test_item_that_does_not_apply_needs_its_reason(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    item = items_of(case)[0]

    reviewer.post(address("case-scores", case.pk), filled(item, off="on", words="小区无地下车库。"))

    assert marks(case) == [(None, True, "小区无地下车库。", "")]


def test_mark_changed_meanwhile_is_shown_and_left_alone(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    item = items_of(case)[0]
    reviewer.post(address("case-scores", case.pk), filled(item, points="9"))

    page = reviewer.post(address("case-scores", case.pk), filled(item, points="5"), **HTMX).content.decode()

    assert "已在别处修改" in page
    assert str(marks(case)[0][0]) == "9.0"


def test_sheet_of_a_colleague_cannot_be_written(programme: Programme, approver: Client) -> None:
    case = claimed(programme)
    open_review(nomination_id=case.pk, actor=programme.bureau.reviewer, at=timezone.now())
    item = items_of(case)[0]

    page = text_of(approver, "case-scores", case.pk)
    answer = approver.post(address("case-scores", case.pk), filled(item, points="9"))

    assert 'type="number"' not in page
    assert answer.status_code == 422
    assert marks(case) == []


def test_sheet_takes_one_number_of_queries_however_much_is_scored(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)
    reviewer.post(address("case-scores", case.pk), filled(items_of(case)[0], points="9"))
    few = queries(reviewer, address("case-scores", case.pk))
    whole = written(programme, "桂香里")

    assert queries(reviewer, address("case-scores", whole.pk)) == few


def test_printed_sheet_shows_points_groups_and_total(programme: Programme, reviewer: Client) -> None:
    case = written(programme)

    page = text_of(reviewer, "case-scores-print", case.pk)

    assert page.count("本组得分") == 4
    assert "90.00" in page
