"""A preset held against its JSON Schema, with our own sentence for each way of missing it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path as File
from typing import Any

from django.utils.translation import gettext_lazy as _
from jsonschema import Draft202012Validator, FormatChecker

from common.refusals import Sentence
from nominations.rules.preset.reading import Document, Fault, Path

SCHEMA = File(__file__).resolve().parents[2] / "presets" / "preset.schema.json"
KINDS: Mapping[str, Sentence] = {
    "string": _("This must be text; put figures that are names into quotation marks."),
    "integer": _("This must be a whole number."),
    "number": _("This must be a number, such as 12.5."),
    "boolean": _("This must be yes or no."),
    "array": _("This must be a list."),
    "object": _("This must be a group of named entries."),
}
BOUNDS: Mapping[str, tuple[str, Sentence]] = {
    "minimum": ("too_small", _("This must be at least %(bound)s.")),
    "exclusiveMinimum": ("too_small", _("This must be more than %(bound)s.")),
    "maximum": ("too_large", _("This must be at most %(bound)s.")),
    "multipleOf": ("not_in_steps", _("This must be a multiple of %(bound)s.")),
    "minLength": ("too_short", _("This must not be empty.")),
    "maxLength": ("too_long", _("This must have at most %(bound)s characters.")),
    "minItems": ("too_few", _("At least %(bound)s of these are needed.")),
    "maxItems": ("too_many", _("At most %(bound)s of these are possible.")),
    "uniqueItems": ("repeated", _("Nothing may be named twice here.")),
    "pattern": ("wrong_form", _("This does not have the expected form %(bound)s.")),
}


def faults_of_shape(document: Document) -> list[Fault]:
    """List every way in which the values differ from the schema; each missing or unknown entry is one fault."""
    errors = validator().iter_errors(document.values)
    return [fault for error in errors for fault in _faults(document, error)]


@cache
def validator() -> Draft202012Validator:
    """Return the schema, compiled once; its figures are decimals, so that 0.5 is exactly a half."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"), parse_float=Decimal)
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


def _faults(document: Document, error: Any) -> Iterator[Fault]:
    path: Path = tuple(error.absolute_path)
    keyword = str(error.validator)
    if keyword in _SPECIAL:
        yield from _SPECIAL[keyword](document, path, error)
        return
    code, message = BOUNDS[keyword]
    yield document.fault(path, code, message, bound=str(error.validator_value))


def _missing(document: Document, path: Path, error: Any) -> Iterator[Fault]:
    # The library reports one error for each missing name; its text alone says which.
    name = next(name for name in error.validator_value if error.message.startswith(repr(name)))
    yield document.fault((*path, name), "missing", _("“%(name)s” is missing."), name=name)


def _unknown(document: Document, path: Path, error: Any) -> Iterator[Fault]:
    for name in error.instance:
        if name not in error.schema["properties"]:
            yield document.fault((*path, name), "unknown", _("There is no entry called “%(name)s” here."), name=name)


def _wrong_kind(document: Document, path: Path, error: Any) -> Iterator[Fault]:
    yield document.fault(path, "wrong_kind", KINDS[str(error.validator_value)])


def _not_a_choice(document: Document, path: Path, error: Any) -> Iterator[Fault]:
    choices = ", ".join(str(choice) for choice in error.validator_value)
    yield document.fault(path, "not_a_choice", _("Choose one of: %(choices)s."), choices=choices)


def _not_a_date(document: Document, path: Path, error: Any) -> Iterator[Fault]:
    yield document.fault(path, "not_a_date", _("This is not a date of the form 2023-07-31."))


_SPECIAL: Mapping[str, Callable[[Document, Path, Any], Iterator[Fault]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _wrong_kind,
    "enum": _not_a_choice,
    "format": _not_a_date,
}
