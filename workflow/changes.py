"""What was changed on an object in memory since it was taken."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models

from workflow.plain import plain

BEFORE, PARENTS = "_workflow_before", "_workflow_parents"


def remember(subject: models.Model, parents: Sequence[str] = ()) -> None:
    """Keep the present values of a taken object, and of its locked parents, which keep counts."""
    subject.__dict__[PARENTS] = tuple(parents)
    for row in (subject, *locked_parents(subject)):
        row.__dict__[BEFORE] = _values(row)


def locked_parents(subject: models.Model) -> list[models.Model]:
    """Return the parents that were locked with the object; one that it does not have is left out."""
    found = [getattr(subject, name) for name in subject.__dict__.get(PARENTS, ())]
    return [parent for parent in found if parent is not None]


def before(subject: models.Model, name: str) -> Any:
    """Return the value that the field had when the object was taken."""
    return subject.__dict__[BEFORE].get(name)


def changed(row: models.Model) -> list[models.Field[Any, Any]]:
    """Return the fields whose values differ from those remembered, in the order of the model."""
    known, now = row.__dict__[BEFORE], row.__dict__
    return [
        field for field in _fields(type(row)) if field.attname in now and known.get(field.attname) != now[field.attname]
    ]


def accept(row: models.Model, fields: Sequence[models.Field[Any, Any]]) -> None:
    """Take the present values of these fields as the known ones: they have been written."""
    row.__dict__[BEFORE].update({field.attname: _kept(row.__dict__[field.attname]) for field in fields})


def told(row: models.Model, untold: frozenset[str]) -> dict[str, Any]:
    """Return the changes as an event tells them: ``{field: {old, new}}``, without the bookkeeping fields."""
    known, now = row.__dict__[BEFORE], row.__dict__
    names = [field.attname for field in changed(row) if field.attname not in untold]
    return {name: {"old": plain(known.get(name)), "new": plain(now[name])} for name in names}


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


def _values(row: models.Model) -> dict[str, Any]:
    now = row.__dict__
    return {field.attname: _kept(now[field.attname]) for field in _fields(type(row)) if field.attname in now}


def _kept(value: Any) -> Any:
    """Return a value that stays as it is when the body of a move changes the object's own in place."""
    return copy.deepcopy(value) if isinstance(value, dict | list) else value
