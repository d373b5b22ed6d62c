"""The same command under the same key happens once and is answered alike, whatever kind of command it is."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import Role
from attachments.models import Attachment
from nominations.models import Community, Nomination
from nominations.operations.assignment import assign_evaluator
from tests.api.conftest import running_calendar
from tests.api.people import Answer, Program, make_person, person_as, program_of
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import Programme
from tests.workflow.races import at_once, elsewhere
from workflow.models import CommandKey, Event

KEY = {"Idempotency_Key": "order-1"}


def claims() -> int:
    return Event.objects.filter(name="claim").count()


def submitted(programme: Programme) -> Nomination:
    return stages.submitted(programme, at=timezone.now())


@pytest.mark.django_db
def test_act_under_a_key_happens_once(programme: Programme) -> None:
    address = f"nominations/{submitted(programme).pk}/claim/"
    reviewer = program_of(programme.bureau.reviewer)

    first = reviewer.post(address, {}, **KEY)
    again = reviewer.post(address, {}, **KEY)

    assert (first.status, again.status) == (200, 200)
    assert again.content == first.content
    assert claims() == 1


@pytest.mark.django_db
def test_object_is_made_once_under_a_key(company: Program, programme: Programme) -> None:
    wish = {"campaign": str(programme.campaign.pk), "community": str(programme.community().pk)}

    first = company.post("nominations/", wish, **KEY)
    again = company.post("nominations/", wish, **KEY)

    assert (first.status, again.status) == (201, 201)
    assert (again.content, again.header("ETag")) == (first.content, first.header("ETag"))
    assert Nomination.objects.count() == 1


@pytest.mark.django_db
def test_file_is_received_once_under_a_key(company: Program, draft: Nomination) -> None:
    address = f"nominations/{draft.pk}/attachments/"
    first = company.upload(address, {"file": city_stages.photo(), "purpose": "photo"}, **KEY)
    again = company.upload(address, {"file": city_stages.photo(), "purpose": "photo"}, **KEY)
    other = company.upload(address, {"file": other_photo(), "purpose": "photo"}, **KEY)

    assert (first.status, again.content) == (201, first.content)
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert Attachment.objects.count() == 1


def other_photo() -> SimpleUploadedFile:
    photo = city_stages.photo()
    return SimpleUploadedFile(photo.name or "", photo.read() + b"\n", content_type="image/jpeg")


@pytest.mark.django_db
def test_removal_answers_alike_though_nothing_is_there_any_more(company: Program, draft: Nomination) -> None:
    received = company.upload(f"nominations/{draft.pk}/attachments/", {"file": city_stages.photo(), "purpose": "photo"})
    address = f"nominations/{draft.pk}/attachments/{received.body['id']}/"

    first = company.delete(address, **KEY)
    again = company.delete(address, **KEY)
    with_another_key = company.delete(address, Idempotency_Key="order-2")

    assert (first.status, first.content) == (204, b"")
    assert (again.status, again.content) == (204, b"")
    assert with_another_key.status == 404


@pytest.mark.django_db
def test_change_under_a_key_is_not_stale_the_second_time(company: Program, draft: Nomination) -> None:
    change = {"form": {"basics": {"remarks": "一"}}}
    tag = company.get(f"nominations/{draft.pk}/").header("ETag")

    first = company.patch(f"nominations/{draft.pk}/", change, If_Match=tag, **KEY)
    again = company.patch(f"nominations/{draft.pk}/", change, If_Match=tag, **KEY)
    without = company.patch(f"nominations/{draft.pk}/", change, If_Match=tag)

    assert (first.status, again.status, without.status) == (200, 200, 412)
    assert (again.content, again.header("ETag")) == (first.content, first.header("ETag"))


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{"version": 1}, {"version": 2}])
def test_other_body_under_the_same_key_is_refused(programme: Programme, body: dict[str, Any]) -> None:
    address = f"nominations/{submitted(programme).pk}/claim/"
    reviewer = program_of(programme.bureau.reviewer)
    reviewer.post(address, {}, **KEY)

    answer = reviewer.post(address, body, **KEY)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    assert answer.error_codes == {"Idempotency-Key": "idempotency_key_reused"}


@pytest.mark.django_db
def test_version_in_the_header_is_part_of_the_command(programme: Programme) -> None:
    nomination = submitted(programme)
    reviewer = program_of(programme.bureau.reviewer)
    address = f"nominations/{nomination.pk}/claim/"
    reviewer.post(address, {}, If_Match=f'"{nomination.version}"', **KEY)

    answer = reviewer.post(address, {}, If_Match='"9"', **KEY)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_refused_command_leaves_its_key_free(programme: Programme) -> None:
    nomination = submitted(programme)
    address = f"nominations/{nomination.pk}/claim/"
    first, second = program_of(programme.bureau.reviewer), program_of(another_reviewer(programme))
    first.post(address, {})
    refused = second.post(address, {}, **KEY)
    first.post(f"nominations/{nomination.pk}/release/", {})

    mended = second.post(address, {}, **KEY)

    assert (refused.status, refused.body["code"]) == (409, "claimed")
    assert mended.status == 200


def another_reviewer(programme: Programme) -> Actor:
    return factories.actor(Role.DISTRICT_REVIEWER, programme.bureau.office)


@pytest.mark.django_db
def test_foreign_object_is_not_found_before_its_key_is_looked_at(programme: Programme, elsewhere: Programme) -> None:
    mine, foreign = submitted(programme), submitted(elsewhere)
    reviewer = program_of(programme.bureau.reviewer)
    reviewer.post(f"nominations/{mine.pk}/claim/", {}, **KEY)

    answer = reviewer.post(f"nominations/{foreign.pk}/claim/", {}, **KEY)

    assert (answer.status, answer.body["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_key_of_a_move_serves_no_other_command(company: Program, ready: Nomination) -> None:
    company.post(f"nominations/{ready.pk}/transitions/", {"name": "submit"}, **KEY)

    answer = company.post(f"nominations/{ready.pk}/confirmation/", {}, **KEY)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_key_of_an_act_serves_no_move(company: Program, draft: Nomination) -> None:
    company.upload(f"nominations/{draft.pk}/attachments/", {"file": city_stages.photo(), "purpose": "photo"}, **KEY)

    answer = company.post(f"nominations/{draft.pk}/transitions/", {"name": "withdraw", "comment": "示例"}, **KEY)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    assert Event.objects.filter(kind="move").count() == 0


@pytest.mark.django_db
def test_answer_belongs_to_the_capacity_in_which_it_was_given(programme: Programme) -> None:
    nomination = submitted(programme)
    reviewer = person_as(programme.bureau.reviewer)
    also_approver = make_person(Role.DISTRICT_APPROVER, organization=reviewer.organization, user=reviewer.user)
    reviewer.program.post(f"nominations/{nomination.pk}/claim/", {}, **KEY)

    answer = also_approver.program.post(f"nominations/{nomination.pk}/claim/", {}, **KEY)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_answer_is_not_repeated_once_the_object_has_left_the_scope(
    programme: Programme, company: Program, elsewhere: Programme
) -> None:
    community = programme.community()
    address, change = f"communities/{community.pk}/", {"address": "示例路 1 号"}
    first = company.patch(address, change, **KEY)
    Community.objects.filter(pk=community.pk).update(company=programme.companies[1].office)

    again = company.patch(address, change, **KEY)

    assert (first.status, again.status, again.body["code"]) == (200, 404, "not_found")


@pytest.mark.django_db
def test_move_is_not_told_again_once_its_object_has_left_the_scope(company: Program, draft: Nomination) -> None:
    item = {"id": str(draft.pk), "version": draft.version}
    body = {"name": "withdraw", "comment": "不再参加", "items": [item], "mode": "skip_refused"}
    first = company.post("nominations/bulk-transitions/", body, **KEY)
    Nomination.objects.filter(pk=draft.pk).update(company=factories.OrganizationFactory.create(kind="company"))

    again = company.post("nominations/bulk-transitions/", body, **KEY)

    [told] = again.body["results"]
    assert (first.body["moved"], again.body["moved"]) == (1, 0)
    assert (told["code"], told["event"]) == ("not_found", None)


@pytest.mark.django_db
def test_move_belongs_to_the_capacity_in_which_it_was_made(programme: Programme) -> None:
    draft = stages.drafted(programme, at=timezone.now())
    admin = person_as(programme.company.admin)
    also_editor = make_person(Role.COMPANY_EDITOR, organization=admin.organization, user=admin.user)
    address, move = f"nominations/{draft.pk}/transitions/", {"name": "withdraw", "comment": "不再参加。"}
    first = admin.program.post(address, move, **KEY)

    answer = also_editor.program.post(address, move, **KEY)

    assert (first.status, answer.status, answer.body["code"]) == (200, 422, "idempotency_key_reused")


@pytest.mark.django_db
def test_decline_is_answered_twice_though_it_ends_the_assignment() -> None:
    programme = stages.programme()  # in the year of the notice: declining hangs on no window
    nomination, person = city_stages.recommended(programme), city_stages.evaluator(programme)
    assigned = assign_evaluator(
        nomination_id=nomination.pk,
        evaluator_id=person.person_id,
        actor=programme.city_reviewer,
        at=timezone.now(),
    )
    evaluator, address = program_of(person), f"assignments/{assigned.pk}/decline/"

    first = evaluator.post(address, {"reason": "away"}, **KEY)
    again = evaluator.post(address, {"reason": "away"}, **KEY)

    assert (first.status, again.status, again.content) == (200, 200, first.content)


@pytest.mark.django_db
def test_token_is_made_without_a_key(programme: Programme) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person_as(programme.company.admin).user)
    asked = {"label": "import", "expires_at": timezone.now().isoformat()}

    answer = client.post(
        "/api/v1/tokens/", asked, content_type="application/json", headers={"Idempotency-Key": "order-1"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "no_idempotency_key_here")
    assert CommandKey.objects.count() == 0


@pytest.mark.usefixtures("committed")
def test_eight_equal_acts_at_once_have_one_effect_and_one_answer() -> None:
    programme = elsewhere(lambda: stages.programme(**running_calendar()))
    nomination = elsewhere(lambda: submitted(programme))
    reviewer = elsewhere(lambda: program_of(programme.bureau.reviewer))

    answers = at_once([partial(reviewer.post, f"nominations/{nomination.pk}/claim/", {}, **KEY)] * 8)

    assert statuses(answers) == [200] * 8
    assert len({answer.content for answer in answers if isinstance(answer, Answer)}) == 1
    assert claims() == 1


@pytest.mark.usefixtures("committed")
def test_eight_equal_uploads_at_once_are_one_file() -> None:
    programme = elsewhere(lambda: stages.programme(**running_calendar()))
    nomination = elsewhere(lambda: stages.drafted(programme, at=timezone.now()))
    company = elsewhere(lambda: program_of(programme.company.admin))
    address = f"nominations/{nomination.pk}/attachments/"
    sent = [{"file": city_stages.photo(), "purpose": "photo"} for _ in range(8)]

    answers = at_once([partial(company.upload, address, fields, **KEY) for fields in sent])

    assert statuses(answers) == [201] * 8
    assert len({answer.content for answer in answers if isinstance(answer, Answer)}) == 1
    assert Attachment.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_different_commands_at_once_under_one_key_have_one_effect() -> None:
    programme = elsewhere(lambda: stages.programme(**running_calendar()))
    company = elsewhere(lambda: program_of(programme.company.admin))
    names = ["示例甲园", "示例乙园", "示例丙园", "示例丁园"]
    wishes = [community_wish(programme, name) for name in names]

    answers = at_once([partial(company.post, "communities/", wish, **KEY) for wish in wishes])

    assert statuses(answers) == [201, 422, 422, 422]
    assert Community.objects.filter(name__in=names).count() == 1


def community_wish(programme: Programme, name: str) -> dict[str, Any]:
    facts = {"name": name, "subdistrict": "示例街道", "neighborhood": "示例社区"}
    return {**facts, "authority": str(programme.bureau.office.pk)}


def statuses(answers: list[Answer | Exception]) -> list[int]:
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    return sorted(answer.status for answer in answers if isinstance(answer, Answer))
