"""The season of a whole city over HTTP alone, by the tokens of those who take part: from thirteen drafts to the titles.

The ranking is worked out by hand from what the interface answers, and once more by the script from the export.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.services import ROOT
from tests.e2e import by_hand
from tests.e2e.city import TIED, TODAY, Case, City, opened
from tests.e2e.desk import confirm_for_committee
from tests.e2e.form import filled_in
from tests.e2e.on_site import (
    a_sheet_is_unlocked_and_scored_again,
    conflicts_are_declared_and_known,
    evaluators_score_blind,
    gaps_are_settled_and_the_evaluation_completed,
    one_declines_and_the_deputy_takes_over,
    panels_are_proposed_changed_and_deployed,
    visits_are_planned_and_put_on_record,
)
from tests.running_demo import Demo

pytestmark = pytest.mark.e2e
DOCUMENT = "示建函〔2026〕99号"


def test_whole_city_from_its_drafts_to_the_titles(demo: Demo, tmp_path: Path) -> None:
    city = opened(demo, tmp_path)
    companies_submit(city)
    districts_recommend(city)
    summaries_reach_the_city(city)
    declaration = conflicts_are_declared_and_known(city)
    panels_are_proposed_changed_and_deployed(city)
    one_declines_and_the_deputy_takes_over(city)
    visits_are_planned_and_put_on_record(city)
    evaluators_score_blind(city)
    a_sheet_is_unlocked_and_scored_again(city)
    gaps_are_settled_and_the_evaluation_completed(city)
    ranking = ranking_is_frozen(city)
    ranking_stands_up_to_pencil_and_paper(city, ranking)
    export_gives_the_same_order(city, ranking, tmp_path)
    ten_are_selected(city, ranking)
    districts_report(city)
    report_goes_to_the_province(city)
    titles_are_registered_and_one_is_revoked(city)
    relations_are_over(city, declaration)
    every_case_tells_its_story(city)


def companies_submit(city: City) -> None:
    """S-02 to S-04: forms, committees on their phones, seals, thirteen submissions."""
    inbox = city.demo.inbox.later()
    for case in city.cases:
        form = filled_in(case.committee, satisfaction_rate=f"{97 - case.level / 10:.2f}", complaints=1)
        case.company.ask("PATCH", case.path, json={"form": form})
        case.company.post(f"{case.path}confirmation/")
    for case in city.cases:
        confirm_for_committee(inbox.wait_for(case.committee, "confirm/"), case.community)
        case.company.seal(f"{case.path}attachments/", case.path, purpose="sealed_copy")
    for case in city.cases:
        case.company.move_at_last(case.path, "submit")
    assert set(city.states().values()) == {"submitted"}


def districts_recommend(city: City) -> None:
    """S-05, S-10: figures judged by the machine, the rest and 25 items by one person, the decision by another."""
    for case in city.cases:
        reviewer, approver = city.bureaus[case.district]
        review = f"{case.path}district-review/"
        reviewer.post(f"{case.path}claim/")
        written = reviewer.ask("PUT", review, json={"opinion": "材料齐全，现场核对一致，同意推荐。"})
        computed, *others = written["requirements"]
        assert (computed["verdict"], computed["source"]) == ("met", "computed")
        judged = [{"number": row["number"], "verdict": "met", "note": "已核。"} for row in others]
        marks = [{"item": line["item"], "points": "9.0"} for line in written["sheet"]["lines"]]
        reviewer.ask("PUT", review, json={"requirements": judged, "scores": marks})
        reviewer.post(f"{review}complete/")
        approver.move(case.path, "recommend", comment="同意推荐。")
    assert set(city.states().values()) == {"recommended"}


def summaries_reach_the_city(city: City) -> None:
    """S-06 to S-08: equal scores told apart by figures, descriptions, two people, seal, receipt."""
    for reviewer, approver in city.bureaus.values():
        [summary] = city.of_campaign("recommendation-summaries/", reviewer)
        path = f"recommendation-summaries/{summary['id']}/"
        reviewer.post(f"{path}rank/")
        table = reviewer.get(path)
        for row in table["rows"]:
            reviewer.upload(f"{path}rows/{row['id']}/description/")
        for tie in table["ties"]:
            reviewer.post(f"{path}order/", {"rows": tie, "reason": "集体研究确定。"})
        assert sorted(row["rank"] for row in reviewer.get(path)["rows"]) == list(range(1, len(table["rows"]) + 1))
        reviewer.post(f"{path}prepare/")
        reviewer.move(path, "approve", wanted=403)
        approver.move_at_last(path, "approve")
        reviewer.seal(f"{path}sealed-copy/", path)
        approver.move_at_last(path, "submit")
        city.reviewer.move(path, "receive")


def ranking_is_frozen(city: City) -> Any:
    """S-12, S-15: frozen under a digest that anybody can work out; diagnostics name evaluators to the city alone."""
    city.approver.post(f"campaigns/{city.campaign}/ranking/", wanted=403)
    ranking = city.reviewer.post(f"campaigns/{city.campaign}/ranking/", wanted=201)
    spelled = json.dumps(ranking["figures"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert ranking["digest"] == hashlib.sha256(spelled.encode()).hexdigest()
    assert city.ranking(desk=city.demo.desk("city.auditor")) == ranking
    found = city.ranking("diagnostics/")
    assert {row["name"] for row in found["evaluators"]} == {desk.get("me/")["name"] for desk in city.people.values()}
    anonymous = city.ranking("diagnostics/", desk=city.demo.desk("province.province_viewer"))
    assert {row["name"] for row in anonymous["evaluators"]} == {""}
    leniencies = {row["evaluator"]: row["leniency"] for row in found["evaluators"]}
    assert leniencies == ranking["figures"]["adjustment"]["leniencies"]
    return ranking


def ranking_stands_up_to_pencil_and_paper(city: City, ranking: Any) -> None:
    """S-15: every explanation holds marks enough to find the three countings, the total and the rank again, exactly."""
    explained = {case.number: city.ranking(f"{case.id}/") for case in city.cases}
    panels = {number: by_hand.panel_of(one) for number, one in explained.items()}
    leniencies = by_hand.leniencies_of(panels)
    assert {name: str(value) for name, value in leniencies.items()} == ranking["figures"]["adjustment"]["leniencies"]
    share = Fraction(ranking["figures"]["district_share"])
    keys = {}
    for case in city.cases:
        row, panel = explained[case.number]["row"], panels[case.number]
        final = share * Fraction(row["district_score"]) + (1 - share) * panel.trimmed
        worked_out = {
            "raw": panel.raw,
            "trimmed": panel.trimmed,
            "adjusted": panel.adjusted(leniencies),
            "counted": panel.trimmed,
            "final": final,
        }
        assert {name: both["exact"] for name, both in row["scores"].items()} == {
            name: str(value) for name, value in worked_out.items()
        }
        assert {name: Fraction(both["shown"]) for name, both in row["scores"].items()} == {
            name: by_hand.half_up(value) for name, value in worked_out.items()
        }
        keys[case.number] = key_of(case, panel, final)
    assert by_hand.ranks_of(keys) == {row["number"]: row["rank"] for row in ranking["figures"]["rows"]}
    assert {number: one["row"] for number, one in explained.items()} == {
        row["number"]: row for row in ranking["figures"]["rows"]
    }


def key_of(case: Case, panel: by_hand.Panel, final: Fraction) -> tuple[Fraction, ...]:
    """Return what puts a community in order, the lowest first: total, satisfaction, complaints, fees, group three."""
    complaints, households = case.complaints
    rate = Fraction((2_000_000 * complaints + households) // (2 * households), 1_000_000)
    form = case.company.get(case.path)["form"]["figures"]
    satisfaction, fees = (Fraction(form[name]) for name in ("satisfaction_rate", "fee_collection_rate"))
    return -by_hand.half_up(final), -satisfaction, rate, -fees, -by_hand.half_up(panel.group_three)


def export_gives_the_same_order(city: City, ranking: Any, folder: Path) -> None:
    """S-15: the table leaves the product, and a script that knows nothing of ours finds the same order from it."""
    answer = city.reviewer.client.post(f"campaigns/{city.campaign}/ranking/export/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    table = folder / "ranking.csv"
    table.write_bytes(answer.content)
    command = [sys.executable, str(ROOT / "docs" / "recompute_ranking.py"), str(table)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = ranking["figures"]["rows"]
    assert sorted(said.splitlines()) == sorted(
        f"{row['rank']} {row['number']} {row['scores']['final']['shown']}" for row in rows
    )


def ten_are_selected(city: City, ranking: Any) -> None:
    """S-15: a tie lies across the line and people decide it; ten, two on reserve, one not; approved by another."""
    first, second = sorted((city.cases[place] for place in TIED), key=lambda case: case.number)
    ranks = {row["number"]: row["rank"] for row in ranking["figures"]["rows"]}
    assert [ranks[case.number] for case in (first, second)] == [10, 10]
    draft = city.reviewer.post("selections/", {"campaign": city.campaign}, wanted=201)
    path = f"selections/{draft['id']}/"
    assert [(row["rank"], row["outcome"]) for row in draft["rows"]] == [
        *((rank, "shortlist") for rank in range(1, 10)),
        *((rank, "reserve") for rank in (10, 10, 12)),
        (13, "pass_over"),
    ]
    assert reasons_against(city, path, "propose") == ["fewer_reason_missing"]
    city.reviewer.ask("PATCH", path, json={"row": {"nomination": second.id, "outcome": "shortlist"}})
    assert reasons_against(city, path, "propose") == ["tie_undecided"]
    decided = city.reviewer.ask("PATCH", path, json={"tie_decision": "局长办公会研究，第二家党建基础更好。"})
    shares = {one["name"]: (one["places"], one["share"], one["above"]) for one in decided["concentrations"]}
    shortlisted = Counter(row["district"]["name"] for row in decided["rows"] if row["outcome"] == "shortlist")
    assert {name: shares[name] for name in shortlisted} == {
        name: (places, f"{places * 10}.00", places > 3) for name, places in shortlisted.items()
    }
    city.reviewer.move(path, "propose")
    told = {
        row["nomination"]: (row["to_state"], row["obstacles"]) for row in city.reviewer.get(f"{path}preview/")["rows"]
    }
    city.reviewer.move(path, "approve", comment="同意。", wanted=403)
    city.approver.move(path, "approve", comment="同意。")
    states = city.states()
    assert Counter(states.values()) == {"shortlisted": 10, "reserved": 2, "not_selected": 1}
    assert {case.id: (states[case.number], []) for case in city.cases} == told


def reasons_against(city: City, path: str, name: str) -> list[str]:
    """Return the codes of what keeps the city's reviewer from a move."""
    [verdict] = [row for row in city.reviewer.get(f"{path}transitions/") if row["name"] == name]
    return [reason["code"] for reason in verdict["refusals"]]


