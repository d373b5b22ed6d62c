"""Records beside the papers: entered, corrected, set aside; each kind by the same two pages (S-13, S-17, S-18)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from nominations.models import GoodPractice, PublicityEntry, RelatedHonor, ThirdPartyAssessment
from tests.nominations.stages import Programme
from tests.web.district.asking import HOSTILE, address, queries, submitted, text_of
from tests.web.test_pages import signed_in

MODELS: Mapping[str, Any] = {
    "publicity": PublicityEntry,
    "practices": GoodPractice,
    "third-party": ThirdPartyAssessment,
    "honors": RelatedHonor,
}
SENT: Mapping[str, dict[str, Any]] = {
    "publicity": {"channel": "微信公众号", "title": "美好家园进小区", "published_on": "2026-01-02"},
    "practices": {"title": "议事亭", "summary": "每月议事一次。", "tags": ["党建引领"]},
    "third-party": {
        "organization": "示例测评公司",
        "began_on": "2026-01-02",
        "ended_on": "2026-01-05",
        "method": "入户问卷",
        "sample": "300 户",
        "result": "满意度 95%。",
    },
    "honors": {"programme": "皖美红色物业", "year": "2025", "status": "granted", "document": "示〔2025〕1号"},
}
OF_A_CASE = ("third-party", "honors")
KINDS = list(MODELS)


@pytest.fixture
def case_key(programme: Programme) -> Any:
    return submitted(programme).pk


def about(kind: str, case_key: Any) -> list[Any]:
    """Return what the address of a list names."""
    return [case_key] if kind in OF_A_CASE else []


def entered(client: Client, kind: str, case_key: Any, **changes: Any) -> Any:
    """Return a record that was entered by its page."""
    answer = client.post(address(kind, *about(kind, case_key)), SENT[kind] | changes)
    assert answer.status_code == 302
    return MODELS[kind].objects.latest("recorded_at")


@pytest.mark.parametrize("kind", KINDS)
def test_record_is_entered_and_listed(programme: Programme, reviewer: Client, case_key: Any, kind: str) -> None:
    before = text_of(reviewer, kind, *about(kind, case_key))

    found = entered(reviewer, kind, case_key)

    assert "尚无记录" in before
    assert f'href="{address(f"{kind}-record", *about(kind, case_key), found.pk)}"' in text_of(
        reviewer, kind, *about(kind, case_key)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_gaps_are_told_at_their_fields_and_nothing_is_kept(
    programme: Programme, reviewer: Client, case_key: Any, kind: str
) -> None:
    answer = reviewer.post(address(kind, *about(kind, case_key)), {})

    assert answer.status_code == 422
    assert "jy-errors" in answer.content.decode()
    assert not MODELS[kind].objects.exists()


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("publicity", {"title": "另一个标题"}),
        ("practices", {"title": "另一个标题"}),
        ("third-party", {"organization": "另一家公司"}),
        ("honors", {"programme": "另一项活动"}),
    ],
)
def test_record_is_corrected_and_set_aside(
    programme: Programme, reviewer: Client, case_key: Any, kind: str, change: dict[str, str]
) -> None:
    found = entered(reviewer, kind, case_key)
    url = address(f"{kind}-record", *about(kind, case_key), found.pk)
    [(name, value)] = change.items()

    shown = reviewer.get(url).content.decode()
    reviewer.post(url, SENT[kind] | change)
    found.refresh_from_db()
    reviewer.post(url, {"remove": "yes"})

    assert str(SENT[kind][name]) in shown
    assert getattr(found, name) == value
    assert reviewer.get(url).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_record_of_another_district_is_not_found(
    programme: Programme, reviewer: Client, case_key: Any, kind: str
) -> None:
    found = entered(reviewer, kind, case_key)
    stranger = signed_in(programme.bureaus[1].reviewer.user_id)

    assert stranger.get(address(f"{kind}-record", *about(kind, case_key), found.pk)).status_code == 404
    assert reviewer.get(address(f"{kind}-record", *about(kind, case_key), uuid4())).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_list_of_one_and_three_records_takes_one_number_of_queries(
    programme: Programme, reviewer: Client, case_key: Any, kind: str
) -> None:
    url = address(kind, *about(kind, case_key))
    entered(reviewer, kind, case_key)
    one = queries(reviewer, url)
    for year in ("2023", "2024"):
        entered(reviewer, kind, case_key, **({"year": year} if kind == "honors" else {}))

    assert queries(reviewer, url) == one


@pytest.mark.parametrize(
    ("kind", "name"),
    [("publicity", "title"), ("practices", "title"), ("third-party", "organization"), ("honors", "programme")],
)
def test_hostile_words_are_shown_as_text(
    programme: Programme, reviewer: Client, case_key: Any, kind: str, name: str
) -> None:
    found = entered(reviewer, kind, case_key, **{name: HOSTILE})

    for page, arguments in ((kind, ()), (f"{kind}-record", (found.pk,))):
        assert "<img src=x" not in text_of(reviewer, page, *about(kind, case_key), *arguments)


def test_good_practice_may_be_about_one_community(programme: Programme, reviewer: Client, case_key: Any) -> None:
    found = entered(reviewer, "practices", case_key, nomination=str(case_key))

    assert found.nomination_id == case_key
    assert reviewer.post(address("practices"), SENT["practices"] | {"nomination": "x"}).status_code == 404


def test_company_enters_nothing_here(programme: Programme) -> None:
    assert signed_in(programme.company.admin.user_id).get(address("publicity")).status_code == 403
