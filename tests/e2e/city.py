"""A campaign of its own in the demo's city: thirteen communities of three districts and eight companies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from common.services import ROOT
from tests.e2e.desk import Desk
from tests.running_demo import Demo

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = datetime.now(SHANGHAI).date()
PRESET = ROOT / "nominations" / "presets" / "shili_demo.yaml"
CODE = "whole_city"
COMPANIES = ("jiashu", "heyue", "songyun", "linxi", "anhe", "zhilin", "leju", "yunfan")
# Login of the bureau, code, and how many communities it may recommend.
DISTRICTS = (("songting", "990103", 5), ("linhu", "990104", 5), ("wangshan", "990122", 3))
EVALUATORS = ("pool-a", "pool-b", "pool-c", "pool-d", "pool-e", "fire", "civil", "housing", "sanitation", "party")
# The tenth and the eleventh are scored alike and have the same figures: nothing tells them apart, and ten have places.
LEVELS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 11, 12)
TIED = (9, 10)


@dataclass(frozen=True)
class Case:
    """One community on its way; ``level`` is how many half points its sheets lose."""

    id: str
    number: str
    community: str
    community_id: str
    district: str
    company: Desk
    place: int

    @property
    def path(self) -> str:
        """Return the address of the nomination."""
        return f"nominations/{self.id}/"

    @property
    def committee(self) -> str:
        """Return the mail address of the owners' committee."""
        return f"{CODE}.{self.place}@example.com"

    @property
    def level(self) -> int:
        """Return how much its sheets lose."""
        return LEVELS[self.place]

    @property
    def complaints(self) -> tuple[int, int]:
        """Return complaints and households, as the city counts them."""
        return 1, 900 - self.level


@dataclass
class City:
    """Everybody at work, and what their work is about."""

    demo: Demo
    campaign: str
    reviewer: Desk
    approver: Desk
    bureaus: dict[str, tuple[Desk, Desk]]
    evaluators: dict[str, Desk]
    people: dict[int, Desk]
    cases: list[Case] = field(default_factory=list)

    def of_campaign(self, path: str, desk: Desk | None = None, **query: Any) -> list[dict[str, Any]]:
        """Return the rows of a list that belong to the campaign, as somebody sees them."""
        return (desk or self.reviewer).rows(path, campaign=self.campaign, **query)

    def ranking(self, rest: str = "", desk: Desk | None = None, **sent: Any) -> Any:
        """Return what stands at the ranking's address or below it."""
        return (desk or self.reviewer).get(f"campaigns/{self.campaign}/ranking/{rest}", **sent)

    def states(self) -> dict[str, str]:
        """Return where every case stands, by its number."""
        return {row["number"]: row["state"] for row in self.of_campaign("nominations/")}

    def panel(self, case: Case) -> list[tuple[str, Desk]]:
        """Return the assignments of a community that count, each with the desk of its evaluator."""
        seats = self.reviewer.rows(f"{case.path}assignments/")
        return [(seat["id"], self.people[seat["evaluator"]["id"]]) for seat in seats if not seat["ended_at"]]

    def profile(self, login: str) -> str:
        """Return the id that the pool knows an evaluator by."""
        return next(pk for pk, desk in self.evaluators.items() if desk.username == f"{login}.evaluator")


def opened(demo: Demo, folder: Path) -> City:
    """Load the campaign, open for applications since three days, and seat everybody."""
    preset = folder / "preset.yaml"
    text = re.sub(
        "^title: .*$", "title: 示例市“美好家园”全市演练", PRESET.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    preset.write_text(text.replace("district_share: 0\n", "district_share: 0.2\n"), encoding="utf-8")
    demo.manage("load_campaign", str(preset), "--code", CODE, "--shift-to", (TODAY - timedelta(days=3)).isoformat())
    reviewer = demo.desk("city.reviewer")
    [campaign] = [row["id"] for row in reviewer.rows("campaigns/") if row["code"] == CODE]
    bureaus = {
        login: (demo.desk(f"{login}.reviewer"), demo.desk(f"{login}.approver")) for login, _code, _quota in DISTRICTS
    }
    pool = [demo.desk(f"{login}.evaluator") for login in EVALUATORS]
    profiles = [(desk, desk.rows("evaluators/")[0]) for desk in pool]
    evaluators = {profile["id"]: desk for desk, profile in profiles}
    people = {profile["person"]["id"]: desk for desk, profile in profiles}
    city = City(demo, campaign, reviewer, demo.desk("city.approver"), bureaus, evaluators, people)
    city.cases += started(city)
    _count_complaints(city)
    return city


def started(city: City) -> list[Case]:
    """Have every company begin a draft for its communities, as far as the quotas go."""
    homes: dict[str, list[tuple[Desk, dict[str, Any]]]] = {code: [] for _login, code, _quota in DISTRICTS}
    for login in COMPANIES:
        desk = city.demo.desk(f"{login}.admin")
        for community in desk.rows("communities/"):
            homes.get(community["district_code"], []).append((desk, community))
    chosen = [(login, *home) for login, code, quota in DISTRICTS for home in homes[code][:quota]]
    chosen.sort(key=lambda row: row[2]["name"])  # districts and companies mixed, the same at every run
    cases = []
    for place, (login, desk, community) in enumerate(chosen):
        draft = desk.post("nominations/", {"campaign": city.campaign, "community": community["id"]})
        cases.append(Case(draft["id"], draft["number"], community["name"], community["id"], login, desk, place))
    return cases


def _count_complaints(city: City) -> None:
    """Try the city's list, then write it: the nominated ones are among the best of the hundreds that are managed."""
    names = {code: login for login, code, _quota in DISTRICTS}
    districts = {row["district_code"]: row["authority"]["name"] for row in city.reviewer.rows("communities/")}
    by_login = {names[code]: name.removesuffix("城市管理局") for code, name in districts.items() if code in names}
    own = [
        f"{case.community},{by_login[case.district]},{case.complaints[1]},{case.complaints[0]}" for case in city.cases
    ]
    others = [f"全市住宅{number:03},{by_login['linhu']},500,{5 + number % 7}" for number in range(300)]
    table = "\n".join(["小区名称,所在县区,户数,投诉件数", *own, *others]).encode()
    path = f"campaigns/{city.campaign}/complaint-figures/"
    tried, written = (
        city.reviewer.ask("POST", path, data={"write": write}, files={"file": ("complaints.csv", table, "text/csv")})
        for write in ("false", "true")
    )
    outcomes = {"matched": len(own), "not_registered": len(others)}
    assert Counter(line["outcome"] for line in written["lines"]) == outcomes
    assert (tried["written"], written) == (False, tried | {"written": True})
