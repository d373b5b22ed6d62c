"""The narrative columns of form 4, proposed from form 3 in the words of the paper; the district edits them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import pgettext_lazy

from common.refusals import Sentence

# The columns that are written, and all of the paper's, by the notice's own headings (annex 4).
COLUMNS: Mapping[str, Sentence] = {
    "company_text": pgettext_lazy("form 4", "Property company"),
    "party_text": pgettext_lazy("form 4", "Party organization"),
    "committee_text": pgettext_lazy("form 4", "Owners' committee"),
    "complaints_text": pgettext_lazy("form 4", "Petitions and complaints"),
    "fees_text": pgettext_lazy("form 4", "Collection of fees"),
}
FORM_4: Mapping[str, Sentence] = {
    "number": pgettext_lazy("form 4", "No."),
    "community": pgettext_lazy("form 4", "Community"),
    "score": pgettext_lazy("form 4", "Score and rank"),
    "place": pgettext_lazy("form 4", "Subdistrict, neighborhood"),
    **COLUMNS,
}
_COMMITTEES = {"owners_committee": "业主委员会", "property_management_committee": "物业管理委员会"}


def narrative(form: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return a proposal for each column of annex 4 from what the company has filled in (row S-06)."""
    company, party, figures = (form.get(name, {}) for name in ("company", "party", "figures"))
    return {
        "company_text": _sentence(_said(company, "name"), _penalty(company)),
        "party_text": _sentence(_said(party, "name")),
        "committee_text": _committee(form.get("committee", {})),
        "complaints_text": _sentence(_said(figures, "complaints", "一年内信访投诉{}件"), _households(form)),
        "fees_text": _sentence(_said(figures, "fee_collection_rate", "物业费收缴率{}%")),
    }


def _committee(section: Mapping[str, Any]) -> str:
    kind = _COMMITTEES.get(section.get("kind", ""))
    if kind is None:
        return _sentence("未成立业主委员会或物业管理委员会", _said(section, "substitute", "由{}代行"))
    term = (
        f"任期{_day(section.get('term_from'))}至{_day(section.get('term_until'))}" if section.get("term_until") else ""
    )
    members = _said(section, "members", "成员{}人") + _said(section, "party_members", "，其中党员{}人")
    return _sentence(str(section.get("name") or kind), term, members)


def _day(written: Any) -> str:
    """Return a day as it stands on paper: 2023年7月31日; what is no day stays as it is."""
    try:
        day = date.fromisoformat(str(written))
    except ValueError:
        return str(written)
    return f"{day.year}年{day.month}月{day.day}日"


def _penalty(company: Mapping[str, Any]) -> str:
    said: dict[Any, str] = {True: "一年内有行政处罚记录", False: "一年内无行政处罚记录"}
    return said.get(company.get("has_penalty"), "")


def _households(form: Mapping[str, Mapping[str, Any]]) -> str:
    return _said(form.get("basics", {}), "households", "小区共{}户")


def _said(section: Mapping[str, Any], name: str, words: str = "{}") -> str:
    value = section.get(name)
    return "" if value in (None, "") else words.format(value)


def _sentence(*parts: str) -> str:
    said = [part for part in parts if part]
    return "，".join(said) + "。" if said else ""
