"""A whole season over HTTP against the running demo: from a company's first draft to the report to the province.

Nothing is stubbed: web, worker, beat, PostgreSQL, Valkey and the mail sink are processes of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.e2e.desk import Desk, Inbox, code_of, confirm_for_committee, eventually, text_of
from tests.e2e.form import filled_in
from tests.running_demo import Demo

pytestmark = pytest.mark.e2e
CODE = "rehearsal"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
COMPANY, EDITOR = "qinghe.admin@example.com", "qinghe.editor@example.com"
CHINESE = re.compile("[一-鿿]")
NOTICE = re.compile(r"http\S+/n/\S+/")
COMMITTEE = "rehearsal.committee@example.com"
# Grants a second role to somebody, so that four eyes can be tried by one person with two hats.
SECOND_HAT = """
from django.utils import timezone
from datetime import timedelta
from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.operations import grant, issue_token
user, now = User.objects.get(username="yunqi.reviewer"), timezone.now()
office = user.memberships.get().organization
hat = grant(user=user, organization=office, role=Role.DISTRICT_APPROVER, at=now, by=SYSTEM)
print(issue_token(membership=hat, label="e2e", at=now, expires_at=now + timedelta(days=1))[1])
"""
EVALUATORS = """
from accounts.models import User
print(*User.objects.filter(username__in=["pool-a.evaluator", "pool-b.evaluator", "fire.evaluator"])
      .order_by("username").values_list("pk", flat=True))
