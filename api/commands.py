"""What a command must look like; read by hand, because a serializer would cost as much as the move itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.serializers import REQUIRED, UNKNOWN_FIELD
from workflow.engine import Item

MOST_ITEMS = 500
LARGEST_VERSION = 2**31 - 1
MODES = ("all_or_nothing", "skip_refused")

NOT_TEXT = _("This must be text.")
NOT_AN_OBJECT = _("This must be an object: {…}.")
NOT_A_VERSION = _("This must be a whole number from 1.")
NOT_AN_ID = _("This must be the id of a row (UUID).")
NOT_A_CHOICE = _("This must be one of: %(choices)s.")
NOT_A_TRUTH = _("This must be true or false.")
NOT_ITEMS = _("This must be a list of 1 to %(limit)s rows {id, version}.")
TWICE = _("This row stands here twice.")


@dataclass(frozen=True, slots=True)
class MoveCommand:
    """A wish to move one object: ``{name, comment, data, version}``."""

    name: str
    comment: str
    data: Mapping[str, Any]
    version: int | None


@dataclass(frozen=True, slots=True)
class BulkCommand:
    """A wish to move many: ``{name, comment, items, mode, dry_run, data}``."""

    name: str
    comment: str
    data: Mapping[str, Any]
    items: tuple[Item, ...]
    all_or_nothing: bool
    dry_run: bool


class _Reader:
    """Collects every fault of a body before anything is refused."""

    def __init__(self, body: Mapping[str, Any], known: Iterable[str]) -> None:
        self.body = body
        self.faults: dict[str, list[ErrorDetail]] = {}
        for name in body.keys() - set(known):
            self.fault(name, UNKNOWN_FIELD, "unknown_field")

    def fault(self, attr: str, sentence: Any, code: str = "invalid", **params: Any) -> None:
        """Note what is wrong with one field."""
        self.faults.setdefault(attr, []).append(ErrorDetail(str(sentence) % params, code=code))

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a text, empty when it is missing."""
        value = self.body.get(name, "")
        if not isinstance(value, str):
            self.fault(name, NOT_TEXT)
        elif required and not value:
            self.fault(name, REQUIRED, "required")
        return str(value)

    def object(self, name: str) -> Mapping[str, Any]:
        """Return an object, empty when it is missing."""
        value = self.body.get(name, {})
        if isinstance(value, dict):
            return value
        self.fault(name, NOT_AN_OBJECT)
        return {}

    def truth(self, name: str) -> bool:
        """Return true or false, false when it is missing."""
        value = self.body.get(name, False)
        if not isinstance(value, bool):
            self.fault(name, NOT_A_TRUTH)
        return value is True

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return one of the choices, the first when it is missing."""
        value = self.body.get(name, choices[0])
        if value not in choices:
            self.fault(name, NOT_A_CHOICE, "invalid_choice", choices=", ".join(choices))
        return str(value)

    def version(self, name: str, value: Any) -> int | None:
        """Return a version, ``None`` when it is missing."""
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_VERSION:
            self.fault(name, NOT_A_VERSION)
            return None
        return value

    def items(self) -> tuple[Item, ...]:
        """Return the rows of a bulk command."""
        rows = self.body.get("items")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ITEMS:
            self.fault("items", NOT_ITEMS, limit=MOST_ITEMS)
            return ()
        found = [self._item(f"items.{index}", row) for index, row in enumerate(rows)]
        seen: set[UUID] = set()
        for index, item in enumerate(found):
            if item is not None and item.id in seen:
                self.fault(f"items.{index}.id", TWICE, "duplicate")
            seen |= {item.id} if item else set()
        return tuple(item for item in found if item)

    def _item(self, attr: str, row: Any) -> Item | None:
        if not isinstance(row, dict) or row.keys() - {"id", "version"}:
            self.fault(attr, NOT_ITEMS, limit=MOST_ITEMS)
            return None
        version = self.version(f"{attr}.version", row.get("version"))
        try:
            return Item(UUID(row["id"]), version)
        except (KeyError, ValueError, TypeError, AttributeError):
            self.fault(f"{attr}.id", NOT_AN_ID)
            return None

    def finish(self) -> None:
        """Refuse the body when anything is wrong with it."""
        if self.faults:
            raise ValidationError(self.faults)


def read_version(body: Mapping[str, Any]) -> int | None:
    """Return the version that ``body`` names, ``None`` when it names none; raises when it is no version."""
    reader = _Reader(body, body.keys())
    version = reader.version("version", body.get("version"))
    reader.finish()
    return version


def read_move(body: Mapping[str, Any]) -> MoveCommand:
    """Return the command that ``body`` holds; raises with every fault, each named by its field."""
    reader = _Reader(body, ("name", "comment", "data", "version"))
    command = MoveCommand(
        name=reader.text("name", required=True),
        comment=reader.text("comment"),
        data=reader.object("data"),
        version=reader.version("version", body.get("version")),
    )
    reader.finish()
    return command


def read_bulk(body: Mapping[str, Any]) -> BulkCommand:
    """Return the command that ``body`` holds; raises with every fault, each named by its field and row."""
    reader = _Reader(body, ("name", "comment", "data", "items", "mode", "dry_run"))
    command = BulkCommand(
        name=reader.text("name", required=True),
        comment=reader.text("comment"),
        data=reader.object("data"),
        items=reader.items(),
        all_or_nothing=reader.choice("mode", MODES) == "all_or_nothing",
        dry_run=reader.truth("dry_run"),
    )
    reader.finish()
    return command
