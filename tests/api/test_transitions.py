from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from nominations.models import Nomination
from tests.api.people import Program, person_as, program_of
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from workflow.declaration import flow_of
from workflow.models import Event

pytestmark = pytest.mark.django_db


def moves() -> QuerySet[Event]:
    """Return the events that are moves; the draft was begun by an act before."""
    return Event.objects.filter(kind="move")


def moves_of(nomination: Nomination) -> str:
    return f"nominations/{nomination.pk}/transitions/"


def test_moves_are_listed_with_every_reason_against_them(company: Program, draft: Nomination) -> None:
    answer = company.get(moves_of(draft))

    by_name = {move["name"]: move for move in answer.body}
    assert list(by_name) == ["submit", "withdraw"]
    assert by_name["submit"]["allowed"] is False
    assert {refusal["code"] for refusal in by_name["submit"]["refusals"]} == {
        "form_incomplete",
        "committee_not_confirmed",
        "sealed_copy_missing",
    }
    assert (by_name["withdraw"]["allowed"], by_name["withdraw"]["comment"]) == (True, "required")


def test_move_answers_with_its_event(company: Program, ready: Nomination) -> None:
    answer = company.post(moves_of(ready), {"name": "submit", "comment": "", "version": ready.version})

    event = moves().get()
    assert answer.status == 200
    assert (answer.body["id"], answer.body["hash"]) == (str(event.pk), event.hash)
    assert (answer.body["from_state"], answer.body["to_state"]) == ("draft", "submitted")
    assert answer.body["label"] == "Submit to district"


def test_refused_move_names_every_reason_and_writes_nothing(company: Program, draft: Nomination) -> None:
    answer = company.post(moves_of(draft), {"name": "submit"})

    assert (answer.status, answer.body["code"]) == (422, "refused")
    assert set(answer.refusal_codes) == {"form_incomplete", "committee_not_confirmed", "sealed_copy_missing"}
    assert moves().count() == 0


def test_history_calls_acts_by_their_words(company: Program, draft: Nomination) -> None:
    in_english = company.get(f"nominations/{draft.pk}/history/")
    in_chinese = company.get(f"nominations/{draft.pk}/history/", Accept_Language="zh-hans")

    assert [(row["name"], row["label"]) for row in in_english.body["results"]] == [("start", "Form begun")]
    assert [row["label"] for row in in_chinese.body["results"]] == ["开始填报"]


def test_event_carries_the_id_of_its_request(company: Program, ready: Nomination) -> None:
    company.post(moves_of(ready), {"name": "submit"}, X_Request_ID="from-the-proxy-1")

    assert moves().get().request_id == "from-the-proxy-1"


REFUSALS_IN_ORDER: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
    ("elsewhere", {"name": "fly"}, (404, "not_found")),
    ("reviewer", {"name": "fly"}, (400, "unknown_transition")),
    ("elsewhere", {"name": "recall", "version": 9}, (404, "not_found")),
    ("reviewer", {"name": "recall", "version": 9}, (409, "stale_version")),
    ("reviewer", {"name": "recall"}, (409, "wrong_state")),
    ("reviewer", {"name": "withdraw"}, (403, "wrong_role")),
    ("company", {"name": "withdraw"}, (422, "refused")),
]


@pytest.mark.parametrize("case", REFUSALS_IN_ORDER)
def test_refusals_come_in_the_order_of_the_contract(
    programme: Programme, elsewhere: Programme, draft: Nomination, case: tuple[str, dict[str, Any], tuple[int, str]]
) -> None:
    who, body, answered = case
    programs = {
        "company": program_of(programme.company.admin),
        "reviewer": program_of(programme.bureau.reviewer),
        "elsewhere": program_of(elsewhere.bureau.reviewer),
    }

    answer = programs[who].post(moves_of(draft), body)

    assert (answer.status, answer.body["code"]) == answered


def test_comment_and_guards_are_refused_together(programme: Programme) -> None:
    approver = program_of(programme.bureau.approver)
    submitted = stages.ready(programme, at=timezone.now())
    program_of(programme.company.admin).post(moves_of(submitted), {"name": "submit"})

    answer = approver.post(moves_of(submitted), {"name": "decline"})

    assert answer.refusal_codes == ["comment_required", "review_incomplete"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"name": "required"}),
        ({"name": ""}, {"name": "required"}),
        ({"name": 1}, {"name": "invalid"}),
        ({"name": "submit", "comment": None}, {"comment": "invalid"}),
        ({"name": "submit", "data": []}, {"data": "invalid"}),
        ({"name": "submit", "version": "1"}, {"version": "invalid"}),
        ({"name": "submit", "version": 0}, {"version": "invalid"}),
        ({"name": "submit", "version": True}, {"version": "invalid"}),
        ({"name": "submit", "version": 2**31}, {"version": "invalid"}),
        ({"name": 1, "version": 0, "x": 1}, {"name": "invalid", "version": "invalid", "x": "unknown_field"}),
    ],
)
def test_malformed_command_names_every_field(
    company: Program, ready: Nomination, body: dict[str, Any], named: dict[str, str]
) -> None:
    answer = company.post(moves_of(ready), body)

    assert (answer.status, answer.error_codes) == (400, named)


