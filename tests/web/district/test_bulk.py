"""Acts on many cases: nothing happens before it was confirmed, and each case gets its own verdict."""

from __future__ import annotations

from django.test import Client

from nominations.models import Nomination
from tests.nominations.stages import Programme
from tests.web.district.asking import address, claimed, reviewed, submitted

BULK = "bulk"


def chosen(*cases: Nomination) -> list[str]:
    """Return the cases as the page's boxes name them."""
    return [f"{case.pk}.{Nomination.objects.get(pk=case.pk).version}" for case in cases]


def states(*cases: Nomination) -> list[str]:
    """Return where the cases stand now."""
    return [str(Nomination.objects.get(pk=case.pk).state) for case in cases]


def test_cases_are_taken_up_together(programme: Programme, reviewer: Client) -> None:
    first, second = submitted(programme, "松风里"), submitted(programme, "桂香里")

    page = reviewer.post(address(BULK), {"act": "claim", "case": chosen(first, second)}).content.decode()

    taken = set(Nomination.objects.filter(pk__in=[first.pk, second.pk]).values_list("claimed_by", flat=True))
    assert taken == {programme.bureau.reviewer.user_id}
    assert "已办理 2 件" in page


def test_return_is_shown_before_it_is_made(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    page = reviewer.post(address(BULK), {"act": "return_for_correction", "case": chosen(case)})

    assert page.status_code == 200
    assert "尚未办理" in page.content.decode()
    assert states(case) == ["submitted"]


def test_confirmed_return_carries_the_remark(programme: Programme, reviewer: Client) -> None:
    first, second = claimed(programme, "松风里"), claimed(programme, "桂香里")
    words = {"section": "sealed_copy", "comment": "盖章不清晰，请重新扫描。", "confirmed": "yes"}

    reviewer.post(address(BULK), {"act": "return_for_correction", "case": chosen(first, second), **words})

    assert states(first, second) == ["returned", "returned"]


def test_return_without_words_is_asked_for_them(programme: Programme, reviewer: Client) -> None:
    case = claimed(programme)

    page = reviewer.post(
        address(BULK), {"act": "return_for_correction", "case": chosen(case), "confirmed": "yes", "comment": "—"}
    )

    assert (page.status_code, page.content.decode().count("jy-error ") + page.content.decode().count('jy-error"')) == (
        422,
        2,
    )
    assert states(case) == ["submitted"]


def test_recommendation_leaves_out_what_is_not_possible(programme: Programme, approver: Client) -> None:
    ready, unready = reviewed(programme, "松风里"), claimed(programme, "桂香里")
    case = chosen(ready, unready)

    shown = approver.post(address(BULK), {"act": "recommend", "case": case}).content.decode()
    approver.post(address(BULK), {"act": "recommend", "case": case, "confirmed": "yes", "comment": "同意推荐。"})

    assert "经办人尚未完成" in shown
    assert states(ready, unready) == ["recommended", "submitted"]


def test_cases_are_declined_together(programme: Programme, approver: Client) -> None:
    case = reviewed(programme)

    approver.post(
        address(BULK), {"act": "decline", "case": chosen(case), "confirmed": "yes", "comment": "不符合要求。"}
    )

    assert states(case) == ["not_recommended"]


def test_stale_case_is_left_as_it_is(programme: Programme, approver: Client) -> None:
    case = reviewed(programme)

    page = approver.post(
        address(BULK), {"act": "recommend", "case": [f"{case.pk}.1"], "confirmed": "yes", "comment": "同意推荐。"}
    )

    assert "另有 1 件未办理" in page.content.decode()
    assert states(case) == ["submitted"]


def test_foreign_case_is_neither_shown_nor_moved(programme: Programme, reviewer: Client) -> None:
    foreign = submitted(programme, "望山佳苑", bureau=1)

    page = reviewer.post(address(BULK), {"act": "claim", "case": chosen(foreign)}).content.decode()

    assert "望山佳苑" not in page
    assert Nomination.objects.get(pk=foreign.pk).claimed_by_id is None


def test_act_of_another_role_or_without_cases_leads_back(programme: Programme, reviewer: Client) -> None:
    case = reviewed(programme)

    for sent in (
        {"act": "recommend", "case": chosen(case)},
        {"act": "claim"},
        {"act": "claim", "case": ["x.y", "é"]},
        {"act": "submit", "case": chosen(case)},
    ):
        assert reviewer.post(address(BULK), sent).status_code == 302
    assert states(case) == ["submitted"]
