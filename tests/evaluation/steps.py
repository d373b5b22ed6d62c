"""The steps of an evaluation as its people take them, at one instant."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from accounts.models import User
from evaluation import operations, queries
from evaluation.models import ScoreSheet, Standard
from evaluation.operations import Entry
from tests.evaluation.annex import SHEET_A, Row, marks

AT = datetime(2023, 8, 10, 1, 30, tzinfo=UTC)


def open_for(standard: Standard, scorer: User, subject_id: UUID, kind: str = "panel") -> ScoreSheet:
    """Open a sheet of the scorer for the subject."""
    return operations.open_sheet(
        standard_id=standard.pk,
        subject_kind="nomination",
        subject_id=subject_id,
        kind=kind,
        scorer_id=scorer.pk,
        scorer_role="evaluator",
        at=AT,
    )


def fill(sheet: ScoreSheet, rows: tuple[Row, ...] = SHEET_A) -> None:
    """Save one row of points per group on the sheet."""
    given = marks(queries.outline_of(sheet.standard_id), rows)
    entries = [Entry(item_id, mark) for item_id, mark in given.items()]
    operations.save_scores(sheet_id=sheet.pk, scorer_id=sheet.scorer_id, entries=entries, at=AT)


def hand_in(sheet: ScoreSheet, rows: tuple[Row, ...] = SHEET_A) -> ScoreSheet:
    """Fill in the sheet and hand it in."""
    fill(sheet, rows)
    return operations.hand_in(sheet_id=sheet.pk, scorer_id=sheet.scorer_id, at=AT)
