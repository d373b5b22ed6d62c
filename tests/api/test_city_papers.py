"""The city's papers through the interface: a selection and its preview, the dossiers, the register of titles."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from nominations.models import Campaign, Nomination, ProvincialReport, Selection
from nominations.operations import ranking, selection
from tests.api.people import Answer, Program, program_of
from tests.kept import rows_kept
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from tests.workflow.tampering import place
from workflow.models import Event

FAR = datetime(2090, 1, 1, tzinfo=UTC)
# Everything that the tests do in 2023 falls into these windows, and so does the moment of the request.
WIDE = dict.fromkeys(
    (
        "application_closes_at",
        "district_closes_at",
        "evaluation_closes_at",
        "work_report_closes_at",
        "report_closes_at",
    ),
    FAR,
)


def evaluated(points: tuple[str, ...] = ("9", "8.5", "8"), **campaign: Any) -> Programme:
    """Return a programme whose communities were evaluated with these points."""
    programme = stages.programme(**{"places": 2, "reserves": 1, **WIDE, **campaign})
    nominations = [city_stages.recommended(programme) for _ in points]
    city_stages.received(programme)
    for nomination, given in zip(nominations, points, strict=True):
        city_stages.assessed(programme, nomination, [Decimal(given)] * 3)
    return programme


def drafted(programme: Programme) -> Selection:
    """Return a selection as the machine drafts it from the ranking."""
    common = {"campaign_id": programme.campaign.pk, "actor": programme.city_reviewer, "at": EVALUATING_AT}
    ranking.freeze_ranking(**common)
    return selection.prepare_selection(**common)


def refusal_codes(answer: Answer) -> list[str]:
    """Return the codes of the reasons against a move, none for one that was made."""
    return answer.refusal_codes if answer.status == 422 else []


def ok(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.content.decode()
    return answer.body


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Programme]:
    with rows_kept(django_db_blocker):
        yield evaluated()


@pytest.fixture
def programme(db: None, kept: Programme) -> Programme:
    return deepcopy(kept)


@pytest.fixture
def reviewer(programme: Programme) -> Program:
    return program_of(programme.city_reviewer)


@pytest.fixture
def path(programme: Programme) -> str:
    return f"selections/{drafted(programme).pk}/"


def test_selection_shows_order_reserves_and_spread(reviewer: Program, path: str, programme: Programme) -> None:
    shown = ok(reviewer.get(path))

    assert [(row["rank"], row["outcome"], row["standing"]) for row in shown["rows"]] == [
        (1, "shortlist", "evaluated"),
        (2, "shortlist", "evaluated"),
        (3, "reserve", "evaluated"),
    ]
    assert [
        (one["kind"], one["name"], one["places"], one["share"], one["above"]) for one in shown["concentrations"]
    ] == [
        ("district", programme.bureau.office.name, 2, "100.00", False),
        ("company", programme.company.office.name, 2, "100.00", False),
    ]


def test_share_above_the_campaigns_is_named_and_informs(reviewer: Program, path: str) -> None:
    Campaign.objects.update(concentration_share=Decimal(50))

    shown = ok(reviewer.get(path))
    answer = reviewer.post(f"{path}transitions/", {"name": "propose"})

    assert [one["above"] for one in shown["concentrations"]] == [True, True]
    assert ok(answer)["to_state"] == "proposed"


def test_binding_share_is_exceeded_by_no_selection(reviewer: Program, path: str, programme: Programme) -> None:
    Campaign.objects.update(concentration_share=Decimal(50), concentration_binding=True)

    refused = reviewer.post(f"{path}transitions/", {"name": "propose"})

    assert (refused.status, refused.refusal_codes) == (422, ["concentration_exceeded"] * 2)
    named = {reason["params"]["name"] for reason in refused.body["refusals"]}
    assert named == {programme.bureau.office.name, programme.company.office.name}
    assert "100.00 %" in refused.body["refusals"][0]["message"]


def test_places_left_free_need_a_reason(reviewer: Program, path: str) -> None:
    second = ok(reviewer.get(path))["rows"][1]["nomination"]
    third = ok(reviewer.get(path))["rows"][2]["nomination"]
    ok(reviewer.patch(path, {"row": {"nomination": third, "outcome": "pass_over"}}))
    ok(reviewer.patch(path, {"row": {"nomination": second, "outcome": "reserve"}}))

    refused = reviewer.post(f"{path}transitions/", {"name": "propose"})
    changed = ok(reviewer.patch(path, {"fewer_reason": " 其余小区得分偏低。 "}))

    assert refused.refusal_codes == ["fewer_reason_missing"]
    assert changed["fewer_reason"] == "其余小区得分偏低。"
    assert ok(reviewer.post(f"{path}transitions/", {"name": "propose"}))["documents"].keys() == {"ranking", "selection"}


def test_more_reserves_than_the_campaign_has_are_refused(reviewer: Program, path: str) -> None:
    rows = ok(reviewer.get(path))["rows"]
    for row in rows[1:]:
        ok(reviewer.patch(path, {"row": {"nomination": row["nomination"], "outcome": "reserve"}}))
    ok(reviewer.patch(path, {"fewer_reason": "宁缺毋滥。"}))

    refused = reviewer.post(f"{path}transitions/", {"name": "propose"})

    assert refused.refusal_codes == ["reserves_exhausted"]


def test_row_and_reasons_change_together_or_not_at_all(reviewer: Program, path: str) -> None:
    shown = ok(reviewer.get(path))
    row = {"nomination": shown["rows"][2]["nomination"], "outcome": "pass_over", "reason": "名额已满。"}

    stale = reviewer.patch(path, {"row": row, "tie_decision": "x", "version": shown["version"] + 1})
    changed = ok(reviewer.patch(path, {"row": row, "tie_decision": "局务会研究。", "version": shown["version"]}))
    unreadable = reviewer.patch(path, {"row": row | {"outcome": "reserve"}, "fewer_reason": "x\u202ey"})

    assert (stale.status, unreadable.status) == (409, 400)
    assert (changed["rows"][2]["reason"], changed["tie_decision"]) == ("名额已满。", "局务会研究。")
    assert ok(reviewer.get(path))["rows"][2]["outcome"] == "pass_over"


def test_preview_says_where_each_goes_and_what_its_company_is_told(reviewer: Program, path: str) -> None:
    preview = ok(reviewer.get(f"{path}preview/"))

    assert [(row["from_state"], row["to_state"], row["obstacles"]) for row in preview["rows"]] == [
        ("evaluated", "shortlisted", []),
        ("evaluated", "shortlisted", []),
        ("evaluated", "reserved", []),
    ]
    assert (preview["places_taken"], preview["places_after"], preview["reserves_after"]) == (0, 2, 1)
    name = preview["rows"][0]["community"]["name"]
    assert preview["rows"][0]["told"]["title"] == f"Shortlisted: {name}"
    assert "2090" in preview["rows"][0]["told"]["then"]


def test_preview_speaks_the_readers_language(reviewer: Program, path: str) -> None:
    preview = ok(reviewer.get(f"{path}preview/", Accept_Language="zh-Hans"))

    assert preview["rows"][0]["to_label"] == "拟推荐"
    assert "拟推荐" in preview["rows"][0]["told"]["title"]


def test_preview_names_what_is_in_the_way(reviewer: Program, path: str) -> None:
    first, second, _third = Nomination.objects.order_by("pk")
    place(first, "disqualified")
    Nomination.objects.filter(pk=second.pk).update(veto={"kind": "x", "authority": "y", "document": "z"})

    rows = ok(reviewer.get(f"{path}preview/"))["rows"]
    refreshed = ok(reviewer.post(f"{path}refresh/"))

    assert [[one["code"] for one in row["obstacles"]] for row in rows] == [["wrong_state"], ["veto_recorded"], []]
    assert [row["rank"] for row in refreshed["rows"]] == [2, 3]


def test_preview_costs_the_same_for_one_community_and_three(programme: Programme, reviewer: Program, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            ok(reviewer.get(f"{path}preview/"))
        return len(queries)

    many = cost()
    Selection.objects.get().rows.exclude(rank=1).delete()

    assert cost() == many


def test_place_that_falls_free_is_drafted_for_the_reserve(reviewer: Program, path: str, programme: Programme) -> None:
    head = program_of(programme.city_approver)
    ok(reviewer.post(f"{path}transitions/", {"name": "propose"}))
    ok(head.post(f"{path}transitions/", {"name": "approve", "comment": "同意。"}))
    first = Nomination.objects.order_by("pk")[0]
    removal = {"name": "remove_from_shortlist", "comment": "核实有误。"}
    ok(head.post(f"nominations/{first.pk}/transitions/", removal))

    further = ok(reviewer.post("selections/", {"campaign": str(programme.campaign.pk)}), 201)

    assert [(row["rank"], row["standing"], row["outcome"]) for row in further["rows"]] == [
        (1, "removed", "pass_over"),
        (3, "reserved", "shortlist"),
    ]
    path = f"selections/{further['id']}/"
    ok(reviewer.post(f"{path}transitions/", {"name": "propose"}))
    ok(head.post(f"{path}transitions/", {"name": "approve", "comment": "同意递补。"}))
    states = Nomination.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["not_selected", "shortlisted", "shortlisted"]


def test_reserve_that_stays_is_left_where_it_is(programme: Programme, reviewer: Program, path: str) -> None:
    head = program_of(programme.city_approver)
    third = Nomination.objects.order_by("pk")[2]
    place(third, "reserved")
    ok(reviewer.post(f"{path}refresh/"))
    told = ok(reviewer.get(f"{path}preview/"))["rows"][2]
    row = {"nomination": str(third.pk), "outcome": "reserve"}
    ok(reviewer.patch(path, {"row": row}))

    ok(reviewer.post(f"{path}transitions/", {"name": "propose"}))
    ok(head.post(f"{path}transitions/", {"name": "approve", "comment": "同意。"}))

    assert (told["from_state"], told["to_state"], told["told"]) == ("reserved", "reserved", None)
    assert Nomination.objects.get(pk=third.pk).state == "reserved"
    assert not Event.objects.filter(subject_id=third.pk, name="reserve").exists()


def shortlisted(programme: Programme) -> ProvincialReport:
    """Return the report of a programme two of whose communities have been shortlisted."""
    found = drafted(programme)
    place(found, "approved", approved_at=EVALUATING_AT)
    for nomination in Nomination.objects.order_by("pk")[:2]:
        place(nomination, "shortlisted")
    Campaign.objects.update(places_taken=2)
    return ProvincialReport.objects.get(campaign=programme.campaign)


def test_completeness_names_each_piece_and_where_it_is_mended(programme: Programme, reviewer: Program) -> None:
    report = shortlisted(programme)
    first = Nomination.objects.order_by("pk")[0]
    Nomination.objects.filter(pk=first.pk).update(confirmed_digest="")
    place(programme.bureau.work_report, "submitted")

    shown = ok(reviewer.get(f"provincial-reports/{report.pk}/completeness/"))

    work_report = f"work-reports/{programme.bureau.work_report.pk}/"
    missing = [
        [(piece["name"], piece["fix"]) for piece in row["pieces"] if not piece["there"]] for row in shown["dossiers"]
    ]
    assert missing == [
        [("form", f"nominations/{first.pk}/confirmation/"), ("work_report", work_report)],
        [("work_report", work_report)],
    ]
    assert [piece["name"] for piece in shown["dossiers"][0]["pieces"]] == [
        "form", "sealed_copy", "review", "description", "visit", "sheets", "summary", "work_report",
    ]  # fmt: skip
    standing = {one["district"]["name"]: (one["communities"], one["holds_up"]) for one in shown["districts"]}
    assert standing == {
        programme.bureaus[0].office.name: (2, True),
        programme.bureaus[1].office.name: (0, False),
    }
    assert shown["complete"] is False


def test_whole_dossiers_are_complete_and_cost_the_same_however_many(programme: Programme, reviewer: Program) -> None:
    report = shortlisted(programme)
    place(programme.bureau.work_report, "accepted")
    address = f"provincial-reports/{report.pk}/completeness/"

    def cost() -> tuple[bool, int]:
        with CaptureQueriesContext(connection) as queries:
            shown = ok(reviewer.get(address))
        return shown["complete"], len(queries)

    two = cost()
    place(Nomination.objects.order_by("pk")[2], "shortlisted")

    assert two[0] is True
    assert cost() == two


def test_report_lists_in_rank_order_and_is_prepared_again_when_the_list_changes(
    programme: Programme, reviewer: Program
) -> None:
    report = shortlisted(programme)
    place(programme.bureau.work_report, "accepted")
    path = f"provincial-reports/{report.pk}/"
    letter = {"letter": "现将名单报上。", "document_number": "示城管〔2023〕12号"}
    written = ok(reviewer.patch(path, letter))
    place(Nomination.objects.order_by("pk")[1], "evaluated")

    head = program_of(programme.city_approver)
    outdated = head.post(f"{path}transitions/", {"name": "approve"})
    again = ok(reviewer.patch(path, letter))

    assert [(row["rank"], row["total"]) for row in written["listed"]] == [(1, "90.00"), (2, "85.00")]
    assert outdated.refusal_codes == ["list_outdated"]
    assert [row["rank"] for row in again["listed"]] == [1]
    assert again["content_digest"] != written["content_digest"]
    assert ok(head.post(f"{path}transitions/", {"name": "approve"}))["to_state"] == "approved"


def test_number_of_the_letter_is_a_proper_one(programme: Programme, reviewer: Program) -> None:
    path = f"provincial-reports/{ProvincialReport.objects.get(campaign=programme.campaign).pk}/"

    refused = reviewer.patch(path, {"letter": "x", "document_number": "示城管[2023]012号"})

    assert (refused.status, refused.error_codes) == (400, {"document_number": "not_a_document_number"})
    assert "示城管〔2023〕12号" in refused.body["errors"][0]["detail"]
    assert ok(reviewer.patch(path, {"letter": "", "document_number": ""}))["listed"] == []


def test_work_report_with_files_and_remarks(programme: Programme) -> None:
    bureau, city = program_of(programme.bureau.reviewer), program_of(programme.city_reviewer)
    path = f"work-reports/{programme.bureau.work_report.pk}/"
    file = ok(bureau.upload(f"{path}attachments/", {"file": city_stages.photo(), "purpose": "case"}), 201)

    listed = ok(bureau.get(f"{path}attachments/"))["results"]
    unknown = bureau.upload(f"{path}attachments/", {"file": city_stages.photo(), "purpose": "seal"})
    removed = bureau.delete(f"{path}attachments/{file['id']}/")

    assert [one["id"] for one in listed] == [file["id"]]
    assert (unknown.status, unknown.error_codes) == (400, {"purpose": "invalid_choice"})
    assert (removed.status, ok(bureau.get(f"{path}attachments/"))["results"]) == (204, [])
    place(programme.bureau.work_report, "submitted")
    remarks = {"remarks": {"problems": "请写明数据来源。"}}
    [returning] = [row for row in ok(city.get(f"{path}transitions/")) if row["name"] == "return"]
    ok(city.post(f"{path}transitions/", {"name": "return", "comment": "请补充。", "data": remarks}))
    assert returning["fields"] == ["remarks"]
    assert ok(bureau.get(path))["remarks"] == {"problems": "请写明数据来源。"}


def test_register_of_titles_is_filtered_by_standing_and_verified_by_anybody(
    programme: Programme, reviewer: Program
) -> None:
    Campaign.objects.update(title_years=3)
    cases = [place(one, "reported") for one in Nomination.objects.order_by("pk")]
    award = {"name": "record_award", "comment": "省厅公布。"}
    for case, until in zip(cases, ("2024-12-31", "2089-12-31", None), strict=True):
        data = {"result_document": "建房函〔2023〕900号", "decided_on": "2023-12-20"}
        data |= {"valid_until": until} if until else {}
        ok(reviewer.post(f"nominations/{case.pk}/transitions/", award | {"data": data}))

    standings = {
        name: len(ok(reviewer.get(f"titles/?standing={name}"))["results"]) for name in ("valid", "expired", "revoked")
    }
    [public] = ok(Program().get(f"titles/verification/?number={cases[0].number}"))["titles"]

    assert sum(standings.values()) == 3
    assert standings["revoked"] == 0
    assert (public["standing"], public["document"]) == ("expired", "建房函〔2023〕900号")
    assert ok(Program().get("titles/verification/?number=%00"))["titles"] == []
    assert reviewer.get("titles/?standing=gone").status == 400
