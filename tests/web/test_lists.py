"""Every list of the pages with one row and with three costs one number of queries; none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import GrantAction, SignInOutcome
from accounts.models import GrantRecord
from accounts.operations import issue_token, record_export, record_sign_in
from nominations.models import (
    Assignment,
    Community,
    Evaluator,
    GoodPractice,
    Nomination,
    PanelProposal,
    PublicityEntry,
    RelatedHonor,
    Selection,
    ThirdPartyAssessment,
)
from notifications.operations.reminders import remind
from tests.api.conftest import running_calendar
from tests.api.people import person_as
from tests.nominations import city_stages, factories, stages
from tests.web.city.offices import desk
from tests.web.city.test_ranking import frozen
from tests.web.city.test_ranking import row as ranked_row
from tests.workflow.tampering import place
from web.access import ACCESS

pytestmark = pytest.mark.django_db


class Rows:
    """Makes one more row of each list, in the sight of its reader."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.programme = stages.programme(**running_calendar())
        self.number = 0

    @cached_property
    def case(self) -> Nomination:
        return stages.submitted(self.programme, at=self.now)

    @cached_property
    def evaluator(self) -> Actor:
        return city_stages.evaluator(self.programme)

    @property
    def campaign(self) -> dict[str, Any]:
        return {"campaign": self.programme.campaign.pk}

    def community(self) -> Community:
        return self.programme.community()

    def draft(self) -> Nomination:
        return stages.drafted(self.programme, at=self.now)

    def submitted(self) -> Nomination:
        return stages.submitted(self.programme, at=self.now)

    def recommended(self) -> Nomination:
        recommended: Nomination = place(self.submitted(), "recommended")
        return recommended

    def withdrawn(self) -> None:
        stages.moved(self.draft(), "withdraw", self.programme.company.admin, at=self.now, comment="今年不参加。")

    def reminded(self) -> None:
        self.draft()
        remind(at=self.programme.campaign.application_closes_at - timedelta(days=3))

    def token(self) -> None:
        membership = person_as(self.programme.city_reviewer).membership
        issue_token(membership=membership, label="x", at=self.now, expires_at=self.now + timedelta(days=1))

    def district(self) -> None:
        factories.CampaignDistrictFactory.create(campaign=self.programme.campaign)

    def pooled(self) -> None:
        city_stages.evaluator(self.programme)

    def assigned(self) -> Assignment:
        return self._assigned(city_stages.evaluator(self.programme))

    def own(self) -> Assignment:
        return self._assigned(self.evaluator)

    def _assigned(self, person: Actor) -> Assignment:
        made: Assignment = Assignment.objects.create(
            nomination=self.recommended(), evaluator_id=person.person_id, capacity="expert", assigned_at=self.now
        )
        made.nomination.visits.create(
            planned_from=self.now + timedelta(hours=1),
            planned_until=self.now + timedelta(hours=2),
            planned_at=self.now,
            planned_by_id=self.programme.city_reviewer.person_id,
        )
        return made

    def exported(self) -> None:
        record_export(actor=self.programme.bureau.reviewer, at=self.now, subject="queue")

    def signed_in(self) -> None:
        outcome, means = SignInOutcome.SIGNED_IN, {"method": "password", "address": "127.0.0.1", "agent": "x"}
        person = person_as(self.programme.bureau.reviewer).membership.user
        record_sign_in(at=self.now, login=person.username, outcome=outcome, **means)

    def granted(self) -> None:
        membership = person_as(self.programme.bureau.reviewer).membership
        GrantRecord.objects.create(at=self.now, action=GrantAction.GRANTED, membership=membership)

    def title(self) -> None:
        place(self.draft(), "awarded", title_from=self.now.date())

    def ranked(self) -> None:
        case, ranking = self.submitted(), self._ranking
        ranking.figures["rows"].append(ranked_row(len(ranking.figures["rows"]) + 1, case, "91.00"))
        ranking.save()

    @cached_property
    def _ranking(self) -> Any:
        return frozen(self.programme)

    @cached_property
    def selection(self) -> Selection:
        return self._selection(state="draft")

    def decided(self) -> None:
        place(self._selection(state="draft"), "approved")

    def _selection(self, **state: str) -> Selection:
        made: Selection = Selection.objects.create(
            campaign=self.programme.campaign,
            ranking=self._ranking,
            preparer_id=self.programme.city_reviewer.person_id,
            stream=self.programme.campaign.stream,
            created_at=self.now,
            updated_at=self.now,
            **state,
        )
        return made

    def chosen(self) -> None:
        self.number += 1
        self.selection.rows.create(nomination=self.submitted(), rank=self.number, outcome="pass_over")

    def on_the_table(self) -> None:
        self.number += 1
        self.programme.bureau.summary.rows.create(nomination=self.recommended(), rank=self.number)

    @cached_property
    def proposal(self) -> PanelProposal:
        return city_stages.proposal(self.programme, at=self.now)

    def seated(self) -> None:
        profile = Evaluator.objects.get(user=city_stages.evaluator(self.programme).person_id)
        self.proposal.seats.create(nomination=self.recommended(), evaluator=profile)

    def publicity(self) -> None:
        entered = {"channel": "报刊", "title": "示例", "published_on": self.now.date()}
        PublicityEntry.objects.create(**entered, **self._entered(), **self._office())

    def practice(self) -> None:
        entered = {"title": "示例", "summary": "示例", "tags": ["党建引领"], "nomination": self.case}
        GoodPractice.objects.create(**entered, **self._entered(), **self._office())

    def third_party(self) -> None:
        period = {"began_on": self.now.date(), "ended_on": self.now.date()}
        ThirdPartyAssessment.objects.create(nomination=self.case, organization="示例", **period, **self._entered())

    def honor(self) -> None:
        self.number += 1
        named = {"community": self.case.community, "programme": f"示例{self.number}", "year": 2023}
        RelatedHonor.objects.create(**named, status="granted", **self._entered())

    def _entered(self) -> dict[str, Any]:
        return {"recorded_by_id": self.programme.bureau.reviewer.person_id, "recorded_at": self.now}

    def _office(self) -> dict[str, Any]:
        return {"campaign": self.programme.campaign, "district": self.programme.bureau.office}


