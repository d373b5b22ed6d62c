"""S-09: the evaluator's sheet through the interface: autosave, what was written offline, photos, hand-in, unlocking."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import Role
from attachments import operations as attachments
from attachments.models import Attachment
from evaluation.models import ItemScore, ScoreSheet
from nominations.enums import Capacity
from nominations.models import Assignment, Nomination
from nominations.operations import assignment
from nominations.rules.history import OF_PANELS
from tests.api.people import Program, program_of
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()  # in the year of the notice: nothing about a sheet hangs on a window


@pytest.fixture
def case(programme: Programme) -> Nomination:
    return city_stages.recommended(programme)


class Desk:
    """An evaluator with an open sheet."""

    def __init__(self, programme: Programme, case: Nomination, capacity: Capacity = Capacity.EXPERT) -> None:
        self.person: Actor = city_stages.evaluator(programme, capacity)
        self.program: Program = program_of(self.person)
        self.assignment = assignment.assign_evaluator(
            nomination_id=case.pk,
            evaluator_id=self.person.person_id,
            actor=programme.city_reviewer,
            at=timezone.now(),
        )
        assignment.accept_assignment(assignment_id=self.assignment.pk, actor=self.person, at=timezone.now())
        opened = self.program.post(f"assignments/{self.assignment.pk}/score-sheet/").body
        self.sheet, self.lines = opened["id"], opened["lines"]
        self.path = f"score-sheets/{self.sheet}/"

    def change(self, name: str, line: int = 0, **more: Any) -> dict[str, Any]:
        return {"change": name, "item": self.lines[line]["item"], **more}

    def sync(self, *changes: dict[str, Any]) -> Any:
        return self.program.post(f"{self.path}sync/", {"changes": list(changes)})

    def hand_in(self, points: str = "9") -> Any:
        """Give every item the same points and hand in."""
        marks = [self.change(f"all-{line}", line, points=points) for line in range(25)]
        assert {row["outcome"] for row in self.sync(*marks).body["results"]} == {"saved"}
        return self.program.post(f"{self.path}hand-in/")


@pytest.fixture
def desk(programme: Programme, case: Nomination) -> Desk:
    return Desk(programme, case)


def inspect_all() -> None:
    for pk in Attachment.objects.filter(state="quarantined").values_list("pk", flat=True):
        attachments.inspect(attachment_id=pk, at=timezone.now())


def test_open_sheet_says_all_that_a_device_needs_offline(desk: Desk) -> None:
    shown = desk.program.get(desk.path).body

    assert (shown["state"], shown["total"], shown["digest"]) == ("open", None, "")
    assert [(group["number"], group["weight"], group["score"]) for group in shown["groups"]] == [
        ("一", "20.00", None),
        ("二", "20.00", None),
        ("三", "40.00", None),
        ("四", "20.00", None),
    ]
    assert {line["explained_below"] for line in shown["lines"]} == {"6.0"}
    assert {line["evidence_required"] for line in shown["lines"]} == {False}
    assert shown["standard"]["code"] == "annex_two"


def test_delivery_answers_change_by_change(desk: Desk) -> None:
    desk.sync(desk.change("a", points="8"))

    answer = desk.sync(
        desk.change("a", points="8"),
        desk.change("b", points="6.5"),
        desk.change("c", 1, points="7.25"),
        desk.change("d", 2, points="9.5"),
        desk.change("e", 2, points="9", after="d"),
    )

    told = [(row["change"], row["outcome"], row["version"], row["repeated"]) for row in answer.body["results"]]
    assert answer.status == 200
    assert told == [
        ("a", "saved", 1, True),
        ("b", "conflict", 0, False),
        ("c", "refused", 0, False),
        ("d", "saved", 1, False),
        ("e", "saved", 2, False),
    ]
    assert answer.body["results"][1]["stored"] == {
        "points": "8.0",
        "not_applicable": False,
        "reason": "",
        "remark": "",
        "photo": None,
        "version": 1,
        "saved_at": answer.body["results"][0]["stored"]["saved_at"],
    }
    assert answer.body["results"][2]["refusals"][0]["code"] == "points_out_of_range"
    assert answer.body["results"][2]["refusals"][0]["fix"] == f"items/{desk.lines[1]['item']}"
    assert [line["points"] for line in answer.body["sheet"]["lines"][:3]] == ["8.0", None, "9.0"]


def test_empty_delivery_fetches_the_sheet(desk: Desk) -> None:
    answer = desk.sync()

    assert (answer.status, answer.body["results"], answer.body["sheet"]["id"]) == (200, [], desk.sheet)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"change": ""}, "change"),
        ({"change": "字"}, "change"),
        ({"change": "x" * 65}, "change"),
        ({"item": "x"}, "item"),
        ({"points": "viel"}, "points"),
        ({"points": "NaN"}, "points"),
        ({"version": -1}, "version"),
        ({"photo": "x"}, "photo"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_malformed_delivery_is_refused_as_a_whole(desk: Desk, change: dict[str, Any], named: str) -> None:
    answer = desk.sync(desk.change("good", 1, points="8"), desk.change("a", points="8") | change)

    assert answer.status == 400
    assert set(answer.error_codes) == {f"changes.1.{named}"}
    assert not ItemScore.objects.exists()


def test_sheet_handed_in_refuses_changes_one_by_one(desk: Desk) -> None:
    desk.hand_in()

    answer = desk.sync(desk.change("all-0", points="9"), desk.change("late", points="1"))

    results = [(row["outcome"], [one["code"] for one in row["refusals"]]) for row in answer.body["results"]]
    assert (answer.status, answer.body["sheet"]["state"]) == (200, "handed_in")
    assert results == [("saved", []), ("closed", ["sheet_handed_in"])]


def test_sheet_whose_evaluation_is_closed_refuses_changes_one_by_one(desk: Desk, case: Nomination) -> None:
    stages.moved(case, "withdraw", _admin(case), at=timezone.now(), comment="不再参加。")

    answer = desk.sync(desk.change("a", points="8"))
    saved = desk.program.put(f"{desk.path}scores/", {"scores": [{"item": desk.lines[0]["item"], "points": "8"}]})

    [row] = answer.body["results"]
    assert (row["outcome"], row["refusals"][0]["code"]) == ("closed", "not_editable")
    assert (saved.status, saved.body["code"]) == (409, "not_editable")
    assert not ItemScore.objects.exists()


def _admin(case: Nomination) -> Actor:
    membership = case.company.memberships.select_related("user", "organization").get(role="company_admin")
    return stages.factories.as_actor(membership)


def test_photo_comes_first_and_the_mark_names_it(desk: Desk) -> None:
    photo = desk.program.upload(f"{desk.path}photos/", {"file": city_stages.photo(), "label": "一-1"})

    mark = {"points": "4", "remark": "垃圾未清运。", "photo": photo.body["id"]}
    answer = desk.sync(desk.change("a", **mark))

    assert (photo.status, photo.body["purpose"], photo.body["state"]) == (201, "photo", "quarantined")
    assert answer.body["results"][0]["stored"]["photo"] == photo.body["id"]


def test_photo_sent_again_is_the_one_that_is_there(desk: Desk) -> None:
    first, second = (desk.program.upload(f"{desk.path}photos/", {"file": city_stages.photo()}) for _ in range(2))

    assert (first.status, second.status) == (201, 200)
    assert first.body["id"] == second.body["id"]
    assert [row["id"] for row in desk.program.get(f"{desk.path}photos/").body] == [first.body["id"]]


def test_photo_of_another_sheet_cannot_be_named(programme: Programme, case: Nomination, desk: Desk) -> None:
    other = Desk(programme, case)
    photo = other.program.upload(f"{other.path}photos/", {"file": city_stages.photo()}).body["id"]
    mark = {"points": "4", "remark": "差", "photo": photo}

    synced = desk.sync(desk.change("a", **mark))
    saved = desk.program.put(f"{desk.path}scores/", {"scores": [{"item": desk.lines[0]["item"], **mark}]})

    assert synced.body["results"][0]["refusals"][0]["code"] == "photo_unknown"
    assert (saved.status, saved.error_codes) == (400, {f"items/{desk.lines[0]['item']}": "photo_unknown"})


def test_only_a_picture_is_a_photo(desk: Desk) -> None:
    paper = SimpleUploadedFile("notes.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")

    answer = desk.program.upload(f"{desk.path}photos/", {"file": paper})

    assert answer.status == 400
    assert not Attachment.objects.filter(subject_kind="score_sheet").exists()


def test_hand_in_waits_for_the_check_of_the_photos(desk: Desk) -> None:
    photo = desk.program.upload(f"{desk.path}photos/", {"file": city_stages.photo()}).body["id"]
    desk.sync(
        desk.change("low", points="4", remark="差", photo=photo),
        *(desk.change(f"c{line}", line, points="9") for line in range(1, 25)),
    )
    waiting = desk.program.post(f"{desk.path}hand-in/")
    inspect_all()

    handed = desk.program.post(f"{desk.path}hand-in/")

    assert (waiting.status, waiting.refusal_codes) == (422, ["photo_not_clean"])
    assert (handed.status, handed.body["state"], len(handed.body["digest"])) == (200, "handed_in", 64)
    assert desk.program.get(f"{desk.path}photos/{photo}/content/").status == 200


def test_hand_in_stands_in_the_communitys_chain_once(desk: Desk, case: Nomination) -> None:
    handed, again = desk.hand_in(), desk.program.post(f"{desk.path}hand-in/")

    [event] = Event.objects.filter(subject_id=case.pk, name="hand_in_sheet")
    assert (handed.status, again.status) == (200, 200)
    assert event.documents == {"score_sheet": handed.body["digest"]}
    assert event.payload == {"sheet": desk.sheet, "version": 1}


def test_evaluator_reads_nobody_elses_sheet_before_and_after(programme: Programme, case: Nomination) -> None:
    first, second = Desk(programme, case), Desk(programme, case)
    before = first.program.get(second.path).status
    first.hand_in()
    second.hand_in()

    after = [first.program.get(second.path + part).status for part in ("", "versions/", "photos/")] + [
        first.program.post(second.path + part, {}).status for part in ("sync/", "hand-in/", "unlock/")
    ]

    assert (before, after) == (404, [404] * 6)


@pytest.mark.parametrize("who", ["city_reviewer", "city_approver", "auditor", "province_viewer"])
def test_city_reads_no_sheet_before_the_whole_panel_has_handed_in(
    programme: Programme, case: Nomination, who: str
) -> None:
    first, second = Desk(programme, case), Desk(programme, case)
    reader = program_of(getattr(programme, who))
    first.hand_in()
    before = [reader.get(first.path + part).status for part in ("", "versions/", "photos/")]
    second.hand_in("8")

    after = [reader.get(desk.path).body["total"] for desk in (first, second)]

    assert (before, after) == ([404] * 3, ["90.00", "80.00"])


def test_assigning_one_more_closes_the_panel_again(programme: Programme, case: Nomination, desk: Desk) -> None:
    city = program_of(programme.city_reviewer)
    desk.hand_in()
    before = city.get(desk.path).status

    Desk(programme, case)

    assert (before, city.get(desk.path).status) == (200, 404)


@pytest.mark.parametrize("who", ["bureau.reviewer", "bureau.approver", "company.admin"])
def test_district_and_company_never_see_a_sheet(programme: Programme, desk: Desk, who: str) -> None:
    desk.hand_in()
    office, name = who.split(".")
    reader = program_of(getattr(getattr(programme, office), name))

    assert [reader.get(desk.path + part).status for part in ("", "versions/", "photos/")] == [404] * 3


def test_history_shows_no_figure_of_a_panel_to_others(programme: Programme, case: Nomination, desk: Desk) -> None:
    desk.hand_in("7.5")

    for actor in (programme.bureau.reviewer, programme.company.admin, programme.city_reviewer, desk.person):
        content = program_of(actor).get(f"nominations/{case.pk}/history/").content.decode()
        assert "75.00" not in content


def test_approver_unlocks_a_sheet_for_a_reason(programme: Programme, case: Nomination, desk: Desk) -> None:
    handed = desk.hand_in().body
    approver = program_of(programme.city_approver)

    opened = approver.post(f"{desk.path}unlock/", {"reason": "现场照片与评分不符，请复核。"})

    fresh = f"score-sheets/{opened.body['id']}/"
    old, new = desk.program.get(desk.path).body, desk.program.get(fresh).body
    assert (opened.status, opened.body["version"], opened.body["state"]) == (201, 2, "open")
    assert (old["total"], old["digest"], old["is_intact"]) == ("90.00", handed["digest"], True)
    assert ([line["points"] for line in new["lines"]], new["total"]) == (["9.0"] * 25, None)
    assert Assignment.objects.get().sheet_id == ScoreSheet.objects.get(version=2).pk
    event = Event.objects.get(subject_id=case.pk, name="unlock_sheet")
    assert (event.comment, event.documents) == ("现场照片与评分不符，请复核。", {"score_sheet": handed["digest"]})


def test_versions_of_a_sheet_are_told_with_reason_and_person(programme: Programme, desk: Desk) -> None:
    desk.hand_in()
    opened = program_of(programme.city_approver).post(f"{desk.path}unlock/", {"reason": "复核"}).body["id"]
    desk.program.post(f"score-sheets/{opened}/hand-in/")

    listed = program_of(programme.auditor).get(f"{desk.path}versions/").body

    assert [(row["version"], row["state"], row["reopened_reason"]) for row in listed] == [
        (1, "handed_in", ""),
        (2, "handed_in", "复核"),
    ]
    assert [row["reopened_by"] and row["reopened_by"]["name"] for row in listed] == [None, programme.city_approver.name]


def test_photos_go_along_with_an_unlocked_sheet(programme: Programme, desk: Desk) -> None:
    photo = desk.program.upload(f"{desk.path}photos/", {"file": city_stages.photo()}).body["id"]
    inspect_all()
    desk.sync(desk.change("low", points="4", remark="差", photo=photo))
    for line in range(1, 25):
        desk.sync(desk.change(f"c{line}", line, points="9"))
    desk.program.post(f"{desk.path}hand-in/")
    opened = program_of(programme.city_approver).post(f"{desk.path}unlock/", {"reason": "复核"}).body["id"]

    again = desk.program.post(f"score-sheets/{opened}/hand-in/")

    assert (again.status, again.body["version"], again.body["lines"][0]["photo"]) == (200, 2, photo)
    assert desk.program.get(f"score-sheets/{opened}/photos/{photo}/content/").status == 200


def test_unlocking_is_the_approvers_alone_and_needs_a_reason(programme: Programme, desk: Desk) -> None:
    desk.hand_in()
    reason = {"reason": "复核"}
    approver, reviewer = program_of(programme.city_approver), program_of(programme.city_reviewer)

    assert reviewer.post(f"{desk.path}unlock/", reason).status == 403
    assert desk.program.post(f"{desk.path}unlock/", reason).status == 403
    assert approver.post(f"{desk.path}unlock/", {}).error_codes == {"reason": "required"}
    assert approver.post(f"{desk.path}unlock/", {"reason": "  "}).status == 400
    assert approver.post(f"{desk.path}unlock/", reason).status == 201
    assert approver.post(f"{desk.path}unlock/", reason).body["code"] == "sheet_superseded"


def test_sheet_being_filled_in_is_not_unlocked(programme: Programme, desk: Desk) -> None:
    answer = program_of(programme.city_approver).post(f"{desk.path}unlock/", {"reason": "复核"})

    assert (answer.status, answer.body["code"]) == (409, "sheet_not_handed_in")


def test_evaluators_of_one_office_do_not_read_who_else_scores(programme: Programme, case: Nomination) -> None:
    """Decision 11: all experts of the pool share an office; each knows but the own part."""
    desks = [Desk(programme, case), Desk(programme, case)]
    for desk in desks:
        desk.hand_in()

    for desk in desks:
        rows = desk.program.get(f"nominations/{case.pk}/history/").body["results"]
        people = [row["by"]["person"] for row in rows if row["by"]["role"] == Role.EVALUATOR]
        assert (set(people), people.count(desk.person.name)) == ({None, desk.person.name}, len(people) // 2)


def test_outsiders_read_neither_who_scores_nor_for_whom_they_work(programme: Programme, case: Nomination) -> None:
    desk = Desk(programme, case)
    desk.hand_in()
    path = f"nominations/{case.pk}/history/"

    def told(actor: Any) -> list[dict[str, Any]]:
        rows = program_of(actor).get(path).body["results"]
        return [row for row in rows if row["name"] in OF_PANELS]

    outside = [row for actor in (programme.company.admin, programme.bureau.reviewer) for row in told(actor)]
    inside = told(programme.city_reviewer)

    assert {row["by"]["organization"] for row in outside} == {str(Role(row["by"]["role"]).label) for row in outside}
    assert {(row["comment"], row["payload"], row["changes"]) for row in outside} == {("", None, None)}
    assert all(row["payload"] is not None for row in inside)
    assert len(outside) == 2 * len(inside) > 0
