"""The evaluation on site of a whole city: conflicts of interest, panels, visits, blind sheets, settled gaps."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.e2e import by_hand
from tests.e2e.city import SHANGHAI, TODAY, Case, City
from tests.e2e.desk import Desk, eventually

# Places of the communities where something particular happens.
FINDING, UNLOCKED, BY_HAND, BLIND, ADVISED, FURTHER, DECIDED = 0, 1, 2, 3, 4, 11, 12


def conflicts_are_declared_and_known(city: City) -> str:
    """S-09: one declares a relation to a company, of another the city knows the home; return the declaration's id."""
    declaring = city.evaluators[city.profile("pool-b")]
    company = city.reviewer.get(city.cases[ADVISED].path)["company"]["id"]
    relation = {"kind": "advisory", "organization": company, "reason": "曾任该企业顾问。"}
    declaration = declaring.post("declarations/", relation, wanted=201)
    neighbor = f"evaluators/{city.profile('civil')}/"
    city.reviewer.ask("PATCH", neighbor, json={"home": city.cases[BY_HAND].community_id})
    return str(declaration["id"])


def panels_are_proposed_changed_and_deployed(city: City) -> None:
    """S-09: a proposal that keeps to the conflicts, looked through, one panel of five put together by hand."""
    proposal = city.reviewer.post("panels/", {"campaign": city.campaign, "seed": 7}, wanted=201)
    again = city.reviewer.post("panels/", {"campaign": city.campaign, "seed": 7}, wanted=201)
    assert (again["rows"], again["input_digest"]) == (proposal["rows"], proposal["input_digest"])
    avoided = {(row["nomination"], row["evaluator"]): row["kinds"] for row in again["avoided"]}
    assert avoided[city.cases[ADVISED].id, city.profile("pool-b")] == ["advisory"]
    assert avoided[city.cases[BY_HAND].id, city.profile("civil")] == ["residence"]
    assert again["lacking"] == []
    assert {len(row["seats"]) for row in again["rows"]} == {3}

    path = f"panels/{again['id']}/"
    wish = {"nomination": city.cases[BY_HAND].id, "version": again["version"]}
    refused = city.reviewer.ask("PATCH", path, json=wish | {"evaluators": [city.profile("civil")]}, wanted=422)
    assert [reason["code"] for reason in refused["refusals"]] == ["conflict_home"]
    five = [city.profile(login) for login in ("pool-a", "pool-b", "pool-c", "fire", "housing")]
    changed = city.reviewer.ask("PATCH", path, json=wish | {"evaluators": five})
    [row] = [row for row in changed["rows"] if row["nomination"] == wish["nomination"]]
    assert {seat["evaluator"] for seat in row["seats"]} == set(five)
    city.reviewer.ask("PATCH", path, json=wish | {"evaluators": five}, wanted=409)
    city.reviewer.post(f"{path}deploy/", {"version": changed["version"]})


def one_declines_and_the_deputy_takes_over(city: City) -> None:
    """S-09: a coded reason, and the deputy whom the pool names."""
    case = city.cases[BY_HAND]
    declining, deputy = (city.evaluators[city.profile(login)] for login in ("pool-c", "pool-d"))
    [own] = declining.rows("assignments/", nomination=case.id)
    declining.post(f"assignments/{own['id']}/decline/", {"reason": "because"}, wanted=400)
    declined = declining.post(f"assignments/{own['id']}/decline/", {"reason": "ill", "note": "住院。"})
    assert (declined["ended_because"], declined["decline_reason"]) == ("declined", "ill")
    [taken] = deputy.rows("assignments/", nomination=case.id)
    assert taken["replaces"] == own["id"]
    board = city.reviewer.get(f"campaigns/{city.campaign}/panel-board/")
    assert [row["lacking"] for row in board["rows"]] == [0] * len(city.cases)


def visits_are_planned_and_put_on_record(city: City) -> None:
    """S-09, S-10: one route a district, on record with photo and findings; what might exclude is settled."""
    for number, login in enumerate(city.bureaus):
        nine = datetime.combine(TODAY + timedelta(days=20 + number), time(9), SHANGHAI)
        own = [case for case in city.cases if case.district == login]
        stops = [
            {
                "nomination": case.id,
                "planned_from": (nine + timedelta(hours=hour)).isoformat(),
                "planned_until": (nine + timedelta(hours=hour, minutes=50)).isoformat(),
            }
            for hour, case in enumerate(own)
        ]
        route = city.reviewer.post("visits/", {"stops": stops}, wanted=201)
        assert [stop["route_position"] for stop in route] == list(range(1, len(own) + 1))
        for case, stop in zip(own, route, strict=True):
            visit_is_held(city, case, stop["id"])


