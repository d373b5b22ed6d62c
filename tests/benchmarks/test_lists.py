"""Every page of companies, districts and auditors with three rows of everything and with ten thousand.

It must take the same queries and weigh no more than allowed; how much slower it is, is printed.

The rows are copies, written by SQL with triggers off: a benchmark may do what the product refuses. The floor of a page
is the page itself with three rows, in the same run.
"""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import ExportKind, GrantAction, Role, SignInOutcome
from accounts.models import ApiToken, ExportRecord, GrantRecord, SignInRecord
from accounts.operations import issue_token
from nominations.models import (
    Assignment,
    Community,
    Declaration,
    Extension,
    GoodPractice,
    Nomination,
    PublicityEntry,
    RelatedHonor,
    ThirdPartyAssessment,
    VetoFinding,
    Visit,
)
from notifications.enums import Audience, Category
from notifications.models import Notice
from tests.architecture.routes import Scene, scene
from tests.architecture.test_pages import address, browser_of
from tests.benchmarks.ratios import line
from web import access
from workflow.models import Deadline, Event

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
FEW, MANY, ROUNDS = 3, 10_000, 3
HEAVIEST = 60_000  # bytes over the wire
SHOWN = 12
# The city's desk shows whole campaigns on a page; it is not measured here.
ELSEWHERE = "web:city:"
READERS = (Role.COMPANY_ADMIN, Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER, Role.AUDITOR)
# Pages that show each role something else; any other is asked for by the first role that may read it.
OWN = {"web:home", "web:pile", "web:notices", "web:deadlines"}
KEY = "md5('{table}' || g)::uuid"
COMMUNITY, NOMINATION, EVENT = (KEY.format(table=table) for table in ("community", "nomination", "event"))
STATES = "(ARRAY['draft', 'submitted', 'returned', 'recommended', 'evaluated'])[1 + g % 5]"
# What may not be alike in two rows of a table, by the expression that makes it differ in row number g.
COPIES: Mapping[type[models.Model], Mapping[str, str]] = {
    Community: {"id": COMMUNITY, "name": "'小区 ' || g", "pinyin": "'xiaoqu ' || g"},
    Nomination: {
        "id": NOMINATION,
        "community_id": COMMUNITY,
        "number": "'N-' || g",
        "pinyin": "'xiaoqu ' || g",
        "state": STATES,
        "submitted_at": "t.created_at",
    },
    Assignment: {"nomination_id": NOMINATION, "sheet_id": "NULL"},
    Visit: {"nomination_id": NOMINATION},
    VetoFinding: {},
    Declaration: {},
    Extension: {},
    PublicityEntry: {},
    GoodPractice: {},
    ThirdPartyAssessment: {},
    RelatedHonor: {"programme": "'荣誉 ' || g"},
    Event: {"id": EVENT, "position": "t.position + g", "sequence": "t.sequence + g"},
    Deadline: {"subject_id": NOMINATION},
    Notice: {"event_id": EVENT},
    ApiToken: {"digest": "md5(g::text)"},
    SignInRecord: {},
    GrantRecord: {},
    ExportRecord: {},
}


@dataclass
class Asked:
    """What a page cost: queries, bytes over the wire, milliseconds of each round."""

    queries: int = 0
    size: int = 0
    milliseconds: list[float] = field(default_factory=list)


def multiply(to: int) -> list[str]:
    """Copy the newest row of every table until there are so many, and return the tables that have none to copy."""
    empty = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        for model, given in COPIES.items():
            table, key = model._meta.db_table, model._meta.pk.column
            differing = ({"id": "gen_random_uuid()"} if isinstance(model._meta.pk, models.UUIDField) else {}) | dict(
                given
            )
            columns = [f.column for f in model._meta.concrete_fields if f.column != key or key in differing]
            values = ", ".join(differing.get(column, f't."{column}"') for column in columns)
            quoted = ", ".join(map(connection.ops.quote_name, columns))
            have = model._default_manager.count()
            empty += [] if have else [model.__name__]
            cursor.execute(
                f"INSERT INTO {table} ({quoted}) SELECT {values} FROM generate_series({have}, {to - 1}) g, "
                f"(SELECT * FROM {table} ORDER BY {key} DESC LIMIT 1) t"
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return empty


def pages(here: Scene) -> Iterator[tuple[str, Role, Client, str]]:
    """Yield every page that answers with HTML, with who asks for it."""
    seen = set()
    for role in READERS:
        client = browser_of(here, role)
        for page, methods in access.ACCESS.items():
            is_asked = "GET" in methods and access.allows(page, "GET", role) and not page.startswith(ELSEWHERE)
            if is_asked and (page in OWN or page not in seen):
                answer = client.get(address(page, here))
                if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                    seen.add(page)
                    yield page, role, client, address(page, here)


def ask(client: Client, url: str, found: Asked) -> None:
    """Ask for a page once more, and note what it cost."""
    with CaptureQueriesContext(connection) as queries:
        began = time.perf_counter()
        answer = client.get(url)
        found.milliseconds.append(1000 * (time.perf_counter() - began))
    found.queries, found.size = len(queries), len(gzip.compress(answer.content, 6))


@pytest.fixture
def here(db: None) -> Scene:
    return scene()


def test_ten_thousand_rows_cost_no_more_queries_than_three(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    _note_what_happens(here)
    assert multiply(FEW) == []
    asked = list(pages(here))
    few = {(page, role): Asked() for page, role, _client, _url in asked}
    many = {key: Asked() for key in few}

    for found, rows in ((few, FEW), (many, MANY)):
        multiply(rows)
        for page, role, client, url in asked:
            for _round in range(ROUNDS):
                ask(client, url, found[page, role])

    with capsys.disabled():
        print(f"\n{len(few)} pages, {MANY:,} rows against {FEW}: times, the slowest {SHOWN} first")
        for key in sorted(few, key=lambda key: -_ratio(many[key], few[key]))[:SHOWN]:
            print(" ", *key, line("", many[key].milliseconds, few[key].milliseconds, "<= 2"), f"{many[key].size:,} B")
    assert {key: (few[key].queries, many[key].queries) for key in few if many[key].queries > few[key].queries} == {}
    assert {key: many[key].size for key in few if many[key].size > HEAVIEST} == {}


def _ratio(many: Asked, few: Asked) -> float:
    return statistics.median(many.milliseconds) / statistics.median(few.milliseconds)


def _note_what_happens(here: Scene) -> None:
    """Write what the scene lacks: a notice, a sign-in, a grant, an export, a token."""
    now, reader = timezone.now(), here.people[Role.DISTRICT_REVIEWER]
    event = Event.objects.order_by("-position")[0]
    who = {"membership": reader.membership, "recipient": reader.user}
    told = {"audience": Audience.DISTRICT_REVIEWERS, "topic": "nomination.submit", "category": Category.WORK}
    Notice.objects.create(event=event, created_at=now, **told, **who)
    SignInRecord.objects.create(at=now, user=reader.user, login=reader.user.username, outcome=SignInOutcome.SIGNED_IN)
    GrantRecord.objects.create(at=now, action=GrantAction.GRANTED, membership=reader.membership)
    ExportRecord.objects.create(
        at=now, kind=ExportKind.FILE, subject="events", person=reader.user, membership=reader.membership
    )
    issue_token(membership=reader.membership, label="示例", at=now, expires_at=now + timedelta(days=1))