"""


@dataclass
class Season:
    """The desks of the story and what it is about."""

    demo: Demo
    campaign: str
    company: Desk
    reviewer: Desk
    approver: Desk
    city: Desk
    city_approver: Desk
    inbox: Inbox
    case: str = ""
    number: str = ""
    community: str = ""

    @property
    def path(self) -> str:
        """Return the address of the nomination."""
        return f"nominations/{self.case}/"

    def state(self) -> str:
        """Return where the nomination stands."""
        return str(self.city.get(self.path)["state"])

    def mail(self, username: str, *about: str) -> str:
        """Wait for a mail to somebody about the case and return its text."""
        return text_of(self.inbox.wait_for(f"{username}@example.com", self.community, *about))


@pytest.fixture(scope="module")
def season(demo: Demo) -> Season:
    opens = (TODAY - timedelta(days=3)).isoformat()
    demo.manage("load_campaign", "shili_demo", "--code", CODE, "--shift-to", opens)
    city = demo.desk("city.reviewer")
    [campaign] = [row["id"] for row in city.rows("campaigns/") if row["code"] == CODE]
    # Of the two people of the company one reads Chinese and one English: each step is told to both.
    demo.desk("qinghe.editor").ask("PATCH", "me/", json={"language": "en"})
    desks = [demo.desk(name) for name in ("qinghe.admin", "yunqi.reviewer", "yunqi.approver")]
    company, reviewer, approver = desks
    return Season(demo, campaign, company, reviewer, approver, city, demo.desk("city.approver"), demo.inbox.later())


def test_season_from_the_first_draft_to_the_province(season: Season) -> None:
    company_is_refused_with_every_reason_and_mends(season)
    committee_confirms(season)
    company_seals_and_submits(season)
    district_returns_by_section_and_gets_it_back(season)
    district_reviews(season)
    four_eyes_refuse_the_reviewer_and_another_recommends(season)
    summary_goes_to_the_city_sealed(season)
    city_evaluates_on_site(season)
    city_selects(season)
    district_reports_its_work(season)
    report_goes_to_the_province(season)
    title_is_given_and_verified(season)
    the_record_tells_the_story(season)


def company_is_refused_with_every_reason_and_mends(season: Season) -> None:
    """S-02: a draft, a refusal that names everything at once in both languages, a form filled in by section."""
    [community, *_] = [row for row in season.company.rows("communities/") if row["district_code"] == "990102"]
    started = season.company.post("nominations/", {"campaign": season.campaign, "community": community["id"]})
    season.case, season.number, season.community = started["id"], started["number"], community["name"]

    refused = season.company.move(season.path, "submit", wanted=422)
    english = season.demo.desk("qinghe.admin", "en").move(season.path, "submit", wanted=422)

    codes = [reason["code"] for reason in refused["refusals"]]
    assert codes == ["form_incomplete"] * 6 + ["committee_not_confirmed", "sealed_copy_missing"]
    assert [reason["code"] for reason in english["refusals"]] == codes
    assert all(
        ours["message"] != theirs["message"]
        for ours, theirs in zip(refused["refusals"], english["refusals"], strict=True)
    )
    wrong = season.company.ask(
        "PATCH", season.path, json={"form": {"figures": {"fee_collection_rate": "９０％"}}}, wanted=(400, 422)
    )
    assert "form.figures.fee_collection_rate" in str(wrong)
    season.company.ask(
        "PATCH", season.path, json={"form": filled_in(COMMITTEE), "version": season.company.get(season.path)["version"]}
    )
    honor = {"programme": "红色物业示范小区（示例）", "year": TODAY.year, "status": "applying"}
    season.company.post("honors/", {"community": community["id"], **honor}, wanted=201)


def committee_confirms(season: Season) -> None:
    """S-03: link and code go to the committee alone; it reads the frozen text and confirms it on a page."""
    before = len(season.inbox.to(COMMITTEE, "confirm/"))
    invited = season.company.post(f"{season.path}confirmation/")
    mail = season.inbox.wait_for(COMMITTEE, "confirm/", more_than=before)
    assert code_of(mail) not in str(invited)
    confirm_for_committee(mail, "对照第 8 项要求的做法和成效。")
    assert season.company.get(f"{season.path}confirmation/")["confirmed"] is True


def company_seals_and_submits(season: Season, times: int = 1) -> None:
    """S-03, S-04: the scan bound to the text, the check by the worker, one submission however often it is sent."""
    season.company.seal(f"{season.path}attachments/", season.path, purpose="sealed_copy")
    eventually(lambda: all(file["state"] == "clean" for file in files_of(season)) or None, "files checked")
    key = f"submit-{season.number}-{times}"
    first = season.company.move(season.path, "submit", key=key)
    again = season.company.move(season.path, "submit", key=key)
    assert first == again
    assert season.state() == "submitted"
    assert season.number in season.mail("yunqi.reviewer")
    receipts = [mail for mail in season.inbox.to(COMPANY, season.community) if "提交" in str(mail["Subject"])]
    assert receipts == [], "the actor has a receipt in the product and gets no mail"


def files_of(season: Season) -> list[dict[str, Any]]:
    """Return the files of the nomination."""
    return season.company.rows(f"{season.path}attachments/")


def district_returns_by_section_and_gets_it_back(season: Season) -> None:
    """S-05: every defect at once, by section, with a date; the corrected text is confirmed and sealed anew."""
    season.reviewer.post(f"{season.path}claim/")
    remarks = [{"section": "practices", "remark": "请补充第七条的整改照片说明。"}]
    season.reviewer.move(season.path, "return_for_correction", comment="请补正 1 处。", sections=remarks)
    told = season.mail("qinghe.admin", "补正")
    assert "请补充第七条的整改照片说明。" in told
    assert "请补充第七条的整改照片说明。" in season.mail("qinghe.editor", "To correct")

    mended = {"practices": {"practice_7": "已重新划线并增设挡车柱，整改前后照片各一张。"}}
    season.company.ask("PATCH", season.path, json={"form": mended})
    refused = season.company.move(season.path, "submit", wanted=422)
    assert [reason["code"] for reason in refused["refusals"]] == ["confirmation_void", "seal_void"]
    committee_confirms(season)
    company_seals_and_submits(season, times=2)


def district_reviews(season: Season) -> None:
    """S-05, S-10: eight requirements, 25 items, an opinion; frozen for the approver."""
    review = f"{season.path}district-review/"
    season.reviewer.post(f"{season.path}claim/")
    opened = season.reviewer.ask("PUT", review, json={"opinion": "材料齐全，现场核对一致，同意推荐。"})
    judged = [{"number": row["number"], "verdict": "met", "note": "已核。"} for row in opened["requirements"]]
    marks = [{"item": line["item"], "points": "9.0", "version": 0} for line in opened["sheet"]["lines"]]
    assert len(marks) == 25
    season.reviewer.ask("PUT", review, json={"requirements": judged[1:], "scores": marks})
    season.reviewer.post(f"{review}complete/")
    done = season.reviewer.get(review)
    assert (done["complete"], done["score"]) == (True, "90.00")
    assert season.mail("yunqi.approver")


def four_eyes_refuse_the_reviewer_and_another_recommends(season: Season) -> None:
    """Flow rule 4, and the reason for recommending without the city's figures (row S-10)."""
    season.reviewer.move(season.path, "recommend", comment="同意。", wanted=403)
    both = season.demo.seat("yunqi.reviewer", season.demo.manage("shell", "-v0", "-c", SECOND_HAT).split()[-1])
    refused = both.move(season.path, "recommend", comment="同意。", wanted=422)
    codes = {reason["code"] for reason in refused["refusals"]}
    assert "four_eyes" in codes
    assert season.demo.desk("songting.approver").ask("GET", season.path, wanted=404)["status"] == 404

    reason = {"override_reason": "市级投诉数据尚未导入，先行推荐。"} if "city_figures_missing" in codes else {}
    season.approver.move(season.path, "recommend", comment="同意推荐。", **reason)
    assert season.state() == "recommended"
    for username in ("qinghe.admin", "yunqi.reviewer", "city.reviewer"):
        assert season.mail(username, "推荐")


