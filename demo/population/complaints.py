"""The city's list of complaints about all managed communities, made up; most are not entered here."""

from __future__ import annotations

import random
from collections.abc import Iterator

from demo.population.offices import City
from nominations.models import Campaign
from nominations.operations.complaints import import_complaints

HEADING = "小区名称,所在县区,户数,投诉件数"
OTHERS = 860
# One community of the demo is among the worst; two have the same rate, so that nothing parts them in a ranking.
GIVEN = {"镜湖新村": (600, 31), "桐溪苑": (800, 1), "云溪花园": (800, 1)}


def import_for(city: City, campaign: Campaign) -> None:
    """Import the list for a campaign."""
    content = "\n".join([HEADING, *_entered(city), *_others(city)]).encode()
    import_complaints(campaign_id=campaign.pk, content=content, name="complaints.csv", dry_run=False)


def _entered(city: City) -> Iterator[str]:
    for name, community in city.communities.items():
        chance = random.Random(name)  # noqa: S311 - for looks, not for secrets
        households, complaints = GIVEN.get(name, (chance.randint(520, 1500), chance.randint(0, 2)))
        yield f"{name},{community.district.name},{households},{complaints}"


def _others(city: City) -> Iterator[str]:
    districts = sorted({community.district.name for community in city.communities.values()})
    for number in range(1, OTHERS + 1):
        chance = random.Random(number)  # noqa: S311 - for looks, not for secrets
        households = chance.randint(200, 1600)
        complaints = households * chance.randint(6, 60) // 1000 + 1
        yield f"示例住宅{number:03},{districts[number % len(districts)]},{households},{complaints}"
