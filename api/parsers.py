"""Reading what was sent: JSON as RFC 8259 means it, and nothing that two readers could understand differently."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers

DEEPEST = 24
LARGEST_INTEGER = 2**63 - 1
LONGEST_NUMBER = 40
MARKED = re.compile(r"\\u(0000|[dD][89a-fA-F])")
SURROGATE_OR_NUL = re.compile("[\x00\ud800-\udfff]")

NOT_JSON = _("This is not JSON: line %(line)s, column %(column)s.")
NOT_UTF8 = _("This is not UTF-8: byte %(position)s.")
NOT_AN_OBJECT = _("Send an object: {…}.")
DUPLICATE = _("The member “%(name)s” stands here twice.")
TOO_DEEP = _("This is nested more than %(limit)s levels deep.")
NOT_A_NUMBER = _("“%(number)s” is no number that can be kept.")
BAD_CHARACTER = _("This text contains a character that cannot be kept (NUL or half of a character pair).")


class Malformed(exceptions.ParseError):
    """The body cannot be read; ``attr`` names the member at fault, empty where the whole body is."""

    default_code = "malformed"

    def __init__(self, sentence: Any, *, code: str, attr: str = "", **params: Any) -> None:
        super().__init__(str(sentence) % params)
        self.reason, self.attr = code, attr


class StrictJSONParser(parsers.BaseParser):
    """Read one JSON object; floats come as ``Decimal``, so that 90.00 stays what the sender wrote."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the object; raises ``Malformed``, or 413 and 415 by way of Django's and DRF's own errors."""
        _require_utf8(media_type or "")
        request = (parser_context or {})["request"]._request
        return read_object(request.body)


class StrictMultiPartParser(parsers.MultiPartParser):
    """Read an upload; a form that is cut off or malformed is a plain 400."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return fields and files; raises ``Malformed``."""
        try:
            return super().parse(stream, media_type, parser_context)
        except (MultiPartParserError, exceptions.ParseError) as error:
            raise Malformed(_("The upload is cut off or malformed."), code="not_multipart") from error


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that ``body`` holds; raises ``Malformed`` for anything else."""
    text = _decode(body)
    try:
        found = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse_number,
        )
    except json.JSONDecodeError as error:
        raise Malformed(NOT_JSON, code="not_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Malformed(TOO_DEEP, code="too_deep", limit=DEEPEST) from error
    if not isinstance(found, dict):
        raise Malformed(NOT_AN_OBJECT, code="not_an_object")
    _inspect(text, found)
    return found


def _require_utf8(media_type: str) -> None:
    for parameter in media_type.split(";")[1:]:
        name, _equals, value = parameter.strip().partition("=")
        if name.lower() == "charset" and value.strip('" ').lower() not in {"utf-8", "utf8"}:
            raise exceptions.UnsupportedMediaType(media_type)


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(NOT_UTF8, code="not_utf8", position=error.start) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        shown = SURROGATE_OR_NUL.sub("\ufffd", _first_twice(pairs))
        raise Malformed(DUPLICATE, code="duplicate_member", attr=shown, name=shown)
    return found


def _first_twice(pairs: list[tuple[str, Any]]) -> str:
    counts = Counter(name for name, _value in pairs)
    return next(name for name, count in counts.items() if count > 1)


def _decimal(number: str) -> Decimal:
    value = Decimal(number) if len(number) <= LONGEST_NUMBER else None
    if value is None or abs(value.adjusted()) > LONGEST_NUMBER:
        _refuse_number(number)
    return value


def _integer(number: str) -> int:
    if len(number) > LONGEST_NUMBER or abs(int(number)) > LARGEST_INTEGER:
        _refuse_number(number)
    return int(number)


def _refuse_number(number: str) -> NoReturn:
    raise Malformed(NOT_A_NUMBER, code="not_a_number", number=number[:LONGEST_NUMBER])


def _inspect(text: str, found: dict[str, Any]) -> None:
    """Look for what JSON admits and we do not: only bodies that may hold it are walked through."""
    if text.count("{") + text.count("[") <= DEEPEST and not MARKED.search(text):
        return
    for path, value in _leaves(found):
        if len(path) > DEEPEST:
            raise Malformed(TOO_DEEP, code="too_deep", attr=path[0], limit=DEEPEST)
        if any(isinstance(part, str) and SURROGATE_OR_NUL.search(part) for part in (*path, value)):
            raise Malformed(BAD_CHARACTER, code="bad_character", attr=_shown(path))


def _leaves(found: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value with the path to it, without recursion; a container is yielded as ``None``."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), found)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(((*path, name), part) for name, part in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, str(index)), part) for index, part in enumerate(value))
        yield path, None if isinstance(value, dict | list) else value


def _shown(path: tuple[str, ...]) -> str:
    return SURROGATE_OR_NUL.sub("\ufffd", ".".join(path))
