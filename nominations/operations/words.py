"""Taking values that people have typed: cleaned field by field, every reason told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.errors import InvalidInput
from nominations.rules.form import Field, clean_value


def clean_text(field: Field, value: str) -> str:
    """Return one text as it is kept, empty for none; raises ``InvalidInput``."""
    cleaned, fault = clean_value(field, value, field.name)
    if fault:
        raise InvalidInput(refusals=[fault])
    return cleaned or ""


def clean_fields(
    fields: Iterable[Field], values: Mapping[str, Any], *, whole: bool
) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the cleaned values of the fields that were sent, and a reason for each that cannot be taken.

    ``whole`` asks for every required field; otherwise what is not sent stays, but nothing required is emptied. Text
    that may be empty is kept as an empty string.
    """
    known = {field.name: field for field in fields}
    faults = [Refusal("unknown_field", _("There is no such field."), fix=name) for name in values if name not in known]
    cleaned: dict[str, Any] = {}
    for field in known.values():
        if field.name not in values and not (whole and field.required):
            continue
        value, fault = clean_value(field, values.get(field.name), field.name)
        if fault is None and value in {None, ""} and field.required:
            fault = Refusal("required", _("This must not be empty."), fix=field.name)
        faults += [fault] if fault else []
        cleaned[field.name] = "" if value is None and field.kind == "text" else value
    return cleaned, faults
