"""The district's verbs on its summary (form 4): rank, describe, prepare, seal (rows S-06, S-07).

Whatever changes what the table says voids preparation and seal: the paper that was sealed would say something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from attachments import operations as attachments
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.digest import canonical_digest
from common.errors import DomainError
from common.refusals import Refusal
from evaluation.enums import Criterion
from nominations.enums import SummaryState
from nominations.errors import InvalidInput, NotEditable
from nominations.models import RecommendationSummary, SummaryRow
from nominations.operations.nomination import DISTRICT_ROLES, require_role
from nominations.operations.sealing import receive, seal
from nominations.queries.recommendation import (
    DESCRIPTION,
    ROW,
    candidates_of,
    ranked,
    recommended_in,
    ties_among,
)
from nominations.rules.form import Field, clean_value
from nominations.rules.narrative import COLUMNS, narrative
from nominations.rules.recommendation import lists_the_recommended
from workflow import engine
from workflow.errors import NotFound
from workflow.models import Event

EDITABLE = frozenset({SummaryState.DRAFT, SummaryState.RETURNED})
LONGEST_TEXT = 1000


class NotATie(DomainError):
    """People decide the order only where the figures leave it open."""

    code = "not_a_tie"
    message = _("These communities do not share one rank, or not all that share it are named. Compute the ranks again.")


class NothingPrepared(DomainError):
    """The table is prepared only when every recommended community has its rank."""

    code = "ranks_missing"
    message = _("Compute the ranks first: the table does not list exactly the recommended communities.")


@transaction.atomic
def compute_ranks(*, summary_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> RecommendationSummary:
    """List exactly the recommended communities, ranked by the district's score and the written tie-breaks.

    Equal in every criterion means a shared rank, unless people have decided the order (``decide_order``). New rows get
    their narrative columns proposed from the form; what the district has edited stays. Raises ``NotFound``,
    ``StaleVersion``, ``NotAllowed`` and ``NotEditable``.
    """
    summary = _take(summary_id, actor, version)
    _rank(summary)
    summary.unsettle()
    engine.save_quietly(summary, at=at)
    return summary


@transaction.atomic
def decide_order(
    *,
    summary_id: UUID,
    row_ids: Sequence[UUID],
    reason: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Event:
    """Put communities that are equal in every criterion in the order that people have decided, the first first.

    ``row_ids`` are all rows of one tie: the machine never cuts one, and nobody changes what the figures say (reading of
    S-12). The reason is recorded. Raises also ``NotATie``, and ``InvalidInput`` without a reason.
    """
    summary = _take(summary_id, actor, version)
    text, fault = clean_value(Field("reason", _("Reason"), longest=LONGEST_TEXT), reason, "reason")
    if not text:
        fault = fault or Refusal("required", _("Please give the reason."), fix="reason")
    if fault:
        raise InvalidInput(refusals=[fault])
    rows = _tied_rows(summary, row_ids)
    for place, row in enumerate(rows, start=1):
        row.decided_place, row.decided_reason = place, text
    SummaryRow.objects.bulk_update(rows, ["decided_place", "decided_reason"])
    _rank(summary)
    summary.unsettle()
    order = [row.nomination.number for row in rows]
    return engine.record(summary, "decide_order", actor=actor, at=at, comment=text, payload={"order": order})


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
def remove_description(
    *, summary_id: UUID, row_id: UUID, attachment_id: UUID, actor: Actor, at: datetime
) -> Attachment:
    """Set a description aside, such as one that belongs to another community; raises ``AttachmentBusy`` too."""
    summary = _take(summary_id, actor, None)
    row = _row(summary, row_id)
    if not attached_to(ROW, row.pk).filter(pk=attachment_id).exists():
        raise NotFound(attr="attachment")
    removed = attachments.remove(attachment_id=attachment_id, at=at)
    summary.unsettle()
    engine.save_quietly(summary, at=at)
    return removed


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


def _rank(summary: RecommendationSummary) -> None:
    """Write the rows anew: who is listed, at which rank; decisions that no longer hold are dropped."""
    nominations = {n.pk: n for n in recommended_in(summary)}
    summary.rows.exclude(nomination__in=nominations).delete()
    rows = {row.nomination_id: row for row in summary.rows.all()}
    for place in ranked(summary):
        nomination = nominations[place.candidate.subject_id]
        row = rows.get(nomination.pk) or SummaryRow(
            summary=summary, nomination=nomination, **narrative(nomination.form)
        )
        row.rank, row.score = place.rank, nomination.review.score
        if place.candidate.figures[Criterion.DECISION.value] is None:
            row.decided_place, row.decided_reason = None, ""
        row.save()


def _tied_rows(summary: RecommendationSummary, row_ids: Sequence[UUID]) -> list[SummaryRow]:
    """Return the rows in the order asked for; they must be one whole tie."""
    rows = {row.pk: row for row in summary.rows.select_related("nomination")}
    wanted = [rows[key] for key in row_ids if key in rows]
    tie = {row.nomination_id for row in wanted}
    if len(wanted) != len(row_ids) or tie not in [set(one) for one in ties_among(candidates_of(summary))]:
        raise NotATie
    return wanted


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
