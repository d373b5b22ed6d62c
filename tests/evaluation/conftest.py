"""A standard, the people who score by it, and a sheet: rows in the real database."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import settings

from accounts.models import User
from common.identifiers import new_id
from evaluation import operations, queries
from evaluation.models import ScoreSheet, Standard
from evaluation.scoring import StandardOutline
from tests.evaluation.annex import annex_two
from tests.evaluation.rows import Rows
from tests.evaluation.steps import fill, hand_in, open_for

# On a busy machine the first example of a test can take longer than any deadline.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


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


@pytest.fixture
def open_rows(standard: Standard, sheet: ScoreSheet) -> Rows:
    fill(sheet)
    return Rows(standard, sheet)


@pytest.fixture
def closed_rows(standard: Standard, sheet: ScoreSheet) -> Rows:
    return Rows(standard, hand_in(sheet))
