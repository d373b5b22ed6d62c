"""The self-recommendation form as companies of the demo fill it in; whatever a case turns on is given by its story."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nominations.enums import CommitteeKind
from nominations.models import Community

Sections = dict[str, dict[str, Any]]
_NAMES = ("方琳", "李䶮", "江月", "秦朗", "吴桐", "杜若", "贺兰", "施然", "温言", "柳青", "谢𬭳", "卓远")


@cache
def texts() -> Mapping[str, Any]:
    """Return what people write in the demo."""
    content: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
    return content


def filled_in(community: Community, on: date, **changes: Mapping[str, Any]) -> Sections:
    """Return a complete form as of the day ``on``; ``changes`` are laid over its sections, such as ``figures={…}``."""
    chance = random.Random(community.name)  # noqa: S311 - for looks, not for secrets
    form: Sections = {
        "basics": _basics(chance),
        "party": {"name": f"中共{community.name}小区支部委员会", **_contact(chance)},
        "company": {"name": community.company.name, **_contact(chance), "has_penalty": False},
        "committee": _committee(community, on, chance),
        "figures": _figures(chance),
        "practices": _practices(community, chance),
    }
    return {name: {**values, **changes.get(name, {})} for name, values in form.items()}


def no_committee(community: Community) -> dict[str, Any]:
    """Return the committee section of a community that has none: somebody else confirms in its place."""
    return {
        "kind": CommitteeKind.NONE.value,
        "name": None,
        "term_from": None,
        "term_until": None,
        "members": None,
        "party_members": None,
        "substitute": f"{community.neighborhood}居民委员会",
    }


def management_committee(community: Community) -> dict[str, Any]:
    """Return what differs where a property management committee stands in for the owners' committee."""
    return {
        "kind": CommitteeKind.PROPERTY_MANAGEMENT_COMMITTEE.value,
        "name": f"{community.name}物业管理委员会",
    }


def _basics(chance: random.Random) -> dict[str, Any]:
    buildings = chance.randint(6, 24)
    return {
        "built_on": f"{chance.randint(2004, 2019)}-{chance.randint(1, 12):02}",
        "floor_area": f"{chance.randint(42_000, 186_000)}.{chance.randint(0, 99):02}",
        "buildings": buildings,
        "entrances": buildings * chance.randint(2, 3),
        "households": chance.randint(320, 1500),
        "remarks": "地面停车位和人防车库各一处，绿地率约三成。",
    }


def _contact(chance: random.Random) -> dict[str, str]:
    return {"contact_name": chance.choice(_NAMES), "contact_phone": f"1380000{chance.randint(0, 9999):04}"}


def _committee(community: Community, on: date, chance: random.Random) -> dict[str, Any]:
    members = chance.choice((5, 7, 9))
    return {
        "kind": CommitteeKind.OWNERS_COMMITTEE.value,
        "name": f"{community.name}第二届业主委员会",
        "term_from": date(on.year - 1, 3, 18).isoformat(),
        "term_until": date(on.year + 4, 3, 17).isoformat(),
        "members": members,
        "party_members": members // 2 + 1,
        **_contact(chance),
        "contact_email": f"committee.{community.initials}@example.com",
        "substitute": None,
    }


def _figures(chance: random.Random) -> dict[str, Any]:
    return {
        "satisfaction_rate": f"{chance.randint(9130, 9890) / 100:.2f}",
        "satisfaction_source": "社区居民委员会抽样调查，有效问卷 412 份，入户与线上各半",
        "fee_collection_rate": f"{chance.randint(9120, 9910) / 100:.2f}",
        "complaints": chance.randint(0, 2),
    }


def _practices(community: Community, chance: random.Random) -> dict[str, str]:
    return {
        f"practice_{number}": chance.choice(variants).format(name=community.name)
        for number, variants in enumerate(texts()["practices"], start=1)
    }