@dataclass(frozen=True, slots=True)
class Listed:
    """One list: who reads it, what is a row of it, and what its address says."""

    reader: Callable[[Rows], Actor]
    more: Callable[[Rows], object]
    about: Callable[[Rows], list[Any]] = lambda _rows: []
    query: Callable[[Rows], Mapping[str, Any]] = field(default=lambda _rows: {})


def company(rows: Rows) -> Actor:
    return rows.programme.company.admin


def district(rows: Rows) -> Actor:
    return rows.programme.bureau.reviewer


def city(rows: Rows) -> Actor:
    return rows.programme.city_reviewer


def auditor(rows: Rows) -> Actor:
    return rows.programme.auditor


def of_case(rows: Rows) -> list[Any]:
    return [rows.case.pk]


def of_campaign(rows: Rows) -> list[Any]:
    return [rows.programme.campaign.pk]


LISTS: Mapping[str, Listed] = {
    "web:home": Listed(company, Rows.draft),
    "web:pile": Listed(company, Rows.withdrawn, lambda _rows: ["done"]),
    "web:notices": Listed(district, Rows.submitted),
    "web:deadlines": Listed(company, Rows.reminded),
    "web:company:communities": Listed(company, Rows.community),
    "web:company:communities-table": Listed(company, Rows.community),
    "web:company:nominations": Listed(company, Rows.draft),
    "web:company:nominations-table": Listed(company, Rows.draft),
    "web:district:queue": Listed(district, Rows.submitted),
    "web:district:queue-table": Listed(district, Rows.submitted),
    "web:district:publicity": Listed(district, Rows.publicity),
    "web:district:publicity-table": Listed(district, Rows.publicity),
    "web:district:practices": Listed(district, Rows.practice),
    "web:district:practices-table": Listed(district, Rows.practice),
    "web:district:third-party": Listed(district, Rows.third_party, of_case),
    "web:district:third-party-table": Listed(district, Rows.third_party, of_case),
    "web:district:honors": Listed(district, Rows.honor, of_case),
    "web:district:honors-table": Listed(district, Rows.honor, of_case),
    "web:city:overview": Listed(city, Rows.district),
    "web:city:overview-table": Listed(city, Rows.district),
    "web:city:cases": Listed(city, Rows.submitted),
    "web:city:cases-table": Listed(city, Rows.submitted),
    "web:city:papers": Listed(city, Rows.district),
    "web:city:papers-table": Listed(city, Rows.district),
    "web:city:panels": Listed(city, Rows.assigned),
    "web:city:panels-table": Listed(city, Rows.assigned),
    "web:city:visits": Listed(city, Rows.assigned),
    "web:city:visits-table": Listed(city, Rows.assigned),
    "web:city:pool": Listed(city, Rows.pooled),
    "web:city:pool-table": Listed(city, Rows.pooled),
    "web:city:publicity": Listed(city, Rows.publicity),
    "web:city:publicity-table": Listed(city, Rows.publicity),
    "web:city:practices": Listed(city, Rows.practice),
    "web:city:practices-table": Listed(city, Rows.practice),
    "web:city:third-party": Listed(city, Rows.third_party, query=lambda rows: rows.campaign),
    "web:city:third-party-table": Listed(city, Rows.third_party, query=lambda rows: rows.campaign),
    "web:city:honors": Listed(city, Rows.honor),
    "web:city:honors-table": Listed(city, Rows.honor),
    "web:city:ranking": Listed(city, Rows.ranked),
    "web:city:ranking-table": Listed(city, Rows.ranked, of_campaign),
    "web:city:selections": Listed(city, Rows.decided),
    "web:city:selection": Listed(city, Rows.chosen, lambda rows: [rows.selection.pk]),
    "web:city:selection-table": Listed(city, Rows.chosen, lambda rows: [rows.selection.pk]),
    "web:city:summary": Listed(city, Rows.on_the_table, lambda rows: [rows.programme.bureau.summary.pk]),
    "web:city:proposal": Listed(city, Rows.seated, lambda rows: [rows.proposal.pk]),
    "web:city:titles": Listed(city, Rows.title),
    "web:city:titles-table": Listed(city, Rows.title),
    "web:evaluator:visits": Listed(lambda rows: rows.evaluator, Rows.own),
    "web:audit:events": Listed(auditor, Rows.draft),
    "web:audit:events-table": Listed(auditor, Rows.draft),
    "web:audit:sign-ins": Listed(auditor, Rows.signed_in),
    "web:audit:sign-ins-table": Listed(auditor, Rows.signed_in),
    "web:audit:grants": Listed(auditor, Rows.granted),
    "web:audit:grants-table": Listed(auditor, Rows.granted),
    "web:audit:exports": Listed(auditor, Rows.exported),
    "web:audit:exports-table": Listed(auditor, Rows.exported),
    "web:audit:verification": Listed(auditor, Rows.district),
    "web:account:tokens": Listed(city, Rows.token),
}
# Pages that can be read and are no list, by the reason.
NO_LISTS: Mapping[str, frozenset[str]] = {
    "its own test in tests/web/<desk>/ counts the queries of what hangs on one object": frozenset({
        "web:district:case", "web:district:case-scores", "web:district:summary", "web:district:work-report",
        "web:city:evaluator", "web:city:settings", "web:city:sheet",
    }),
    "shows one object with what belongs to it": frozenset({
        "web:case", "web:notice", "web:company:case", "web:company:evidence", "web:company:check",
        "web:company:receipt", "web:company:compare", "web:district:case-look", "web:district:summary-row",
        "web:district:third-party-record", "web:district:honors-record", "web:district:publicity-record",
        "web:district:practices-record", "web:city:case", "web:city:work-report", "web:city:publicity-record",
        "web:city:practices-record", "web:city:third-party-record", "web:city:honors-record",
        "web:city:ranking-explained", "web:city:report", "web:city:extension", "web:evaluator:assignment",
        "web:audit:event", "web:account:home", "web:public:verification",
    }),
    "computed of a whole campaign, from what the ranking has loaded": frozenset({"web:city:diagnostics"}),
    "a form or a question": frozenset({
        "web:confirmation", "web:display", "web:company:new-community", "web:company:section",
        "web:company:committee", "web:company:seal", "web:company:move", "web:district:case-complete",
        "web:district:case-reopen", "web:district:case-move", "web:district:summary-move",
        "web:district:work-report-move", "web:city:case-move", "web:city:visit-record", "web:city:discrepancy",
        "web:city:veto", "web:city:summary-move", "web:city:work-report-move", "web:city:panels-propose",
        "web:city:proposal-deploy", "web:city:assignment-release", "web:city:visit-move", "web:city:visit-cancel",
        "web:city:visit-findings", "web:city:finding", "web:city:sheet-unlock", "web:city:evaluator-new",
        "web:city:evaluator-change", "web:city:evaluator-suspend", "web:city:evaluator-resume",
        "web:city:evaluator-confirm", "web:city:declaration-lift", "web:city:third-party-new",
        "web:city:honors-new", "web:city:third-party-change", "web:city:honors-change", "web:city:ranking-freeze",
        "web:city:selection-begin", "web:city:selection-move", "web:city:report-move", "web:city:terms",
        "web:city:extension-new", "web:city:complaints", "web:evaluator:calendar", "web:evaluator:revoke-calendar",
        "web:evaluator:decline", "web:evaluator:conflict", "web:evaluator:item", "web:evaluator:hand-in",
        "web:account:revoke-token", "web:account:notices", "web:public:verify",
    }),
    "a file or the paper of one object": frozenset({
        "web:company:file", "web:company:print", "web:district:case-scores-print", "web:district:case-file",
        "web:district:third-party-report", "web:district:summary-print", "web:district:summary-file",
        "web:district:work-report-file", "web:district:work-report-print", "web:city:case-file",
        "web:city:summary-file", "web:city:work-report-file", "web:city:sheet-photo", "web:city:third-party-report",
        "web:city:report-file", "web:evaluator:worker", "web:evaluator:device", "web:evaluator:photo",
        "web:evaluator:paper",
    }),
    "leads on to another page": frozenset({
        "web:account-notices", "web:district:summaries", "web:district:work-reports", "web:city:report-current",
    }),
    "says the same to everybody": frozenset({"web:help", "web:handbook", "web:public:kit"}),
}  # fmt: skip


@pytest.fixture
def rows(db: None) -> Rows:
    return Rows()


def cost(client: Client, address: str, rows: Rows, listed: Listed, more: int) -> tuple[int, int]:
    """Return how many queries a list takes with so many rows more, and how long its page is: it must show them."""
    for _number in range(more):
        listed.more(rows)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    assert page.status_code == 200
    return len(asked), len(page.content)


@pytest.mark.parametrize("page", LISTS)
def test_list_of_one_and_three_rows_takes_one_number_of_queries(rows: Rows, page: str) -> None:
    listed = LISTS[page]
    address = f"{reverse(page, args=listed.about(rows))}?{urlencode(listed.query(rows))}"

    (few, short), (many, long) = (cost(desk(listed.reader(rows)), address, rows, listed, more) for more in (1, 2))

    assert (few, short < long) == (many, True)


def test_every_page_is_tried_or_known_to_be_no_list() -> None:
    readable = {page for page, methods in ACCESS.items() if "GET" in methods}

    told = [*LISTS, *(page for pages in NO_LISTS.values() for page in pages)]

    assert (set(told), len(told)) == (readable, len(readable))