def districts_report(city: City) -> None:
    """S-14, S-18: publicity, good practice, a third party's findings, and three work reports accepted."""
    for login, (reviewer, approver) in city.bureaus.items():
        case = next(case for case in city.cases if case.district == login)
        entry = {"channel": "微信公众号", "title": "共建美好家园", "published_on": TODAY.isoformat()}
        reviewer.post("publicity/", {"campaign": city.campaign, **entry}, wanted=201)
        practice = {"title": "红色议事厅", "summary": "每月一次。", "tags": ["党建引领"], "nomination": case.id}
        reviewer.post("good-practices/", {"campaign": city.campaign, **practice}, wanted=201)
        assessment = {"organization": "示例评估机构", "method": "入户访谈", "sample": "120 户", "result": "满意。"}
        days = {"began_on": TODAY.isoformat(), "ended_on": TODAY.isoformat()}
        reviewer.post("third-party-assessments/", {"nomination": case.id, **assessment, **days}, wanted=201)
        [work] = city.of_campaign("work-reports/", reviewer)
        path = f"work-reports/{work['id']}/"
        sections = ("practice_and_results", "problems", "suggestions")
        reviewer.ask("PATCH", path, json=dict.fromkeys(sections, "组织有力，成效明显。"))
        approver.move(path, "submit")
        city.reviewer.move(path, "accept")
    counted = [len(city.of_campaign(path)) for path in ("publicity/", "good-practices/", "third-party-assessments/")]
    assert counted == [len(city.bureaus)] * 3


