"""Rows of every kind for long lists: one of each made by the product or its models, the others copied in SQL.

A copy has a key that follows from its kind and its number, so that copies find each other. Triggers are off meanwhile:
a benchmark may do what the product refuses.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Model
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import GrantAction, SignInOutcome
from accounts.models import GrantRecord, Membership, User
from accounts.operations import issue_token, record_export, record_sign_in
from nominations.enums import Capacity, Window
from nominations.models import (
    Absence,
    Assignment,
    Community,
    DistrictReview,
    Evaluator,
    Extension,
    GoodPractice,
    Nomination,
    PanelSeat,
    PublicityEntry,
    Ranking,
    RelatedHonor,
    RequirementCheck,
    Selection,
    SelectionRow,
    SummaryRow,
    ThirdPartyAssessment,
    Visit,
)
from nominations.operations.evaluator import issue_feed
from notifications.enums import DeliveryState
from notifications.models import Delivery, Notice
from notifications.operations.reminders import remind
from tests.api.conftest import running_calendar
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import Programme
from tests.web.city.test_ranking import row as ranked_row
from workflow.models import Event

PEOPLE_FROM = 1_000_000  # the number of the first copied person
SEATS = 3
STATES = ("submitted", "submitted", "draft", "returned", "recommended", "evaluated", "not_recommended", "withdrawn")


def key(kind: str, number: int) -> UUID:
    """Return the key of a copy."""
    return UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


def keyed(kind: str, number: str = "g") -> str:
    """Return the same in SQL."""
    return f"md5('{kind}' || {number})::uuid"


class Town:
    """A city with a campaign of many nominations, a season in which panels are at work, and an earlier one's titles."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.long = stages.programme(**running_calendar())
        city = self.long.campaign.city
        self.season = stages.programme(city=city, **running_calendar())
        self.earlier = stages.programme(city=city, **running_calendar())
        self.case = self._case(self.long, "submitted")
        self.seasonal = self._case(self.season, "recommended")
        self.titled = self._case(self.earlier, "awarded")
        self.evaluator = city_stages.evaluator(self.long)
        self.rows = self.seasonal_rows = 1
        self._first_of_each()

    def _case(self, programme: Programme, state: str) -> Nomination:
        case = stages.submitted(programme, at=self.now)
        set_past_the_engine(
            case, state=state, number="0", submitted_at=self.now, title_from=_day_of_title(state, self.now)
        )
        return stages.reloaded(case)

    def _first_of_each(self) -> None:
        self.reader: Actor = self.long.bureau.reviewer
        self._first_notices()
        self._first_logs()
        self._first_records()
        self._first_of_season()

    def _first_notices(self) -> None:
        told = Notice.objects.filter(recipient=self.reader.person_id)
        self.event = Event.objects.get(subject_id=self.case.pk, name="submit")
        self.notice = told.get(event=self.event)
        self.delivery = Delivery.objects.create(
            notice=self.notice,
            city_id=self.notice.city_id,
            address="a@example.com",
            state=DeliveryState.PARKED,
            message_id="<0@example.com>",
            next_at=self.now,
        )
        remind(at=self.long.campaign.district_closes_at - timedelta(days=3))
        self.reminding = told.select_related("reminder__deadline").get(reminder__deadline__subject_id=self.case.pk)
        self.reminder = self.reminding.reminder
        self.deadline = self.reminding.reminder.deadline

    def _first_logs(self) -> None:
        person = User.objects.get(pk=self.reader.person_id)
        outcome: Any = SignInOutcome.SIGNED_IN
        self.sign_in = record_sign_in(
            at=self.now, login=person.username, outcome=outcome, method="password", address="127.0.0.1", agent="x"
        )
        self.export = record_export(actor=self.reader, at=self.now, subject="queue")
        self.membership = Membership.objects.get(pk=self.reader.membership_id)
        self.grant = GrantRecord.objects.create(at=self.now, action=GrantAction.GRANTED, membership=self.membership)
        until = self.now + timedelta(days=1)
        self.token = issue_token(membership=self.membership, label="0", at=self.now, expires_at=until)[0]
        self.attachment = factories.AttachmentFactory.create(subject_id=self.case.pk)

    def _first_records(self) -> None:
        entered = {"recorded_by_id": self.reader.person_id, "recorded_at": self.now}
        office = {"campaign": self.long.campaign, "district": self.long.bureau.office}
        today = self.now.date()
        self.publicity = PublicityEntry.objects.create(
            channel=self.long.campaign.publicity_channels[0], title="记录0", published_on=today, **entered, **office
        )
        self.practice = GoodPractice.objects.create(
            title="记录0", summary="示例", tags=[self.long.campaign.practice_tags[0]], **entered, **office
        )
        self.assessment = ThirdPartyAssessment.objects.create(
            nomination=self.case, organization="记录0", began_on=today, ended_on=today, **entered
        )
        self.honor = RelatedHonor.objects.create(
            community=self.case.community, programme="记录0", year=2023, status="granted", **entered
        )
        self.review = DistrictReview.objects.create(
            nomination=self.case, reviewer_id=self.reader.person_id, opinion="同意推荐。"
        )
        self.opinion = DistrictReview.objects.create(
            nomination=self.seasonal, reviewer_id=self.reader.person_id, opinion="同意推荐。", score=Decimal("90.00")
        )
        requirement = self.long.campaign.requirements.earliest("number")
        self.check = RequirementCheck.objects.create(
            review=self.review, requirement=requirement, verdict="met", source="judged"
        )

    def _first_of_season(self) -> None:
        self.person = User.objects.get(pk=self.evaluator.person_id)
        self.serving = Membership.objects.get(pk=self.evaluator.membership_id)
        self.profile = Evaluator.objects.get(user=self.person)
        away = (self.now + timedelta(days=400)).date()
        self.absence = Absence.objects.create(evaluator=self.profile, first_on=away, last_on=away)
        self.feed = issue_feed(actor=self.evaluator, at=self.now)
        self.own = self._assigned(self.case)
        self.seat = self._assigned(self.seasonal)
        self.visit, self.stop = self._planned(self.case), self._planned(self.seasonal)
        self.proposal = city_stages.proposal(self.season, at=self.now)
        self.proposed = PanelSeat.objects.create(
            proposal=self.proposal, nomination=self.seasonal, evaluator=self.profile
        )
        self.listed = SummaryRow.objects.create(summary=self.season.bureau.summary, nomination=self.seasonal, rank=1)
        self.ranking = Ranking.objects.create(
            campaign=self.season.campaign,
            frozen_at=self.now,
            frozen_by_id=self.season.city_reviewer.person_id,
            figures=_figures([self.seasonal]),
            digest="d" * 64,
        )
        self.selection = Selection.objects.create(
            campaign=self.season.campaign,
            ranking=self.ranking,
            preparer_id=self.season.city_reviewer.person_id,
            stream=self.season.campaign.stream,
            created_at=self.now,
            updated_at=self.now,
        )
        self.chosen = SelectionRow.objects.create(
            selection=self.selection, nomination=self.seasonal, rank=1, outcome="pass_over"
        )
        self.extension = Extension.objects.create(
            campaign=self.season.campaign,
            window=Window.APPLICATION,
            until=self.now,
            reason="示例",
            prepared_by_id=self.season.city_reviewer.person_id,
            prepared_at=self.now,
        )

    def _assigned(self, case: Nomination) -> Assignment:
        return Assignment.objects.create(
            nomination=case, evaluator_id=self.person.pk, capacity=Capacity.EXPERT, assigned_at=self.now
        )

    def _planned(self, case: Nomination) -> Visit:
        return Visit.objects.create(
            nomination=case,
            planned_from=self.now + timedelta(hours=1),
            planned_until=self.now + timedelta(hours=2),
            planned_at=self.now,
            planned_by_id=self.long.city_reviewer.person_id,
        )

    def grow(self, rows: int, seasonal_rows: int) -> None:
        """Bring every list to so many rows, those that are as long as a season's nominations to ``seasonal_rows``."""
        more, season = range(self.rows, rows), range(self.seasonal_rows, seasonal_rows)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SET LOCAL statement_timeout = 0")
        self._grow_cases(more, self.case, "long", _one_of(STATES))
        self._grow_cases(more, self.titled, "titled", "'awarded'")
        self._grow_cases(season, self.seasonal, "season", _one_of(("recommended", "evaluated")))
        self._grow_told(more)
        self._grow_logs(more)
        self._grow_records(more)
        self._grow_pool(more)
        self._grow_season(season, rows)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE")
        self.rows, self.seasonal_rows = rows, seasonal_rows

    def _grow_cases(self, more: range, first: Nomination, kind: str, state: str) -> None:
        place = Community.objects.get(pk=first.community_id)
        name = f"'示例' || g || '号{kind}花园'"
        copy(place, more, id=keyed(f"{kind} place"), name=name, pinyin=f"'shili ' || lpad(g::text, 6, '0') || '{kind}'")
        given = {"number": "'N' || g", "pinyin": "'shili ' || lpad(g::text, 6, '0')", "state": state}
        times = {"submitted_at": "t.submitted_at - g * interval '1 second'"}
        copy(first, more, id=keyed(kind), community_id=keyed(f"{kind} place"), **given, **times)

    def _grow_told(self, more: range) -> None:
        case, event = keyed("long"), keyed("event")
        position = "t.position + 1000000 + g"
        copy(self.event, more, id=event, position=position, subject_id=case, sequence="1000000 + g")
        copy(self.deadline, more, id=keyed("deadline"), subject_id=case)
        copy(self.notice, more, id=keyed("notice"), event_id=event)
        copy(self.delivery, more, id=keyed("delivery"), notice_id=keyed("notice"), message_id="'<' || g || '@x>'")
        copy(self.reminder, more, id=keyed("reminder"), deadline_id=keyed("deadline"))
        copy(self.reminding, more, id=keyed("reminding"), reminder_id=keyed("reminder"))

    def _grow_logs(self, more: range) -> None:
        at = "t.at - g * interval '1 second'"
        for log in (self.sign_in, self.export, self.grant):
            copy(log, more, at=at)
        copy(self.token, more, digest="md5('token' || g)", label="g::text")
        copy(self.attachment, more, id=keyed("attachment"), original_name="g || '.pdf'")

    def _grow_records(self, more: range) -> None:
        named = "'记录' || g"
        copy(self.publicity, more, id=keyed("publicity"), title=named)
        copy(self.practice, more, id=keyed("practice"), title=named)
        copy(self.assessment, more, id=keyed("assessment"), organization=named)
        copy(self.honor, more, id=keyed("honor"), programme=named)
        copy(self.review, more, nomination_id=keyed("long"))
        copy(self.check, more, review_id=keyed("long"))

    def _grow_pool(self, more: range) -> None:
        person = f"{PEOPLE_FROM} + g"
        copy(self.person, more, id=person, username="'bench' || g", name="'评委' || g", email="'bench' || g || '@x'")
        copy(self.serving, more, id=person, user_id=person)
        copy(self.profile, more, id=keyed("profile"), user_id=person)
        copy(self.absence, more, evaluator_id=keyed("profile"))
        copy(self.own, more, id=keyed("own"), nomination_id=keyed("long"))
        copy(self.visit, more, id=keyed("visit"), nomination_id=keyed("long"), **_in_turn("12 hours"))

    def _grow_season(self, more: range, people: int) -> None:
        case = keyed("season")
        for seat in range(SEATS):
            other = f"1 + mod(g * {SEATS} + {seat}, {people - 1})"
            copy(self.seat, more, id=keyed(f"seat{seat}"), nomination_id=case, evaluator_id=f"{PEOPLE_FROM} + {other}")
            copy(self.proposed, more, nomination_id=case, evaluator_id=keyed("profile", f"({other})"))
        copy(self.stop, more, id=keyed("stop"), nomination_id=case, **_in_turn("2 hours"))
        copy(self.opinion, more, nomination_id=case, score="t.score - g / 100.0")
        copy(self.listed, more, id=keyed("listed"), nomination_id=case, rank="g + 1")
        copy(self.chosen, more, id=keyed("chosen"), nomination_id=case, rank="g + 1")
        copy(self.extension, more, id=keyed("extension"), nomination_id=case)
        cases = Nomination.objects.filter(campaign=self.season.campaign).select_related("community", "district")
        self.ranking.figures = _figures(list(cases.order_by("pinyin")))
        self.ranking.save()


