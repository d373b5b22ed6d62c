"""The auditor's events: the list and its filters, one event with its changes, and the files handed out."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import ExportRecord
from common.digest import sha256_hex
from tests.api.people import make_organization, make_person
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in
from web.audit.changes import changes_of
from workflow.journal import body_of, link
from workflow.models import GENESIS, Event

pytestmark = pytest.mark.django_db
LIST = "/audit/events/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def auditor_of(programme: Programme) -> Client:
    return signed_in(programme.auditor.user_id)


def operators_auditor() -> Actor:
    """Return the auditor of the operator, who sees every city."""
    return make_person(Role.AUDITOR, organization=make_organization(OrganizationKind.OPERATOR)).actor


def listed(client: Client, query: str = "") -> list[str]:
    """Return the numbers of the events that the list shows, in its order."""
    page = client.get(f"{LIST}{query}").content.decode()
    return [part.partition("/")[0] for part in page.split('jy-quiet" lang="zh-Hans" href="/audit/events/')[1:]]


def test_events_are_listed_newest_first_in_words(programme: Programme) -> None:
    stages.submitted(programme, community=programme.community(name="栖云雅苑"))

    page = auditor_of(programme).get(LIST).content.decode()

    assert listed(auditor_of(programme)) == [
        str(pk) for pk in Event.objects.order_by("-id").values_list("pk", flat=True)
    ]
    assert ("栖云雅苑" in page, "提交" in page, "开始填报" in page) == (True, True, True)


def test_city_auditor_sees_no_other_city_and_the_operators_sees_all(programme: Programme) -> None:
    other = stages.programme()
    stages.drafted(other)
    mine = stages.drafted(programme)

    seen = listed(auditor_of(programme))

    assert seen == [str(Event.objects.get(subject_id=mine.pk).pk)]
    assert len(listed(signed_in(operators_auditor().user_id))) == 2


def test_event_of_another_city_is_not_found(programme: Programme) -> None:
    foreign = Event.objects.get(subject_id=stages.drafted(stages.programme()).pk)

    assert auditor_of(programme).get(reverse("web:audit:event", args=[foreign.pk])).status_code == 404


def test_filters_narrow_by_case_move_office_and_chain(programme: Programme) -> None:
    submitted = stages.submitted(programme)
    stages.drafted(programme, bureau=1)
    client, number = auditor_of(programme), submitted.number
    moved = Event.objects.get(subject_id=submitted.pk, name="submit")
    of_case = Event.objects.filter(subject_id=submitted.pk).count()

    assert len(listed(client, f"?number={number.lower()}")) == of_case
    assert listed(client, "?name=submit") == [str(moved.pk)]
    assert listed(client, "?flow=selection") == []
    assert len(listed(client, f"?district={programme.bureaus[1].office.pk}")) == 1
    assert len(listed(client, f"?campaign={programme.campaign.pk}")) == Event.objects.count()
    assert listed(client, f"?office={moved.organization_name}&name=submit") == [str(moved.pk)]


@pytest.mark.parametrize("query", ["?campaign=nonsense", "?district=%00", "?office=%00%00x", "?name=' or 1=1"])
def test_filter_that_means_nothing_finds_nothing(programme: Programme, query: str) -> None:
    stages.drafted(programme)

    answer = auditor_of(programme).get(f"{LIST}{query}")

    assert answer.status_code == 200
    assert "没有符合条件的记录" in answer.content.decode()


def test_period_holds_both_of_its_days(programme: Programme) -> None:
    nomination = stages.drafted(programme)
    day = timezone.localtime(Event.objects.get(subject_id=nomination.pk).at).date().isoformat()
    client = auditor_of(programme)

    assert len(listed(client, f"?from={day}&to={day}")) == 1
    assert listed(client, f"?to={day[:4]}-01-01") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?from=31.7.2026", "请按“2026-07-31”的格式填写日期。"),
        ("?from=2023-02-30", "请按“2026-07-31”的格式填写日期。"),
        ("?from=2026-07-02&to=2026-07-01", "截止日期早于起始日期。"),
    ],
)
def test_day_that_cannot_be_read_is_told_at_its_field(programme: Programme, query: str, words: str) -> None:
    answer = auditor_of(programme).get(f"{LIST}{query}")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(words) == 2  # in the summary and at the field


def test_older_events_are_reached_by_their_key(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.audit.views.events.ROWS", 2)
    stages.submitted(programme)
    stages.submitted(programme)
    client = auditor_of(programme)
    everything = [str(pk) for pk in Event.objects.order_by("-id").values_list("pk", flat=True)]

    first = listed(client)
    second = listed(client, f"?before={first[-1]}")

    assert first + second == everything[:4]
    assert f"before={first[-1]}" in client.get(LIST).content.decode()


def test_event_shows_its_link_and_the_one_before(programme: Programme) -> None:
    nomination = stages.submitted(programme)
    event = Event.objects.get(subject_id=nomination.pk, name="submit")
    before = Event.objects.get(stream=event.stream_id, position=event.position - 1)

    page = auditor_of(programme).get(reverse("web:audit:event", args=[event.pk])).content.decode()

    assert [text in page for text in (event.hash, event.digest, before.hash, nomination.number)] == [True] * 4
    assert "提交时间" in page


def test_first_event_of_a_chain_stands_on_nothing(programme: Programme) -> None:
    event = Event.objects.get(subject_id=stages.drafted(programme).pk)

    page = auditor_of(programme).get(reverse("web:audit:event", args=[event.pk])).content.decode()

    assert GENESIS in page


def test_changes_are_taken_apart_and_equal_values_left_out() -> None:
    told = {
        "form": {"old": {"a": 1, "b": {"c": "x"}}, "new": {"a": 1, "b": {"c": "y"}}},
        "letter": {"old": "", "new": "z"},
        "submitted_at": {"old": None, "new": "2026-11-26T20:23:05.874983+00:00"},
    }

    rows = [(str(row.label), row.old, row.new) for row in changes_of(told)]

    assert rows == [
        ("form.b.c", "x", "y"),
        ("报送函正文", "—", "z"),
        ("提交时间", "—", "2026-11-27 04:23:05.874983 +0800"),
    ]


def test_hostile_text_is_shown_as_text(programme: Programme) -> None:
    nomination = stages.drafted(programme, community=programme.community(name=HOSTILE))
    stages.moved(nomination, "withdraw", programme.company.admin, comment=HOSTILE)
    event = Event.objects.get(subject_id=nomination.pk, name="withdraw")
    client = auditor_of(programme)

    pages = [client.get(path).content.decode() for path in (LIST, reverse("web:audit:event", args=[event.pk]))]

    assert [("<img src=x" in page, "&lt;img src=x" in page) for page in pages] == [(False, True)] * 2


def test_one_and_three_events_take_one_number_of_queries(programme: Programme) -> None:
    client, counts = auditor_of(programme), []
    for more in (1, 2):
        for _number in range(more):
            stages.drafted(programme)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def handed_out(answer: Any) -> str:
    """Return what a streamed file holds."""
    return b"".join(answer.streaming_content).decode()


def test_json_lines_suffice_to_compute_the_chain_anew(programme: Programme) -> None:
    stages.submitted(programme)

    answer = auditor_of(programme).post(f"{LIST}export/", {"format": "jsonl"})

    rows = sorted((json.loads(line) for line in handed_out(answer).splitlines()), key=lambda row: row["position"])
    previous = GENESIS
    for row in rows:
        event = Event(**{name: value for name, value in row.items() if name not in {"stream", "at", "stream_id"}})
        event.stream_id, event.at = UUID(row["stream_id"]), Event.objects.get(pk=row["id"]).at
        event.id, event.subject_id = UUID(row["id"]), UUID(row["subject_id"])
        event.organization_id = UUID(row["organization_id"]) if row["organization_id"] else None
        assert sha256_hex(body_of(event)) == row["digest"]
        assert link(previous, row["position"], row["digest"]) == row["hash"]
        previous = row["hash"]
    assert len(rows) == Event.objects.count()


def test_spreadsheet_takes_nothing_for_a_formula(programme: Programme) -> None:
    nomination = stages.drafted(programme)
    stages.moved(nomination, "withdraw", programme.company.admin, comment="=HYPERLINK(1)")

    answer = auditor_of(programme).post(f"{LIST}export/?name=withdraw", {"format": "csv"})

    text = handed_out(answer)
    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert text.startswith("\ufeff")
    assert row["comment"] == "'=HYPERLINK(1)"


def test_export_is_written_down_with_its_filter_and_reason(programme: Programme) -> None:
    stages.submitted(programme)

    auditor_of(programme).post(f"{LIST}export/?name=submit", {"format": "csv", "reason": "年度审计"})

    row = ExportRecord.objects.get()
    assert (row.subject, row.rows, row.about, row.reason) == ("events", 1, "name=submit", "年度审计")
    assert row.person_id == programme.auditor.user_id


def test_export_with_a_day_that_cannot_be_read_leads_back(programme: Programme) -> None:
    answer = auditor_of(programme).post(f"{LIST}export/?from=x", {"format": "csv"})

    assert answer.headers["Location"] == f"{LIST}?from=x"
    assert not ExportRecord.objects.exists()
