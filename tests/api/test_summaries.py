"""The district's table through the interface: the order of equals, descriptions, the sealed scan (S-06, S-07)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attachments.models import Attachment
from attachments.operations import inspect
from nominations.models import RecommendationSummary
from tests.api.people import Answer, Program, program_of
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.workflow.tampering import place
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


@pytest.fixture
def bureau(programme: Programme) -> Program:
    return program_of(programme.bureau.reviewer)


@pytest.fixture
def path(programme: Programme) -> str:
    return f"recommendation-summaries/{programme.bureau.summary.pk}/"


def ok(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.content
    return answer.body if answer.content else None


def listed(programme: Programme, bureau: Program, path: str, *, count: int = 2) -> list[dict[str, Any]]:
    """Return the rows of communities that are equal in every criterion."""
    for _ in range(count):
        stages.recommended(programme)
    return list(ok(bureau.post(f"{path}rank/"))["rows"])


def described(bureau: Program, path: str, row: dict[str, Any]) -> dict[str, Any]:
    """Upload a description of one row."""
    answer = bureau.upload(f"{path}rows/{row['id']}/description/", {"file": city_stages.photo()})
    return dict(ok(answer, 201))


def order(rows: list[dict[str, Any]], reason: str = "集体研究决定。", **more: Any) -> dict[str, Any]:
    return {"rows": [row["id"] for row in rows], "reason": reason, **more}


def test_equals_are_put_in_the_order_that_people_have_decided(programme: Programme, bureau: Program, path: str) -> None:
    first, second = listed(programme, bureau, path)
    [tie] = ok(bureau.get(path))["ties"]

    decided = ok(bureau.post(f"{path}order/", order([second, first])))

    assert (first["rank"], second["rank"], set(tie)) == (1, 1, {first["id"], second["id"]})
    shown = [(row["id"], row["rank"], row["decided_place"], row["decided_reason"]) for row in decided["rows"]]
    assert shown == [(second["id"], 1, 1, "集体研究决定。"), (first["id"], 2, 2, "集体研究决定。")]
    [event] = Event.objects.filter(name="decide_order")
    assert (event.comment, event.payload["order"]) == ("集体研究决定。", [second["number"], first["number"]])


def test_order_is_decided_once_under_a_key(programme: Programme, bureau: Program, path: str) -> None:
    rows = listed(programme, bureau, path)

    answers = [bureau.post(f"{path}order/", order(rows[::-1]), Idempotency_Key="order-1") for _ in range(2)]
    other = bureau.post(f"{path}order/", order(rows), Idempotency_Key="order-1")

    assert answers[0].content == answers[1].content
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert Event.objects.filter(name="decide_order").count() == 1


def test_order_of_what_is_no_tie_is_refused(programme: Programme, bureau: Program, path: str) -> None:
    rows = listed(programme, bureau, path, count=3)

    part = bureau.post(f"{path}order/", order(rows[:2]))
    twice = bureau.post(f"{path}order/", order([rows[0], rows[0], rows[1]]))
    foreign = bureau.post(f"{path}order/", order([*rows, {"id": str(UUID(int=5))}]))
    stale = bureau.post(f"{path}order/", order(rows, version=1))

    assert [(one.status, one.body["code"]) for one in (part, twice, foreign)] == [(422, "not_a_tie")] * 3
    assert (stale.status, stale.body["code"]) == (409, "stale_version")
    assert {row["rank"] for row in ok(bureau.get(path))["rows"]} == {1}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"rows": [], "reason": "x"}, {"rows": "min_length"}),
        ({"rows": ["x", "y"], "reason": "x"}, {"rows.0": "invalid", "rows.1": "invalid"}),
        ({"rows": [str(UUID(int=1))] * 2}, {"reason": "required"}),
        ({"rows": [str(UUID(int=1))] * 2, "reason": " "}, {"reason": "blank"}),
        ({"rows": [str(UUID(int=1))] * 2, "reason": "字" * 1001}, {"reason": "max_length"}),
        ({"rows": [str(UUID(int=1))] * 2, "reason": "x", "ranks": [1]}, {"ranks": "unknown_field"}),
        ({"rows": [str(UUID(int=1))] * 1001, "reason": "x"}, {"rows": "max_length"}),
    ],
)
def test_malformed_order_names_what_is_wrong(
    bureau: Program, path: str, body: dict[str, Any], faults: dict[str, str]
) -> None:
    answer = bureau.post(f"{path}order/", body)

    assert (answer.status, answer.error_codes) == (400, faults)


def test_order_of_a_table_that_was_approved_stays(programme: Programme, bureau: Program, path: str) -> None:
    rows = listed(programme, bureau, path)
    place(programme.bureau.summary, "approved")

    answer = bureau.post(f"{path}order/", order(rows))

    assert (answer.status, answer.body["code"]) == (409, "not_editable")


def test_sealed_scan_is_handed_out_to_those_who_see_the_table(programme: Programme, bureau: Program, path: str) -> None:
    listed(programme, bureau, path)
    digest = ok(bureau.post(f"{path}prepare/"))["content_digest"]
    place(programme.bureau.summary, "approved")
    none = bureau.get(f"{path}sealed-copy/")
    scan = {"file": city_stages.photo(), "content_digest": digest}
    received = ok(bureau.upload(f"{path}sealed-copy/", scan), 201)

    quarantined = bureau.get(f"{path}sealed-copy/")
    inspect(attachment_id=UUID(received["id"]), at=timezone.now())
    place(programme.bureau.summary, "submitted")
    readers = {"city": programme.city_reviewer, "foreign": programme.bureaus[1].approver}
    answers = {who: program_of(actor).get(f"{path}sealed-copy/") for who, actor in readers.items()}

    assert (none.status, none.body["code"]) == (404, "no_sealed_copy")
    assert (quarantined.status, quarantined.body["code"]) == (409, "attachment_not_clean")
    assert {who: answer.status for who, answer in answers.items()} == {"city": 200, "foreign": 404}
    assert answers["city"].header("Content-Disposition").startswith("attachment")


def test_order_is_the_districts_own_affair(programme: Programme, bureau: Program, path: str) -> None:
    rows = listed(programme, bureau, path)
    other, city, company = programme.bureaus[1].reviewer, programme.city_reviewer, programme.company.admin

    statuses = [program_of(one).post(f"{path}order/", order(rows)).status for one in (other, city, company)]

    assert statuses == [404, 403, 404]


def test_description_is_shown_handed_out_and_set_aside(programme: Programme, bureau: Program, path: str) -> None:
    row, _other = listed(programme, bureau, path)
    file = described(bureau, path, row)
    address = f"{path}rows/{row['id']}/description/{file['id']}/"
    ok(bureau.post(f"{path}prepare/"))

    in_quarantine = bureau.get(f"{address}content/")
    before = ok(bureau.get(path))
    gone = [bureau.delete(address, Idempotency_Key="gone-1").status for _ in range(2)]
    after = ok(bureau.get(path))

    assert (in_quarantine.status, in_quarantine.body["code"]) == (409, "attachment_not_clean")
    assert [[one["id"] for one in each["descriptions"]] for each in before["rows"]] == [[file["id"]], []]
    assert gone == [204, 204]
    assert [each["descriptions"] for each in after["rows"]] == [[], []]
    assert (before["prepared"], after["prepared"]) == (True, False)
    assert bureau.delete(address).status == 404


def test_description_is_removed_from_its_own_row_by_its_own_bureau(
    programme: Programme, bureau: Program, path: str
) -> None:
    row, other = listed(programme, bureau, path)
    file = described(bureau, path, row)
    address, wrong = (f"{path}rows/{one['id']}/description/{file['id']}/" for one in (row, other))

    statuses = {
        "another row": bureau.delete(wrong).status,
        "content by another row": bureau.get(f"{wrong}content/").status,
        "another bureau": program_of(programme.bureaus[1].reviewer).delete(address).status,
        "its content": program_of(programme.bureaus[1].reviewer).get(f"{address}content/").status,
        "the city": program_of(programme.city_reviewer).delete(address).status,
        "the company": program_of(programme.company.admin).get(f"{address}content/").status,
    }

    assert statuses == {
        "another row": 404,
        "content by another row": 404,
        "another bureau": 404,
        "its content": 404,
        "the city": 403,
        "the company": 404,
    }
    assert Attachment.objects.present().filter(pk=file["id"]).exists()


def test_table_costs_the_same_for_one_row_and_three(programme: Programme, bureau: Program, path: str) -> None:
    def cost(count: int) -> int:
        for row in listed(programme, bureau, path, count=count):
            described(bureau, path, row)
        with CaptureQueriesContext(connection) as queries:
            ok(bureau.get(path))
        return len(queries)

    one = cost(1)

    assert cost(2) == one
    assert RecommendationSummary.objects.get(pk=programme.bureau.summary.pk).rows.count() == 3
