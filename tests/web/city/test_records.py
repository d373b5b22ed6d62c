"""Records of all districts: listed, narrowed, drilled into; what the reviewer enters; the third party's report."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from attachments import operations as attachments
from attachments.models import Attachment
from nominations.models import Nomination, RelatedHonor, ThirdPartyAssessment
from nominations.operations import honor, publicity, third_party
from tests.nominations import stages
from tests.nominations.city_stages import photo
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
KINDS = ("publicity", "practices", "third-party", "honors")
ASSESSMENT = {
    "organization": "示例测评公司",
    "began_on": "2023-08-01",
    "ended_on": "2023-08-05",
    "method": "入户问卷",
    "sample": "300 户",
    "result": "满意度 95%。",
}
HONOR = {"programme": "皖美红色物业", "year": "2023", "status": "granted", "document": "示〔2023〕1号"}


def recorded(programme: Programme, kind: str, *, bureau: int = 0, title: str = "示例") -> Any:
    """Return a record that a district has entered."""
    case, who = stages.submitted(programme, bureau=bureau), programme.bureaus[bureau].reviewer
    at, campaign = timezone.now(), programme.campaign.pk
    if kind == "publicity":
        entry = {"channel": programme.campaign.publicity_channels[0], "title": title, "published_on": "2023-08-02"}
        return publicity.log_publicity(campaign_id=campaign, entry=entry, actor=who, at=at)
    if kind == "practices":
        tags = [programme.campaign.practice_tags[0]]
        practice = {"title": title, "summary": "每月议事。", "tags": tags, "nomination": case.pk}
        return publicity.collect_practice(campaign_id=campaign, practice=practice, actor=who, at=at)
    if kind == "honors":
        wish = HONOR | {"programme": title}
        return honor.enter_honor(community_id=case.community_id, honor=wish, actor=who, at=at)
    return assessed(programme, case, title, who)


def assessed(programme: Programme, case: Nomination, title: str = "示例", who: Any = None) -> ThirdPartyAssessment:
    """Return a third party's assessment of a case."""
    wish = ASSESSMENT | {"organization": title}
    by = who or programme.city_reviewer
    return third_party.record_third_party(nomination_id=case.pk, assessment=wish, actor=by, at=timezone.now())


