"""From a draft to the report to the province, through the interface alone (rows S-02 to S-16).

Only two steps lie outside it: the committee answers at its link, and the files are inspected by a task.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from attachments import operations as attachments
from attachments.models import Attachment
from nominations.enums import Capacity
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations import confirmation
from tests.api.people import Answer, Program, program_of
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from workflow.verification import verify_all

pytestmark = pytest.mark.django_db


def photo() -> SimpleUploadedFile:
    return city_stages.photo()


def done(answer: Answer, status: int = 200) -> Any:
    """Return the body of an answer that had to succeed."""
    assert answer.status == status, answer.body
    return answer.body if answer.content else None


def inspect_all() -> None:
    for pk in Attachment.objects.filter(state="quarantined").values_list("pk", flat=True):
        attachments.inspect(attachment_id=pk, at=timezone.now())


def move(program: Program, path: str, name: str, **more: Any) -> Any:
    return done(program.post(f"{path}transitions/", {"name": name, **more}))


def seal(program: Program, path: str, digest: str) -> None:
    done(program.upload(path, {"file": photo(), "content_digest": digest}), 201)
    inspect_all()


class Way:
    """The people of one programme, each with a program, and the steps that they take."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.company = program_of(programme.company.admin)
        self.reviewer = program_of(programme.bureau.reviewer)
        self.approver = program_of(programme.bureau.approver)
        self.city = program_of(programme.city_reviewer)
        self.head = program_of(programme.city_approver)
        self.campaign = str(programme.campaign.pk)

    def nominate(self) -> str:
        """Enter a community, fill in the form, have it confirmed and sealed, and submit it."""
        facts = {"name": "示例堃园", "subdistrict": "示例街道", "neighborhood": "示例社区"}
        authority = str(self.programme.bureau.office.pk)
        community = done(self.company.post("communities/", {**facts, "authority": authority}), 201)
        begun = done(self.company.post("nominations/", {"campaign": self.campaign, "community": community["id"]}), 201)
        path = f"nominations/{begun['id']}/"
        filled = done(self.company.patch(path, {"form": stages.form()}))
        done(self.company.post(f"{path}confirmation/"), 201)
        invited = CommitteeConfirmation.objects.get()
        token, code = confirmation.token_of(invited), confirmation.code_of(invited)
        confirmation.answer(token=token, code=code, confirmed=True, at=timezone.now())
        scan = {"file": photo(), "purpose": "sealed_copy", "content_digest": filled["content_digest"]}
        done(self.company.upload(f"{path}attachments/", scan), 201)
        inspect_all()
        move(self.company, path, "submit")
        return path

    def review(self, path: str) -> None:
        """Take the case up, write the review and hand it to the approver, who recommends."""
        done(self.reviewer.post(f"{path}claim/"))
        opened = done(self.reviewer.put(f"{path}district-review/", {"opinion": "材料齐全，建议推荐。"}))
        judged = [
            {"number": check["number"], "verdict": "met", "note": "现场查看。"}
            for check in opened["requirements"]
            if check["verdict"] == "open"
        ]
        marks = [
            {"item": line["item"], "points": 9, "remark": "良好", "version": line["version"]}
            for line in opened["sheet"]["lines"]
        ]
        saved = done(self.reviewer.put(f"{path}district-review/", {"requirements": judged, "scores": marks}))
        assert saved["conflicts"] == []
        done(self.reviewer.post(f"{path}district-review/complete/"))
        overridden = {"override_reason": "市级数据尚未导入，现场核实。"} if not self._all_met(path) else {}
        move(self.approver, path, "recommend", comment="同意推荐。", data=overridden)

    def _all_met(self, path: str) -> bool:
        shown = done(self.approver.get(f"{path}district-review/"))
        return not shown["unmet"] and not shown["unproven"]

    def send_summary(self) -> None:
        """Rank, describe, prepare, approve, seal and send the district's table; the city receives it."""
        [summary] = done(self.reviewer.get("recommendation-summaries/"))["results"]
        path = f"recommendation-summaries/{summary['id']}/"
        [row] = done(self.reviewer.post(f"{path}rank/"))["rows"]
        done(self.reviewer.upload(f"{path}rows/{row['id']}/description/", {"file": photo()}), 201)
        inspect_all()
        edited = {"row": row["id"], "texts": {"fees_text": "收缴率 96.40%"}}
        done(self.reviewer.patch(path, edited))
        prepared = done(self.reviewer.post(f"{path}prepare/"))
        move(self.approver, path, "approve")
        seal(self.reviewer, f"{path}sealed-copy/", prepared["content_digest"])
        move(self.approver, path, "submit")
        move(self.city, path, "receive")

    def send_work_report(self) -> None:
        """Write the district's work report; another sends it, the city accepts it."""
        [report] = done(self.reviewer.get("work-reports/"))["results"]
        path = f"work-reports/{report['id']}/"
        sections = {"practice_and_results": "成效。", "problems": "问题。", "suggestions": "建议。"}
        done(self.reviewer.patch(path, sections))
        move(self.approver, path, "submit")
        move(self.city, path, "accept")

    def evaluate(self, path: str) -> None:
        """Visit the community, have three evaluators score it blind, and close the evaluation."""
        members = ["示例专家", "示例工作人员"]
        day = timezone.localdate().isoformat()
        visit = {"visited_on": day, "members": members, "findings": "整洁。", "photos": [photo(), photo()]}
        done(self.city.upload(f"{path}visits/", visit), 201)
        inspect_all()
        for capacity in ("expert", "expert", "department"):
            self._score(path, capacity)
        move(self.city, path, "complete_evaluation")

    def _score(self, path: str, capacity: str) -> None:
        person = city_stages.evaluator(self.programme, Capacity(capacity))
        program = program_of(person)
        done(self.city.post(f"{path}assignments/", {"evaluator": person.person_id, "capacity": capacity}), 201)
        [own] = done(program.get("assignments/"))["results"]
        done(program.post(f"assignments/{own['id']}/accept/"))
        sheet = done(program.post(f"assignments/{own['id']}/score-sheet/"))
        scores = [{"item": line["item"], "points": "8.5", "remark": "好"} for line in sheet["lines"]]
        done(program.put(f"score-sheets/{sheet['id']}/scores/", {"scores": scores}))
        handed_in = done(program.post(f"score-sheets/{sheet['id']}/hand-in/"))
        assert handed_in["total"] == "85.00"

    def select(self) -> None:
        """Freeze the ranking, propose and approve the selection."""
        ranking = done(self.city.post(f"campaigns/{self.campaign}/ranking/"), 201)
        assert [row["rank"] for row in ranking["figures"]["rows"]] == [1]
        selection = done(self.city.post("selections/", {"campaign": self.campaign}), 201)
        path = f"selections/{selection['id']}/"
        [row] = selection["rows"]
        change = {"row": {"nomination": row["nomination"], "outcome": "shortlist", "reason": "得分第一。"}}
        done(self.city.patch(path, change))
        listed = {move["name"]: move for move in done(self.city.get(f"{path}transitions/"))}
        fewer = {"fewer_reason": "仅一个小区参评。"} if "fewer_reason" in listed["propose"]["fields"] else {}
        move(self.city, path, "propose", data=fewer)
        move(self.head, path, "approve", comment="同意。")

    def report(self) -> None:
        """Write, sign, seal and send the report to the province."""
        [report] = done(self.city.get("provincial-reports/"))["results"]
        path = f"provincial-reports/{report['id']}/"
        written = done(self.city.patch(path, {"letter": "现将名单报上。", "document_number": "示城管〔2023〕1号"}))
        move(self.head, path, "approve")
        seal(self.city, f"{path}sealed-copy/", written["content_digest"])
        move(self.head, path, "send")