def visit_is_held(city: City, case: Case, planned: str) -> None:
    """Put a planned visit on record with its findings."""
    recorded = city.reviewer.upload(
        f"{case.path}visits/", "visit.jpg", "photos", visited_on=TODAY.isoformat(), members="沈一诺"
    )
    assert recorded["id"] == planned
    found = {"checks": [{"number": 7, "verdict": "met", "note": "消防车通道畅通。"}], "vetoes": []}
    if case.place == FINDING:
        photo = recorded["photos"][0]["id"]
        found["vetoes"] = [{"kind": "unsafe_charging", "note": "2 号楼门厅有一辆电动自行车。", "photo": photo}]
    findings = city.reviewer.post(f"visits/{planned}/findings/", found)
    assert [check["number"] for check in findings["checks"]] == [7]
    for finding in findings["vetoes"]:
        city.reviewer.post(f"findings/{finding['id']}/dismiss/", {"reason": "未充电，已当场移走。"})


def evaluators_score_blind(city: City) -> None:
    """S-11: 25 items a sheet, no live totals, and nobody finds another's marks before the whole panel has handed in."""
    for case in city.cases:
        panel = city.panel(case)
        for position, (assignment, evaluator) in enumerate(panel):
            sheet = handed_in(evaluator, assignment, marks_of(case, position))
            if case.place == BLIND and position == 0:
                first = sheet
                nobody_looks_over_a_shoulder(city, *panel[1], first)
    assert city.reviewer.get(f"score-sheets/{first}/")["is_intact"] is True
    for _assignment, evaluator in city.panel(city.cases[BLIND])[1:]:
        evaluator.ask("GET", f"score-sheets/{first}/", wanted=404)


def marks_of(case: Case, position: int) -> list[dict[str, Any]]:
    """Return what the evaluator at a place of the panel gives: half a point less for ever more items."""
    lost = 2 * case.level + position
    marks: list[dict[str, Any]] = [{"points": "9.0" if number >= lost else "8.5"} for number in range(25)]
    if position == 1:
        marks[24] = {"not_applicable": True, "reason": "小区无人饲养动物。"}
    if case.place in (FURTHER, DECIDED) and position == 0:
        marks = [{"points": "6.5"}] * 25
    if case.place in (FINDING, DECIDED) and position == 0:
        marks[0] = {"points": "5.5"}
    return marks


def handed_in(evaluator: Desk, assignment: str, marks: list[dict[str, Any]]) -> str:
    """Accept, open the sheet, score every item, explain what is low, hand in; return the id of the sheet."""
    evaluator.post(f"assignments/{assignment}/accept/")
    sheet = evaluator.post(f"assignments/{assignment}/score-sheet/")
    path = f"score-sheets/{sheet['id']}/"
    scores = [{"item": line["item"], **mark} for line, mark in zip(sheet["lines"], marks, strict=True)]
    saved = evaluator.ask("PUT", f"{path}scores/", json={"scores": scores})
    assert (saved["conflicts"], saved["sheet"]["total"]) == ([], None)
    assert {group["score"] for group in saved["sheet"]["groups"]} == {None}
    for line in saved["sheet"]["lines"]:
        if line["points"] and Fraction(line["points"]) < Fraction(line["explained_below"]):
            explain(evaluator, path, line)
    done = eventually(lambda: handed_in_at_last(evaluator, path), "the photos checked and the sheet handed in")
    assert Fraction(done["total"]) == by_hand.half_up(sum(by_hand.groups_of(done), Fraction()))
    return str(sheet["id"])