def test_version_that_was_seen_may_come_by_header(company: Program, ready: Nomination) -> None:
    shown = company.get(f"nominations/{ready.pk}/")

    answer = company.post(moves_of(ready), {"name": "submit"}, If_Match=shown.header("ETag"))

    assert (shown.header("ETag"), answer.status) == (f'"{ready.version}"', 200)


@pytest.mark.parametrize("tag", ['"9"', 'W/"9"', '"x"', "2", '"2", "9"', "\u0661"])
def test_other_version_by_header_is_a_failed_precondition(company: Program, ready: Nomination, tag: str) -> None:
    answer = company.post(moves_of(ready), {"name": "submit"}, If_Match=tag.encode().decode("latin-1"))

    assert (answer.status, answer.error_codes) == (412, {"If-Match": "precondition_failed"})


@pytest.mark.parametrize("tag", ['"{version}"', 'W/"{version}"', "*", ""])
def test_same_version_by_header_goes_through(company: Program, ready: Nomination, tag: str) -> None:
    assert company.post(moves_of(ready), {"name": "submit"}, If_Match=tag.format(version=ready.version)).status == 200


def test_two_different_versions_are_refused(company: Program, ready: Nomination) -> None:
    answer = company.post(moves_of(ready), {"name": "submit", "version": 2}, If_Match='"1"')

    assert (answer.status, answer.body["code"]) == (400, "two_versions")


def test_same_key_and_body_give_the_first_answer_again(company: Program, ready: Nomination) -> None:
    command = {"name": "submit", "version": ready.version}

    first = company.post(moves_of(ready), command, Idempotency_Key="one")
    second = company.post(moves_of(ready), command, Idempotency_Key="one")

    assert (first.status, second.status, second.body) == (200, 200, first.body)
    assert moves().count() == 1


@pytest.mark.parametrize("change", [{"version": 3}, {"comment": "more"}, {"name": "withdraw"}, {"data": {"x": 1}}])
def test_same_key_with_another_body_is_refused(company: Program, ready: Nomination, change: dict[str, Any]) -> None:
    company.post(moves_of(ready), {"name": "submit"}, Idempotency_Key="one")

    answer = company.post(moves_of(ready), {"name": "submit", **change}, Idempotency_Key="one")

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 200), ("k" * 256, 400), ("", 400), ("a\tb", 400), (" ", 400)])
def test_key_has_up_to_255_printable_characters(company: Program, ready: Nomination, key: str, status: int) -> None:
    assert company.post(moves_of(ready), {"name": "submit"}, Idempotency_Key=key).status == status


def test_key_of_one_person_is_unknown_to_another(programme: Programme, company: Program) -> None:
    first, second = (stages.ready(programme, at=timezone.now()) for _ in range(2))
    company.post(moves_of(first), {"name": "submit"}, Idempotency_Key="one")
    other = factories.actor(Role.COMPANY_ADMIN, programme.company.office)

    answer = program_of(other).post(moves_of(second), {"name": "submit"}, Idempotency_Key="one")

    assert answer.status == 200


def test_history_tells_the_story_in_order(company: Program, ready: Nomination) -> None:
    company.post(moves_of(ready), {"name": "submit"})
    company.post(moves_of(ready), {"name": "recall", "comment": "a slip"})

    answer = company.get(f"nominations/{ready.pk}/history/")

    assert [(row["sequence"], row["name"], row["comment"]) for row in answer.body["results"]] == [
        (1, "start", ""),
        (2, "submit", ""),
        (3, "recall", "a slip"),
    ]
    assert [row["hash"] for row in answer.body["results"]] == list(
        Event.objects.order_by("sequence").values_list("hash", flat=True)
    )


@pytest.mark.parametrize(
    ("who", "sees_person"),
    [("editor", True), ("reviewer", False), ("city_reviewer", False), ("province_viewer", False), ("auditor", True)],
)
def test_history_shows_the_person_within_the_office_only(
    programme: Programme, company: Program, ready: Nomination, who: str, sees_person: bool
) -> None:
    company.post(moves_of(ready), {"name": "submit"})

    holders = {"editor": programme.company.editor, "reviewer": programme.bureau.reviewer}
    reader = holders.get(who) or getattr(programme, who)

    answer = program_of(reader).get(f"nominations/{ready.pk}/history/")

    by = answer.body["results"][-1]["by"]
    assert (by["organization"], by["role"]) == (programme.company.office.name, "company_admin")
    assert by["person"] == (programme.company.admin.name if sees_person else None)


