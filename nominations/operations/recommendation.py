"""The district's verbs on its summary (form 4): rank, describe, prepare, seal (rows S-06, S-07).

Whatever changes what the table says voids preparation and seal: the paper that was sealed would say something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.digest import canonical_digest
from common.errors import DomainError
from common.refusals import Refusal
from evaluation import ranking
from evaluation.contest import GROUP_THREE
from evaluation.enums import Criterion
from evaluation.scoring import rounded
from nominations.enums import NominationState, SummaryState
from nominations.errors import InvalidInput, NotEditable
from nominations.models import ComplaintFigure, DistrictReview, Nomination, RecommendationSummary, SummaryRow
from nominations.operations.nomination import DISTRICT_ROLES, require_role
from nominations.operations.sealing import receive, seal
from nominations.queries.ranking import complaint_rate, figure_of
from nominations.rules.form import Field, clean_value
from nominations.rules.narrative import COLUMNS, narrative
from nominations.rules.recommendation import lists_the_recommended
from workflow import engine
from workflow.errors import NotFound

ROW, DESCRIPTION = "summary_row", "description"
EDITABLE = frozenset({SummaryState.DRAFT, SummaryState.RETURNED})
LONGEST_TEXT = 1000


class NothingPrepared(DomainError):
    """The table is prepared only when every recommended community has its rank."""

    code = "ranks_missing"
    message = _("Compute the ranks first: the table does not list exactly the recommended communities.")


@transaction.atomic
def compute_ranks(*, summary_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> RecommendationSummary:
    """List exactly the recommended communities, ranked by the district's score and the written tie-breaks.

    Equal in every criterion means a shared rank. New rows get their narrative columns proposed from the form; what the
    district has edited stays. Raises ``NotFound``, ``StaleVersion``, ``NotAllowed`` and ``NotEditable``.
    """
    summary = _take(summary_id, actor, version)
    nominations = {n.pk: n for n in _recommended(summary)}
    summary.rows.exclude(nomination__in=nominations).delete()
    rows = {row.nomination_id: row for row in summary.rows.all()}
    for place in ranking.rank(_candidates(summary, list(nominations.values()))):
        nomination = nominations[place.candidate.subject_id]
        row = rows.get(nomination.pk) or SummaryRow(
            summary=summary, nomination=nomination, **narrative(nomination.form)
        )
        row.rank, row.score = place.rank, nomination.review.score
        row.save()
    summary.unsettle()
    engine.save_quietly(summary, at=at)
    return summary


@transaction.atomic
def edit_row(
    *, summary_id: UUID, row_id: UUID, texts: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> SummaryRow:
    """Change narrative columns of one row. Raises also ``InvalidInput`` with a reason per column."""
    summary = _take(summary_id, actor, version)
    row = _row(summary, row_id)
    faults: list[Refusal] = []
    for name, value in texts.items():
        if name not in COLUMNS:
            faults.append(Refusal("unknown_field", _("There is no such field."), fix=name))
            continue
        cleaned, fault = clean_value(Field(name, name, longest=LONGEST_TEXT), value, name)
        faults += [fault] if fault else []
        setattr(row, name, cleaned or "")
    if faults:
        raise InvalidInput(refusals=faults)
    row.save(update_fields=list(texts))
    summary.unsettle()
    engine.save_quietly(summary, at=at)
    return row


@transaction.atomic
def attach_description(
    *, summary_id: UUID, row_id: UUID, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive the description of one community that goes with the table (note of annex 4; row S-07)."""
    summary = _take(summary_id, actor, None)
    row = _row(summary, row_id)
    received = receive(
        kind=ROW,
        subject_id=row.pk,
        purpose=DESCRIPTION,
        label=row.nomination.community.name,
        upload=upload,
        actor=actor,
        at=at,
    )
    summary.unsettle()
    engine.save_quietly(summary, at=at)
    return received


