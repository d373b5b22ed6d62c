"""The page of one case, its moves and its acts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from attachments.models import Attachment
from nominations.enums import NominationState
from nominations.models import Nomination, Visit
from nominations.operations.assignment import assign_evaluator
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, read, received
from web.city.case import ELSEWHERE
from web.city.words import CONSEQUENCES
from workflow.declaration import flow_of
from workflow.enums import Comment

pytestmark = pytest.mark.django_db
PARTS = ["evaluation", "review", "form", "files", "log"]


def seated(programme: Programme, nomination: Nomination) -> None:
    """Put somebody on the panel who has not begun."""
    assign_evaluator(
        nomination_id=nomination.pk,
        evaluator_id=city_stages.evaluator(programme).person_id,
        actor=programme.city_reviewer,
        at=EVALUATING_AT,
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("who", ["city_reviewer", "city_approver", "auditor", "province_viewer"])
def test_every_part_is_shown_to_every_reader(programme: Programme, part: str, who: str) -> None:
    nomination = received(programme)
    city_stages.visited(programme, nomination)

    page = read(desk(getattr(programme, who)), "web:city:case", nomination.pk, query=f"?part={part}")

    assert nomination.community.name in page


@pytest.mark.parametrize("part", PARTS)
def test_hostile_text_is_shown_as_text(programme: Programme, part: str) -> None:
    nomination = received(programme)
    visit = city_stages.visited(programme, nomination)
    Visit.objects.filter(pk=visit.pk).update(findings=HOSTILE, members=[HOSTILE])
    Nomination.objects.filter(pk=nomination.pk).update(
        form={**nomination.form, "basics": {**nomination.form["basics"], "remarks": HOSTILE}},
        veto={"kind": HOSTILE, "authority": HOSTILE, "document": HOSTILE},
    )

    page = read(desk(programme.city_reviewer), "web:city:case", nomination.pk, query=f"?part={part}")

    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_telephone_numbers_are_whole_for_the_city_and_masked_for_the_province(programme: Programme) -> None:
    nomination = received(programme)
    phone = nomination.form["party"]["contact_phone"]

    city = read(desk(programme.city_reviewer), "web:city:case", nomination.pk, query="?part=form")
    province = read(desk(programme.province_viewer), "web:city:case", nomination.pk, query="?part=form")

    assert (phone in city, phone in province) == (True, False)


def test_points_stay_out_until_everybody_has_handed_in(programme: Programme) -> None:
    nomination = received(programme)
    city_stages.scored(programme, nomination, Decimal("8.5"))
    seated(programme, nomination)

    page = read(desk(programme.city_reviewer), "web:city:case", nomination.pk, query="?part=evaluation")

    assert ("85.00" in page, "全部交表后显示分数" in page) == (False, True)


def test_points_are_shown_once_everybody_has_handed_in(programme: Programme) -> None:
    nomination = received(programme)
    city_stages.scored(programme, nomination, Decimal("8.5"))

    page = read(desk(programme.city_reviewer), "web:city:case", nomination.pk, query="?part=evaluation")

    assert "85.00" in page


def test_gap_between_sheets_stays_out_while_somebody_scores(programme: Programme) -> None:
    nomination = received(programme)
    city_stages.scored(programme, nomination, Decimal("9.5"))
    city_stages.scored(programme, nomination, Decimal("6.5"))
    client = desk(programme.city_reviewer)
    apart = read(client, "web:city:case", nomination.pk)
    seated(programme, nomination)

    hidden = read(client, "web:city:case", nomination.pk)

    assert ("30.00" in apart, "30.00" in hidden) == (True, False)
    assert "测评组还有成员未交评分表" in hidden


def test_move_asks_first_and_is_made_when_sent(programme: Programme) -> None:
    nomination = received(programme)
    client = desk(programme.city_reviewer)
    address = reverse("web:city:case-move", args=[nomination.pk, "return_to_district"])

    asked = client.get(address)
    made = client.post(address, {"comment": "排名有误，请核对。", "version": nomination.version})

    assert "原盖章件作废" in asked.content.decode()
    assert made.headers["Location"] == reverse("web:city:case", args=[nomination.pk])
    assert stages.reloaded(nomination).state == NominationState.SUBMITTED


def test_move_without_its_reason_comes_back_with_the_words_at_the_field(programme: Programme) -> None:
    nomination = received(programme)
    address = reverse("web:city:case-move", args=[nomination.pk, "return_to_district"])

    answer = desk(programme.city_reviewer).post(address, {"version": nomination.version})

    assert answer.status_code == 422
    assert 'href="#f-comment"' in answer.content.decode()
    assert stages.reloaded(nomination).state == NominationState.RECOMMENDED


def test_move_on_a_version_seen_before_changes_nothing(programme: Programme) -> None:
    nomination = received(programme)
    address = reverse("web:city:case-move", args=[nomination.pk, "return_to_district"])

    answer = desk(programme.city_reviewer).post(address, {"comment": "退回。", "version": nomination.version - 1})

    assert answer.status_code == 409
    assert stages.reloaded(nomination).state == NominationState.RECOMMENDED


def test_move_that_is_not_possible_tells_every_reason(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    address = reverse("web:city:case-move", args=[nomination.pk, "complete_evaluation"])

    answer = desk(programme.city_reviewer).get(address)

    assert answer.status_code == 422
    assert "走访" in answer.content.decode()


@pytest.mark.parametrize("move", ["submit", "report", "shortlist", "nonsense"])
def test_move_that_is_not_made_here_is_not_found(programme: Programme, move: str) -> None:
    nomination = received(programme)

    answer = desk(programme.city_approver).get(reverse("web:city:case-move", args=[nomination.pk, move]))

    assert answer.status_code == 404


def test_every_move_of_the_city_says_what_comes_of_it() -> None:
    moves = flow_of(Nomination).transitions.values()
    own = {spec.name for spec in moves if spec.role.startswith("city_") and spec.comment != Comment.BY_SELECTION}

    assert own - ELSEWHERE == {name for flow, name in CONSEQUENCES if flow == Nomination.flow}


def test_visit_is_recorded_with_its_photos(programme: Programme) -> None:
    nomination = received(programme)
    entries = {"visited_on": "2023-08-08", "members": "示例专家\n\n示例工作人员", "findings": "环境整洁。"}
    photos = [city_stages.photo("a.jpg"), city_stages.photo("b.jpg")]

    answer = desk(programme.city_reviewer).post(
        reverse("web:city:visit-record", args=[nomination.pk]), {**entries, "photos": photos}
    )

    [visit] = Visit.objects.filter(nomination=nomination.pk)
    assert answer.status_code == 302
    assert visit.members == ["示例专家", "示例工作人员"]
    assert Attachment.objects.filter(subject_kind="visit", subject_id=visit.pk).count() == 2


def test_visit_without_a_day_comes_back_with_what_was_entered(programme: Programme) -> None:
    nomination = received(programme)

    answer = desk(programme.city_reviewer).post(
        reverse("web:city:visit-record", args=[nomination.pk]), {"visited_on": "8月8日", "members": "示例专家"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert ('href="#f-visited_on"' in page, "8月8日" in page, "示例专家" in page) == (True, True, True)
    assert not Visit.objects.exists()


def test_discrepancy_is_resolved_in_words(programme: Programme) -> None:
    nomination = received(programme)
    city_stages.scored(programme, nomination, Decimal("9.5"))
    city_stages.scored(programme, nomination, Decimal("6.5"))

    desk(programme.city_reviewer).post(
        reverse("web:city:discrepancy", args=[nomination.pk]), {"decision": "复核照片后维持两份评分。"}
    )

    assert stages.reloaded(nomination).discrepancy_decision == "复核照片后维持两份评分。"


def test_excluding_event_lets_the_approver_disqualify(programme: Programme) -> None:
    nomination = received(programme)
    event = {"kind": "火灾事故", "authority": "消防救援支队", "document": "示消〔2023〕1号"}

    desk(programme.city_reviewer).post(reverse("web:city:veto", args=[nomination.pk]), event)
    desk(programme.city_approver).post(
        reverse("web:city:case-move", args=[nomination.pk, "disqualify"]), {"comment": "发生火灾事故。"}
    )

    assert stages.reloaded(nomination).state == NominationState.DISQUALIFIED


@pytest.mark.parametrize("field", ["kind", "authority", "document"])
def test_excluding_event_needs_every_entry(programme: Programme, field: str) -> None:
    nomination = received(programme)
    event = {"kind": "火灾事故", "authority": "消防救援支队", "document": "示消〔2023〕1号"}

    answer = desk(programme.city_reviewer).post(reverse("web:city:veto", args=[nomination.pk]), {**event, field: " "})

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.content.decode()
    assert stages.reloaded(nomination).veto is None


def test_acts_are_for_the_reviewer_alone(programme: Programme) -> None:
    nomination = received(programme)
    client = desk(programme.city_approver)

    answers = [client.get(reverse(f"web:city:{name}", args=[nomination.pk])) for name in ("visit-record", "veto")]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_file_of_a_visit_is_handed_out_and_a_foreign_one_is_not_found(programme: Programme) -> None:
    nomination = received(programme)
    visit = city_stages.visited(programme, nomination)
    photo = Attachment.objects.get(subject_kind="visit", subject_id=visit.pk)
    client = desk(programme.city_reviewer)

    own: Any = client.get(reverse("web:city:case-file", args=[nomination.pk, photo.pk]))
    picture = b"".join(own.streaming_content)
    foreign = client.get(reverse("web:city:case-file", args=[nomination.pk, uuid4()]))

    assert (own.status_code, own["Content-Type"], foreign.status_code) == (200, "image/jpeg", 404)
    assert picture.startswith(b"\xff\xd8")
    own.close()  # at the end: closing an answer closes the connection that the test stands on


@pytest.mark.parametrize("page", ["case", "visit-record", "discrepancy", "veto"])
def test_case_of_another_city_is_not_found(programme: Programme, page: str) -> None:
    foreign = stages.submitted(stages.programme())

    answer = desk(programme.city_reviewer).get(reverse(f"web:city:{page}", args=[foreign.pk]))

    assert answer.status_code == 404