def summary_goes_to_the_city_sealed(season: Season) -> None:
    """S-06, S-07: ranks, description, two people, seal, one submission."""
    [summary] = season.reviewer.rows("recommendation-summaries/", campaign=season.campaign)
    path = f"recommendation-summaries/{summary['id']}/"
    season.reviewer.post(f"{path}rank/")
    [row] = season.reviewer.get(path)["rows"]
    assert (row["rank"], row["score"]) == (1, "90.00")
    season.reviewer.upload(f"{path}rows/{row['id']}/description/")
    season.reviewer.post(f"{path}prepare/")
    season.approver.move_at_last(path, "approve")
    season.reviewer.seal(f"{path}sealed-copy/", path)
    season.approver.move_at_last(path, "submit")
    assert paper_mail(season, "city.reviewer", "汇总表")
    season.city.move(path, "receive")
    assert paper_mail(season, "yunqi.approver", "接收")


def paper_mail(season: Season, username: str, about: str) -> str:
    """Wait for a mail to somebody about a paper of the campaign and return its text."""
    return text_of(season.inbox.wait_for(f"{username}@example.com", about))


def city_evaluates_on_site(season: Season) -> None:
    """S-09: a panel of three, a visit with a photo, blind sheets of 25 items, the exact mean."""
    ids = season.demo.manage("shell", "-v0", "-c", EVALUATORS).split()[-3:]
    names, capacities = ("fire", "pool-a", "pool-b"), ("department", "expert", "expert")
    for person, capacity in zip(ids, capacities, strict=True):
        season.city.post(f"{season.path}assignments/", {"evaluator": int(person), "capacity": capacity}, wanted=201)
    season.city.upload(
        f"{season.path}visits/",
        "visit.jpg",
        "photos",
        visited_on=TODAY.isoformat(),
        members="沈一诺",
    )
    for name, points in zip(names, ("9.0", "8.5", "8.0"), strict=True):
        score(season, season.demo.desk(f"{name}.evaluator"), points)
    season.city.move_at_last(season.path, "complete_evaluation")
    assert season.city.get(season.path)["panel_score"] == "85.00"
    assert season.mail("yunqi.reviewer", "测评")


