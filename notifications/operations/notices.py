"""Writing notices with the event, and what their readers do with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.actors import Actor
from common.digest import canonical_json_of_plain
from notifications.audiences import ROLES, Told, told_of
from notifications.enums import Audience, Category, Mode
from notifications.errors import LegalMinimum, NoticeNotFound, UnknownCategory, UnknownMode
from notifications.models import Notice, Preference
from notifications.queries import districts_concerned, unread_of
from notifications.sql import INSERT_NOTICES
from notifications.subjects import Scope, scope_of
from workflow.models import Event, WorkflowModel

OF_THE_CITY = frozenset({Audience.CITY_REVIEWERS, Audience.CITY_APPROVERS, Audience.CITY_PAIR})


def write_notices(events: Sequence[Event], subjects: Sequence[WorkflowModel]) -> None:
    """Write one notice per event and person (S-20, ``flow.md`` "Who is told"), inside the transaction of the move.

    One statement for any number of events, ``events[i]`` being what happened to ``subjects[i]``. Who acted gets a
    receipt, everybody else of the event's audiences one notice, however many capacities somebody has.
    """
    rows = [row for event, subject in zip(events, subjects, strict=True) for row in _rows(event, subject)]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(INSERT_NOTICES, [canonical_json_of_plain(rows)])


def mark_read(*, notice_id: UUID, within: QuerySet[Notice], at: datetime) -> Notice:
    """Mark one of the reader's notices as read and return it; the first reading counts. Raises ``NoticeNotFound``."""
    within.filter(pk=notice_id, read_at__isnull=True).update(read_at=at)
    notice = within.filter(pk=notice_id).first()
    if notice is None:
        raise NoticeNotFound
    return notice


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Mark as read what a person was told in the office acted for, and return how many notices there were."""
    return unread_of(actor).update(read_at=at)


def prefer(*, user_id: int, category: str, mode: str) -> Preference:
    """Choose how mails of a category come to a person: ``on``, ``digest`` or ``off``.

    Raises ``UnknownCategory``, ``UnknownMode``, and ``LegalMinimum`` for decisions with legal effect: they always come.
    """
    if category not in Category.values:
        raise UnknownCategory(attr="category", category=category)
    if mode not in Mode.values:
        raise UnknownMode(attr="mode", mode=mode)
    if category == Category.LEGAL:
        raise LegalMinimum(attr="category")
    preference, _created = Preference.objects.update_or_create(
        user_id=user_id, category=category, defaults={"mode": mode}
    )
    return preference


def rows_of(
    scope: Scope, audience: Audience, *, evaluators: Sequence[int] = (), districts: Sequence[UUID] = ()
) -> list[dict[str, Any]]:
    """Return who stands behind an audience: offices with roles, or one person and who stands in for them."""
    roles = [role.value for role in ROLES[audience]]
    if audience == Audience.EVALUATOR:
        return [{"roles": roles, "person": evaluator} for evaluator in evaluators]
    if audience == Audience.DISTRICTS_CONCERNED:
        return [{"organization": district, "roles": roles} for district in districts]
    office = {"organization": _office(scope, audience), "roles": roles}
    if audience == Audience.CASE_REVIEWER and scope.case_reviewer_id:
        return [office | {"person": scope.case_reviewer_id}, office | {"unless": scope.case_reviewer_id}]
    return [office]


def _office(scope: Scope, audience: Audience) -> UUID | None:
    if audience == Audience.COMPANY:
        return scope.company_id
    return scope.city_id if audience in OF_THE_CITY else scope.district_id


def _rows(event: Event, subject: WorkflowModel) -> list[dict[str, Any]]:
    audiences = told_of(event.flow, event.name)
    if audiences is None:
        return []
    scope = scope_of(subject)
    common = {"source": event.pk, "at": event.at, "topic": f"{event.flow}.{event.name}", "city": scope.city_id}
    rows = [common | row for row in _receipt(event)]
    concerned = any(told.audience == Audience.DISTRICTS_CONCERNED for told in audiences)
    districts = districts_concerned(subject) if concerned else []
    for told in audiences:
        found = rows_of(scope, told.audience, evaluators=_evaluators(event), districts=districts)
        rows += [common | _manner(told) | row | {"params": _params(event, scope, told)} for row in found]
    if rows and rows[0]["audience"] == Audience.ACTOR:
        rows[0]["params"] = _params(event, scope, audiences[0] if audiences else None)
    return [row | {"rank": rank} for rank, row in enumerate(rows)]


def _evaluators(event: Event) -> list[int]:
    """Return whom the event is about: one evaluator, or everybody on the panel."""
    one = event.payload.get("evaluator")
    return [one] if one is not None else list(event.payload.get("evaluators", ()))


def _receipt(event: Event) -> list[dict[str, Any]]:
    """Return the row of whoever acted: in the product, never by mail."""
    if event.actor_id is None:
        return []
    manner = {"audience": Audience.ACTOR.value, "category": Category.PROGRESS.value, "mail": False}
    who = {"organization": event.organization_id, "roles": [event.actor_role], "person": event.actor_id}
    return [manner | who]


def _manner(told: Told) -> dict[str, Any]:
    return {"audience": told.audience.value, "category": told.category.value, "mail": told.by_mail}


def _params(event: Event, scope: Scope, told: Told | None) -> dict[str, Any]:
    params = scope.params() | scope.more(event.name)
    if told is not None and told.until in scope.ends:
        params["due"] = scope.ends[told.until]
    if "until" in event.payload:
        params["until"] = event.payload["until"]
    return params