@transaction.atomic
def prepare(*, summary_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> RecommendationSummary:
    """Put the table before the approver: from now on its digest stands for it, and somebody else has to approve it.

    Raises ``NothingPrepared`` when the ranks are not complete.
    """
    summary = _take(summary_id, actor, version)
    if not lists_the_recommended(summary):
        raise NothingPrepared
    summary.preparer_id = actor.person_id
    summary.content_digest = content_digest(summary)
    engine.record(summary, "prepare", actor=actor, at=at, documents={"summary": summary.content_digest})
    return summary


@transaction.atomic
def attach_sealed_copy(
    *, summary_id: UUID, upload: UploadedFile[bytes], content_digest: str, actor: Actor, at: datetime
) -> Attachment:
    """Receive the sealed scan of the approved table and bind it to the text that was printed."""
    summary = _take(summary_id, actor, None, frozenset({SummaryState.APPROVED}))
    return seal(summary, upload=upload, content_digest=content_digest, actor=actor, at=at)


def content_digest(summary: RecommendationSummary) -> str:
    """Return the digest of everything that the table says, descriptions included."""
    rows = list(summary.rows.select_related("nomination__community").order_by("rank", "nomination__number", "pk"))
    listed = [[getattr(row, name) for name in COLUMNS] for row in rows]
    return canonical_digest(
        {
            "campaign": str(summary.campaign_id),
            "district": str(summary.district_id),
            "rows": [
                [row.rank, row.score, row.nomination.number, row.nomination.community.name, texts, _descriptions(row)]
                for row, texts in zip(rows, listed, strict=True)
            ],
        }
    )


def _descriptions(row: SummaryRow) -> list[str]:
    return sorted(attached_to(ROW, row.pk).filter(purpose=DESCRIPTION).values_list("received_sha256", flat=True))


def _recommended(summary: RecommendationSummary) -> list[Nomination]:
    rows = summary.nominations.filter(state=NominationState.RECOMMENDED)
    return list(rows.select_related("community", "review__sheet").order_by("pk"))


def _candidates(summary: RecommendationSummary, nominations: Sequence[Nomination]) -> list[ranking.Candidate]:
    communities = [nomination.community_id for nomination in nominations]
    figures = ComplaintFigure.objects.filter(campaign=summary.campaign_id, community__in=communities)
    complaints = {figure.community_id: figure for figure in figures}
    return [_candidate(nomination, complaints.get(nomination.community_id)) for nomination in nominations]


def _candidate(nomination: Nomination, complaints: ComplaintFigure | None) -> ranking.Candidate:
    """Return what the community is ranked by: the district's score, then the figures of the tie-breaks (row S-12)."""
    figures: dict[str, ranking.Figure | None] = {
        Criterion.TOTAL.value: nomination.review.score,
        Criterion.SATISFACTION.value: figure_of(nomination, "satisfaction_rate"),
        Criterion.COMPLAINT_RATE.value: complaint_rate(complaints),
        Criterion.FEE_COLLECTION.value: figure_of(nomination, "fee_collection_rate"),
        Criterion.GROUP_THREE.value: _group_three(nomination.review),
    }
    return ranking.Candidate(Nomination.flow, nomination.pk, figures)


def _group_three(review: DistrictReview) -> Decimal | None:
    """Return the score of the third group on the district's sheet, ``None`` where the standard has no third group."""
    sheet = review.sheet
    if sheet is None or len(sheet.group_numerators) <= GROUP_THREE:
        return None
    return rounded(Fraction(sheet.group_numerators[GROUP_THREE], sheet.group_denominators[GROUP_THREE]))


def _take(
    summary_id: UUID, actor: Actor, version: int | None, states: frozenset[SummaryState] = EDITABLE
) -> RecommendationSummary:
    summary: RecommendationSummary = engine.take(RecommendationSummary, summary_id, actor=actor, version=version)
    require_role(actor, DISTRICT_ROLES)
    if summary.state not in states:
        raise NotEditable(state=summary.get_state_display())
    return summary


def _row(summary: RecommendationSummary, row_id: UUID) -> SummaryRow:
    row = summary.rows.select_related("nomination__community").filter(pk=row_id).first()
    if row is None:
        raise NotFound(attr="row")
    return row
