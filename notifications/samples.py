"""One made-up notice for everything that is ever said, for whoever wants to read it before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Membership, Organization, User
from common.identifiers import new_id
from common.instants import end_of, local_date
from nominations.enums import ConflictKind, DeclineReason, VetoKind, Window
from notifications.audiences import ABOVE, HOLDERS, TABLE
from notifications.enums import Audience, Category, Step
from notifications.models import Notice
from workflow.models import Event

_COMPANY = Organization(id=UUID(int=1), name="清和物业服务有限公司（示例）")
_BUREAU = Organization(id=UUID(int=2), name="云栖区城市管理局（演示）")
_CITY = Organization(id=UUID(int=3), name="示例市城市管理局（演示）")
_POOL = Organization(id=UUID(int=4), name="示例市测评专家库（演示）")
_OFFICES = {
    Audience.COMPANY: _COMPANY,
    Audience.CITY_REVIEWERS: _CITY,
    Audience.CITY_APPROVERS: _CITY,
    Audience.CITY_PAIR: _CITY,
    Audience.EVALUATOR: _POOL,
}
# Who takes each step, where it is not the city bureau.
_BY_COMPANY = {"submit", "recall", "withdraw", "invite_committee", "confirm_substitute"}
_BY_DISTRICT = {
    "return_for_correction", "recommend", "decline", "rescind_recommendation", "claim", "release", "hand_over",
    "complete_review", "reopen_review", "approve", "amend", "submit",
}  # fmt: skip
_BY_POOL = {"accept_assignment", "decline_assignment", "declare_conflict"}
_BY_MACHINE = {"lapse", "find_conflict"}
_PARAMS: dict[str, Any] = {
    "campaign": "2026 年“加强物业管理 共建美好家园”活动",
    "company": _COMPANY.name,
    "district": _BUREAU.name,
    "round": 1,
    "allowed": 2,
    "award": "“美好家园”小区",
    "veto": {
        "kind": "较大安全生产责任事故",
        "authority": "云栖区应急管理局（演示）",
        "document": "云应急〔2026〕12号（虚构）",
    },
}
_PAYLOAD: dict[str, Any] = {
    "sections": [
        {
            "section": "figures",
            "field": "satisfaction_rate",
            "remark": "满意度调查回收份数与附件不一致，请核对后补正。",
        },
        {"section": "committee", "remark": "备案回执第 2 页不清晰，请重新扫描上传。"},
        {
            "section": "practices",
            "field": "practice_7",
            "remark": "7月17日检查发现 3 号楼北侧消防车通道停车，请说明整改情况并附照片。",
        },
    ],
    "remarks": {"problems": "请写明收费率低的小区数量和原因。", "suggestions": "建议请分条列出，并注明责任单位。"},
    "result_document": "示建函〔2026〕88号（虚构）",
    "window": Window.CORRECTION.value,
    "kind": ConflictKind.FAMILY.value,
    "reason": DeclineReason.AWAY.value,
    "planned_from": "2026-08-12T01:00:00+00:00",
    "found": [{"kind": VetoKind.BLOCKED_FIRE_LANE.value, "note": "3 号楼北侧消防车通道被私家车占用。"}],
}


def notice_about(
    flow: str, name: str, audience: Audience, *, at: datetime, language: str = "zh-hans", **changes: Any
) -> Notice:
    """Return an unsaved notice of an event to somebody of ``audience``; ``changes`` replace its params."""
    actor_office, is_by_person = _office_of_actor(flow, name), name not in _BY_MACHINE
    told = Notice(
        id=new_id(),
        audience=audience,
        topic=f"{flow}.{name}",
        category=Category.PROGRESS,
        params=_params(flow, at) | {"until": end_of(local_date(at) + timedelta(days=10)).isoformat()} | changes,
        created_at=at,
        recipient=User(id=1, name="李明", language=language, email="li.ming@example.com"),
        membership=Membership(organization=_office_of(audience, actor_office)),
    )
    told.event = Event(
        id=new_id(), flow=flow, name=name, at=at, actor_id=2 if is_by_person else None, actor_name="王敏",
        organization_id=actor_office.pk if is_by_person else None,
        organization_name=actor_office.name if is_by_person else "",
        comment="根据核查情况和会议研究意见作出上述处理。" if is_by_person else "", payload=_PAYLOAD,
    )  # fmt: skip
    return told


def reminder_of(
    flow: str,
    kind: str,
    step: Step,
    audience: Audience,
    *,
    above: bool = False,
    at: datetime,
    language: str = "zh-hans",
) -> Notice:
    """Return an unsaved reminder of a deadline."""
    days = {Step.SEVEN_DAYS: 7, Step.THREE_DAYS: 3, Step.ONE_DAY: 1, Step.LAST_DAY: 0, Step.OVERDUE: -1}[step]
    due_at = end_of(local_date(at) + timedelta(days=days))
    more = {"due": due_at.isoformat(), "days": days, **({"above": True} if above else {})}
    return Notice(
        id=new_id(),
        reminder_id=new_id(),
        audience=audience,
        topic=f"reminder.{flow}.{kind}.{step.value}",
        category=Category.REMINDER,
        params=_params(flow, at) | more,
        created_at=at,
        recipient=User(id=1, name="李明", language=language, email="li.ming@example.com"),
        membership=Membership(organization=_office_of(audience, _CITY)),
    )


def all_notices(*, at: datetime, language: str = "zh-hans") -> Iterator[tuple[str, Notice]]:
    """Yield every notice that can be written, with its name: each audience of an event, each step of a reminder."""
    for (flow, name), row in TABLE.items():
        for audience in dict.fromkeys([Audience.ACTOR, *(told.audience for told in row)]):
            if audience != Audience.ACTOR or has_receipt(name):
                yield f"{flow}.{name}.{audience}", notice_about(flow, name, audience, at=at, language=language)
    for (flow, kind), holders in HOLDERS.items():
        holder = next(iter(holders.values()))
        for step in Step:
            yield f"reminder.{flow}.{kind}.{step}", reminder_of(flow, kind, step, holder, at=at, language=language)
        if holder in ABOVE:
            late = reminder_of(flow, kind, Step.OVERDUE, ABOVE[holder], above=True, at=at, language=language)
            yield f"reminder.{flow}.{kind}.above", late


def has_receipt(name: str) -> bool:
    """Tell whether somebody with an account takes this step: not the machine, nor the committee at its public link."""
    return name not in {"lapse", "committee_confirmed", "committee_refused", "find_conflict"}


def _params(flow: str, at: datetime) -> dict[str, Any]:
    due_at = end_of(local_date(at) + timedelta(days=7))
    if flow == "nomination":
        return _PARAMS | {"title": "栖云雅苑", "number": "YX-2026-003", "due": due_at.isoformat()}
    title = _BUREAU.name if flow in {"recommendation_summary", "work_report"} else _PARAMS["campaign"]
    return _PARAMS | {"title": title, "due": due_at.isoformat()}


def _office_of_actor(flow: str, name: str) -> Organization:
    if flow == "nomination" and name in _BY_COMPANY:
        return _COMPANY
    if name in _BY_POOL:
        return _POOL
    by_district = name in _BY_DISTRICT and flow in {"nomination", "recommendation_summary", "work_report"}
    return _BUREAU if by_district else _CITY


def _office_of(audience: Audience, actor_office: Organization) -> Organization:
    if audience == Audience.ACTOR:
        return actor_office
    return _OFFICES.get(audience, _BUREAU)
