"""The campaign that is running on the day of loading; every office has something to do in it.

Each story is one case. Where it stands for an edge case of the product, its name says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from demo.population import assessment, company, district, publicity
from demo.population.forms import management_committee, texts
from demo.population.offices import DAYS_OPEN
from demo.population.stage import BEST, HALF, Stage, move, nomination
from demo.population.tales import Tale
from nominations.enums import ConflictKind, Window
from nominations.models import Community, Nomination, Penalty
from nominations.operations import confirmation
from nominations.operations.assessment import record_veto
from nominations.operations.conflict import declare_conflict
from nominations.operations.extension import approve_extension, prepare_extension
from nominations.rules.requirement import months_before

TODAY = DAYS_OPEN


def stories(stage: Stage) -> Iterator[Tale[Any]]:
    """Yield the stories of the running campaign; thirteen of them are cases."""
    yield resubmitted_and_under_review(stage)
    yield just_above_ninety_percent(stage)
    yield exactly_ninety_percent(stage)
    yield returned_for_correction(stage)
    yield penalty_364_days_before(stage)
    yield satisfaction_missing(stage)
    yield withdrawn_by_its_company(stage)
    yield property_management_committee_only(stage)
    yield returned_twice_then_lapsed(stage)
    yield disqualified_after_an_accident(stage)
    yield two_sheets_twenty_points_apart(stage)
    yield evaluator_in_conflict_and_no_committee(stage)
    yield committee_term_expired_and_penalty_366_days_before(stage)
    yield summary_on_its_way(stage)
    yield visit_to_come(stage)
    yield summary_received_early(stage)
    yield work_reports(stage)
    yield work_report_accepted(stage)
    yield work_report_returned(stage)
    yield extension_of_a_district(stage)
    yield extension_waiting_for_approval(stage)
    yield from publicity.stories(stage, TODAY)


def resubmitted_and_under_review(stage: Stage) -> Tale[None]:
    """Returned once, mended, submitted again; the reviewer is half through the score sheet."""
    pk = yield from company.apply(stage, "栖云雅苑", TODAY - 17)
    yield from district.take_up(stage, pk, TODAY - 13)
    remarks = {
        "practices": "第七条未说明消防车通道整改情况。",
        "attachments": "第 5 项公示照片不清晰，请补充近照和远照。",
    }
    yield from district.give_back(stage, pk, TODAY - 12, "请补正 2 处：消防车通道整改说明、公示照片。", remarks)
    yield from company.correct(stage, pk, TODAY - 10, {"practices": {"practice_7": texts()["fire_lane"]}})
    yield from company.submit(stage, pk, TODAY - 8)
    yield from district.take_up(stage, pk, TODAY - 6)
    yield from district.begin_review(stage, pk, TODAY - 1, scored=23)


def just_above_ninety_percent(stage: Stage) -> Tale[None]:
    """Satisfaction and fee collection of 90.01 %: above 90, so that both figures pass; waits for the approver."""
    figures = {"satisfaction_rate": "90.01", "fee_collection_rate": "90.01"}
    pk = yield from company.apply(stage, "云溪花园", TODAY - 16, figures=figures)
    yield from district.take_up(stage, pk, TODAY - 9)
    yield from district.review(stage, pk, TODAY - 1, lost=9)


def exactly_ninety_percent(stage: Stage) -> Tale[None]:
    """Fee collection of 90.00 %: passes item 三-3 (≥ 90) and misses requirement 1 (> 90); waits to be taken up."""
    yield from company.apply(stage, "桂香里", TODAY - 5, figures={"fee_collection_rate": "90.00"})


def returned_for_correction(stage: Stage) -> Tale[None]:
    """Returned yesterday; the company has five working days."""
    pk = yield from company.apply(stage, "青竹湾", TODAY - 11)
    yield from district.take_up(stage, pk, TODAY - 6)
    remarks = {"committee": "业主委员会备案回执第 2 页不清晰，请重新上传。", "figures": "请写明满意度调查的样本数量。"}
    yield from district.give_back(stage, pk, TODAY - 1, "请补正 2 处。", remarks)


def penalty_364_days_before(stage: Stage) -> Tale[None]:
    """The company was penalized 364 days before the reference day: within the year, declined."""
    community = stage.community("锦程公寓")
    decided_on = last_day(stage) - timedelta(days=364)
    penalize(community.company_id, decided_on, "云栖区城市管理局", "云城管罚决字〔演示〕7号")
    pk = yield from company.apply(stage, "锦程公寓", TODAY - 19)
    yield from district.take_up(stage, pk, TODAY - 14)
    yield from district.review(stage, pk, TODAY - 10, lost=20, opinion=texts()["opinion_declined"])
    yield from district.decline(stage, pk, TODAY - 7, "企业在申报截止日前一年内有行政处罚记录，不符合原则要求第 6 条。")


def satisfaction_missing(stage: Stage) -> Tale[None]:
    """A draft in which the satisfaction of the owners has not been entered yet."""
    yield from company.write(stage, "松涛花苑", TODAY - 2, figures={"satisfaction_rate": None})


def withdrawn_by_its_company(stage: Stage) -> Tale[None]:
    """Submitted and withdrawn."""
    pk = yield from company.apply(stage, "听松阁", TODAY - 15)
    at = yield stage.on(TODAY - 9, 10, 0)
    actor = stage.city.company_of(nomination(pk).community)
    move(Nomination, pk, "withdraw", actor, at, "物业服务合同即将到期，本年度不再申报。")


def property_management_committee_only(stage: Stage) -> Tale[None]:
    """A property management committee stands in for the owners' committee, which has been invited and not answered."""
    changes = management_committee(stage.community("䶮园"))
    pk = yield from company.write(stage, "䶮园", TODAY - 3, committee=changes)
    at = yield stage.on(TODAY - 1, 16, 0)
    confirmation.invite_committee(nomination_id=pk, actor=stage.city.company_of(nomination(pk).community), at=at)