def test_nomination_travels_from_the_draft_to_the_province(programme: Programme) -> None:
    way = Way(programme)

    path = way.nominate()
    way.review(path)
    way.send_summary()
    way.send_work_report()
    way.evaluate(path)
    way.select()
    way.report()

    shown = done(way.company.get(path))
    names = [row["name"] for row in done(way.city.get(f"{path}history/?page_size=100"))["results"]]
    assert (shown["state"], shown["state_label"]) == ("reported", "Reported to the province")
    assert Nomination.objects.get().campaign.places_taken == 1
    assert [
        name for name in names if name in {"submit", "recommend", "complete_evaluation", "shortlist", "report"}
    ] == [
        "submit",
        "recommend",
        "complete_evaluation",
        "shortlist",
        "report",
    ]
    assert [flaw for _stream, flaw in verify_all() if flaw] == []


def test_company_reads_the_story_without_the_offices_inner_acts(programme: Programme) -> None:
    way = Way(programme)
    path = way.nominate()
    way.review(path)

    rows = {row["name"]: row for row in done(way.company.get(f"{path}history/?page_size=100"))["results"]}

    assert (rows["recommend"]["comment"], rows["recommend"]["by"]["person"]) == ("同意推荐。", None)
    assert (rows["complete_review"]["payload"], rows["complete_review"]["changes"]) == (None, None)
    assert done(way.company.get(path))["panel_score"] is None
    assert way.company.get(f"{path}district-review/").status == 403
