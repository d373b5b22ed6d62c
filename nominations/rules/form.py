"""The self-recommendation form (form 3) as data: its sections, its fields, what each accepts, what is missing.

The order is that of the paper. Values are kept as JSON: decimals and dates as strings, so that digests are exact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal, Sentence
from nominations.enums import CommitteeKind

Form = Mapping[str, Mapping[str, Any]]
Condition = Callable[[Mapping[str, Any]], bool]


def _always(section: Mapping[str, Any]) -> bool:
    return True


def _has_committee(section: Mapping[str, Any]) -> bool:
    return section.get("kind") in {CommitteeKind.OWNERS_COMMITTEE, CommitteeKind.PROPERTY_MANAGEMENT_COMMITTEE}


def _has_no_committee(section: Mapping[str, Any]) -> bool:
    return section.get("kind") == CommitteeKind.NONE


@dataclass(frozen=True, slots=True, eq=False)  # one blank is not another, whatever they ask for: hashed as what it is
class Field:
    """One blank of the form: its name, label, kind of value and bounds; ``asked`` tells when it must be filled in."""

    name: str
    label: Sentence
    kind: str = "text"
    longest: int = 120
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 0
    choices: tuple[str, ...] = ()
    required: bool = True
    asked: Condition = _always


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form that is saved by itself."""

    name: str
    title: Sentence
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Return the field called ``name``, or ``None``."""
        return next((field for field in self.fields if field.name == name), None)


def _percent(name: str, label: Sentence) -> Field:
    return Field(name, label, "decimal", least=Decimal(0), most=Decimal(100), places=2)


def _count(name: str, label: Sentence, most: int = 1_000_000, *, required: bool = True) -> Field:
    return Field(name, label, "integer", least=Decimal(0), most=Decimal(most), required=required)


def _contact(asked: Condition = _always) -> tuple[Field, Field]:
    return (
        Field("contact_name", _("Contact"), longest=40, asked=asked),
        Field("contact_phone", _("Telephone"), "phone", longest=20, asked=asked),
    )


PRACTICES = 8

SECTIONS: tuple[Section, ...] = (
    Section(
        "basics",
        _("Basic facts"),
        (
            Field("built_on", _("Completed in"), "month", longest=7),
            Field("floor_area", _("Floor area (m²)"), "decimal", least=Decimal(1), most=Decimal(100_000_000), places=2),
            _count("buildings", _("Buildings"), 10_000),
            _count("entrances", _("Entrances"), 100_000),
            _count("households", _("Households")),
            Field("remarks", _("Other facts"), longest=2000, required=False),
        ),
    ),
    Section("party", _("Party organization"), (Field("name", _("Full name")), *_contact())),
    Section(
        "company",
        _("Property service company"),
        (
            Field("name", _("Full name")),
            *_contact(),
            Field("has_penalty", _("Penalized within a year"), "boolean"),
        ),
    ),
    Section(
        "committee",
        _("Owners' committee"),
        (
            Field("kind", _("Form of self-government"), "choice", choices=tuple(CommitteeKind.values)),
            Field("name", _("Full name"), asked=_has_committee),
            Field("term_from", _("Term begins"), "date", asked=_has_committee),
            Field("term_until", _("Term ends"), "date", asked=_has_committee),
            _count("members", _("Members"), 1000, required=False),
            _count("party_members", _("Members of the Party among them"), 1000, required=False),
            Field("contact_name", _("Contact"), longest=40),
            Field("contact_phone", _("Telephone"), "phone", longest=20),
            Field("contact_email", _("E-mail"), "email", longest=200, required=False),
            Field("substitute", _("Who confirms in its place"), asked=_has_no_committee),
        ),
    ),
    Section(
        "figures",
        _("Satisfaction and fees"),
        (
            _percent("satisfaction_rate", _("Satisfaction of the owners (%)")),
            Field("satisfaction_source", _("How it was surveyed"), longest=500),
            _percent("fee_collection_rate", _("Fee collection (%)")),
            _count("complaints", _("Complaints within the year")),
        ),
    ),
    Section(
        "practices",
        _("Main practice and results"),
        tuple(
            Field(f"practice_{number}", _("Practice on requirement %(number)s"), longest=3000)
            for number in range(1, PRACTICES + 1)
        ),
    ),
)

SECTION_NAMES = tuple(section.name for section in SECTIONS)
_BY_NAME = {section.name: section for section in SECTIONS}
_REQUIRED = tuple((section, tuple(field for field in section.fields if field.required)) for section in SECTIONS)
_EMPTY = (None, "")


def section_named(name: str) -> Section | None:
    """Return the section called ``name``, or ``None``."""
    return _BY_NAME.get(name)


def has_no_committee(form: Form) -> bool:
    """Tell whether the form says that the owners have no committee of either kind."""
    return _has_no_committee(form.get("committee", {}))


def label_of(field: Field) -> str:
    """Return the field's label in the active language."""
    return _label(field, get_language())


@cache
def _label(field: Field, language: str | None) -> str:
    """Translate a label once per language: lists of drafts name every gap of every row."""
    # Not by the % operator: a label may hold a percent sign of its own.
    return str(field.label).replace("%(number)s", field.name.rpartition("_")[2])


def missing(form: Form) -> list[tuple[Section, list[str], list[str]]]:
    """Return the sections in which something required is missing, each with the names and labels of its gaps."""
    gaps = []
    for section, required in _REQUIRED:
        values = form.get(section.name, {})
        lacking = [f for f in required if values.get(f.name) in _EMPTY and f.asked(values)]
        if lacking:
            language = get_language()
            gaps.append((section, [f.name for f in lacking], [_label(f, language) for f in lacking]))
    return gaps


