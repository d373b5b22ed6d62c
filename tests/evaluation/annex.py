"""Annex 2 of the notice as the engine sees it: four groups with the weights 20/20/40/20 and 25 items (S-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from common.identifiers import new_id
from evaluation.scoring import GroupOutline, ItemOutline, Mark, SheetFigures, StandardOutline, score_sheet

NOT_APPLICABLE = None
Row = Sequence[str | None]

GROUP_ONE = (
    "所在街道健全街道党工委统一协调,相关部门联动执法,协同解决物业管理问题的工作机制。",
    "多方联动机制活联席会议制度有效落实,对涉及物业管理的重大事项、重要问题、重点工作能共同协商解决。",
    "小区由党建活动场所,通过社区物业党建或选派党建指导员等方式,实现党的工作覆盖。",
    "建立社区党组织领导下的社区居民委员会、业主委员会、物业服务企业协调运行机制。",
    "小区组织开展精神文明活动,宣传党的二十大精神和社会主义核心价值观,丰富群众文化生活。",
)
GROUP_TWO = (
    "街道社区党组织做好业主委员会人选推荐把关工作,组织业主成立业主大会,选举产生业主委员会,或指导组建物业管理委员会。",
    "业主委员会或物业管理委员会成员中的党员占比较高。",
    "业主委员会或物业管理委员会按规定向业主公布共有部分经营与收益、维修资金使用、经费开支等信息。",
    "业主委员会或物业管理委员会正常运行,及时组织召集业主共同决策小区重要公共事务,并报告社区党组织和居民委员会。",
)
GROUP_THREE = (
    "物业服务企业无失信行为。",
    "小区物业管理投诉位于全市后5%。",
    "小区物业费收费率≥90%。",
    "小区物业服务信息公开规范。",
    "小区环境卫生、绿化养护良好。",
    "小区共有设施设备维护良好,档案完整、规范。",
    "物业档案完整,管理、值守、维修、养护记录清晰。",
    "提供物业管理基础服务外的生活服务。",
    "对于小区内违法违规行为,履行巡查、劝阻、报告职责。",
)
GROUP_FOUR = (
    "小区显著位置公示相关部门投诉、咨询电话。",
    "小区显著位置公示供水、排水、供电、供气、供热等专业运营单位联系电话。",
    "相关部门执法进小区,专业运营单位服务进小区。",
    "小区无占用堵塞公共和消防通道情况。",
    "小区车辆停放、充电规范。",
    "小区实施生活垃圾分类。",
    "依法依规饲养动物。",
)


def group(number: str, title: str, weight: str, texts: Sequence[str]) -> GroupOutline:
    """Return a group whose items count ten points each."""
    return GroupOutline(number, title, Decimal(weight), tuple(ItemOutline(text) for text in texts))


def annex_two() -> StandardOutline:
    """Return annex 2 with fresh ids."""
    return StandardOutline(
        (
            group("一", "党建引领机制完善", "20", GROUP_ONE),
            group("二", "业主委员会和物业管理委员会等运行规范", "20", GROUP_TWO),
            group("三", "物业管理服务规范高效", "40", GROUP_THREE),
            group("四", "部门执法和专项服务进小区", "20", GROUP_FOUR),
        )
    )


def heavier(outline: StandardOutline) -> StandardOutline:
    """Return the standard with five hundredths moved from the third group to the fourth."""
    first, second, third, fourth = outline.groups
    third, fourth = replace(third, weight=Decimal(35)), replace(fourth, weight=Decimal(25))
    return StandardOutline((first, second, third, fourth))


def refined(outline: StandardOutline) -> StandardOutline:
    """Return the standard with its first item refined into two parts."""
    first, *others = outline.groups
    item = replace(
        first.items[0], parts=(ItemOutline("街道有专班。"), ItemOutline("每月联动执法。", evidence_required=True))
    )
    return StandardOutline((replace(first, items=(item, *first.items[1:])), *others))


def marks(outline: StandardOutline, rows: Sequence[Row]) -> dict[UUID, Mark]:
    """Return the marks of a sheet from one row of points per group; ``None`` stands for not applicable."""
    points = [cell for row in rows for cell in row]
    return {leaf.item.id: mark(cell) for leaf, cell in zip(outline.leaves(), points, strict=True)}


def mark(points: str | None) -> Mark:
    """Return a complete mark: explained and with a photo, so that low points may be handed in too."""
    if points is None:
        return Mark(None, not_applicable=True, reason="小区无此项设施。")
    return Mark(Decimal(points), remark="现场查看属实。", photo_id=PHOTO)


def figures(outline: StandardOutline, marks: Mapping[UUID, Mark]) -> SheetFigures:
    """Return the exact figures of a sheet under a new id."""
    return score_sheet(outline, marks).figures(new_id())


PHOTO = UUID("01890000-0000-7000-8000-000000000001")

# Three sheets, worked by hand in test_scoring.py.
SHEET_A = (
    ("9", "8.5", "9.5", "10", "8"),
    ("9", "8", "7.5", "9.5"),
    ("10", "10", "9", "8.5", "8", "9", "7.5", "9", "8"),
    ("10", "9", "8", "10", "7", "8.5", "9.5"),
)
SHEET_B = (
    ("7", "7", "8", "6.5", "7.5"),
    ("6", "6", "7", "7"),
    ("8", "7", "9", "8", "7.5", "6", "6.5", NOT_APPLICABLE, "8"),
    ("9", "8", "7", "10", "6", "8", NOT_APPLICABLE),
)
SHEET_C = (
    ("10", "10", "10", "9.5", "10"),
    ("9", "9.5", "10", "8.5"),
    ("10", "10", "10", "10", "9", "9.5", "8.5", "10", "9"),
    ("10", "9", "10", "10", "9.5", "10", "5.5"),
)
