"""The campaign of the year before, told to its end: a ranking with a tie at the cut, report, results, a latecomer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from demo.population import assessment, company, district, papers
from demo.population.forms import texts
from demo.population.offices import DAYS_OPEN, FORMER
from demo.population.stage import Stage, checked, move, nomination, refused
from demo.population.tales import Tale
from nominations.enums import SelectionOutcome, Window
from nominations.models import Nomination, ProvincialReport, Selection
from nominations.operations import reporting, selection
from nominations.operations.extension import approve_extension, prepare_extension
from nominations.operations.ranking import freeze_ranking

TODAY = DAYS_OPEN + FORMER
# Half points lost on the middle sheet: the fewer, the better the rank. The last but one share rank 10.
RANKED: Mapping[str, int] = {
    "松风里": 4,
    "望湖名邸": 6,
    "翠岚里": 8,
    "桐源华庭": 10,
    "明德小区": 12,
    "望山雅居": 14,
    "湖光里": 16,
    "文昌小区": 18,
    "紫荆园": 20,
    "桐溪苑": 24,
    "云溪花园": 24,
    "桂香里": 30,
}
TIED = {"satisfaction_rate": "95.00", "fee_collection_rate": "95.50"}
TIED_AT_THE_CUT = ("桐溪苑", "云溪花园")
AFTER_THE_CUT = "桂香里"
REMOVED = "望山雅居"
AWARDED = ("松风里", "望湖名邸", "翠岚里", "桐源华庭", "明德小区")
NOT_AWARDED, REVOKED = "紫荆园", "湖光里"
# Its title was given for a trial, until a day that the document names.
EXPIRED, LAST_DAY = "明德小区", 300
BUREAUS = ("yunqi", "songting", "linhu", "qinglan", "wangshan", "tongyuan")
WITHOUT_RECOMMENDATION = ("shazhou", "kaifaqu")
LETTER = "示建房便〔演示〕12号"


def stories(stage: Stage) -> Iterator[Tale[Any]]:
    """Yield the stories of the former campaign; thirteen of them are cases."""
    for number, (name, lost) in enumerate(RANKED.items()):
        yield evaluated(stage, name, lost, first_day=3 + number)
    yield late_by_one_second(stage)
    for number, login in enumerate(BUREAUS):
        yield district.send_summary(stage, login, 33 + number % 2)
    for login in WITHOUT_RECOMMENDATION:
        yield district_with_no_recommendation(stage, login)
    for number, login in enumerate(BUREAUS[1:]):
        yield work_report(stage, login, 56 + number)
    yield work_report_returned_once(stage, BUREAUS[0])
    yield tie_on_places_ten_and_eleven(stage)
    yield results(stage)
    yield latecomer_by_a_second_selection(stage)


def evaluated(stage: Stage, name: str, lost: int, first_day: int) -> Tale[None]:
    """A community that came through application, district review and evaluation on site."""
    changes = {"figures": TIED} if name in TIED_AT_THE_CUT else {}
    pk = yield from company.apply(stage, name, first_day, **changes)
    yield from district.consider(stage, pk, first_day + 12, lost)
    panel = [stage.city.evaluators[index] for index in (0, 1, 2)]
    yield from assessment.evaluate(stage, pk, 40 + first_day, lost, panel)


def late_by_one_second(stage: Stage) -> Tale[None]:
    """A finished form, submitted one second after the deadline: refused, and lapsed soon after."""
    pk = yield from company.write(stage, "开源里", 29)
    yield from company.have_confirmed(stage, pk, 30)
    yield from company.seal(stage, pk, 31)
    at = yield stage.campaign.application_closes_at + timedelta(seconds=1)
    refused("window_over", Nomination, pk, "submit", stage.city.company_of(nomination(pk).community), at)


def district_with_no_recommendation(stage: Stage, login: str) -> Tale[None]:
    """A district that recommends nobody sends an empty table all the same, and its work report."""
    yield from district.send_summary(stage, login, 35)
    yield from work_report(stage, login, 57)


def work_report(stage: Stage, login: str, day: int) -> Tale[None]:
    """A work report, sent and accepted."""
    yield from district.submit_work_report(stage, login, day)
    yield from district.accept_work_report(stage, login, day + 3)


def work_report_returned_once(stage: Stage, login: str) -> Tale[None]:
    """A work report that the city sent back for more, and accepted then."""
    yield from district.submit_work_report(stage, login, 55)
    remarks = {"practice_and_results": "请补充典型案例。", "suggestions": "请补充下一步打算。"}
    yield from district.return_work_report(stage, login, 58, "请补充典型案例和下一步打算。", remarks)
    yield from district.submit_work_report(stage, login, 60)
    yield from district.accept_work_report(stage, login, 63)


def tie_on_places_ten_and_eleven(stage: Stage) -> Tale[None]:
    """Two communities share rank 10 in every figure; a recorded decision parts them. One place is given up later."""
    at = yield stage.on(68, 10, 0)
    freeze_ranking(campaign_id=stage.campaign.pk, actor=stage.city.reviewer, at=at)
    at = yield stage.on(68, 15, 0)
    drafted = selection.prepare_selection(campaign_id=stage.campaign.pk, actor=stage.city.reviewer, at=at)
    chosen, tied = TIED_AT_THE_CUT
    outcomes = {
        chosen: (SelectionOutcome.SHORTLIST, ""),
        tied: (SelectionOutcome.RESERVE, ""),
        AFTER_THE_CUT: (SelectionOutcome.RESERVE, ""),
    }
    edit(stage, drafted, outcomes, at)
    decision = f"两家得分及各项指标均相同。经局长办公会研究，{chosen}所在县尚无入选小区，列入拟推荐；{tied}列为备选。"
    selection.decide_tie(selection_id=drafted.pk, decision=decision, actor=stage.city.reviewer, at=at)
    yield from decide(stage, drafted, 69)
    at = yield stage.on(71, 9, 30)
    pk = case(stage, REMOVED)
    move(Nomination, pk, "remove_from_shortlist", stage.city.approver, at, "收到群众反映，需进一步核实，暂不报送。")
    yield from report(stage, 72)


def report(stage: Stage, day: int) -> Tale[None]:
    """Write, sign, seal and send the report to the province: all that is shortlisted is reported with it."""
    pk = ProvincialReport.objects.get(campaign=stage.campaign).pk
    at = yield stage.on(day, 10, 0)
    reporting.prepare_report(
        report_id=pk,
        letter=texts()["letter"],
        document_number=f"示城管〔{stage.campaign.year}〕41号",
        actor=stage.city.reviewer,
        at=at,
    )
    at = yield stage.on(day + 1, 9, 0)
    move(ProvincialReport, pk, "approve", stage.city.approver, at)
    at = yield stage.on(day + 1, 11, 0)
    digest = ProvincialReport.objects.get(pk=pk).content_digest
    upload = papers.scan("报送函盖章件.pdf", f"{stage.campaign.code} report")
    scan = reporting.attach_sealed_copy(
        report_id=pk, upload=upload, content_digest=digest, actor=stage.city.reviewer, at=at
    )
    checked(scan, at)
    at = yield stage.on(day + 2, 9, 20)
    move(ProvincialReport, pk, "send", stage.city.approver, at)


def results(stage: Stage) -> Tale[None]:
    """Five titles given, one of them expired by now, one refused, one given and taken back; two are still to come."""
    at = yield stage.on(130, 10, 0)
    for name in (*AWARDED, REVOKED):
        pk = case(stage, name)
        ends = {"valid_until": (stage.opens + timedelta(days=LAST_DAY)).isoformat()} if name == EXPIRED else {}
        move(Nomination, pk, "record_award", stage.city.reviewer, at, "省厅已命名。", result_document=LETTER, **ends)
    pk = case(stage, NOT_AWARDED)
    move(Nomination, pk, "record_no_award", stage.city.reviewer, at, "未列入省厅命名名单。")
    at = yield stage.on(300, 10, 0)
    pk = case(stage, REVOKED)
    document = "示建房便〔演示〕27号"
    move(
        Nomination,
        pk,
        "revoke",
        stage.city.approver,
        at,
        "因物业服务质量严重下降，省厅撤销称号。",
        result_document=document,
    )


def latecomer_by_a_second_selection(stage: Stage) -> Tale[None]:
    """The free place goes to a reserve out of rank order, within an extension that two people have granted."""
    at = yield stage.on(TODAY - 9, 10, 0)
    until = stage.on(TODAY + 15, 0)
    reason = "省厅同意补报 1 个小区，报送时间顺延。"
    extension = prepare_extension(
        campaign_id=stage.campaign.pk,
        window=Window.REPORT,
        until=until,
        reason=reason,
        actor=stage.city.reviewer,
        at=at,
    )
    at = yield stage.on(TODAY - 8, 9, 0)
    approve_extension(extension_id=extension.pk, actor=stage.city.approver, at=at)
    at = yield stage.on(TODAY - 7, 14, 0)
    drafted = selection.prepare_selection(campaign_id=stage.campaign.pk, actor=stage.city.reviewer, at=at)
    latecomer = TIED_AT_THE_CUT[1]
    outcomes = {
        REMOVED: (SelectionOutcome.RESERVE, "群众反映事项尚未办结，列为备选。"),
        latecomer: (SelectionOutcome.SHORTLIST, "排名在前的一个小区尚在核实，由备选依次递补。"),
        AFTER_THE_CUT: (SelectionOutcome.PASS_OVER, "名额已满。"),
    }
    edit(stage, drafted, outcomes, at)
    yield from decide(stage, drafted, TODAY - 6)
    yield from reserve_to_be_struck_off(stage)


def reserve_to_be_struck_off(stage: Stage) -> Tale[None]:
    """A third selection about what is left on reserve; it waits for the city's approver."""
    at = yield stage.on(TODAY - 3, 9, 30)
    drafted = selection.prepare_selection(campaign_id=stage.campaign.pk, actor=stage.city.reviewer, at=at)
    reason = "群众反映事项已经查实，不再列入备选。"
    edit(stage, drafted, {REMOVED: (SelectionOutcome.PASS_OVER, reason)}, at)
    at = yield stage.on(TODAY - 2, 10, 0)
    move(Selection, drafted.pk, "propose", stage.city.reviewer, at)


def edit(stage: Stage, drafted: Selection, outcomes: Mapping[str, tuple[SelectionOutcome, str]], at: Any) -> None:
    """Say about each community what the city has in mind."""
    for name, (outcome, reason) in outcomes.items():
        selection.edit_row(
            selection_id=drafted.pk,
            nomination_id=case(stage, name),
            outcome=outcome,
            reason=reason,
            actor=stage.city.reviewer,
            at=at,
        )


def decide(stage: Stage, drafted: Selection, day: int) -> Tale[None]:
    """Propose the selection, and let somebody else approve it."""
    at = yield stage.on(day, 9, 0)
    move(Selection, drafted.pk, "propose", stage.city.reviewer, at)
    at = yield stage.on(day + 1, 10, 30)
    move(Selection, drafted.pk, "approve", stage.city.approver, at, "经局长办公会研究同意。")


def case(stage: Stage, name: str) -> UUID:
    """Return the nomination of a community in this campaign."""
    return Nomination.objects.get(campaign=stage.campaign, community=stage.community(name)).pk