def reported(assessment: ThirdPartyAssessment, by: Any) -> Attachment:
    """Return a report that was handed in and has passed its check."""
    made = third_party.attach_third_party_report(
        assessment_id=assessment.pk, label="评估报告", upload=photo("报告.jpg"), actor=by, at=timezone.now()
    )
    attachments.inspect(attachment_id=made.pk, at=timezone.now())
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_records_of_every_district_are_listed_and_lead_to_their_page(programme: Programme, kind: str) -> None:
    rows = [recorded(programme, kind, bureau=bureau, title=f"示例{bureau}") for bureau in (0, 1)]
    client = desk(programme.province_viewer)

    listed = read(client, f"web:city:{kind}")
    shown = read(client, f"web:city:{kind}-record", rows[1].pk)

    assert [reverse(f"web:city:{kind}-record", args=[row.pk]) in listed for row in rows] == [True, True]
    assert [programme.bureaus[1].office.name in shown, "示例1" in shown, "更正" in shown] == [True, True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_list_is_narrowed_to_a_district_and_to_words(programme: Programme, kind: str) -> None:
    for bureau, title in enumerate(("甲记录", "乙记录")):
        recorded(programme, kind, bureau=bureau, title=title)
    client, there = desk(programme.city_reviewer), programme.bureaus[1].office.pk

    narrowed = ({"district": there}, {"q": "甲记"}, {"q": "没有"}, {"district": "x"})
    pages = [read(client, f"web:city:{kind}", query=f"?{urlencode(query)}") for query in narrowed]

    assert [("甲记录" in page, "乙记录" in page) for page in pages] == [
        (False, True), (True, False), (False, False), (True, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "hit", "miss"), [("publicity", 0, 1), ("practices", 0, 1), ("honors", "granted", "applying")]
)
def test_list_is_narrowed_by_what_its_kind_offers(programme: Programme, kind: str, hit: Any, miss: Any) -> None:
    recorded(programme, kind, title="甲记录")
    offered = {"publicity": programme.campaign.publicity_channels, "practices": programme.campaign.practice_tags}
    words = [offered[kind][one] if kind in offered else one for one in (hit, miss)]
    queries = [urlencode({"choice": word}) for word in words]

    pages = [read(desk(programme.city_reviewer), f"web:city:{kind}", query=f"?{query}") for query in queries]

    assert ["甲记录" in page for page in pages] == [True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_list_takes_one_number_of_queries(programme: Programme, kind: str) -> None:
    client, numbers = desk(programme.city_reviewer), iter(range(9))

    few, many = queries_with_more(
        client,
        reverse(f"web:city:{kind}"),
        lambda: recorded(programme, kind, title=f"示例{next(numbers)}"),
    )

    assert few == many


@pytest.mark.parametrize("kind", KINDS)
def test_records_of_another_city_are_neither_listed_nor_found(programme: Programme, kind: str) -> None:
    foreign = recorded(stages.programme(), kind, title="别市记录")
    client = desk(programme.city_reviewer)
    pages = [f"{kind}-record", *([f"{kind}-change"] if kind in {"third-party", "honors"} else [])]

    statuses = [client.get(reverse(f"web:city:{page}", args=[foreign.pk])).status_code for page in pages]

    assert ("别市记录" in read(client, f"web:city:{kind}"), set(statuses)) == (False, {404})


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_title_is_shown_as_text(programme: Programme, kind: str) -> None:
    found = recorded(programme, kind, title=HOSTILE)
    client = desk(programme.city_reviewer)

    pages = [read(client, f"web:city:{kind}"), read(client, f"web:city:{kind}-record", found.pk)]

    assert [HOSTILE in page for page in pages] == [False, False]


def test_reviewer_enters_an_assessment_from_the_page_of_the_case(programme: Programme) -> None:
    case, client = stages.submitted(programme), desk(programme.city_reviewer)
    address = reverse("web:city:third-party-new", args=[case.pk])

    without = client.post(address, ASSESSMENT | {"ended_on": "2023-07-01"})
    answer = client.post(address, ASSESSMENT)

    made = ThirdPartyAssessment.objects.get()
    assert (without.status_code, 'href="#f-ended_on"' in without.content.decode()) == (422, True)
    assert answer.headers["Location"] == reverse("web:city:third-party-record", args=[made.pk])
    review = client.get(reverse("web:city:case", args=[case.pk]) + "?part=review").content.decode()
    assert (made.ended_on, answer.headers["Location"] in review) == (date(2023, 8, 5), True)


def test_reviewer_corrects_and_sets_aside_an_honor(programme: Programme) -> None:
    found, client = recorded(programme, "honors"), desk(programme.city_reviewer)
    address = reverse("web:city:honors-change", args=[found.pk])

    client.post(address, HONOR | {"document": "示〔2023〕9号"})
    corrected = RelatedHonor.objects.get(pk=found.pk).document
    client.post(address, {"remove": "yes"})

    assert (corrected, RelatedHonor.objects.get(pk=found.pk).removed_by_id) == (
        "示〔2023〕9号", programme.city_reviewer.user_id,
    )  # fmt: skip


@pytest.mark.parametrize("desk_of_it", ["city", "district"])
def test_report_is_handed_in_taken_and_set_aside(programme: Programme, desk_of_it: str) -> None:
    case = stages.submitted(programme)
    found = assessed(programme, case)
    who = programme.city_reviewer if desk_of_it == "city" else programme.bureau.reviewer
    keys = [found.pk] if desk_of_it == "city" else [case.pk, found.pk]
    client, address = signed_in(who.user_id), reverse(f"web:{desk_of_it}:third-party-reports", args=keys)

    answer = client.post(address, {"file": photo("报告.jpg"), "label": "评估报告"})
    made = Attachment.objects.get(subject_id=found.pk)
    attachments.inspect(attachment_id=made.pk, at=timezone.now())
    page = client.get(answer.headers["Location"]).content.decode()
    taken: Any = client.get(f"{address}{made.pk}/")
    content = b"".join(taken.streaming_content)
    client.post(address, {"remove": str(made.pk)})

    assert [f'href="{address}{made.pk}/"' in page, "评估报告" in page] == [True, True]
    assert (content[:2], taken.headers["Content-Disposition"].startswith("attachment")) == (b"\xff\xd8", True)
    assert client.get(f"{address}{made.pk}/").status_code == 404


@pytest.mark.parametrize("desk_of_it", ["city", "district"])
@pytest.mark.parametrize("what", ["nothing", "page"])
def test_report_that_cannot_be_is_told_at_its_field(programme: Programme, desk_of_it: str, what: str) -> None:
    case = stages.submitted(programme)
    found = assessed(programme, case)
    who = programme.city_reviewer if desk_of_it == "city" else programme.bureau.reviewer
    keys = [found.pk] if desk_of_it == "city" else [case.pk, found.pk]
    sent = {"file": SimpleUploadedFile("a.html", b"<html>", "text/html")} if what == "page" else {}

    answer = signed_in(who.user_id).post(reverse(f"web:{desk_of_it}:third-party-reports", args=keys), sent)

    page = answer.content.decode()
    assert [answer.status_code, 'href="#f-r-file"' in page, 'id="f-r-file-error"' in page] == [422, True, True]
    assert not Attachment.objects.filter(subject_id=found.pk).exists()


def test_report_is_read_by_those_who_read_the_city_and_handed_in_by_the_reviewer_alone(programme: Programme) -> None:
    found = assessed(programme, stages.submitted(programme))
    made = reported(found, programme.city_reviewer)
    address = reverse("web:city:third-party-report", args=[found.pk, made.pk])
    sent_to = reverse("web:city:third-party-reports", args=[found.pk])

    answers: list[Any] = [desk(who).get(address) for who in (programme.city_approver, programme.province_viewer)]
    contents = [b"".join(answer.streaming_content) for answer in answers]
    sent_by = [desk(who).post(sent_to, {}).status_code for who in (programme.city_approver, programme.province_viewer)]

    assert ([content[:2] for content in contents], sent_by) == ([b"\xff\xd8"] * 2, [403, 403])
    assert desk(stages.programme().city_reviewer).get(address).status_code == 404


def test_file_of_something_else_is_not_handed_out_as_a_report(programme: Programme) -> None:
    case = stages.submitted(programme)
    found, other = assessed(programme, case), assessed(programme, case)
    made = reported(other, programme.city_reviewer)

    answer = desk(programme.city_reviewer).get(reverse("web:city:third-party-report", args=[found.pk, made.pk]))

    assert answer.status_code == 404