def returned_twice_then_lapsed(stage: Stage) -> Tale[None]:
    """Returned twice, as often as the campaign allows, and not submitted again: the sweeper lets it lapse."""
    pk = yield from company.apply(stage, "和安家园", 1)
    yield from district.take_up(stage, pk, 4)
    yield from district.give_back(stage, pk, 4, "请补正主要做法第三条。", {"practices": "第三条内容与小区实际不符。"})
    yield from company.correct(stage, pk, 6, {"basics": {"remarks": "已核对补正。"}})
    yield from company.submit(stage, pk, 8)
    yield from district.take_up(stage, pk, 9)
    yield from district.give_back(stage, pk, 10, "第三条仍未补正。", {"practices": "第三条仍与小区实际不符。"})


def disqualified_after_an_accident(stage: Stage) -> Tale[None]:
    """Excluded for an event that an authority has found."""
    pk = yield from company.apply(stage, "岚山苑", TODAY - 18)
    at = yield stage.on(TODAY - 5, 9, 0)
    record_veto(
        nomination_id=pk,
        kind="消防安全责任事故",
        authority="青岚县消防救援大队（演示）",
        document="青消认字〔演示〕第 3 号",
        actor=stage.city.reviewer,
        at=at,
    )
    at = yield stage.on(TODAY - 4, 9, 30)
    move(Nomination, pk, "disqualify", stage.city.approver, at, "发生消防安全责任事故，取消本年度申报资格。")


def two_sheets_twenty_points_apart(stage: Stage) -> Tale[None]:
    """Two sheets of 90 and 70 points: the city has to say how this was resolved; a third is being written."""
    pk = yield from company.apply(stage, "山水苑", TODAY - 23)
    yield from district.consider(stage, pk, TODAY - 20, lost=10)
    experts, staff = stage.city.evaluators[0], stage.city.evaluators[2]
    third = stage.city.evaluators[4]
    panel = (experts, staff, third)
    assignments = yield from assessment.assign(stage, pk, TODAY - 9, panel)
    yield from assessment.visit(stage, pk, TODAY - 7, panel)
    yield from assessment.score(stage, assignments[0], TODAY - 6, [BEST - HALF] * 25)
    yield from assessment.score(stage, assignments[1], TODAY - 5, [BEST - 5 * HALF] * 25)
    yield from assessment.begin_to_score(stage, assignments[2], TODAY - 1, [BEST - 2 * HALF] * 11)


def evaluator_in_conflict_and_no_committee(stage: Stage) -> Tale[None]:
    """No committee: the neighborhood confirms instead. An evaluator steps back for a conflict, another takes over."""
    committee = company.without_committee(stage, "松岗新村")
    pk = yield from company.apply(stage, "松岗新村", TODAY - 23, committee=committee)
    yield from district.take_up(stage, pk, TODAY - 20)
    yield from district.review(stage, pk, TODAY - 19, lost=14)
    yield from district.recommend(
        stage, pk, TODAY - 18, override_reason="小区正在街道指导下筹建物业管理委员会，居民委员会代行职责，运行平稳。"
    )
    first, conflicted, *others = stage.city.evaluators
    assignments = yield from assessment.assign(stage, pk, TODAY - 11, (first, conflicted, others[0]))
    at = yield stage.on(TODAY - 10, 8, 50)
    declare_conflict(
        assignment_id=assignments[1].pk,
        kind=ConflictKind.FAMILY,
        about="company",
        reason="本人近亲属在该小区物业服务企业任职。",
        actor=conflicted.actor,
        at=at,
    )
    replaced = yield from assessment.assign(stage, pk, TODAY - 9, (others[1],))
    yield from assessment.visit(stage, pk, TODAY - 8, (first, others[0], others[1]))
    for number, assignment in enumerate((assignments[0], assignments[2], replaced[0])):
        yield from assessment.score(stage, assignment, TODAY - 7 + number, [BEST - HALF * (1 + number)] * 25)
    yield from assessment.complete(stage, pk, TODAY - 3)


