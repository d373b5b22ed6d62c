"""The blind rule: during an evaluation no figure of a sheet is shown to anybody but its author.

Sheets with recognizable totals and remarks are planted; then everybody asks every address of the interface and every
page, with every ordering and filter, and every answer, notice and mail is searched for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.actors import Actor
from api import access
from evaluation import operations as evaluation
from evaluation.models import ScoreSheet
from evaluation.queries import outline_of
from evaluation.scoring import Mark
from nominations.enums import Capacity
from nominations.models import Assignment, Nomination
from nominations.operations import assignment as assignments
from nominations.operations.evaluator import issue_feed
from nominations.operations.moves import make_move
from nominations.operations.sheets import unlock
from notifications.letters import letter_for
from notifications.models import Notice
from notifications.queries import with_sources
from tests.api.conftest import running_calendar
from tests.api.people import program_of
from tests.architecture.page_objects import arguments_of
from tests.architecture.routes import NOBODYS, PATTERNS, kind_of, view_of
from tests.architecture.test_pages import PAGES
from tests.kept import rows_kept
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in
from web.access import ACCESS, allows
from workflow.errors import MoveRefused
from workflow.models import Event

pytestmark = pytest.mark.django_db
# One item of group 3 or 4 at 8 points and all others at 7.5; and a sheet more than fifteen points below.
MARKS: Mapping[str, tuple[str, str, str]] = {"first": ("7.5", "三", "8"), "second": ("5.5", "四", "6")}
FIGURES = {
    "first": ("75.22", "30.22", "planted-remark-of-the-first"),
    "second": ("55.14", "11.14", "planted-remark-of-the-second"),
    "third": ("planted-remark-of-the-third",),
}
TOGETHER = ("65.18", "20.08")  # the mean of the two sheets, and how far they lie apart
CLOCK = re.compile(r"(?<!\d)\d\d:\d\d:\d\d\.\d+")


@dataclass(frozen=True)
class Evaluating:
    """A community of which two sheets are handed in and a third is being written."""

    programme: Programme
    case: Nomination
    people: Mapping[str, Actor]
    sheets: Mapping[str, ScoreSheet]

    def everybody(self) -> dict[str, Actor]:
        programme = self.programme
        return {
            **self.people,
            "stranger": city_stages.evaluator(programme),
            "city_reviewer": programme.city_reviewer,
            "city_approver": programme.city_approver,
            "auditor": programme.auditor,
            "province": programme.province_viewer,
            "district_reviewer": programme.bureau.reviewer,
            "district_approver": programme.bureau.approver,
            "company": programme.company.admin,
        }

    def hidden_from(self, who: str) -> set[str]:
        """Return what somebody must not read: every sheet but the own one, and what follows from several."""
        others = {figure for name, own in FIGURES.items() if name != who for figure in own}
        return others | set(TOGETHER)


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Evaluating]:
    with rows_kept(django_db_blocker):
        yield being_evaluated()


@pytest.fixture
def scene(db: None, kept: Evaluating) -> Evaluating:
    return deepcopy(kept)


def being_evaluated() -> Evaluating:
    """Return a new scene."""
    now = timezone.now()
    programme = stages.programme(**evaluating_calendar(now))
    case = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.visited(programme, case, at=now)
    kinds = {"first": Capacity.EXPERT, "second": Capacity.DEPARTMENT, "third": Capacity.EXPERT}
    people = {name: city_stages.evaluator(programme, kind) for name, kind in kinds.items()}
    sheets = {name: planted(programme, case, person, name, now) for name, person in people.items()}
    return Evaluating(programme, case, people, sheets)


def evaluating_calendar(now: datetime) -> dict[str, Any]:
    """Return the dates of the notice for everything before, and an evaluation that is going on now."""
    running = running_calendar()
    return {name: running[name] for name in ("evaluation_closes_at", "work_report_closes_at", "report_closes_at")}


def planted(programme: Programme, case: Nomination, person: Actor, name: str, now: datetime) -> ScoreSheet:
    made = assignments.assign_evaluator(
        nomination_id=case.pk, evaluator_id=person.person_id, actor=programme.city_reviewer, at=now
    )
    assignments.accept_assignment(assignment_id=made.pk, actor=person, at=now)
    sheet = assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=now)
    usual, group, other = MARKS.get(name, ("6.5", "一", "7"))
    leaves = list(outline_of(sheet.standard_id).leaves())
    odd = next(leaf.item.id for leaf in leaves if leaf.group.number == group)
    remark = f"planted-remark-of-the-{name}"
    entries = [
        evaluation.Entry(
            leaf.item.id,
            Mark(Decimal(other if leaf.item.id == odd else usual), remark=remark, photo_id=NOBODYS),
        )
        for leaf in leaves
    ]
    evaluation.save_scores(sheet_id=sheet.pk, scorer_id=person.person_id, entries=entries, at=now)
    if name in MARKS:
        evaluation.hand_in(sheet_id=sheet.pk, scorer_id=person.person_id, at=now)
    sheet.refresh_from_db()
    return sheet


def objects(scene: Evaluating, sheet: str) -> dict[str, Any]:
    """Return the objects of the scene by kind, one of the three sheets among them."""
    assigned = Assignment.objects.get(sheet=scene.sheets[sheet])
    return {
        "campaign": scene.programme.campaign.pk,
        "community": scene.case.community_id,
        "nomination": scene.case.pk,
        "recommendation-summary": scene.case.summary_id,
        "assignment": assigned.pk,
        "score-sheet": scene.sheets[sheet].pk,
        "visit": scene.case.visits.get().pk,
        "evaluator": assigned.evaluator.evaluator_profiles.get().pk,
    }


def address_of(route: str, found: Mapping[str, Any]) -> str | None:
    """Return where a route leads to in this scene; none if an object of its kind has no address."""
    given = {"pk": found.get(kind_of(route), NOBODYS), "code": "not_found", "secret": "none"}
    try:
        return reverse(
            f"api:{route}", kwargs={name: given.get(name, NOBODYS) for name in PATTERNS[route].pattern.converters}
        )
    except NoReverseMatch:
        return None


def arrangements(route: str, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the query of each ordering and each filter that the view knows."""
    view = view_of(route)
    for name in getattr(view, "orderings", {}):
        yield urlencode({"ordering": name})
        yield urlencode({"ordering": f"-{name}", "page_size": 100})
    for name in getattr(getattr(view, "filterset_class", None), "base_filters", {}):
        for value in ("recommended", str(found["campaign"]), str(found["nomination"]), "7.5", "true"):
            yield urlencode({name: value})
    if getattr(view, "search_paths", ()):
        yield urlencode({"search": "75.22"})