def explain(evaluator: Desk, path: str, line: dict[str, Any]) -> None:
    """Learn that a low mark needs a remark and a photo, and bring both."""
    refused = evaluator.post(f"{path}hand-in/", wanted=422)
    assert sorted(reason["code"] for reason in refused["refusals"]) == ["photo_missing", "remark_missing"]
    assert {reason["fix"] for reason in refused["refusals"]} == {f"items/{line['item']}"}
    photo = evaluator.upload(f"{path}photos/", label=line["code"])
    mark = {
        "points": line["points"],
        "remark": "联席会议记录缺两次。",
        "photo": photo["id"],
        "version": line["version"],
    }
    evaluator.ask("PUT", f"{path}scores/", json={"scores": [{"item": line["item"], **mark}]})


def handed_in_at_last(evaluator: Desk, path: str) -> Any:
    """Hand the sheet in, unless a photo is still being checked."""
    answer = evaluator.post(f"{path}hand-in/", wanted=(200, 422))
    if answer.get("state") == "handed_in":
        return answer
    assert {reason["code"] for reason in answer["refusals"]} == {"photo_not_clean"}
    return None


def nobody_looks_over_a_shoulder(city: City, assignment: str, second: Desk, first_sheet: str) -> None:
    """S-12: a sheet is in, the next evaluator is at work: no marks, no total, no order, for nobody."""
    for desk in (second, city.reviewer, city.approver):
        desk.ask("GET", f"score-sheets/{first_sheet}/", wanted=404)
    [mine] = [row for row in second.rows("assignments/") if row["id"] == assignment]
    assert mine["sheet"] is None
    board = city.reviewer.get(f"campaigns/{city.campaign}/panel-board/")
    assert not {"points", "total", "score"} & set(re.findall('"([a-z_]+)":', json.dumps(board)))
    assert city.ranking(wanted=404)["code"] == "ranking_missing"
    assert city.ranking("diagnostics/", wanted=409)["code"] == "evaluation_underway"
    assert city.reviewer.post(f"campaigns/{city.campaign}/ranking/", wanted=409)["code"] == "evaluation_underway"


def a_sheet_is_unlocked_and_scored_again(city: City) -> None:
    """S-11: the approver unlocks with a reason, a new version goes on from the marks, the old one stays readable."""
    _assignment, evaluator = city.panel(city.cases[UNLOCKED])[0]
    [own] = evaluator.rows("assignments/", nomination=city.cases[UNLOCKED].id)
    old = f"score-sheets/{own['sheet']}/"
    city.reviewer.post(f"{old}unlock/", {"reason": "录入有误。"}, wanted=403)
    opened_again = city.approver.post(f"{old}unlock/", {"reason": "第 25 项录入有误。"}, wanted=201)
    path = f"score-sheets/{opened_again['id']}/"
    *_others, last = evaluator.get(path)["lines"]
    mark = {"item": last["item"], "points": "9.5", "version": last["version"]}
    evaluator.ask("PUT", f"{path}scores/", json={"scores": [mark]})
    city.reviewer.ask("GET", path, wanted=404)
    evaluator.post(f"{path}hand-in/")
    before, after = (city.reviewer.get(sheet) for sheet in (old, path))
    assert (before["lines"][24]["points"], after["lines"][24]["points"]) == ("9.0", "9.5")
    assert [version["reopened_reason"] for version in city.reviewer.get(f"{path}versions/")] == [
        "",
        "第 25 项录入有误。",
    ]


def gaps_are_settled_and_the_evaluation_completed(city: City) -> None:
    """S-09: sheets too far apart are settled by a further evaluator at one place, by a decision at another."""
    for place in (FURTHER, DECIDED):
        refused = city.reviewer.move(city.cases[place].path, "complete_evaluation", wanted=422)
        assert [reason["code"] for reason in refused["refusals"]] == ["discrepancy_open"]
    case = city.cases[FURTHER]
    taken = {evaluator.username for _assignment, evaluator in city.panel(case)}
    person, further = next((pk, desk) for pk, desk in city.people.items() if desk.username not in taken)
    called = city.reviewer.post(f"{case.path}assignments/", {"evaluator": person}, wanted=201)
    handed_in(further, called["id"], [{"points": "7.5"}] * 25)
    city.reviewer.post(
        f"{city.cases[DECIDED].path}discrepancy/", {"decision": "复核现场记录，两份评分均有依据，取平均。"}
    )
    for case in city.cases:
        city.reviewer.move_at_last(case.path, "complete_evaluation")
    assert set(city.states().values()) == {"evaluated"}