def clean_section(name: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values of one section as they are kept, and a reason for each that cannot be taken.

    A draft may have gaps: an empty value is kept as ``None``. Unknown names are refused.
    """
    section = _BY_NAME[name]
    kept: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for key, value in values.items():
        field = section.field(key)
        if field is None:
            refusals.append(Refusal("unknown_field", _("There is no such field."), fix=f"form.{name}.{key}"))
            continue
        kept[key], refusal = clean_value(field, value, f"form.{name}.{key}")
        refusals += [refusal] if refusal else []
    refusals += _across(section, kept)
    return kept, refusals


def _across(section: Section, kept: Mapping[str, Any]) -> Sequence[Refusal]:
    """Return the reasons that arise from two values together."""
    begins, ends = kept.get("term_from"), kept.get("term_until")
    if section.name == "committee" and begins and ends and ends <= begins:
        return [Refusal("term_reversed", _("The term must end after it begins."), fix="form.committee.term_until")]
    members, of_party = kept.get("members"), kept.get("party_members")
    if section.name == "committee" and members is not None and of_party is not None and of_party > members:
        message = _("There cannot be more Party members than members.")
        return [Refusal("more_party_members", message, fix="form.committee.party_members")]
    return []


def clean_value(field: Field, value: Any, path: str) -> tuple[Any, Refusal | None]:
    """Return the value as it is kept, ``None`` for an empty one, and the reason when it cannot be taken."""
    if value is None or value == "":
        return None, None
    try:
        return _CLEANERS[field.kind](field, value), None
    except _Unfit as unfit:
        return value if isinstance(value, str) else None, Refusal(unfit.code, unfit.message, unfit.params, fix=path)


class _Unfit(Exception):
    """A value that its field cannot take."""

    def __init__(self, code: str, message: Sentence, **params: Any) -> None:
        self.code, self.message, self.params = code, message, params
        super().__init__(code)


# Control characters and the marks that turn the direction of writing could hide what a line says; half of a character
# pair cannot be kept.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_PHONE = re.compile(r"^(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4})$", re.ASCII)
_EMAIL = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$")
_MONTH = re.compile(r"^(19|20)\d{2}(-(0[1-9]|1[0-2]))?$", re.ASCII)
_NUMBER = re.compile(r"^-?\d{1,12}(\.\d{1,6})?$")


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _Unfit("not_text", _("This must be text."))
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if _HIDDEN.search(text):
        raise _Unfit("hidden_characters", _("The text contains hidden control characters."))
    if len(text) > field.longest:
        raise _Unfit(
            "too_long", _("At most %(limit)s characters; these are %(count)s."), limit=field.longest, count=len(text)
        )
    return text


def _phone(field: Field, value: Any) -> str:
    text = _text(field, value).replace(" ", "")
    if not _PHONE.match(text):
        raise _Unfit("not_a_phone", _("This is not a telephone number, such as 13800000000 or 0564-0000000."))
    return text


def _email(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not _EMAIL.match(text):
        raise _Unfit("not_an_email", _("This is not an e-mail address."))
    return text


def _choice(field: Field, value: Any) -> str:
    if value not in field.choices:
        raise _Unfit("not_a_choice", _("Choose one of: %(choices)s."), choices=", ".join(field.choices))
    return str(value)


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unfit("not_yes_or_no", _("Answer yes or no."))
    return value


def _date(field: Field, value: Any) -> str:
    try:
        return date.fromisoformat(_text(field, value)).isoformat()
    except ValueError:
        raise _Unfit("not_a_date", _("This is not a date of the form 2023-07-31.")) from None


def _month(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not _MONTH.match(text):
        raise _Unfit("not_a_month", _("Give the year or the month, such as 2016 or 2016-09."))
    return text


def _integer(field: Field, value: Any) -> int:
    number = _number(value)
    if number != number.to_integral_value():
        raise _Unfit("not_whole", _("This must be a whole number."))
    return int(_bounded(field, number))


def _decimal(field: Field, value: Any) -> str:
    number = _bounded(field, _number(value))
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.places:
        raise _Unfit("too_many_places", _("At most %(places)s decimal places."), places=field.places)
    return format(number.quantize(Decimal(1).scaleb(-field.places)), "f")


def _number(value: Any) -> Decimal:
    """Return an exact number from JSON's integer or a string; floats and booleans have no exact spelling."""
    text = str(value) if isinstance(value, int | str | Decimal) and not isinstance(value, bool) else ""
    if not _NUMBER.match(text) or not text.isascii():
        raise _Unfit("not_a_number", _("This is not a number, such as 93.50."))
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover  # the pattern admits nothing that Decimal refuses
        raise _Unfit("not_a_number", _("This is not a number, such as 93.50.")) from None


def _bounded(field: Field, number: Decimal) -> Decimal:
    if field.least is not None and field.most is not None and not field.least <= number <= field.most:
        raise _Unfit(
            "out_of_range", _("This must lie between %(least)s and %(most)s."), least=field.least, most=field.most
        )
    return number


_CLEANERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "phone": _phone,
    "email": _email,
    "choice": _choice,
    "boolean": _boolean,
    "date": _date,
    "month": _month,
    "integer": _integer,
    "decimal": _decimal,
}