def report_goes_to_the_province(city: City) -> None:
    """S-16: letter, list in rank order, every dossier complete, signed by another, sealed, sent with the ten."""
    [report] = city.of_campaign("provincial-reports/")
    path = f"provincial-reports/{report['id']}/"
    letter = {"letter": "现将推荐名单报上，请审核。", "document_number": f"示城管〔{TODAY.year}〕13号"}
    written = city.reviewer.ask("PATCH", path, json=letter)
    assert [row["rank"] for row in written["listed"]] == [*range(1, 10), 10]
    completeness = city.reviewer.get(f"{path}completeness/")
    assert (completeness["complete"], len(completeness["dossiers"])) == (True, 10)
    city.reviewer.move(path, "approve", wanted=403)
    city.approver.move(path, "approve")
    city.reviewer.seal(f"{path}sealed-copy/", path)
    city.approver.move_at_last(path, "send")
    assert Counter(city.states().values()) == {"reported": 10, "reserved": 2, "not_selected": 1}


def titles_are_registered_and_one_is_revoked(city: City) -> None:
    """S-16, S-17: the province's answer for each of the ten, nine titles with their years, one taken back later."""
    states = city.states()
    *awarded, refused = [case for case in city.cases if states[case.number] == "reported"]
    city.reviewer.move(refused.path, "record_no_award", comment="省厅未命名。")
    for case in awarded:
        city.reviewer.move(
            case.path, "record_award", comment="省厅公布。", result_document=DOCUMENT, decided_on=TODAY.isoformat()
        )
    years = {(row["title_from"], row["title_until"][:4]) for row in city.of_campaign("titles/", standing="valid")}
    assert years == {(TODAY.isoformat(), str((TODAY - timedelta(days=1)).year + 3))}
    lost = awarded[0]
    city.reviewer.move(lost.path, "revoke", comment="弄虚作假。", result_document="示建函〔2026〕100号", wanted=403)
    city.approver.move(lost.path, "revoke", comment="弄虚作假。", result_document="示建函〔2026〕100号")
    assert Counter(row["standing"] for row in city.of_campaign("titles/")) == {"valid": 8, "revoked": 1}
    [own] = [row for row in lost.company.rows("titles/") if row["nomination"] == lost.id]
    assert (own["document"], own["revocation_document"]) == (DOCUMENT, "示建函〔2026〕100号")
    asked = httpx.get(f"{city.demo.address}/api/v1/titles/verification/", params={"number": lost.number}, timeout=30)
    assert "revoked" in [title["standing"] for title in asked.json()["titles"] if title["community"] == lost.community]


def relations_are_over(city: City, declaration: str) -> None:
    """S-09: what was declared is lifted with a reason, what the pool said is put right; what it ended stays ended."""
    city.reviewer.post(f"declarations/{declaration}/lift/", {"reason": "顾问合同已终止。"})
    city.reviewer.ask("PATCH", f"evaluators/{city.profile('civil')}/", json={"home": None})


def every_case_tells_its_story(city: City) -> None:
    """S-19: numbered histories without a gap that end where the case stands, and chains that verify."""
    states = city.states()
    for case in city.cases:
        events = city.reviewer.rows(f"{case.path}history/")
        moves = [event for event in events if event["from_state"] != event["to_state"]]
        assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
        assert [move["name"] for move in moves][:3] == ["submit", "recommend", "complete_evaluation"]
        assert [move["from_state"] for move in moves[1:]] == [move["to_state"] for move in moves[:-1]]
        assert moves[-1]["to_state"] == states[case.number]
    assert city.demo.manage("verify_events")
