"""The table of who is told, compared with the list of the contract (``flow.md``, "Who is told"), copied by hand."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from notifications.audiences import ABOVE, HOLDERS, ROLES, TABLE
from notifications.enums import Audience, Category
from notifications.words import TASKS, WORDS
from workflow.declaration import all_flows

# (flow, name): who is told besides the actor, in the words of the contract.
CONTRACT: dict[tuple[str, str], set[str]] = {
    ("nomination", "submit"): {"company", "district_reviewers"},
    ("nomination", "return_for_correction"): {"company"},
    ("nomination", "recommend"): {"company", "case_reviewer", "city_reviewers"},
    ("nomination", "decline"): {"company", "case_reviewer"},
    ("nomination", "rescind_recommendation"): {"company", "case_reviewer"},
    ("nomination", "reconsider"): {"company", "case_reviewer"},
    ("recommendation_summary", "submit"): {"city_reviewers"},
    ("recommendation_summary", "receive"): {"district_pair"},
    ("recommendation_summary", "return"): {"district_pair"},
    ("nomination", "assign_evaluator"): {"evaluator", "city_reviewers"},
    ("nomination", "decline_assignment"): {"city_reviewers"},
    ("nomination", "release_evaluator"): {"evaluator", "city_reviewers"},
    ("nomination", "declare_conflict"): {"city_reviewers"},
    ("nomination", "find_conflict"): {"evaluator", "city_reviewers"},
    ("nomination", "complete_evaluation"): {"district_pair"},
    ("nomination", "reopen_evaluation"): {"district_pair"},
    ("nomination", "shortlist"): {"company"},
    ("nomination", "reserve"): {"company"},
    ("nomination", "pass_over"): {"company"},
    ("selection", "approve"): {"districts_concerned", "city_pair"},
    ("nomination", "report"): {"company"},
    ("provincial_report", "send"): {"districts_concerned"},
    ("nomination", "record_award"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "record_no_award"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "revoke"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "disqualify"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "withdraw"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "lapse"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "reopen"): {"company", "district_pair", "city_reviewers"},
}
# Moves and acts on which the contract is silent; whose turn it is next is told all the same.
BESIDES: dict[tuple[str, str], set[str]] = {
    ("nomination", "recall"): {"company", "district_reviewers"},
    ("nomination", "return_to_district"): {"company", "district_pair"},
    ("nomination", "reopen_evaluation"): {"city_reviewers"},
    ("nomination", "remove_from_shortlist"): {"company", "district_pair", "city_reviewers"},
    ("nomination", "hand_in_sheet"): {"city_reviewers"},
    ("nomination", "unlock_sheet"): {"evaluator", "city_reviewers"},
    ("recommendation_summary", "approve"): {"district_pair"},
    ("recommendation_summary", "amend"): {"district_pair"},
    ("work_report", "submit"): {"city_reviewers"},
    ("work_report", "accept"): {"district_pair"},
    ("work_report", "return"): {"district_pair"},
    ("selection", "propose"): {"city_approvers"},
    ("selection", "reject"): {"city_reviewers"},
    ("provincial_report", "approve"): {"city_pair"},
    ("provincial_report", "amend"): {"city_reviewers"},
    ("provincial_report", "send"): {"city_pair"},
    ("nomination", "invite_committee"): {"company"},
    ("nomination", "confirm_substitute"): {"company"},
    ("nomination", "committee_confirmed"): {"company"},
    ("nomination", "committee_refused"): {"company"},
    ("nomination", "claim"): {"company", "district_reviewers"},
    ("nomination", "release"): {"district_reviewers"},
    ("nomination", "hand_over"): {"case_reviewer"},
    ("nomination", "complete_review"): {"district_approvers"},
    ("nomination", "reopen_review"): {"case_reviewer"},
    ("nomination", "accept_assignment"): {"city_reviewers"},
    ("nomination", "plan_visit"): {"evaluator", "city_reviewers"},
    ("nomination", "move_visit"): {"evaluator", "city_reviewers"},
    ("nomination", "cancel_visit"): {"evaluator", "city_reviewers"},
    ("nomination", "find_veto"): {"city_pair"},
    ("nomination", "record_veto"): {"city_approvers"},
    ("nomination", "grant_extension"): {"company", "district_pair", "city_reviewers"},
    ("recommendation_summary", "grant_extension"): {"district_pair", "city_reviewers"},
    ("work_report", "grant_extension"): {"district_pair", "city_reviewers"},
    ("provincial_report", "grant_extension"): {"city_pair"},
}
# What the legal minimum is: mails of these cannot be switched off.
LEGAL = {
    ("nomination", "return_for_correction"),
    ("nomination", "decline"),
    ("nomination", "disqualify"),
    ("nomination", "revoke"),
    ("nomination", "lapse"),
    ("recommendation_summary", "return"),
    ("work_report", "return"),
}
# Acts that change nothing for anybody else.
UNTOLD = {
    "start", "seal", "prepare", "record_visit", "resolve_discrepancy", "refine_standard", "detach", "dismiss_finding",
    "decide_order", "refresh", "record_third_party", "correct_third_party", "remove_third_party", "attach_third_party",
    "detach_third_party", "enter_honor", "correct_honor", "remove_honor",
}  # fmt: skip


def test_table_tells_exactly_whom_the_contract_names() -> None:
    expected = {key: CONTRACT.get(key, set()) | BESIDES.get(key, set()) for key in {*CONTRACT, *BESIDES}}

    told = {key: {str(row.audience) for row in rows} for key, rows in TABLE.items()}

    assert told == expected


def test_table_has_a_row_for_every_move() -> None:
    moves = {(spec.flow, spec.name) for flow in all_flows() for spec in flow}

    assert moves - set(TABLE) == set()


def test_legal_minimum_is_what_touches_rights() -> None:
    legal = {key for key, rows in TABLE.items() if any(row.category == Category.LEGAL for row in rows)}

    assert legal == LEGAL


def test_audiences_stand_for_roles() -> None:
    assert set(ROLES) == set(Audience) - {Audience.ACTOR}


def test_every_audience_of_every_event_has_its_own_words() -> None:
    told = {(f"{flow}.{name}", row.audience) for (flow, name), rows in TABLE.items() for row in rows}
    receipts = {
        (f"{flow}.{name}", Audience.ACTOR)
        for flow, name in TABLE
        if name not in {"lapse", "committee_confirmed", "committee_refused", "find_conflict"}
    }

    assert set(WORDS) == told | receipts


def test_no_two_events_share_their_words() -> None:
    said = [(str(words.title), str(words.body)) for words in WORDS.values()]

    assert len(said) == len(set(said))


def test_every_deadline_has_holders_and_words() -> None:
    assert set(TASKS) == set(HOLDERS)


def test_overdue_work_is_told_one_office_higher() -> None:
    holders = {holder for states in HOLDERS.values() for holder in states.values()}

    assert {holder for holder in holders if holder not in ABOVE} == {Audience.COMPANY, Audience.CITY_APPROVERS}


@pytest.mark.parametrize("path", sorted((settings.ROOT / "nominations" / "operations").rglob("*.py")), ids=str)
def test_every_act_of_the_domain_is_told_or_known_to_concern_nobody(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    recorded = {
        call.args[1].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "record"
        and isinstance(call.args[1], ast.Constant)
    }

    assert recorded - UNTOLD - {name for _flow, name in TABLE} == set()
