"""A district's review as its page shows it: checks with their findings, marks, inspections, and what is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from attachments import queries as attachments
from attachments.models import Attachment
from common.refusals import Refusal
from evaluation.models import ScoreSheet
from evaluation.queries import FilledLine, filled_sheet, outline_of
from evaluation.rules import missing_on_sheet
from evaluation.scoring import CannotScore, GroupOutline, Mark, StandardOutline, score_sheet
from nominations.enums import CheckSource, CheckVerdict, NominationState
from nominations.models import DistrictReview, Inspection, Requirement, RequirementCheck
from nominations.operations.district_review import EVIDENCE
from nominations.operations.inspection import KIND as INSPECTION
from nominations.queries.requirement import evidence_of
from nominations.rules.district_review import missing_on_review
from nominations.rules.nomination import review_of
from nominations.rules.requirement import Finding, precheck, verdict_of


@dataclass(frozen=True, slots=True)
class Checked:
    """One requirement: what the figures say, what the reviewer says, and what comes of the two."""

    requirement: Requirement
    finding: Finding
    verdict: CheckVerdict
    source: CheckSource
    judged: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether nothing is left to do here."""
        return self.verdict == CheckVerdict.MET


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """How far one group of the score sheet has come; ``score`` is there once every item of it has its mark."""

    group: GroupOutline
    lines: tuple[FilledLine, ...]
    done: int
    score: Decimal | None

    @property
    def whole(self) -> int:
        """Return how many items take a mark."""
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Everything that the district has found out about one nomination."""

    nomination: Any
    review: DistrictReview | None
    checks: tuple[Checked, ...]
    groups: tuple[GroupStanding, ...]
    total: Decimal | None
    sheet: ScoreSheet | None
    inspections: tuple[Inspection, ...]
    photos: Mapping[UUID, Sequence[Attachment]]
    evidence: tuple[Attachment, ...]
    gaps: tuple[Refusal, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether the review of the present text lies with the approver."""
        return self.review is not None and self.review.is_complete_for(self.nomination)

    @property
    def scored(self) -> int:
        """Return how many items have their mark."""
        return sum(group.done for group in self.groups)

    @property
    def items(self) -> int:
        """Return how many items take a mark."""
        return sum(group.whole for group in self.groups)

    def is_writable_by(self, actor: Actor) -> bool:
        """Tell whether the actor may write the review: taken up by them, and not with the approver yet."""
        taken = self.nomination.claimed_by_id is not None and self.nomination.claimed_by_id == actor.user_id
        return taken and self.nomination.state == NominationState.SUBMITTED and not self.is_complete


def review_shown(nomination: Any) -> Reviewed:
    """Return the review of a nomination that the asker may see, as far as it is written; nothing is opened or saved.

    The number of queries does not grow with requirements, items, inspections or photos.
    """
    review = review_of(nomination)
    sheet_id = review.sheet_id if review else None
    outline = outline_of(nomination.campaign.standard_id)
    filled = filled_sheet(sheet_id) if sheet_id else None
    lines = filled.lines if filled else tuple(FilledLine(leaf, None, 0) for leaf in outline.leaves())
    groups = _groups(outline, lines)
    inspections = tuple(Inspection.objects.filter(community=nomination.community_id).select_related("recorded_by"))
    checks = _checks(nomination, review)
    return Reviewed(
        nomination=nomination,
        review=review,
        checks=checks,
        groups=groups,
        total=_total(outline, lines),
        sheet=filled.sheet if filled else None,
        inspections=inspections,
        photos=attachments.by_subject(INSPECTION, [inspection.pk for inspection in inspections]),
        evidence=tuple(attachments.of(EVIDENCE, nomination.pk)),
        gaps=_gaps(checks, review, outline, lines),
    )


def _checks(nomination: Any, review: DistrictReview | None) -> tuple[Checked, ...]:
    requirements = list(Requirement.objects.filter(campaign=nomination.campaign_id))
    findings = precheck(requirements, evidence_of(nomination))
    stored = {row.requirement_id: row for row in RequirementCheck.objects.filter(review=review)} if review else {}
    return tuple(_checked(one, findings[one.number], stored.get(one.pk)) for one in requirements)


def _checked(requirement: Requirement, finding: Finding, stored: RequirementCheck | None) -> Checked:
    judged, note = (stored.judged, stored.note) if stored else ("", "")
    verdict, source = verdict_of(requirement.check_kind, finding.verdict, judged)
    return Checked(requirement, finding, verdict, source, judged, note)


def _groups(outline: StandardOutline, lines: Sequence[FilledLine]) -> tuple[GroupStanding, ...]:
    return tuple(_group(group, [line for line in lines if line.leaf.group.id == group.id]) for group in outline.groups)


def _group(group: GroupOutline, lines: Sequence[FilledLine]) -> GroupStanding:
    done = sum(line.mark is not None for line in lines)
    return GroupStanding(group, tuple(lines), done, _total(StandardOutline((group,)), lines))


def _total(outline: StandardOutline, lines: Sequence[FilledLine]) -> Decimal | None:
    marks: dict[UUID, Mark] = {line.leaf.item.id: line.mark for line in lines if line.mark is not None}
    try:
        return score_sheet(outline, marks).total
    except CannotScore:
        return None


def _gaps(
    checks: Sequence[Checked], review: DistrictReview | None, outline: StandardOutline, lines: Sequence[FilledLine]
) -> tuple[Refusal, ...]:
    """Return what the review lacks before it can go to the approver."""
    marks = {line.leaf.item.id: line.mark for line in lines if line.mark is not None}
    lacking = missing_on_sheet(outline, marks)
    return tuple(missing_on_review(checks, review.opinion if review else "", lacking))
