"""What district bureaus do: take cases up, return them, review, recommend or decline; seal and send their papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.enums import Role
from common.instants import local_date
from demo.population import papers
from demo.population.forms import texts
from demo.population.stage import Stage, checked, items_of, move, nomination, points
from demo.population.tales import Tale
from nominations.enums import CheckVerdict
from nominations.models import Nomination, RecommendationSummary, RequirementCheck, WorkReport
from nominations.operations import recommendation, work_report
from nominations.operations.district_review import complete_review, open_review, save_review
from nominations.operations.nomination import claim

OPINIONS: Sequence[str] = texts()["opinions"]


def take_up(stage: Stage, pk: UUID, day: int) -> Tale[None]:
    """Take a case up."""
    at = yield stage.on(day, 8, 45)
    claim(nomination_id=pk, actor=stage.city.reviewer_of(nomination(pk).community), at=at)


def give_back(stage: Stage, pk: UUID, day: int, comment: str, remarks: Mapping[str, str]) -> Tale[None]:
    """Return a form with all that is to be corrected, by section."""
    at = yield stage.on(day, 10, 12)
    rows = [{"section": section, "remark": remark} for section, remark in remarks.items()]
    reviewer = stage.city.reviewer_of(nomination(pk).community)
    move(Nomination, pk, "return_for_correction", reviewer, at, comment, sections=rows)


def begin_review(stage: Stage, pk: UUID, day: int, lost: int = 12, scored: int = 25) -> Tale[None]:
    """Enter a routine inspection, judge the requirements, score the first ``scored`` items."""
    found = nomination(pk)
    reviewer = stage.city.reviewer_of(found.community)
    at = yield stage.on(day, 9, 30)
    open_review(nomination_id=pk, actor=reviewer, at=at)
    at = yield stage.on(day, 15, 10)
    marks = zip(items_of(stage.campaign)[:scored], points(lost), strict=False)
    inspection = {
        "inspected_on": (local_date(at) - timedelta(days=3)).isoformat(),
        "findings": "日常检查：保洁、绿化、消防通道情况良好，公示栏内容完整。",
    }
    sections = {
        "requirements": _judgements(pk),
        "scores": [{"item": str(item), "points": str(mark), "version": 0} for item, mark in marks],
        "inspections": [inspection],
    }
    save_review(nomination_id=pk, sections=sections, actor=reviewer, at=at)


def review(stage: Stage, pk: UUID, day: int, lost: int = 12, opinion: str = "") -> Tale[None]:
    """Review a case from end to end and hand it to the approver."""
    yield from begin_review(stage, pk, day, lost)
    found = nomination(pk)
    reviewer = stage.city.reviewer_of(found.community)
    at = yield stage.on(day, 16, 20)
    written = {"opinion": opinion or OPINIONS[len(found.community.name) % len(OPINIONS)]}
    save_review(nomination_id=pk, sections=written, actor=reviewer, at=at)
    complete_review(nomination_id=pk, actor=reviewer, at=at)


def recommend(stage: Stage, pk: UUID, day: int, **data: Any) -> Tale[None]:
    """Decide to recommend, with ``override_reason`` where a requirement is not met."""
    at = yield stage.on(day, 11, 0)
    approver = stage.city.approver_of(nomination(pk).community)
    move(Nomination, pk, "recommend", approver, at, "同意推荐。", **data)


def decline(stage: Stage, pk: UUID, day: int, comment: str) -> Tale[None]:
    """Decide not to recommend."""
    at = yield stage.on(day, 11, 20)
    move(Nomination, pk, "decline", stage.city.approver_of(nomination(pk).community), at, comment)


def consider(stage: Stage, pk: UUID, day: int, lost: int = 12) -> Tale[None]:
    """Take a case up, review it and recommend it, in three days."""
    yield from take_up(stage, pk, day)
    yield from review(stage, pk, day + 1, lost)
    yield from recommend(stage, pk, day + 2)


def _judgements(pk: UUID) -> list[dict[str, Any]]:
    """Judge everything met that the figures leave open, as an optimist would."""
    checks = RequirementCheck.objects.filter(review=pk, computed__in=[CheckVerdict.OPEN, CheckVerdict.MET])
    numbers = checks.exclude(requirement__check_kind="figures").values_list("requirement__number", flat=True)
    return [
        {"number": number, "verdict": CheckVerdict.MET.value, "note": "证明材料已核。"} for number in sorted(numbers)
    ]


def send_summary(stage: Stage, login: str, day: int) -> Tale[None]:
    """Rank, describe and prepare the table, approve, seal and send it; the city receives it on the third day."""
    yield from prepare_summary(stage, login, day)
    yield from approve_summary(stage, login, day + 1)
    yield from receive_summary(stage, login, day + 2)


def prepare_summary(stage: Stage, login: str, day: int) -> Tale[None]:
    """Rank the recommended communities, attach a description of each, put the table before the approver."""
    summary, reviewer = stage.summary_of(login), stage.city.actors[login, Role.DISTRICT_REVIEWER]
    at = yield stage.on(day, 9, 0)
    recommendation.compute_ranks(summary_id=summary.pk, actor=reviewer, at=at)
    for row in summary.rows.select_related("nomination__community"):
        upload = papers.scan(f"{row.nomination.community.name}基本情况说明.pdf", f"{row.nomination.number} described")
        description = recommendation.attach_description(
            summary_id=summary.pk, row_id=row.pk, upload=upload, actor=reviewer, at=at
        )
        checked(description, at)
    at = yield stage.on(day, 16, 45)
    recommendation.prepare(summary_id=summary.pk, actor=reviewer, at=at)


def approve_summary(stage: Stage, login: str, day: int) -> Tale[None]:
    """Approve the prepared table, seal it and send it to the city."""
    summary, approver = stage.summary_of(login), stage.city.actors[login, Role.DISTRICT_APPROVER]
    at = yield stage.on(day, 9, 40)
    move(RecommendationSummary, summary.pk, "approve", approver, at)
    at = yield stage.on(day, 14, 20)
    digest = stage.summary_of(login).content_digest
    upload = papers.scan("推荐汇总表盖章件.pdf", f"{stage.campaign.code} {login}")
    reviewer = stage.city.actors[login, Role.DISTRICT_REVIEWER]
    scan = recommendation.attach_sealed_copy(
        summary_id=summary.pk, upload=upload, content_digest=digest, actor=reviewer, at=at
    )
    checked(scan, at)
    at = yield stage.on(day, 15, 0)
    move(RecommendationSummary, summary.pk, "submit", approver, at)


def receive_summary(stage: Stage, login: str, day: int) -> Tale[None]:
    """Let the city receive the table."""
    at = yield stage.on(day, 9, 5)
    move(RecommendationSummary, stage.summary_of(login).pk, "receive", stage.city.reviewer, at)


def write_work_report(stage: Stage, login: str, day: int, *sections: str) -> Tale[UUID]:
    """Write sections of the work report; all three unless some are named."""
    report, written = stage.work_report_of(login), texts()["work_report"]
    at = yield stage.on(day, 10, 30)
    chosen = {name: text for name, text in written.items() if not sections or name in sections}
    reviewer = stage.city.actors[login, Role.DISTRICT_REVIEWER]
    work_report.save_sections(report_id=report.pk, sections=chosen, actor=reviewer, at=at)
    return report.pk


def submit_work_report(stage: Stage, login: str, day: int) -> Tale[None]:
    """Write the whole report and send it to the city."""
    pk = yield from write_work_report(stage, login, day)
    at = yield stage.on(day + 1, 11, 0)
    move(WorkReport, pk, "submit", stage.city.actors[login, Role.DISTRICT_APPROVER], at)


def accept_work_report(stage: Stage, login: str, day: int) -> Tale[None]:
    """Let the city accept the report."""
    at = yield stage.on(day, 15, 30)
    move(WorkReport, stage.work_report_of(login).pk, "accept", stage.city.reviewer, at)


def return_work_report(stage: Stage, login: str, day: int, comment: str, remarks: dict[str, str]) -> Tale[None]:
    """Let the city send the report back, with a remark on each section that is to be mended."""
    at = yield stage.on(day, 9, 25)
    move(WorkReport, stage.work_report_of(login).pk, "return", stage.city.reviewer, at, comment, remarks=remarks)


def attach_to_work_report(stage: Stage, login: str, day: int, purpose: str, name: str) -> Tale[None]:
    """Attach a file to the work report."""
    at = yield stage.on(day, 9, 5)
    report, reviewer = stage.work_report_of(login), stage.city.actors[login, Role.DISTRICT_REVIEWER]
    upload = papers.scan(name, f"{stage.campaign.code} {login} {purpose}")
    received = work_report.attach(
        report_id=report.pk, purpose=purpose, label=name.removesuffix(".pdf"), upload=upload, actor=reviewer, at=at
    )
    checked(received, at)
