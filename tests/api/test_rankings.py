"""The ranking through the interface: nobody sees it before it may be seen, and then everything that makes it (S-15)."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import ExportRecord
from nominations.models import Nomination
from tests.api.people import Answer, program_of
from tests.nominations import city_stages, ranked, stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db
CITY = ("city_reviewer", "city_approver", "auditor", "province_viewer")


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


@pytest.fixture
def pool(programme: Programme) -> list[Actor]:
    return [city_stages.evaluator(programme) for _ in range(3)]


@pytest.fixture
def season(programme: Programme, pool: list[Actor]) -> dict[str, Nomination]:
    one, two, three = pool
    return ranked.field(
        programme,
        {
            "a": {one: "9", two: "8", three: "8.5"},
            "b": {one: "8", two: "7.5", three: "8/7/-"},
            "c": dict.fromkeys(pool, "7"),
        },
    )


def everywhere(programme: Programme, actor: Actor, nomination: Nomination) -> dict[str, Answer]:
    """Ask for everything that compares communities."""
    base, program = f"campaigns/{programme.campaign.pk}/ranking/", program_of(actor)
    shown = {part: program.get(base + part) for part in ("", "diagnostics/", f"{nomination.pk}/")}
    return shown | {"export/": program.post(base + "export/")}


@pytest.mark.parametrize("who", CITY)
def test_nothing_is_shown_to_anybody_while_a_community_is_being_evaluated(
    programme: Programme, season: dict[str, Nomination], who: str
) -> None:
    city_stages.recommended(programme, bureau=1)

    answers = everywhere(programme, getattr(programme, who), season["a"])
    frozen = program_of(programme.city_reviewer).post(f"campaigns/{programme.campaign.pk}/ranking/")

    assert {part or "ranking": answer.status for part, answer in answers.items() if part != f"{season['a'].pk}/"} == {
        "ranking": 404,
        "export/": 404,
        "diagnostics/": 409,
    }
    assert answers[f"{season['a'].pk}/"].status == 404
    assert (frozen.status, frozen.body["code"]) == (409, "evaluation_underway")


@pytest.mark.parametrize("who", ["bureau.approver", "company.admin", "pool"])
def test_others_never_see_it(programme: Programme, season: dict[str, Nomination], pool: list[Actor], who: str) -> None:
    ranked.freeze(programme)
    office, _dot, name = who.partition(".")
    actor = pool[0] if who == "pool" else getattr(getattr(programme, office), name)

    answers = everywhere(programme, actor, season["a"])

    assert {answer.status for answer in answers.values()} <= {403, 404}


def test_another_citys_reviewer_finds_nothing(
    programme: Programme, season: dict[str, Nomination], elsewhere: Programme
) -> None:
    ranked.freeze(programme)

    answers = everywhere(programme, elsewhere.city_reviewer, season["a"])

    assert {answer.status for answer in answers.values()} == {404}


def test_explanation_holds_the_sheets_item_by_item(programme: Programme, season: dict[str, Nomination]) -> None:
    ranking = ranked.freeze(programme)

    shown = program_of(programme.auditor).get(f"campaigns/{programme.campaign.pk}/ranking/{season['b'].pk}/").body

    assert (shown["digest"], shown["row"]["rank"]) == (ranking.digest, 2)
    assert (shown["above"]["rank"], shown["below"]["rank"]) == (1, 3)
    assert sorted(sheet["evaluator"] for sheet in shown["sheets"]) == ["E01", "E02", "E03"]
    assert {len(sheet["lines"]) for sheet in shown["sheets"]} == {25}
    assert any("75.00" in line for line in shown["arithmetic"])


def test_community_that_is_not_ranked_is_not_found(programme: Programme, season: dict[str, Nomination]) -> None:
    ranked.freeze(programme)
    other = stages.drafted(programme)

    answer = program_of(programme.auditor).get(f"campaigns/{programme.campaign.pk}/ranking/{other.pk}/")

    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_export_is_a_table_of_everything(programme: Programme, season: dict[str, Nomination]) -> None:
    ranking = ranked.freeze(programme)

    answer = program_of(programme.province_viewer).post(f"campaigns/{programme.campaign.pk}/ranking/export/")

    lines = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    kinds = [line["record"] for line in lines]
    assert answer.header("Content-Type") == "text/csv; charset=utf-8"
    assert answer.header("Content-Disposition").startswith("attachment; ")
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "figure": 3 * 6,
        "mark": 3 * 3 * 25,
        "result": 3 * 7,
        "rule": 8,
    }
    assert ranking.digest in {line["value"] for line in lines}
    [noted] = ExportRecord.objects.all()
    assert (noted.subject, noted.rows, noted.about) == ("ranking", 3, programme.campaign.code)
    assert noted.person_id == programme.province_viewer.person_id


def test_export_that_is_refused_is_not_noted(programme: Programme, season: dict[str, Nomination]) -> None:
    path = f"campaigns/{programme.campaign.pk}/ranking/export/"

    early = program_of(programme.auditor).post(path)
    ranked.freeze(programme)
    foreign = program_of(programme.bureau.approver).post(path)

    assert (early.status, early.body["code"], foreign.status) == (404, "ranking_missing", 403)
    assert not ExportRecord.objects.exists()


def evaluators(answer: Answer) -> list[dict[str, Any]]:
    """Return the evaluators of an answer about diagnostics."""
    return list(answer.body["evaluators"])


def test_diagnostics_name_evaluators_to_the_city_and_its_auditor_only(
    programme: Programme, season: dict[str, Nomination], pool: list[Actor]
) -> None:
    path = f"campaigns/{programme.campaign.pk}/ranking/diagnostics/"

    named = [[row["name"] for row in evaluators(program_of(getattr(programme, who)).get(path))] for who in CITY]

    names = [person.name for person in sorted(pool, key=lambda person: person.person_id)]
    assert named == [names, names, names, ["", "", ""]]


def test_diagnostics_of_a_panel_by_hand(programme: Programme, season: dict[str, Nomination]) -> None:
    """Totals 90, 80, 70 · 80, 75, 70 · 85, b, 70, where b is about 75: all three put the communities in one order."""
    answer = program_of(programme.city_reviewer).get(f"campaigns/{programme.campaign.pk}/ranking/diagnostics/")

    [panel] = answer.body["panels"]
    assert panel == {"evaluators": ["E01", "E02", "E03"], "communities": 3, "concordance": "1.000"}
    assert [row["correlation"] for row in evaluators(answer)] == ["1.000"] * 3
    assert (evaluators(answer)[0]["mean"], evaluators(answer)[0]["spread"]) == ("80.00", "10.00")
    assert (answer.body["adjusted"], answer.body["parts"]) == (True, 1)
    assert evaluators(answer)[0]["leniency"] is not None


@pytest.mark.parametrize("who", ["bureau.reviewer", "company.admin"])
def test_history_tells_districts_and_companies_no_score_and_no_evaluator(
    programme: Programme, season: dict[str, Nomination], pool: list[Actor], who: str
) -> None:
    office, name = who.split(".")
    reader = program_of(getattr(getattr(programme, office), name))

    events = reader.get(f"nominations/{season['a'].pk}/history/?page_size=100").body["results"]

    [completed] = [event for event in events if event["name"] == "complete_evaluation"]
    assert "panel_score" not in (completed["changes"] or {})
    assert [person.name for person in pool if person.name in str(events)] == []


def test_city_reads_the_score_in_the_history(programme: Programme, season: dict[str, Nomination]) -> None:
    reader = program_of(programme.city_reviewer)

    events = reader.get(f"nominations/{season['a'].pk}/history/?page_size=100").body["results"]

    [completed] = [event for event in events if event["name"] == "complete_evaluation"]
    assert completed["changes"]["panel_score"]["new"] == "85.00"
