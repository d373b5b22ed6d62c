"""S-13, S-17, S-18: publications, good practice, third parties' assessments, related honors; and who may enter them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.actors import Actor
from attachments.models import Attachment
from nominations.errors import DistrictTakesNoPart, InvalidInput, NotAllowed
from nominations.models import Community, GoodPractice, Nomination, PublicityEntry, RelatedHonor, ThirdPartyAssessment
from nominations.operations import honor, publicity, third_party
from tests.nominations import factories, stages
from tests.nominations.city_stages import photo
from tests.nominations.stages import AT, Programme
from tests.workflow.tampering import place
from workflow.errors import NotFound
from workflow.models import Event

pytestmark = pytest.mark.django_db
PUBLICATION = {
    "channel": "微信公众号",
    "title": "共建美好家园",
    "link": "https://mp.weixin.qq.com/s/example",
    "published_on": "2023-07-12",
}
PRACTICE = {"title": "红色议事厅", "summary": "每月一次，解决问题 36 件。", "tags": ["党建引领", "多方协调"]}
ASSESSMENT = {
    "organization": "示例评估有限公司（示例）",
    "began_on": "2023-07-01",
    "ended_on": "2023-07-12",
    "method": "入户问卷与现场查看",
    "sample": "随机抽取 300 户，回收 286 份",
    "result": "满意度 94.20%",
}
HONOR = {"programme": "皖美红色物业", "year": 2023, "status": "applying", "document": ""}


def logged(programme: Programme, actor: Actor | None = None, **values: Any) -> PublicityEntry:
    return publicity.log_publicity(
        campaign_id=programme.campaign.pk,
        entry=PUBLICATION | values,
        actor=actor or programme.bureau.reviewer,
        at=AT,
    )


def collected(programme: Programme, actor: Actor | None = None, **values: Any) -> GoodPractice:
    return publicity.collect_practice(
        campaign_id=programme.campaign.pk,
        practice=PRACTICE | values,
        actor=actor or programme.bureau.reviewer,
        at=AT,
    )


def assessed(nomination: Nomination, actor: Actor, **values: Any) -> ThirdPartyAssessment:
    return third_party.record_third_party(
        nomination_id=nomination.pk, assessment=ASSESSMENT | values, actor=actor, at=AT
    )


def entered(nomination: Nomination, actor: Actor, **values: Any) -> RelatedHonor:
    return honor.enter_honor(community_id=nomination.community_id, honor=HONOR | values, actor=actor, at=AT)


def reasons(error: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(reason.code, reason.fix) for reason in error.value.refusals]


def test_publication_is_logged_for_the_district_that_enters_it(programme: Programme) -> None:
    entry = logged(programme)

    assert (entry.district, entry.published_on, entry.link) == (
        programme.bureau.office,
        date(2023, 7, 12),
        PUBLICATION["link"],
    )
    assert (entry.recorded_by_id, entry.recorded_at, entry.removed_at) == (
        programme.bureau.reviewer.person_id,
        AT,
        None,
    )


def test_notice_board_has_no_address(programme: Programme) -> None:
    assert logged(programme, channel="小区公示栏", link="").link == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"channel": "口口相传"}, [("not_a_choice", "channel")]),
        ({"link": "javascript:alert(1)"}, [("not_a_link", "link")]),
        ({"published_on": "2023-07-14"}, [("in_future", "published_on")]),
        ({"published_on": "2023-02-30"}, [("not_a_date", "published_on")]),
        ({"title": "", "channel": None}, [("required", "channel"), ("required", "title")]),
        ({"title": ["x"]}, [("not_text", "title")]),
        ({"title": "x\u202ey"}, [("hidden_characters", "title")]),
        ({"reader": "x"}, [("unknown_field", "reader")]),
    ],
)
def test_publication_that_cannot_be_taken_says_why(
    programme: Programme, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput) as error:
        logged(programme, **changes)

    assert reasons(error) == expected
    assert not PublicityEntry.objects.exists()


def test_publication_is_corrected_and_removed_and_stays_on_record(programme: Programme) -> None:
    entry, actor = logged(programme), programme.bureau.approver

    publicity.correct_publicity(entry_id=entry.pk, changes={"title": "更正后的标题"}, actor=actor, at=AT)
    publicity.remove_publicity(entry_id=entry.pk, actor=actor, at=AT)

    kept = PublicityEntry.objects.get(pk=entry.pk)
    assert (kept.title, kept.channel, kept.changed_by_id, kept.removed_by_id) == (
        "更正后的标题",
        PUBLICATION["channel"],
        actor.person_id,
        actor.person_id,
    )
    assert not PublicityEntry.objects.visible_to(actor).exists()
    with pytest.raises(NotFound):
        publicity.remove_publicity(entry_id=entry.pk, actor=actor, at=AT)


def test_what_is_required_is_not_emptied_by_a_correction(programme: Programme) -> None:
    entry = logged(programme)

    with pytest.raises(InvalidInput) as error:
        publicity.correct_publicity(
            entry_id=entry.pk, changes={"title": " ", "link": ""}, actor=programme.bureau.reviewer, at=AT
        )

    assert reasons(error) == [("required", "title")]


def test_publicity_is_seen_by_its_district_its_city_and_the_audit(programme: Programme) -> None:
    logged(programme)
    elsewhere = stages.programme()

    def seen(*actors: Actor) -> list[int]:
        return [PublicityEntry.objects.visible_to(actor).count() for actor in actors]

    assert (
        seen(programme.bureau.approver, programme.city_reviewer, programme.auditor, programme.province_viewer)
        == [1] * 4
    )
    assert seen(programme.bureaus[1].reviewer, programme.company.admin, elsewhere.city_reviewer) == [0] * 3


def test_publicity_of_another_district_is_not_found(programme: Programme) -> None:
    entry, stranger = logged(programme), programme.bureaus[1].reviewer

    with pytest.raises(NotFound):
        publicity.correct_publicity(entry_id=entry.pk, changes={"title": "x"}, actor=stranger, at=AT)
    with pytest.raises(NotAllowed):
        publicity.remove_publicity(entry_id=entry.pk, actor=programme.city_reviewer, at=AT)


def test_only_districts_of_the_campaign_publish_for_it(programme: Programme) -> None:
    elsewhere = stages.programme()
    idle = factories.DistrictBureauFactory.create(parent=programme.campaign.city)

    with pytest.raises(NotFound):
        logged(programme, elsewhere.bureau.reviewer)
    with pytest.raises(NotAllowed):
        logged(programme, programme.city_reviewer)
    with pytest.raises(DistrictTakesNoPart):
        logged(programme, factories.actor(programme.bureau.reviewer.role, idle))


def test_good_practice_bears_the_campaigns_tags(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    practice = collected(programme, nomination=nomination.pk)

    assert (practice.tags, practice.nomination, practice.district) == (
        PRACTICE["tags"],
        nomination,
        programme.bureau.office,
    )
    assert list(GoodPractice.objects.filter(tags__contains=["多方协调"])) == [practice]
    assert not GoodPractice.objects.filter(tags__contains=["垃圾分类"]).exists()


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([], "not_a_choice"),
        (["发明一个"], "not_a_choice"),
        ("党建引领", "not_a_list"),
        ([["党建引领"]], "not_a_list"),
        (["党建引领", "党建引领"], "too_many"),
        (None, "not_a_list"),
    ],
)
def test_other_tags_are_refused(programme: Programme, tags: object, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        collected(programme, tags=tags)

    assert reasons(error) == [(code, "tags")]


def test_good_practice_is_of_ones_own_nominations(programme: Programme) -> None:
    theirs = stages.drafted(programme, bureau=1)

    with pytest.raises(NotFound) as error:
        collected(programme, nomination=theirs.pk)

    assert error.value.attr == "nomination"


def test_good_practice_is_corrected_field_by_field_and_removed(programme: Programme) -> None:
    practice, actor = collected(programme), programme.bureau.reviewer

    changed = publicity.correct_practice(practice_id=practice.pk, changes={"tags": ["智慧物业"]}, actor=actor, at=AT)
    publicity.remove_practice(practice_id=practice.pk, actor=actor, at=AT)

    assert (changed.title, changed.tags) == (PRACTICE["title"], ["智慧物业"])
    assert not GoodPractice.objects.visible_to(actor).exists()


@pytest.mark.parametrize("who", ["district", "city"])
def test_assessment_of_a_third_party_is_told_in_the_nominations_history(programme: Programme, who: str) -> None:
    actor = programme.bureau.reviewer if who == "district" else programme.city_reviewer
    nomination = stages.submitted(programme)

    made = assessed(nomination, actor)

    event = Event.objects.get(subject_id=nomination.pk, name="record_third_party")
    assert event.payload == {"assessment": str(made.pk), "organization": ASSESSMENT["organization"]}
    assert (made.began_on, made.ended_on, made.result) == (date(2023, 7, 1), date(2023, 7, 12), ASSESSMENT["result"])


def test_report_of_a_third_party_is_kept_with_its_digest(programme: Programme) -> None:
    nomination, actor = stages.submitted(programme), programme.city_reviewer
    made = assessed(nomination, actor)

    file = third_party.attach_third_party_report(
        assessment_id=made.pk, label="评估报告", upload=photo("report.jpg"), actor=actor, at=AT
    )
    third_party.detach_third_party_report(assessment_id=made.pk, attachment_id=file.pk, actor=actor, at=AT)

    told = Event.objects.filter(subject_id=nomination.pk, documents__report=file.sha256).order_by("sequence")
    assert list(told.values_list("name", flat=True)) == ["attach_third_party", "detach_third_party"]
    assert Attachment.objects.get(pk=file.pk).removed_at == AT


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ended_on": "2023-06-30"}, [("period_reversed", "ended_on")]),
        ({"ended_on": "2023-07-14"}, [("in_future", "ended_on")]),
        ({"organization": "", "result": ""}, [("required", "organization"), ("required", "result")]),
        ({"sample": {"size": 3}}, [("not_text", "sample")]),
    ],
)
def test_assessment_that_cannot_be_taken_says_why(
    programme: Programme, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput) as error:
        assessed(stages.submitted(programme), programme.city_reviewer, **changes)

    assert reasons(error) == expected


def test_correction_is_held_against_the_day_that_stays(programme: Programme) -> None:
    made = assessed(stages.submitted(programme), programme.city_reviewer)

    with pytest.raises(InvalidInput) as error:
        third_party.correct_third_party(
            assessment_id=made.pk, changes={"ended_on": "2023-06-30"}, actor=programme.city_reviewer, at=AT
        )

    assert reasons(error) == [("period_reversed", "ended_on")]


def test_assessment_is_corrected_and_removed_with_an_event_each(programme: Programme) -> None:
    nomination, actor = stages.submitted(programme), programme.city_reviewer
    made = assessed(nomination, actor)

    changed = third_party.correct_third_party(
        assessment_id=made.pk, changes={"result": "满意度 94.60%"}, actor=actor, at=AT
    )
    third_party.remove_third_party(assessment_id=made.pk, actor=actor, at=AT)

    assert (changed.result, changed.method) == ("满意度 94.60%", ASSESSMENT["method"])
    assert not ThirdPartyAssessment.objects.visible_to(actor).exists()
    names = Event.objects.filter(subject_id=nomination.pk).order_by("sequence").values_list("name", flat=True)
    assert list(names)[-3:] == ["record_third_party", "correct_third_party", "remove_third_party"]


def test_companies_know_nothing_of_third_parties(programme: Programme) -> None:
    nomination = stages.submitted(programme)
    made = assessed(nomination, programme.city_reviewer)

    with pytest.raises(NotAllowed):
        assessed(nomination, programme.company.admin)
    with pytest.raises(NotFound):
        third_party.remove_third_party(assessment_id=made.pk, actor=programme.company.admin, at=AT)
    with pytest.raises(NotFound):
        third_party.remove_third_party(assessment_id=made.pk, actor=programme.bureaus[1].reviewer, at=AT)
    with pytest.raises(NotFound):
        assessed(nomination, programme.bureaus[1].reviewer)
    with pytest.raises(NotAllowed):
        third_party.remove_third_party(assessment_id=made.pk, actor=programme.auditor, at=AT)
    with pytest.raises(NotFound):
        third_party.detach_third_party_report(
            assessment_id=made.pk, attachment_id=made.pk, actor=programme.city_reviewer, at=AT
        )


def test_company_enters_honors_while_the_form_is_in_its_hands(programme: Programme) -> None:
    nomination, editor = stages.drafted(programme), programme.company.editor

    made = entered(nomination, editor)
    place(nomination, "submitted")

    with pytest.raises(honor.FormNotInHand):
        honor.correct_honor(honor_id=made.pk, changes={"status": "granted"}, actor=editor, at=AT)
    with pytest.raises(honor.FormNotInHand):
        honor.remove_honor(honor_id=made.pk, actor=editor, at=AT)
    with pytest.raises(honor.FormNotInHand):
        entered(nomination, editor, year=2022)
    place(nomination, "returned")
    granted = {"status": "granted", "document": "皖组通〔2023〕9号"}
    assert honor.correct_honor(honor_id=made.pk, changes=granted, actor=editor, at=AT).status == "granted"


@pytest.mark.parametrize("who", ["district", "city"])
def test_company_leaves_alone_what_an_office_entered_or_corrected(programme: Programme, who: str) -> None:
    office = programme.bureau.reviewer if who == "district" else programme.city_reviewer
    nomination, editor = stages.drafted(programme), programme.company.editor
    theirs, own = entered(nomination, office), entered(nomination, editor, year=2022)

    honor.correct_honor(honor_id=own.pk, changes={"status": "not_granted"}, actor=office, at=AT)

    for pk in (theirs.pk, own.pk):
        with pytest.raises(honor.HonorOfOthers):
            honor.correct_honor(honor_id=pk, changes={"status": "granted"}, actor=editor, at=AT)
        with pytest.raises(honor.HonorOfOthers):
            honor.remove_honor(honor_id=pk, actor=editor, at=AT)
    assert set(RelatedHonor.objects.present().values_list("year", "status")) == {
        (2023, "applying"),
        (2022, "not_granted"),
    }


def test_colleagues_correct_each_others_honors(programme: Programme) -> None:
    nomination, company = stages.drafted(programme), programme.company
    made = entered(nomination, company.editor)

    honor.correct_honor(honor_id=made.pk, changes={"year": 2022}, actor=company.admin, at=AT)
    honor.remove_honor(honor_id=made.pk, actor=company.editor, at=AT)

    assert not RelatedHonor.objects.present().exists()


def test_company_that_takes_over_a_community_leaves_the_formers_honors_alone(programme: Programme) -> None:
    nomination, successor = stages.drafted(programme), programme.companies[1]
    made = entered(nomination, programme.company.editor)
    place(nomination, "withdrawn")
    Community.objects.filter(pk=nomination.community_id).update(company=successor.office)
    taken_over = Community.objects.get(pk=nomination.community_id)
    stages.drafted(programme, company=1, community=taken_over)

    with pytest.raises(honor.HonorOfOthers):
        honor.remove_honor(honor_id=made.pk, actor=successor.admin, at=AT)


def test_every_change_of_an_honor_is_told_by_the_case(programme: Programme) -> None:
    nomination, office = stages.drafted(programme), programme.city_reviewer
    made = entered(nomination, programme.company.editor)
    honor.correct_honor(honor_id=made.pk, changes={"status": "granted"}, actor=office, at=AT)
    honor.remove_honor(honor_id=made.pk, actor=office, at=AT)

    events = Event.objects.filter(subject_id=nomination.pk, name__endswith="_honor").order_by("sequence")

    told = [(event.name, event.organization_id, event.payload.get("status")) for event in events]
    company, city = programme.company.office.pk, office.organization_id
    assert told == [
        ("enter_honor", company, "applying"),
        ("correct_honor", city, "granted"),
        ("remove_honor", city, "granted"),
    ]
    assert (events[1].payload["before"]["status"], events[2].payload["honor"]) == ("applying", str(made.pk))


def test_honor_of_a_community_without_a_case_stands_in_its_row_alone(programme: Programme) -> None:
    nomination, office = stages.drafted(programme), programme.city_reviewer
    place(nomination, "withdrawn")

    made = entered(nomination, office)
    honor.remove_honor(honor_id=made.pk, actor=office, at=AT)

    assert not Event.objects.filter(name__endswith="_honor").exists()


@pytest.mark.parametrize("who", ["district", "city"])
def test_district_and_city_enter_honors_at_any_time(programme: Programme, who: str) -> None:
    actor = programme.bureau.approver if who == "district" else programme.city_reviewer
    nomination = stages.submitted(programme)

    made = entered(nomination, actor, status="granted", document="皖组通〔2023〕9号")
    honor.remove_honor(honor_id=made.pk, actor=actor, at=AT)

    assert entered(nomination, actor, status="granted").pk != made.pk


def test_honor_is_on_the_list_once(programme: Programme) -> None:
    nomination, actor = stages.drafted(programme), programme.city_reviewer
    entered(nomination, actor)
    other = entered(nomination, actor, year=2022)

    with pytest.raises(honor.HonorKnown):
        entered(nomination, actor)
    with pytest.raises(honor.HonorKnown):
        honor.correct_honor(honor_id=other.pk, changes={"year": 2023}, actor=actor, at=AT)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"year": 1999}, [("out_of_range", "year")]),
        ({"year": "２０２３"}, [("not_a_number", "year")]),
        ({"status": "won"}, [("not_a_choice", "status")]),
        ({"status": ["granted"]}, [("not_a_choice", "status")]),
        ({"programme": "   "}, [("required", "programme")]),
        ({"document": "号" * 121}, [("too_long", "document")]),
    ],
)
def test_honor_that_cannot_be_taken_says_why(
    programme: Programme, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput) as error:
        entered(stages.drafted(programme), programme.city_reviewer, **changes)

    assert reasons(error) == expected


def test_honors_are_seen_by_whose_community_it_is_and_the_offices_above(programme: Programme) -> None:
    nomination, elsewhere = stages.drafted(programme), stages.programme()
    made = entered(nomination, programme.company.admin)

    def seen(*actors: Actor) -> list[int]:
        return [RelatedHonor.objects.visible_to(actor).count() for actor in actors]

    inside = (programme.company.editor, programme.bureau.reviewer, programme.city_approver, programme.auditor)
    outside = (programme.companies[1].admin, programme.bureaus[1].reviewer, elsewhere.city_reviewer)
    assert (seen(*inside), seen(programme.province_viewer), seen(*outside)) == ([1] * 4, [1], [0] * 3)
    with pytest.raises(NotFound):
        entered(nomination, programme.companies[1].admin)
    with pytest.raises(NotFound):
        honor.correct_honor(honor_id=made.pk, changes={"year": 2022}, actor=elsewhere.city_reviewer, at=AT)
    with pytest.raises(NotAllowed):
        entered(nomination, programme.auditor)
