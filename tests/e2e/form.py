"""The self-recommendation form as a company fills it in."""

from __future__ import annotations

from typing import Any

_FORM: dict[str, dict[str, Any]] = {
    "basics": {"built_on": "2016-09", "floor_area": "86000.50", "buildings": 12, "entrances": 24, "households": 500},
    "party": {"name": "中共汀兰小区支部委员会", "contact_name": "方琳", "contact_phone": "13800000001"},
    "company": {
        "name": "清和物业服务有限公司（示例）",
        "contact_name": "陈堃",
        "contact_phone": "13800000002",
        "has_penalty": False,
    },
    "committee": {
        "kind": "owners_committee",
        "name": "第二届业主委员会",
        "term_from": "2025-03-18",
        "term_until": "2030-03-17",
        "members": 7,
        "party_members": 4,
        "contact_name": "李䶮",
        "contact_phone": "13800000003",
    },
    "figures": {
        "satisfaction_rate": "95.20",
        "satisfaction_source": "入户问卷，回收 312 份",
        "fee_collection_rate": "96.40",
        "complaints": 2,
    },
    "practices": {f"practice_{number}": f"对照第 {number} 项要求的做法和成效。" for number in range(1, 9)},
}


def filled_in(committee: str, **figures: Any) -> dict[str, dict[str, Any]]:
    """Return a complete form with the mail address of the committee and figures of its own."""
    own = {"committee": {"contact_email": committee}, "figures": figures}
    return {section: answers | own.get(section, {}) for section, answers in _FORM.items()}
