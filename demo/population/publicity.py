"""What goes with a campaign beside its papers: publications, good practice, third parties' findings, related honors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from accounts.enums import Role
from demo.population import papers
from demo.population.stage import Stage, checked
from demo.population.tales import Tale
from nominations.models import Nomination
from nominations.operations import honor, publicity, third_party

# Bureau, days ago, channel, title, address: one without an address hangs on a board.
PUBLICATIONS = (
    ("yunqi", 12, "微信公众号", "云栖区启动“美好家园”小区创建", "https://mp.weixin.qq.com/s/yunqi-example"),
    ("yunqi", 3, "政府网站", "云栖区开展创建小区实地指导", "https://www.example.gov.cn/yunqi/1.html"),
    ("linhu", 9, "小区公示栏", "致全体业主的一封信", ""),
    ("wangshan", 8, "短视频", "一分钟看望山县物业服务提质", "https://video.example.com/wangshan"),
    ("qinglan", 5, "报刊", "红色议事厅议出好邻里", "https://paper.example.com/qinglan"),
)
# Bureau, days ago, community (none: the whole district), title, summary, tags.
PRACTICES = (
    (
        "yunqi",
        6,
        "栖云雅苑",
        "楼道微协商",
        "每栋楼设协商角，社区、业委会、物业每周到场，近一年解决停车、晾晒等问题 41 件。",
        ["多方协调", "党建引领"],
    ),
    (
        "linhu",
        4,
        "",
        "垃圾分类积分进物业费",
        "全区 6 个小区试行分类积分抵扣物业费，参与率由 43% 升至 78%。",
        ["垃圾分类", "物业服务提质"],
    ),
    (
        "wangshan",
        7,
        "山水苑",
        "执法进小区公示一牌通",
        "六个部门的电话和事项写在一块牌上，投诉平均办结时间缩短 2 天。",
        ["执法进小区"],
    ),
)
# Community, days ago, programme, year, status, document.
HONORS = (
    ("栖云雅苑", 7, "红色物业示范小区（示例）", 2, "granted", "示组通〔演示〕9号"),
    ("山水苑", 9, "红色物业示范小区（示例）", 0, "applying", ""),
    ("云溪花园", 10, "红色物业示范小区（示例）", 1, "not_granted", ""),
    ("桂香里", 4, "绿色社区（示例）", 1, "granted", "示建函〔演示〕31号"),
)
SURVEYED = ("山水苑", "松岗新村")


def stories(stage: Stage, today: int) -> Iterator[Tale[Any]]:
    """Yield what districts and city have entered in the weeks before the day ``today`` of the campaign."""
    for login, ago, channel, title, link in PUBLICATIONS:
        on = _day(stage, today - ago - 1)
        yield published(
            stage, login, today - ago, {"channel": channel, "title": title, "link": link, "published_on": on}
        )
    for login, ago, name, title, summary, tags in PRACTICES:
        yield collected(stage, login, today - ago, name, {"title": title, "summary": summary, "tags": tags})
    for name, ago, programme, years, status, document in HONORS:
        given = {"programme": programme, "year": stage.opens.year - years, "status": status, "document": document}
        yield honored(stage, name, today - ago, given)
    for number, name in enumerate(SURVEYED):
        yield surveyed(stage, name, today - 5 + number)


def published(stage: Stage, login: str, day: int, entry: Mapping[str, Any]) -> Tale[None]:
    """A publication of a district."""
    at = yield stage.on(day, 9, 40)
    actor = stage.city.actors[login, Role.DISTRICT_REVIEWER]
    publicity.log_publicity(campaign_id=stage.campaign.pk, entry=entry, actor=actor, at=at)


def collected(stage: Stage, login: str, day: int, name: str, practice: Mapping[str, Any]) -> Tale[None]:
    """Good practice of a community, or of a whole district."""
    at = yield stage.on(day, 11, 20)
    about = {"nomination": _case(stage, name).pk} if name else {}
    actor = stage.city.actors[login, Role.DISTRICT_REVIEWER]
    publicity.collect_practice(campaign_id=stage.campaign.pk, practice={**practice, **about}, actor=actor, at=at)


def honored(stage: Stage, name: str, day: int, given: Mapping[str, Any]) -> Tale[None]:
    """A related honor, entered by the city's officer."""
    at = yield stage.on(day, 15, 10)
    honor.enter_honor(community_id=stage.community(name).pk, honor=given, actor=stage.city.reviewer, at=at)


def surveyed(stage: Stage, name: str, day: int) -> Tale[None]:
    """What a third party found among the residents, with its report."""
    at = yield stage.on(day, 16, 5)
    found = third_party.record_third_party(
        nomination_id=_case(stage, name).pk,
        assessment={
            "organization": "示例社会调查中心（示例）",
            "began_on": _day(stage, day - 12),
            "ended_on": _day(stage, day - 3),
            "method": "入户问卷与现场查看相结合",
            "sample": "按楼栋随机抽取 300 户，有效回收 286 户",
            "result": "物业服务满意度 94.10%；主要意见为非机动车充电位不足。",
        },
        actor=stage.city.reviewer,
        at=at,
    )
    report = third_party.attach_third_party_report(
        assessment_id=found.pk,
        label="满意度调查报告",
        upload=papers.scan("满意度调查报告.pdf", f"{name} surveyed"),
        actor=stage.city.reviewer,
        at=at,
    )
    checked(report, at)


def _case(stage: Stage, name: str) -> Nomination:
    found: Nomination = Nomination.objects.get(campaign=stage.campaign, community=stage.community(name))
    return found


def _day(stage: Stage, day: int) -> str:
    found: date = stage.opens + timedelta(days=day)
    return found.isoformat()
