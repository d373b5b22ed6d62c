"""A standard, the people who score by it, and a sheet: rows in the real database."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from accounts.models import User
from common.identifiers import new_id
from evaluation import operations, queries
from evaluation.models import ScoreSheet, Standard
from evaluation.operations import Entry
from evaluation.scoring import StandardOutline
from tests.evaluation.annex import SHEET_A, Row, annex_two, marks

AT = datetime(2023, 8, 10, 1, 30, tzinfo=UTC)


@pytest.fixture
def scorer(db: None) -> User:
    return User.objects.create(username="scorer", name="苏望")


@pytest.fixture
def approver(db: None) -> User:
    return User.objects.create(username="approver", name="林知远")


@pytest.fixture
def standard(db: None) -> Standard:
    return operations.create_standard(code="luan_2023", title="“美好家园”选树参考标准", outline=annex_two())


@pytest.fixture
def subject_id() -> UUID:
    return new_id()


@pytest.fixture
def sheet(standard: Standard, scorer: User, subject_id: UUID) -> ScoreSheet:
    return open_for(standard, scorer, subject_id)


@pytest.fixture
def outline(standard: Standard) -> StandardOutline:
    return queries.outline_of(standard.pk)


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
