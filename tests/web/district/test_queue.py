"""The queue: what it shows to whom, how it is narrowed, what is kept, exported and printed."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import SavedFilter
from nominations.models import Community
from tests.nominations.stages import Programme
from tests.web.district.asking import HOSTILE, address, claimed, queries, reviewed, submitted, text_of
from tests.web.test_pages import signed_in


def test_queue_shows_own_cases_and_no_drafts(programme: Programme, reviewer: Client) -> None:
    submitted(programme, "栖云雅苑")
    submitted(programme, "桂香里", bureau=1)

    page = text_of(reviewer, "queue")

    assert ("栖云雅苑" in page, "桂香里" in page) == (True, False)
    assert "认领并审核" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?stage=to_take_up", (True, False, False)),
        ("?stage=in_review", (False, True, False)),
        ("?stage=to_decide", (False, False, True)),
        ("?claimed=me", (False, True, True)),
        ("?claimed=nobody", (True, False, False)),
        ("?claimed=colleagues", (False, False, False)),
        ("?q=松风", (True, False, False)),
        ("?q=guixiang", (False, True, False)),
        ("?q=yxhy", (False, False, True)),
        ("?q=%00", (True, True, True)),
        ("?stage=nonsense&sort=nonsense&page=99&street=%00", (True, True, True)),
        ("?due=late", (False, False, False)),
    ],
)
def test_queue_is_narrowed_by_its_address(
    programme: Programme, reviewer: Client, query: str, expected: tuple[bool, ...]
) -> None:
    submitted(programme, "松风里")
    claimed(programme, "桂香里")
    reviewed(programme, "云溪花园")

    page = text_of(reviewer, "queue", query=query)

    assert tuple(f">{name}</a>" in page for name in ("松风里", "桂香里", "云溪花园")) == expected


def test_queue_names_the_number_of_each_stage(programme: Programme, reviewer: Client) -> None:
    submitted(programme, "松风里")
    claimed(programme, "桂香里")

    page = text_of(reviewer, "queue")

    assert ("全部 2" in page, "待认领 1" in page, "审核中 1" in page, "待审签" in page) == (True, True, True, False)


def test_queue_of_one_and_three_cases_takes_one_number_of_queries(programme: Programme, reviewer: Client) -> None:
    claimed(programme, "松风里")
    one = queries(reviewer, address("queue"))
    for name in ("桂香里", "望湖名邸"):
        claimed(programme, name)

    assert queries(reviewer, address("queue")) == one


def test_empty_queue_says_what_will_come(programme: Programme, reviewer: Client) -> None:
    assert "暂无自荐件" in text_of(reviewer, "queue")
    assert "没有符合筛选条件的件" in text_of(reviewer, "queue", query="?q=不存在")


def test_hostile_name_is_shown_as_text(programme: Programme, reviewer: Client) -> None:
    submitted(programme, HOSTILE[:110])

    for page in ("queue", "queue-table"):
        shown = text_of(reviewer, page)
        assert ("<img src=x" in shown, "&lt;img src=x" in shown) == (False, True)


def test_filter_is_kept_under_its_name_and_dropped_again(programme: Programme, reviewer: Client) -> None:
    reviewer.post(address("queue-filters"), {"name": "我的逾期件", "query": "claimed=me&due=late&next=//evil"})
    kept = SavedFilter.objects.get(user=programme.bureau.reviewer.user_id)

    page = text_of(reviewer, "queue")

    assert kept.query == "claimed=me&due=late"
    assert "我的逾期件" in page
    reviewer.post(address("queue-filters"), {"forget": str(kept.pk)})
    assert not SavedFilter.objects.exists()


def test_filter_without_a_name_is_refused_and_says_so(programme: Programme, reviewer: Client) -> None:
    answer = reviewer.post(address("queue-filters"), {"name": " ", "query": "claimed=me"})

    assert answer.status_code == 422
    assert "jy-errors" in answer.content.decode()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("forget", ["0", "99999999999999999", "9" * 30, "x"])
def test_filter_of_somebody_else_stays(programme: Programme, reviewer: Client, forget: str) -> None:
    other = SavedFilter.objects.create(
        user_id=programme.bureau.approver.user_id, listing="district.queue", name="甲", query="due=late"
    )

    reviewer.post(address("queue-filters"), {"forget": str(other.pk)})
    reviewer.post(address("queue-filters"), {"forget": forget, "name": "乙"})

    assert SavedFilter.objects.filter(pk=other.pk).exists()


def test_export_is_a_workbook_without_formulas(programme: Programme, reviewer: Client) -> None:
    case = submitted(programme, "松风里")
    Community.objects.filter(pk=case.community_id).update(name="=HYPERLINK(1)")

    answer = reviewer.post(address("queue-table"))

    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    cell = sheet["B2"]
    assert (sheet["A2"].value, cell.value, cell.data_type, cell.quotePrefix) == (
        case.number,
        "=HYPERLINK(1)",
        "s",
        True,
    )


def test_printed_queue_is_narrowed_like_the_queue(programme: Programme, reviewer: Client) -> None:
    submitted(programme, "松风里")
    claimed(programme, "桂香里")

    page = text_of(reviewer, "queue-table", query="?claimed=me")

    assert ("松风里" in page, "桂香里" in page) == (False, True)


def test_company_has_no_queue(programme: Programme) -> None:
    assert signed_in(programme.company.admin.user_id).get(address("queue")).status_code == 403