def copy(row: Model, numbers: range, **given: str) -> None:
    """Copy a row once for each number ``g``; ``given`` is what a copy has instead, in SQL."""
    fields = [field for field in row._meta.concrete_fields if field.column in given or not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(given.get(field.column, f't."{field.column}"') for field in fields)
    table, name = f'"{row._meta.db_table}"', f'"{row._meta.pk.column}"'  # type: ignore[union-attr]  # every row has one
    source = f"{table} t, generate_series(%s::int, %s::int) g WHERE t.{name} = %s"
    statement = f"INSERT INTO {table} ({columns}) SELECT {values} FROM {source}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [numbers.start, numbers.stop - 1, row.pk])


def set_past_the_engine(case: Nomination, **values: Any) -> None:
    """Write a nomination's columns with triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Nomination.objects.filter(pk=case.pk).update(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _day_of_title(state: str, at: datetime) -> Any:
    return at.date() if state == "awarded" else None


def _one_of(states: tuple[str, ...]) -> str:
    names = ", ".join(f"'{state}'" for state in states)
    return f"(ARRAY[{names}])[1 + mod(g, {len(states)})]"


def _in_turn(step: str) -> dict[str, str]:
    return {name: f"t.{name} + g * interval '{step}'" for name in ("planned_from", "planned_until")}


def _figures(cases: list[Nomination]) -> dict[str, Any]:
    rows = [ranked_row(number, case, f"{95 - number / 100:.2f}") for number, case in enumerate(cases, start=1)]
    return {"campaign": "x", "places": 10, "district_share": "0", "rows": rows}
