"""S-13, S-17, S-18: the records beside the papers through the interface: entered, narrowed, mended, removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nominations.models import Nomination
from tests.api.people import Answer, Program, program_of
from tests.nominations import stages
from tests.nominations.city_stages import photo
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


def ok(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.content.decode()
    return answer.body if answer.content else None


def ids(answer: Answer) -> list[str]:
    """Return the ids on a page of a list."""
    return [row["id"] for row in ok(answer)["results"]]


def day(days: int) -> str:
    """Return a day so many days from today."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def bureau(programme: Programme) -> Program:
    return program_of(programme.bureau.reviewer)


@pytest.fixture
def city(programme: Programme) -> Program:
    return program_of(programme.city_reviewer)


def publication(programme: Programme, **changes: Any) -> dict[str, Any]:
    return {
        "campaign": str(programme.campaign.pk),
        "channel": "微信公众号",
        "title": "共建美好家园",
        "link": "https://mp.weixin.qq.com/s/example",
        "published_on": day(-1),
    } | changes


def practice(programme: Programme, **changes: Any) -> dict[str, Any]:
    text = {"title": "红色议事厅", "summary": "每月一次。", "tags": ["党建引领", "多方协调"]}
    return {"campaign": str(programme.campaign.pk), **text, **changes}


def assessment(nomination: Nomination, **changes: Any) -> dict[str, Any]:
    period = {"began_on": day(-9), "ended_on": day(-2)}
    text = {"organization": "示例评估", "method": "入户问卷", "sample": "300 户", "result": "满意度 94.20%"}
    return {"nomination": str(nomination.pk), **period, **text, **changes}


def honor(nomination: Nomination, **changes: Any) -> dict[str, Any]:
    text = {"programme": "皖美红色物业", "year": 2023, "status": "applying"}
    return {"community": str(nomination.community_id), **text, **changes}


def test_publication_is_entered_found_corrected_and_removed(
    programme: Programme, bureau: Program, city: Program
) -> None:
    made = ok(bureau.post("publicity/", publication(programme)), 201)
    board = ok(
        bureau.post("publicity/", publication(programme, channel="小区公示栏", link="", published_on=day(-8))), 201
    )

    changed = ok(bureau.patch(f"publicity/{made['id']}/", {"title": "更正"}))

    assert (changed["title"], changed["channel"], changed["district"]["name"]) == (
        "更正",
        "微信公众号",
        programme.bureau.office.name,
    )
    assert ids(city.get("publicity/")) == [made["id"], board["id"]]
    assert ids(city.get("publicity/?channel=小区公示栏")) == [board["id"]]
    assert ids(city.get(f"publicity/?published_from={day(-3)}")) == [made["id"]]
    assert ids(city.get(f"publicity/?district={programme.bureaus[1].office.pk}")) == []
    assert bureau.delete(f"publicity/{made['id']}/").status == 204
    assert city.get(f"publicity/{made['id']}/").status == 404


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"link": "javascript:alert(1)"}, {"link": "not_a_link"}),
        ({"link": "http://10.0.0.8/"}, {"link": "link_not_public"}),
        ({"channel": "口口相传"}, {"channel": "not_a_choice"}),
        ({"published_on": day(2)}, {"published_on": "in_future"}),
        ({"published_on": "2023-02-30"}, {"published_on": "invalid"}),
        ({"district": "x"}, {"district": "unknown_field"}),
        ({"title": "x\u202ey"}, {"title": "hidden_characters"}),
    ],
)
def test_publication_that_cannot_be_taken_names_its_fields(
    programme: Programme, bureau: Program, changes: dict[str, Any], codes: dict[str, str]
) -> None:
    answer = bureau.post("publicity/", publication(programme, **changes))

    assert (answer.status, answer.error_codes) == (400, codes)
    assert ids(bureau.get("publicity/")) == []


def test_good_practice_is_found_by_its_tag_and_its_community(
    programme: Programme, draft: Nomination, bureau: Program, city: Program
) -> None:
    mine = ok(bureau.post("good-practices/", practice(programme, nomination=str(draft.pk))), 201)
    general = ok(bureau.post("good-practices/", practice(programme, tags=["智慧物业"])), 201)

    changed = ok(bureau.patch(f"good-practices/{general['id']}/", {"tags": ["智慧物业", "生活服务"]}))

    assert mine["nomination"] == {"id": str(draft.pk), "number": draft.number, "community": draft.community.name}
    assert changed["tags"] == ["智慧物业", "生活服务"]
    assert ids(city.get("good-practices/?tag=多方协调")) == [mine["id"]]
    assert ids(city.get(f"good-practices/?nomination={draft.pk}")) == [mine["id"]]
    assert ids(city.get("good-practices/?tag=生活服务")) == [general["id"]]
    assert bureau.post("good-practices/", practice(programme, tags=["发明"])).error_codes == {"tags": "not_a_choice"}
    assert bureau.delete(f"good-practices/{general['id']}/").status == 204


def test_third_party_is_entered_by_district_and_city_with_its_report(
    programme: Programme, draft: Nomination, bureau: Program, city: Program
) -> None:
    made = ok(city.post("third-party-assessments/", assessment(draft)), 201)
    path = f"third-party-assessments/{made['id']}/"

    file = ok(bureau.upload(f"{path}attachments/", {"file": photo(), "label": "评估报告"}), 201)
    changed = ok(bureau.patch(path, {"result": "满意度 94.60%"}))
    backwards = bureau.patch(path, {"ended_on": day(-30)})

    assert (changed["result"], changed["method"]) == ("满意度 94.60%", "入户问卷")
    assert (backwards.status, backwards.error_codes) == (400, {"ended_on": "period_reversed"})
    assert ids(city.get(f"{path}attachments/")) == [file["id"]]
    assert ok(city.get(f"{path}attachments/{file['id']}/"))["label"] == "评估报告"
    assert ids(city.get(f"third-party-assessments/?district={programme.bureau.office.pk}")) == [made["id"]]
    assert ids(program_of(programme.company.admin).get("third-party-assessments/")) == []
    assert city.delete(f"{path}attachments/{file['id']}/").status == 204
    assert city.delete(path).status == 204


def test_company_enters_honors_of_its_own_drafts(
    programme: Programme, draft: Nomination, company: Program, city: Program
) -> None:
    made = ok(company.post("honors/", honor(draft)), 201)
    ok(company.patch(f"honors/{made['id']}/", {"document": "示〔2023〕1号"}))

    granted = ok(city.patch(f"honors/{made['id']}/", {"status": "granted", "document": "皖组通〔2023〕9号"}))
    twice = company.post("honors/", honor(draft))
    others = program_of(programme.companies[1].admin)

    assert (made["status_label"], granted["status"]) == ("Applied for", "granted")
    assert (twice.status, twice.body["code"]) == (409, "honor_known")
    assert ids(company.get("honors/?status=granted&programme=皖美红色物业")) == [made["id"]]
    assert ids(company.get("honors/?year=2022")) == []
    assert others.post("honors/", honor(draft)).status == 404
    assert others.get(f"honors/{made['id']}/").status == 404
    refused = company.delete(f"honors/{made['id']}/")
    assert (refused.status, refused.body["code"]) == (409, "honor_of_others")


def test_company_enters_nothing_once_the_form_has_left_its_hands(programme: Programme, company: Program) -> None:
    nomination = stages.submitted(programme, at=timezone.now())

    answer = company.post("honors/", honor(nomination))

    assert (answer.status, answer.body["code"]) == (409, "form_not_in_hand")