def answers(actor: Actor, scene: Evaluating) -> Iterator[tuple[str, str]]:
    """Yield what every address of the interface shows somebody, and its arrangements where there are rows to arrange.

    What is refused or empty has nothing that a filter, which narrows, or an ordering could bring to light; that other
    roles are refused is asked in ``test_routes``.
    """
    asked, program = set(), program_of(actor)
    for route in PATTERNS:
        if "get" not in dir(view_of(route)) or route in {"schema", "docs"}:
            continue
        if not access.allows(route, "GET", actor.role):
            continue
        for sheet in scene.sheets if kind_of(route) in {"score-sheet", "assignment", "evaluator"} else ("first",):
            found = objects(scene, sheet)
            address = address_of(route, found)
            if address is None or address in asked:
                continue
            asked.add(address)
            answer = program.get(address)
            yield address, answer.content.decode(errors="replace")
            if answer.status == HTTPStatus.OK and b'"results":[]' not in answer.content:
                for query in arrangements(route, found):
                    yield f"{address}?{query}", program.get(f"{address}?{query}").content.decode(errors="replace")


def content_of(answer: Any) -> str:
    """Return what an answer holds; of a workbook, every part of it."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return str(content.decode(errors="replace"))


def found_in(content: str, hidden: set[str]) -> list[str]:
    """Return the figures that stand in a content; the fraction of a second in a time of day is none of them."""
    shown = CLOCK.sub("", content)
    return sorted(figure for figure in hidden if figure in shown)


def test_planted_figures_are_what_the_sheets_hold(scene: Evaluating) -> None:
    totals = {name: str(sheet.total) for name, sheet in scene.sheets.items()}

    assert totals == {"first": "75.22", "second": "55.14", "third": "None"}


def test_search_finds_a_figure_but_not_a_fraction_of_a_second() -> None:
    answer = '{"created_at": "2026-11-27T07:41:20.081234Z", "spread": "20.08"}'

    assert found_in(answer, {"20.08", "65.18"}) == ["20.08"]
    assert found_in(answer.partition(",")[0], {"20.08"}) == []


def test_author_reads_the_own_sheet(scene: Evaluating) -> None:
    program = program_of(scene.people["first"])

    shown = program.get(f"score-sheets/{scene.sheets['first'].pk}/").content.decode()

    assert found_in(shown, set(FIGURES["first"])) == sorted(FIGURES["first"])


def test_no_address_of_the_interface_shows_a_figure(scene: Evaluating) -> None:
    shown, arranged = [], set()
    for who, actor in scene.everybody().items():
        for address, content in answers(actor, scene):
            shown += [(who, address, figure) for figure in found_in(content, scene.hidden_from(who))]
            arranged |= {address.partition("?")[0]} if "?" in address else set()

    assert shown == []
    assert {reverse(f"api:{route}") for route in ("nominations", "assignments", "communities")} <= arranged


def pages(actor: Actor, scene: Evaluating) -> Iterator[tuple[str, str]]:
    """Yield what every page of a role shows somebody, and each part that it offers; others: see ``test_pages``."""
    asked, browser = set(), signed_in(actor.user_id)
    for sheet in scene.sheets:
        found = objects(scene, sheet)
        for page, pattern in PAGES.items():
            address = reverse(page, kwargs=arguments_of(page, pattern, found))
            if address in asked or not allows(page, "GET", actor.role):
                continue
            asked.add(address)
            content = content_of(browser.get(address, follow=True))
            yield address, content
            for query in sorted(set(re.findall(r'href="(\?part=\w+)"', content))):
                yield f"{address}{query}", content_of(browser.get(f"{address}{query}", follow=True))


def test_no_page_shows_a_figure(scene: Evaluating) -> None:
    shown, parts = [], set()
    for who, actor in scene.everybody().items():
        for address, content in pages(actor, scene):
            shown += [(who, address, figure) for figure in found_in(content, scene.hidden_from(who))]
            parts |= {address.partition("?")[2]}

    assert shown == []
    assert {"part=evaluation", "part=log"} <= parts


def test_refused_move_tells_nothing_of_the_sheets(scene: Evaluating) -> None:
    with pytest.raises(MoveRefused) as refused:
        make_move(
            Nomination, scene.case.pk, "complete_evaluation", actor=scene.programme.city_reviewer, at=timezone.now()
        )

    said = " ".join(refusal.sentence() + str(dict(refusal.params)) for refusal in refused.value.refusals)
    assert found_in(said, scene.hidden_from("city_reviewer")) == []
    assert {refusal.code for refusal in refused.value.refusals} == {"still_scoring", "too_few_sheets"}


def test_no_letter_tells_a_figure(scene: Evaluating) -> None:
    everything = set().union(*map(set, FIGURES.values()), TOGETHER)
    letters = [letter_for(notice) for notice in with_sources(Notice.objects.all())]

    assert [found_in(str(letter), everything) for letter in letters] == [[]] * len(letters)
    assert len(letters) > 6


def test_no_export_shows_a_figure(scene: Evaluating) -> None:
    exports = [page for page in PAGES if "POST" in ACCESS[page] and page.endswith(("export", "table"))]
    shown, handed_out = [], set()
    for who, actor in scene.everybody().items():
        browser = signed_in(actor.user_id)
        for page in (page for page in exports if allows(page, "POST", actor.role)):
            address = reverse(page, kwargs=arguments_of(page, PAGES[page], objects(scene, "first")))
            for form in ("csv", "jsonl", "xlsx"):
                answer = browser.post(address, {"format": form, "reason": "核查", "purpose": "核查"})
                if "attachment" in answer.headers.get("Content-Disposition", ""):
                    handed_out.add(page)
                shown += [(who, page, figure) for figure in found_in(content_of(answer), scene.hidden_from(who))]

    assert shown == []
    assert {"web:city:cases-table", "web:city:panels-table", "web:audit:events-table"} <= handed_out


def test_no_event_holds_a_figure(scene: Evaluating) -> None:
    everything = set().union(*map(set, FIGURES.values()), TOGETHER)
    unlock(sheet_id=scene.sheets["first"].pk, reason="漏评。", actor=scene.programme.city_approver, at=timezone.now())

    written = [(event["name"], found_in(str(event), everything)) for event in Event.objects.values()]

    assert [row for row in written if row[1]] == []
    assert {name for name, _figures in written} >= {"unlock_sheet", "accept_assignment", "record_visit"}


def test_calendar_of_an_evaluator_shows_no_figure(scene: Evaluating) -> None:
    person = scene.people["third"]
    secret = issue_feed(actor=person, at=timezone.now())

    shown = Client().get(reverse("api:calendar", kwargs={"secret": secret})).content.decode()

    assert shown.startswith("BEGIN:VCALENDAR")
    assert found_in(shown, scene.hidden_from("third")) == []
