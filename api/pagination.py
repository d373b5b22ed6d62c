"""Pages by key, not by number: the last page costs what the first one costs, and no row is shown twice or skipped."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, NoReturn

from django.core.exceptions import ValidationError as Unfit
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

USUAL_SIZE, LARGEST_SIZE = 25, 100
LONGEST_CURSOR = 2000
BAD_CURSOR = _("This is not a place in this list. Begin again without “cursor”.")
BAD_SIZE = _("A page has 1 to %(limit)s rows.")
BAD_ORDERING = _("This list can be ordered by: %(names)s.")


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is ordered: non-null columns and then the key, all in one direction."""

    name: str
    paths: tuple[str, ...]

    @property
    def descends(self) -> bool:
        """Tell whether the largest comes first."""
        return self.name.startswith("-")

    def sorted(self, rows: QuerySet[Any], *, backwards: bool) -> QuerySet[Any]:
        """Return ``rows`` in this order, or in its reverse."""
        minus = "-" if self.descends != backwards else ""
        return rows.order_by(*(f"{minus}{path}" for path in self.paths))

    def beyond(self, rows: QuerySet[Any], values: Sequence[Any], *, backwards: bool) -> QuerySet[Any]:
        """Return the rows after ``values`` in this order, or before them, by one comparison that an index serves."""
        compare = TupleLessThan if self.descends != backwards else TupleGreaterThan
        return rows.filter(compare(Tuple(*map(F, self.paths)), tuple(values)))

    def values_of(self, row: Any) -> list[str]:
        """Return where ``row`` stands, as text."""
        return [str(reduce(getattr, path.split("__"), row)) for path in self.paths]

    def read(self, model: type[Model], texts: Sequence[Any]) -> list[Any]:
        """Return the values that ``values_of`` wrote; raises ``ValueError`` for anything else."""
        if len(texts) != len(self.paths) or not all(isinstance(text, str) and "\0" not in text for text in texts):
            raise ValueError("not written by this order")
        return [_field_at(model, path).to_python(text) for path, text in zip(self.paths, texts, strict=True)]


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two rows of a list, and in which direction to read on from it."""

    values: Sequence[Any]
    backwards: bool


class CursorPagination(BasePagination):
    """Cut a queryset into pages ``{results, next, previous}``, ordered by one of the view's ``orderings``."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that was asked for, in one query; raises 400 naming the parameter at fault."""
        self.request = request
        self.order = _order_wanted(request, view)
        place = _place_wanted(request, self.order, queryset.model)
        size, backwards = _size_wanted(request), bool(place and place.backwards)
        rows = self.order.sorted(queryset, backwards=backwards)
        if place:
            rows = self.order.beyond(rows, place.values, backwards=backwards)
        found = list(rows[: size + 1])
        goes_on, page = len(found) > size, found[:size]
        if backwards:
            page.reverse()
        self.next = self._link(page, backwards=False) if (goes_on or backwards) else None
        self.previous = self._link(page, backwards=True) if (goes_on if backwards else place) else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with the addresses of its neighbors."""
        return Response({"results": data, "next": self.next, "previous": self.previous})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page for the schema."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameters for the schema."""
        names = [sign + name for name in view.orderings for sign in ("", "-")]
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": USUAL_SIZE}
        return [
            _parameter("cursor", {"type": "string", "maxLength": LONGEST_CURSOR}, "Where the page begins."),
            _parameter("page_size", size, "How many rows the page has."),
            _parameter(
                "ordering",
                {"type": "string", "enum": names, "default": view.usual_ordering},
                "By what the list is ordered.",
            ),
        ]

    def _link(self, page: list[Any], *, backwards: bool) -> str | None:
        address = self.request.build_absolute_uri()
        if not page:
            return remove_query_param(address, "cursor")
        text = json.dumps([self.order.name, int(backwards), *self.order.values_of(page[0 if backwards else -1])])
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return replace_query_param(address, "cursor", cursor)


def _order_wanted(request: Request, view: Any) -> Order:
    name = request.query_params.get("ordering") or view.usual_ordering
    paths = view.orderings.get(name.removeprefix("-"))
    if paths is None:
        _refuse("ordering", BAD_ORDERING, "invalid_choice", names=", ".join(view.orderings))
    return Order(name, (*paths, "pk"))


def _size_wanted(request: Request) -> int:
    text = request.query_params.get("page_size", str(USUAL_SIZE))
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= size <= LARGEST_SIZE:
        _refuse("page_size", BAD_SIZE, "invalid", limit=LARGEST_SIZE)
    return size


def _place_wanted(request: Request, order: Order, model: type[Model]) -> Place | None:
    cursor = request.query_params.get("cursor", "")
    if not cursor:
        return None
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError("too long")
        name, backwards, *texts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_"))
        if name != order.name or backwards not in (0, 1):
            raise ValueError("another list's")
        return Place(order.read(model, texts), bool(backwards))
    except (ValueError, TypeError, RecursionError, binascii.Error, Unfit):
        _refuse("cursor", BAD_CURSOR, "invalid_cursor")


def _refuse(name: str, sentence: Any, code: str, **params: Any) -> NoReturn:
    raise ValidationError({name: [ErrorDetail(str(sentence) % params, code=code)]})


def _field_at(model: type[Model], path: str) -> Any:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]  # by allow-list
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "required": False, "in": "query", "description": description, "schema": schema}
