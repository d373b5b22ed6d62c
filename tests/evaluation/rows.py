"""Ways past the operations to the rows, for tests of what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from evaluation import operations
from evaluation.models import ItemScore, ScoreSheet, Standard, StandardGroup, StandardItem
from tests.evaluation.annex import annex_two
from tests.evaluation.steps import AT

Act = Callable[["Rows"], object]


@dataclass
class Rows:
    """A frozen standard and a sheet, open or handed in."""

    standard: Standard
    sheet: ScoreSheet

    @property
    def group(self) -> StandardGroup:
        return StandardGroup.objects.filter(standard=self.standard).order_by("position")[0]

    @property
    def item(self) -> StandardItem:
        return StandardItem.objects.filter(group=self.group).order_by("position")[0]

    @property
    def score(self) -> ItemScore:
        return ItemScore.objects.get(sheet=self.sheet, item=self.item)

    def update_sheet(self, **values: Any) -> None:
        ScoreSheet.objects.filter(pk=self.sheet.pk).update(**values)

    def update_score(self, **values: Any) -> None:
        ItemScore.objects.filter(pk=self.score.pk).update(**values)


def execute(sql: str, *params: str | int | UUID) -> None:
    """Run one statement as anyone with a database prompt could."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def refused(act: Act, rows: Rows) -> str:
    """Return the words with which the database refuses the act."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act(rows)
    return str(error.value)


def second_sheet(rows: Rows, **values: Any) -> ScoreSheet:
    """Write a sheet like that of the rows, but for the values."""
    old = rows.sheet
    same = {"standard": old.standard, "subject_kind": old.subject_kind, "subject_id": old.subject_id, "kind": old.kind}
    who = {"scorer": old.scorer, "scorer_role": old.scorer_role, "opened_at": AT}
    return ScoreSheet.objects.create(**(same | who | values))


def foreign_item() -> StandardItem:
    """Return an item of another standard, which is not frozen."""
    other = operations.create_standard(code="other", title="另", outline=annex_two())
    return StandardItem.objects.filter(group__standard=other)[0]


def draft(code: str, *, weight: int, parent: Standard | None = None) -> Standard:
    """Write a standard of one group and one item past the operations."""
    standard = Standard.objects.create(code=code, title="草稿", parent=parent)
    group = StandardGroup.objects.create(standard=standard, position=1, number="一", title="组", weight=weight)
    StandardItem.objects.create(group=group, position=1, text="甲")
    return standard


def freeze(standard: Standard) -> None:
    """Freeze a standard past the operations."""
    Standard.objects.filter(pk=standard.pk).update(frozen_at=AT, digest="0" * 64)


def cannot_freeze(standard: Standard) -> str:
    """Return the words with which the database refuses to freeze the standard."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        freeze(standard)
    return str(error.value)