def score(season: Season, evaluator: Desk, points: str) -> None:
    """Fill in and hand in one sheet."""
    [mine] = [row for row in evaluator.rows("assignments/") if row["nomination"] == season.case]
    evaluator.post(f"assignments/{mine['id']}/accept/")
    sheet = evaluator.post(f"assignments/{mine['id']}/score-sheet/")
    marks = [{"item": line["item"], "points": points, "version": 0} for line in sheet["lines"]]
    evaluator.ask("PUT", f"score-sheets/{sheet['id']}/scores/", json={"scores": marks})
    evaluator.post(f"score-sheets/{sheet['id']}/hand-in/")


def city_selects(season: Season) -> None:
    """S-15: a frozen ranking, a proposal by one, the decision by another, every community told in its own words."""
    season.city.post(f"campaigns/{season.campaign}/ranking/", wanted=(200, 201))
    selection = season.city.post("selections/", {"campaign": season.campaign}, wanted=201)
    path = f"selections/{selection['id']}/"
    [row] = selection["rows"]
    assert (row["rank"], row["outcome"], row["standing"]) == (1, "shortlist", "evaluated")
    assert {one["kind"]: (one["places"], one["share"]) for one in selection["concentrations"]} == {
        "district": (1, "10.00"),
        "company": (1, "10.00"),
    }
    [consequence] = season.city.get(f"{path}preview/")["rows"]
    assert (consequence["to_state"], consequence["obstacles"]) == ("shortlisted", [])
    season.city.move(path, "propose")
    assert paper_mail(season, "city.approver", "审定")
    season.city.move(path, "approve", comment="同意。", wanted=403)
    season.city_approver.move(path, "approve", comment="同意。")
    assert season.state() == "shortlisted"
    assert consequence["told"]["body"] in season.mail("qinghe.admin", "拟推荐")


def district_reports_its_work(season: Season) -> None:
    """S-14, S-18: publicity and good practice; the report returned with a remark on one section, mended, accepted."""
    entry = {"channel": "微信公众号", "title": "共建美好家园", "link": "https://mp.weixin.qq.com/s/example"}
    publication = {"campaign": season.campaign, "published_on": TODAY.isoformat(), **entry}
    season.reviewer.post("publicity/", publication, wanted=201)
    wrong = season.reviewer.post("publicity/", publication | {"link": "javascript:alert(1)"}, wanted=400)
    assert [error["attr"] for error in wrong["errors"]] == ["link"]
    practice = {"title": "红色议事厅", "summary": "每月一次。", "tags": ["党建引领"], "nomination": season.case}
    season.reviewer.post("good-practices/", {"campaign": season.campaign, **practice}, wanted=201)
    assert [row["title"] for row in season.city.rows("good-practices/", tag="党建引领", nomination=season.case)]

    [work] = season.reviewer.rows("work-reports/", campaign=season.campaign)
    path = f"work-reports/{work['id']}/"
    texts = {"practice_and_results": "做法成效。", "problems": "存在问题。", "suggestions": "有关建议。"}
    season.reviewer.ask("PATCH", path, json=texts)
    season.reviewer.upload(f"{path}attachments/", "case.jpg", purpose="case")
    season.approver.move_at_last(path, "submit")
    season.city.move(path, "return", comment="请补充。", remarks={"problems": "请写明数据来源。"})
    assert "请写明数据来源。" in paper_mail(season, "yunqi.reviewer", "请补充。")
    season.reviewer.ask("PATCH", path, json={"problems": "据台账，存在 3 个方面的问题。"})
    season.approver.move(path, "submit")
    assert dossier_gaps(season) == ["work_report"]
    season.city.move(path, "accept")