def committee_term_expired_and_penalty_366_days_before(stage: Stage) -> Tale[None]:
    """The committee's term is over: the approver overrides with a reason. A penalty lies just outside the year."""
    community = stage.community("凤栖园")
    decided_on = months_before(last_day(stage), 12) - timedelta(days=1)
    penalize(community.company_id, decided_on, "桐源县城市管理局", "桐城管罚决字〔演示〕2号")
    expired = {"term_until": (stage.opens - timedelta(days=40)).isoformat()}
    expired["term_from"] = (stage.opens - timedelta(days=40 + 5 * 365)).isoformat()
    pk = yield from company.apply(stage, "凤栖园", TODAY - 21, committee=expired)
    yield from district.take_up(stage, pk, TODAY - 16)
    yield from district.review(stage, pk, TODAY - 14, lost=16, opinion=texts()["opinion_expired"])
    reason = "换届选举已经街道批准启动，原业主委员会继续履职，其余要求均符合。"
    yield from district.recommend(stage, pk, TODAY - 12, override_reason=reason)


def summary_on_its_way(stage: Stage) -> Tale[None]:
    """A sealed table that the city has yet to receive."""
    yield from district.prepare_summary(stage, "tongyuan", TODAY - 4)
    yield from district.approve_summary(stage, "tongyuan", TODAY - 1)


def visit_to_come(stage: Stage) -> Tale[None]:
    """A panel was proposed, changed by hand, deployed; one declined and a deputy took over; visits are planned."""
    community = stage.community("凤栖园")
    pk = yield from _case_when(stage, community, TODAY - 1)
    declining = stage.city.evaluators[5]
    yield from assessment.deploy(stage, pk, TODAY - 1, [*stage.city.evaluators[:4], declining])
    yield from assessment.decline(stage, pk, TODAY - 1, declining)
    again = yield from _case_when(stage, stage.community("山水苑"), TODAY - 1, 17)
    yield from assessment.plan(stage, {again: (TODAY, 15), pk: (TODAY + 1, 9)}, TODAY - 1)


def summary_received_early(stage: Stage) -> Tale[None]:
    """A district that was quick, so that the city could begin on site."""
    yield from district.send_summary(stage, "wangshan", TODAY - 16)


def work_reports(stage: Stage) -> Tale[None]:
    """One work report waits for the city, another is half written."""
    yield from district.submit_work_report(stage, "qinglan", TODAY - 3)
    yield from district.write_work_report(stage, "yunqi", TODAY - 1, "practice_and_results")


def work_report_accepted(stage: Stage) -> Tale[None]:
    """A work report with a typical case, accepted before its district has finished its table."""
    yield from district.attach_to_work_report(stage, "linhu", TODAY - 9, "case", "典型案例：垃圾分类积分进物业费.pdf")
    yield from district.submit_work_report(stage, "linhu", TODAY - 8)
    yield from district.accept_work_report(stage, "linhu", TODAY - 6)


def work_report_returned(stage: Stage) -> Tale[None]:
    """A work report that the city has returned with a remark on each section to be mended."""
    yield from district.submit_work_report(stage, "songting", TODAY - 7)
    remarks = {"problems": "请写明收费率低的小区数量和原因。", "suggestions": "建议请分条列出，并注明责任单位。"}
    yield from district.return_work_report(stage, "songting", TODAY - 4, "请补充数据，分条列出建议。", remarks)


def extension_of_a_district(stage: Stage) -> Tale[None]:
    """Two people of the city have given one district more time."""
    at = yield stage.on(TODAY - 6, 10, 0)
    extension = _prepare(stage, "qinglan", 7, "青岚县因防汛应急响应，审核推荐时间顺延。", at)
    at = yield stage.on(TODAY - 5, 9, 10)
    approve_extension(extension_id=extension.pk, actor=stage.city.approver, at=at)


def extension_waiting_for_approval(stage: Stage) -> Tale[None]:
    """A second extension waits for the city's approver."""
    at = yield stage.on(TODAY - 1, 11, 30)
    _prepare(stage, "linhu", 4, "临湖区审核人员轮训，请求顺延审核推荐时间。", at)


def _case_when(stage: Stage, community: Community, day: int, hour: int = 16) -> Tale[UUID]:
    yield stage.on(day, hour, 50)
    return Nomination.objects.get(campaign=stage.campaign, community=community).pk


def last_day(stage: Stage) -> Any:
    """Return the last day of the application, from which the year without a penalty is counted back."""
    return (stage.campaign.application_closes_at - timedelta(seconds=1)).astimezone(stage.on(0).tzinfo).date()


def penalize(company_id: Any, decided_on: Any, authority: str, document: str) -> None:
    """Enter an administrative penalty of a company."""
    Penalty.objects.create(company_id=company_id, decided_on=decided_on, authority=authority, document=document)


def _prepare(stage: Stage, login: str, days: int, reason: str, at: Any) -> Any:
    return prepare_extension(
        campaign_id=stage.campaign.pk,
        window=Window.DISTRICT,
        until=stage.campaign.district_closes_at + timedelta(days=days),
        reason=reason,
        actor=stage.city.reviewer,
        at=at,
        district_id=stage.summary_of(login).district_id,
    )
