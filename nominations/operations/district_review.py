"""The district's review of a case: open it, write it section by section, hand it to the approver (rows S-05, S-10).

Only who has taken the case up writes. A completed review is frozen with a digest and bound to the text that it judged;
the approver may send it back. Every verb locks the nomination first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Membership
from attachments import queries as attachments
from attachments.models import Attachment
from common.digest import canonical_digest
from common.instants import local_date
from common.refusals import Refusal
from evaluation import operations as evaluation
from evaluation import queries as scores
from evaluation.enums import SheetState
from evaluation.models import ScoreSheet
from nominations.enums import CheckVerdict
from nominations.errors import (
    ClaimedByAnother,
    InvalidInput,
    NotTakenUp,
    ReviewComplete,
    ReviewIncomplete,
    ReviewNotComplete,
)
from nominations.models import DistrictReview, Nomination, Requirement, RequirementCheck
from nominations.operations.inspection import store_inspections
from nominations.operations.nomination import DISTRICT_ROLES, take_for_review
from nominations.operations.sealing import receive
from nominations.operations.standard import standard_of_the_district
from nominations.queries.requirement import evidence_of
from nominations.rules import district_review as rules
from nominations.rules.form import clean_value
from nominations.rules.nomination import review_of
from nominations.rules.requirement import precheck, verdict_of
from workflow import engine
from workflow.errors import NotFound
from workflow.models import Event

SHEET = "district"
EVIDENCE = "district_review"
PURPOSES = ("photo", "evidence")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the review, and the marks that another device has changed meanwhile."""

    review: DistrictReview
    conflicts: tuple[evaluation.Conflict, ...] = ()


