"""What a notice needs to know of an object: its names, its offices, its dates. Reads what was loaded, never queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from nominations.enums import NominationState, Window
from nominations.rules import windows


@dataclass(frozen=True, slots=True)
class Scope:
    """Names and offices of one object; ``ends`` are the exclusive ends of its periods, extensions included."""

    title: str
    campaign: str
    city_id: UUID
    number: str = ""
    company_id: UUID | None = None
    company: str = ""
    district_id: UUID | None = None
    district: str = ""
    case_reviewer_id: int | None = None
    stage: str = ""
    round: int = 0
    allowed: int = 0
    award: str = ""
    veto: dict[str, str] | None = None
    ends: dict[Window, datetime] = field(default_factory=dict)

    def params(self) -> dict[str, Any]:
        """Return what the words of a notice are filled with, small enough to be kept with each notice."""
        kept = {
            "title": self.title,
            "campaign": self.campaign,
            "number": self.number,
            "company": self.company,
            "district": self.district,
        }
        return {name: value for name, value in kept.items() if value}

    def more(self, name: str) -> dict[str, Any]:
        """Return what the words of one event need besides."""
        if name == "return_for_correction":
            return {"round": self.round, "allowed": self.allowed}
        if name == "record_award":
            return {"award": self.award}
        return {"veto": self.veto} if name in {"disqualify", "record_veto"} and self.veto else {}


def scope_of(subject: Any) -> Scope:
    """Return the scope of a workflow object that was loaded with its facts."""
    return _READERS[subject.flow](subject)


def _nomination(subject: Any) -> Scope:
    review = getattr(subject, "review", None)
    ends = _ends(subject, (Window.APPLICATION, Window.DISTRICT, Window.EVALUATION, Window.REPORT))
    if subject.correction_due_at is not None:
        ends[Window.CORRECTION] = subject.correction_due_at
    return Scope(
        title=subject.community.name,
        campaign=subject.campaign.title,
        city_id=subject.campaign.city_id,
        number=subject.number,
        company_id=subject.company_id,
        company=subject.company.name,
        district_id=subject.district_id,
        district=subject.district.name,
        case_reviewer_id=subject.claimed_by_id or getattr(review, "reviewer_id", None),
        stage="reviewed" if _is_reviewed(subject, review) else str(subject.state),
        round=subject.corrections,
        allowed=subject.campaign.corrections_allowed,
        award=subject.campaign.award,
        veto=subject.veto,
        ends=ends,
    )


def _is_reviewed(subject: Any, review: Any) -> bool:
    """Tell whether the case waits for the approver: its review is complete for the present text."""
    waits = subject.state == NominationState.SUBMITTED and review is not None
    return waits and bool(review.is_complete_for(subject))


def _of_district(subject: Any) -> Scope:
    return Scope(
        title=subject.district.name,
        campaign=subject.campaign.title,
        city_id=subject.campaign.city_id,
        district_id=subject.district_id,
        district=subject.district.name,
        stage=str(subject.state),
        ends=_ends(subject, (Window.DISTRICT, Window.EVALUATION, Window.WORK_REPORT, Window.REPORT)),
    )


def _of_city(subject: Any) -> Scope:
    return Scope(
        title=subject.campaign.title,
        campaign=subject.campaign.title,
        city_id=subject.campaign.city_id,
        stage=str(subject.state),
        ends={Window.REPORT: _end(subject, Window.REPORT)},
    )


_READERS: dict[str, Callable[[Any], Scope]] = {
    "nomination": _nomination,
    "recommendation_summary": _of_district,
    "work_report": _of_district,
    "selection": _of_city,
    "provincial_report": _of_city,
}


def _ends(subject: Any, wanted: Iterable[Window]) -> dict[Window, datetime]:
    return {window: _end(subject, window) for window in wanted}


def _end(subject: Any, window: Window) -> datetime:
    """Return the end of a window; a selection carries no extensions of its own."""
    if hasattr(subject, "extended"):
        return windows.end_of(subject, window)
    return subject.campaign.report_closes_at  # type: ignore[no-any-return]  # a model field read through Any