def test_history_pages_through_many_events(company: Program, ready: Nomination) -> None:
    for _ in range(2):
        company.post(moves_of(ready), {"name": "submit"})
        company.post(moves_of(ready), {"name": "recall"})

    first = company.get(f"nominations/{ready.pk}/history/?page_size=3")
    second = company.get(first.body["next"])

    assert [[row["sequence"] for row in page.body["results"]] for page in (first, second)] == [[1, 2, 3], [4, 5]]


def bulk(program: Program, items: list[Any], **more: Any) -> Any:
    return program.post("nominations/bulk-transitions/", {"name": "submit", "items": items, **more})


def test_bulk_moves_all_or_none(programme: Programme, company: Program, draft: Nomination) -> None:
    ready = [stages.ready(programme, at=timezone.now()) for _ in range(2)]
    items = [{"id": str(one.pk), "version": one.version} for one in (*ready, draft)]

    answer = bulk(company, items)

    assert (answer.status, answer.body["moved"]) == (200, 0)
    assert [(row["allowed"], row["code"]) for row in answer.body["results"]] == [
        (True, ""),
        (True, ""),
        (False, "refused"),
    ]
    assert moves().count() == 0


def test_bulk_moves_what_it_can_and_says_what_not(
    elsewhere: Programme, company: Program, ready: Nomination, draft: Nomination
) -> None:
    foreign = stages.drafted(elsewhere, at=timezone.now())
    items = [{"id": str(one.pk)} for one in (foreign, draft, ready)]

    answer = bulk(company, items, mode="skip_refused")

    assert answer.body["moved"] == 1
    assert [row["code"] for row in answer.body["results"]] == ["not_found", "refused", ""]
    assert answer.body["results"][2]["event"]["to_state"] == "submitted"


def test_bulk_rehearsal_writes_nothing(company: Program, ready: Nomination) -> None:
    answer = bulk(company, [{"id": str(ready.pk), "version": ready.version}], dry_run=True)

    assert (answer.body["moved"], answer.body["results"][0]["allowed"]) == (0, True)
    assert moves().count() == 0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"items": []}, {"items": "invalid"}),
        ({"items": "all"}, {"items": "invalid"}),
        ({"items": [{}] * 501}, {"items": "invalid"}),
        ({"items": [1]}, {"items.0": "invalid"}),
        ({"items": [{"id": "x"}]}, {"items.0.id": "invalid"}),
        ({"items": [{"id": 1}]}, {"items.0.id": "invalid"}),
        ({"items": [{"version": 1}]}, {"items.0.id": "invalid"}),
        ({"items": [{"id": "0190a5c2-0000-7000-8000-000000000000", "x": 1}]}, {"items.0": "invalid"}),
        ({"items": [{"id": "0190a5c2-0000-7000-8000-000000000000", "version": 0}]}, {"items.0.version": "invalid"}),
        ({"items": [{"id": "0190a5c2-0000-7000-8000-000000000000"}] * 2}, {"items.1.id": "duplicate"}),
        ({"mode": "some"}, {"items": "invalid", "mode": "invalid_choice"}),
        ({"dry_run": "no"}, {"items": "invalid", "dry_run": "invalid"}),
    ],
)
def test_malformed_bulk_names_row_and_field(company: Program, body: dict[str, Any], named: dict[str, str]) -> None:
    answer = company.post("nominations/bulk-transitions/", {"name": "submit", **body})

    assert (answer.status, answer.error_codes) == (400, named)


def test_listing_of_moves_costs_the_same_for_any_state(
    company: Program, ready: Nomination, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        before = company.get(moves_of(ready))
    company.post(moves_of(ready), {"name": "submit"})
    with django_assert_num_queries(2):
        after = company.get(moves_of(ready))

    assert (len(before.body), len(after.body)) == (2, 2)


def test_every_move_of_the_declaration_is_listed_for_its_role(programme: Programme, draft: Nomination) -> None:
    names = {spec.name for spec in flow_of(Nomination) if "draft" in spec.sources and spec.role != Role.SYSTEM}

    listed = set()
    for reader in (programme.company.admin, programme.company.editor, programme.bureau.reviewer):
        listed |= {move["name"] for move in program_of(reader).get(moves_of(draft)).body}

    assert listed == names


def test_session_makes_a_move_too(programme: Programme, ready: Nomination) -> None:
    person = person_as(programme.company.admin)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person.user)

    response = client.post(f"/api/v1/{moves_of(ready)}", {"name": "submit"}, content_type="application/json")

    assert response.status_code == 200


def test_bulk_command_sent_twice_under_one_key_moves_once(company: Program, ready: Nomination) -> None:
    body = {"name": "submit", "items": [{"id": str(ready.pk), "version": ready.version}]}

    first, second = (company.post("nominations/bulk-transitions/", body, Idempotency_Key="bulk-1") for _ in range(2))

    assert (first.body["moved"], second.body) == (1, first.body)
    assert moves().count() == 1