@transaction.atomic
def open_review(*, nomination_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> DistrictReview:
    """Begin or go on with the review of a case that the actor has taken up: computed checks, score sheet, opinion.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``NotTakenUp``, ``ClaimedByAnother`` and
    ``ReviewComplete``.
    """
    nomination = _taken(nomination_id, actor, version)
    review = _opened(nomination, actor, at)
    engine.save_quietly(nomination, at=at)
    return review


@transaction.atomic
def save_review(
    *, nomination_id: UUID, sections: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> Saved:
    """Save sections of the review: ``requirements``, ``scores``, ``inspections``, ``opinion``, as far as written.

    What is not sent stays. A mark that another device has changed is left alone and reported. Raises what
    ``open_review`` raises, and ``InvalidInput`` with every reason; then nothing is saved.
    """
    nomination = _taken(nomination_id, actor, version)
    review = _opened(nomination, actor, at)
    faults = _unknown_sections(sections)
    conflicts, found = _save_scores(review, sections, at)
    faults += found
    for save in (_save_judgements, _save_inspections, _save_opinion):
        faults += save(review, sections, actor, at)
    if faults:
        raise InvalidInput(refusals=faults)
    engine.save_quietly(nomination, at=at)
    return Saved(review, conflicts)


@transaction.atomic
def attach_evidence(
    *, nomination_id: UUID, purpose: str, label: str, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive a photo or a piece of evidence for the review, in quarantine at first; a mark may refer to a photo.

    Raises what ``open_review`` raises, ``InvalidInput`` for another purpose, and what ``attachments.receive`` raises.
    """
    nomination = _taken(nomination_id, actor, None)
    _opened(nomination, actor, at)
    if purpose not in PURPOSES:
        message = _("Choose one of: %(choices)s.")
        raise InvalidInput(refusals=[Refusal("not_a_choice", message, {"choices": list(PURPOSES)}, fix="purpose")])
    return receive(
        kind=EVIDENCE, subject_id=nomination_id, purpose=purpose, label=label, upload=upload, actor=actor, at=at
    )


@transaction.atomic
def complete_review(*, nomination_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Event:
    """Freeze checks, scores and opinion with a digest, and hand the case to the approver (提请审签).

    Raises what ``open_review`` raises, and ``ReviewIncomplete`` with everything that is missing.
    """
    nomination = _taken(nomination_id, actor, version)
    review = _opened(nomination, actor, at)
    checks = _checks_of(review)
    if gaps := [*_gaps(review, checks), *_unchecked_evidence(nomination)]:
        raise ReviewIncomplete(refusals=gaps)
    sheet = evaluation.hand_in(sheet_id=_sheet_id(review), scorer_id=actor.person_id, at=at)
    review.score = sheet.total
    review.unmet = _numbers(checks, CheckVerdict.NOT_MET)
    review.unproven = _numbers(checks, CheckVerdict.NEEDS_CITY_FIGURES)
    review.completed_at, review.content_digest = at, nomination.content_digest
    review.digest = review_digest(review, checks, sheet)
    review.save()
    cited = {"form": nomination.content_digest, "review": review.digest}
    return engine.record(nomination, "complete_review", actor=actor, at=at, documents=cited)


@transaction.atomic
def reopen_review(*, nomination_id: UUID, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Event:
    """Send a completed review back to who wrote it, with the reason; its sheet goes on as a new version.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``InvalidInput`` and ``ReviewNotComplete``.
    """
    nomination = take_for_review(nomination_id, actor, version, {Role.DISTRICT_APPROVER})
    text = _required_reason(reason)
    review = review_of(nomination)
    if review is None or not review.is_complete_for(nomination):
        raise ReviewNotComplete
    _thaw(review)
    sheet = evaluation.reopen(sheet_id=_sheet_id(review), by_id=actor.person_id, reason=text, at=at)
    review.sheet = sheet
    review.save()
    return engine.record(nomination, "reopen_review", actor=actor, at=at, comment=text)


@transaction.atomic
def hand_over(
    *, nomination_id: UUID, reviewer_id: int, actor: Actor, at: datetime, version: int | None = None
) -> Event:
    """Give a case, taken up or not, to a reviewer of the same bureau; what is written goes with it.

    Raises ``NotFound`` (also for a person who is no reviewer of the bureau), ``StaleVersion``, ``NotAllowed``,
    ``NotEditable``, and ``ReviewComplete``: then reopen it first.
    """
    nomination = take_for_review(nomination_id, actor, version, {Role.DISTRICT_APPROVER})
    reviewers = Membership.objects.valid_at(at).filter(
        user=reviewer_id, organization=actor.organization_id, role=Role.DISTRICT_REVIEWER
    )
    if not reviewers.exists():
        raise NotFound(attr="reviewer")
    _require_unfinished(nomination)
    nomination.claimed_by_id = reviewer_id
    return engine.record(nomination, "hand_over", actor=actor, at=at, payload={"reviewer": reviewer_id})


def review_digest(review: DistrictReview, checks: Sequence[RequirementCheck], sheet: ScoreSheet) -> str:
    """Return the digest of everything that a review says, and of the text that it says it about."""
    verdicts = [[c.requirement.number, c.verdict, c.source, c.facts, c.note] for c in checks]
    return canonical_digest(
        {
            "nomination": review.nomination_id,
            "form": review.content_digest,
            "reviewer": review.reviewer_id,
            "checks": verdicts,
            "sheet": sheet.digest,
            "score": review.score,
            "opinion": review.opinion,
            "completed_at": review.completed_at,
        }
    )


def _taken(nomination_id: UUID, actor: Actor, version: int | None) -> Nomination:
    """Lock a submitted nomination that the actor has taken up."""
    nomination = take_for_review(nomination_id, actor, version, DISTRICT_ROLES)
    if nomination.claimed_by is None:
        raise NotTakenUp
    if nomination.claimed_by_id != actor.user_id:
        raise ClaimedByAnother(name=nomination.claimed_by.name)
    return nomination


def _require_unfinished(nomination: Nomination) -> None:
    review = review_of(nomination)
    if review is not None and review.is_complete_for(nomination):
        raise ReviewComplete


def _opened(nomination: Nomination, actor: Actor, at: datetime) -> DistrictReview:
    """Return the review as the actor's own to write, with its checks computed afresh."""
    _require_unfinished(nomination)
    review = review_of(nomination) or DistrictReview(nomination=nomination)
    _thaw(review)
    review.reviewer_id = actor.person_id
    review.writers = sorted({*review.writers, actor.person_id})
    review.sheet = _open_sheet(nomination, review, actor, at)
    review.save()
    _compute_checks(review, nomination)
    return review


def _thaw(review: DistrictReview) -> None:
    review.completed_at, review.score, review.content_digest, review.digest = None, None, "", ""
    review.unmet, review.unproven, review.override_reason = [], [], ""


def _open_sheet(nomination: Nomination, review: DistrictReview, actor: Actor, at: datetime) -> ScoreSheet:
    """Return the actor's own open sheet; what is on the sheet of a predecessor is taken over, not typed again."""
    sheet = evaluation.open_sheet(
        standard_id=standard_of_the_district(nomination),
        subject_kind=Nomination.flow,
        subject_id=nomination.pk,
        kind=SHEET,
        scorer_id=actor.person_id,
        scorer_role=actor.role,
        at=at,
    )
    if sheet.state == SheetState.HANDED_IN:
        reason = _("The form was submitted again.")
        return evaluation.reopen(sheet_id=sheet.pk, by_id=actor.person_id, reason=reason, at=at)
    if review.sheet_id not in {None, sheet.pk} and not scores.marks_on(sheet.pk):
        marks = scores.marks_on(_sheet_id(review))
        entries = [evaluation.Entry(item_id, mark) for item_id, mark in marks.items()]
        evaluation.save_scores(sheet_id=sheet.pk, scorer_id=actor.person_id, entries=entries, at=at)
    return sheet


def _sheet_id(review: DistrictReview) -> UUID:
    assert review.sheet_id is not None  # every opened review has one
    return review.sheet_id


def _compute_checks(review: DistrictReview, nomination: Nomination) -> None:
    """Compute every check of annex 1 on the present figures; what people have judged stays."""
    requirements = list(Requirement.objects.filter(campaign=nomination.campaign_id))
    known = {check.requirement_id: check for check in RequirementCheck.objects.filter(review=review)}
    findings = precheck(requirements, evidence_of(nomination))
    rows = []
    for requirement in requirements:
        check = known.get(requirement.pk) or RequirementCheck(review=review, requirement=requirement)
        check.computed, check.facts = findings[requirement.number].verdict, findings[requirement.number].facts
        check.verdict, check.source = verdict_of(requirement.check_kind, check.computed, check.judged)
        rows.append(check)
    RequirementCheck.objects.bulk_create([row for row in rows if row.requirement_id not in known])
    RequirementCheck.objects.bulk_update(
        [row for row in rows if row.requirement_id in known], ["computed", "facts", "verdict", "source"]
    )


def _checks_of(review: DistrictReview) -> list[RequirementCheck]:
    return list(RequirementCheck.objects.filter(review=review).select_related("requirement"))


def _unknown_sections(sections: Mapping[str, Any]) -> list[Refusal]:
    message = _("There is no such section.")
    return [Refusal("unknown_section", message, fix=name) for name in sections if name not in rules.SECTIONS]


def _save_scores(
    review: DistrictReview, sections: Mapping[str, Any], at: datetime
) -> tuple[tuple[evaluation.Conflict, ...], list[Refusal]]:
    if "scores" not in sections:
        return (), []
    photos = attachments.of(EVIDENCE, review.nomination_id).filter(purpose="photo").values_list("pk", flat=True)
    read = rules.read_entries(sections["scores"], set(photos))
    entries = [evaluation.Entry(row.item_id, row.mark, row.seen_version) for row in read.rows]
    try:
        with transaction.atomic():
            saved = evaluation.save_scores(
                sheet_id=_sheet_id(review), scorer_id=_writer(review), entries=entries, at=at
            )
    except evaluation.InvalidScores as error:
        return (), [*read.refusals, *error.refusals]
    return saved.conflicts, read.refusals


def _writer(review: DistrictReview) -> int:
    assert review.reviewer_id is not None  # every opened review has one
    return review.reviewer_id


def _save_judgements(review: DistrictReview, sections: Mapping[str, Any], actor: Actor, at: datetime) -> list[Refusal]:
    if "requirements" not in sections:
        return []
    checks = {check.requirement.number: check for check in _checks_of(review)}
    computed = {number: check.computed for number, check in checks.items()}
    read = rules.read_judgements(sections["requirements"], computed)
    for row in read.rows:
        check = checks[row.number]
        check.judged, check.note = row.verdict, row.note
        check.verdict, check.source = verdict_of(check.requirement.check_kind, check.computed, check.judged)
        check.save(update_fields=["judged", "note", "verdict", "source"])
    return read.refusals


def _save_inspections(review: DistrictReview, sections: Mapping[str, Any], actor: Actor, at: datetime) -> list[Refusal]:
    if "inspections" not in sections:
        return []
    read = rules.read_inspections(sections["inspections"], local_date(at))
    return [*read.refusals, *store_inspections(review.nomination.community_id, read.rows, actor=actor, at=at)]


def _save_opinion(review: DistrictReview, sections: Mapping[str, Any], actor: Actor, at: datetime) -> list[Refusal]:
    if "opinion" not in sections:
        return []
    opinion, fault = clean_value(rules.OPINION, sections["opinion"], "opinion")
    if fault:
        return [fault]
    review.opinion = opinion or ""
    review.save(update_fields=["opinion"])
    return []


def _gaps(review: DistrictReview, checks: Sequence[RequirementCheck]) -> list[Refusal]:
    sheet = ScoreSheet.objects.get(pk=_sheet_id(review))
    return rules.missing_on_review(checks, review.opinion, scores.missing_on(sheet))


def _unchecked_evidence(nomination: Nomination) -> list[Refusal]:
    if not Attachment.objects.unclean().filter(subject_kind=EVIDENCE, subject_id=nomination.pk).exists():
        return []
    message = _("Not every attachment has passed its check yet.")
    return [Refusal("attachments_not_clean", message, fix="attachments")]


def _numbers(checks: Sequence[RequirementCheck], verdict: CheckVerdict) -> list[int]:
    return sorted(check.requirement.number for check in checks if check.verdict == verdict)


def _required_reason(reason: str) -> str:
    text, fault = clean_value(rules.REASON, reason, "reason")
    if not text:
        fault = fault or Refusal("required", _("This must not be empty."), fix="reason")
    if fault:
        raise InvalidInput(refusals=[fault])
    return str(text)
