"""S-05: routine inspections, on which a recommendation rests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Community
from nominations.operations.inspection import attach_inspection_photo, record_inspections
from tests.nominations.city_stages import photo
from tests.nominations.stages import AT, Programme
from workflow.errors import NotFound

ROW = {"inspected_on": "2023-06-01", "findings": "绿化缺株"}
NOBODYS = "01890000-0000-7000-8000-000000000009"


@pytest.fixture
def community(programme: Programme) -> Community:
    return programme.community()


def record(community: Community, actor: Any, *rows: dict[str, Any]) -> list[Any]:
    return record_inspections(community_id=community.pk, rows=list(rows), actor=actor, at=AT)


def test_inspections_are_listed_latest_first(programme: Programme, community: Community) -> None:
    later = {"inspected_on": "2023-07-01", "findings": "已补植"}

    known = record(community, programme.bureau.reviewer, ROW, later)

    assert [row.inspected_on for row in known] == [date(2023, 7, 1), date(2023, 6, 1)]


def test_inspection_of_another_community_is_not_resolved(programme: Programme, community: Community) -> None:
    [foreign] = record(programme.community(), programme.bureau.reviewer, ROW)

    with pytest.raises(InvalidInput) as refused:
        record(community, programme.bureau.reviewer, ROW, {**ROW, "id": str(foreign.pk)}, {**ROW, "id": NOBODYS})

    assert [(reason.code, reason.fix) for reason in refused.value.refusals] == [
        ("no_such_inspection", "inspections[1].id"),
        ("no_such_inspection", "inspections[2].id"),
    ]
    assert community.inspections.count() == 0


def test_known_inspection_sent_without_a_day_stays_open(programme: Programme, community: Community) -> None:
    [known] = record(community, programme.bureau.reviewer, ROW)

    [again] = record(community, programme.bureau.reviewer, {**ROW, "id": str(known.pk)})

    assert again.resolved_on is None


def test_photo_belongs_to_the_inspection(programme: Programme, community: Community) -> None:
    [known] = record(community, programme.bureau.reviewer, ROW)

    kept = attach_inspection_photo(inspection_id=known.pk, upload=photo(), actor=programme.bureau.reviewer, at=AT)

    assert (kept.subject_kind, kept.subject_id, kept.purpose) == ("inspection", known.pk, "photo")


def test_inspections_keep_to_scope_and_role(programme: Programme, community: Community) -> None:
    [known] = record(community, programme.bureau.reviewer, ROW)

    with pytest.raises(NotFound):
        record(community, programme.bureaus[1].reviewer, ROW)
    with pytest.raises(NotAllowed):
        record(community, programme.company.admin, ROW)
    with pytest.raises(NotFound):
        attach_inspection_photo(inspection_id=known.pk, upload=photo(), actor=programme.bureaus[1].reviewer, at=AT)
    with pytest.raises(NotAllowed):
        attach_inspection_photo(inspection_id=known.pk, upload=photo(), actor=programme.company.admin, at=AT)