def dossier_gaps(season: Season) -> list[str]:
    """Return what the dossier of the community still lacks."""
    [report] = season.city.rows("provincial-reports/", campaign=season.campaign)
    [dossier] = season.city.get(f"provincial-reports/{report['id']}/completeness/")["dossiers"]
    return [piece["name"] for piece in dossier["pieces"] if not piece["there"]]


def report_goes_to_the_province(season: Season) -> None:
    """S-16: a number as it should be, the list generated, signed, sealed, and every shortlisted community reported."""
    [report] = season.city.rows("provincial-reports/", campaign=season.campaign)
    path = f"provincial-reports/{report['id']}/"
    letter = {"letter": "现将“美好家园”小区推荐名单报上，请审核。", "document_number": "示城管[2026]012号"}
    wrong = season.city.ask("PATCH", path, json=letter, wanted=400)
    assert "示城管〔2026〕12号" in wrong["errors"][0]["detail"]
    written = season.city.ask("PATCH", path, json=letter | {"document_number": "示城管〔2026〕12号"})
    assert [(row["rank"], row["community"]) for row in written["listed"]] == [(1, season.community)]
    assert dossier_gaps(season) == []
    season.city_approver.move(path, "approve")
    season.city.seal(f"{path}sealed-copy/", path)
    season.city_approver.move_at_last(path, "send")
    assert season.state() == "reported"
    assert season.mail("qinghe.admin", "省")


def title_is_given_and_verified(season: Season) -> None:
    """S-16: the province's answer on record, the title for the campaign's years, verified by anybody by its number."""
    document = {"result_document": "示建函〔2026〕88号", "decided_on": TODAY.isoformat()}
    season.city.move(season.path, "record_award", comment="省厅公布。", **document)

    [title] = season.company.rows("titles/", campaign=season.campaign)
    anybody = httpx.get(
        f"{season.city.address}/api/v1/titles/verification/", params={"number": season.number}, timeout=30
    )
    found = [one for one in anybody.json()["titles"] if one["community"] == season.community]

    assert (title["standing"], title["title_from"], title["document"]) == (
        "valid",
        TODAY.isoformat(),
        "示建函〔2026〕88号",
    )
    assert title["title_until"][:4] == str((TODAY - timedelta(days=1)).year + 3)
    assert [one["standing"] for one in found] == ["valid"]
    assert season.mail("qinghe.admin", "示建函〔2026〕88号")


def the_record_tells_the_story(season: Season) -> None:
    """The timeline is whole, every chain verifies, and nobody got a mail twice."""
    events = season.city.rows(f"{season.path}history/")
    moves = [event["name"] for event in events if event["from_state"] != event["to_state"]]
    assert moves == [
        "submit", "return_for_correction", "submit", "recommend", "complete_evaluation", "shortlist", "report",
        "record_award",
    ]  # fmt: skip
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert season.demo.manage("verify_events")
    mails = list(season.inbox.mails())
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    every_step_is_told_in_both_languages_once_per_person(season)


def every_step_is_told_in_both_languages_once_per_person(season: Season) -> None:
    """S-20: what the company was told, Chinese to one and English to the other; a notice to one person, once."""
    steps = ("return", "recommend", "shortlist", "report")
    eventually(lambda: len(words_to(season, EDITOR)) >= len(words_to(season, COMPANY)) or None, "the mails to both")
    in_chinese, in_english = words_to(season, COMPANY), words_to(season, EDITOR)
    links = [(str(mail["To"]), link) for mail in season.inbox.mails() for link in set(NOTICE.findall(text_of(mail)))]

    assert [words for words in in_chinese if not CHINESE.search(words)] == []
    assert [words for words in in_english if CHINESE.search(words)] == []
    assert len(in_chinese) >= len(steps)
    assert len(links) == len(set(links))


def words_to(season: Season, person: str) -> list[str]:
    """Return what the subjects of the mails to somebody about the community say before they name it."""
    subjects = [str(mail["Subject"]) for mail in season.inbox.to(person, season.community)]
    return [subject.split(season.community)[0] for subject in subjects]
