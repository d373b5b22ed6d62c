"""What went wrong, as a document of its own kind (RFC 9457), and the list of every code there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.statuses import status_for, status_of
from common.errors import DomainError
from common.refusals import Refusal, Sentence
from workflow import errors

CONTENT_TYPE = "application/problem+json"
MALFORMED = frozenset({400, 413, 415})

TITLES: Mapping[int, Promise] = {
    400: _("The request is malformed"),
    401: _("Please sign in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not offered"),
    409: _("Not possible at present"),
    412: _("Changed meanwhile"),
    413: _("Too large"),
    415: _("Kind of content not accepted"),
    422: _("Not possible yet"),
    429: _("Too many attempts"),
    500: _("Something went wrong on our side"),
    503: _("Not available at the moment"),
}

# The problems of this layer itself; those of the rooms below are classes of their own (see `catalogue`).
SENTENCES: Mapping[str, tuple[int, Sentence]] = {
    "malformed": (400, _("The request cannot be read.")),
    "invalid": (400, _("Some of what was sent is not acceptable. See “errors”, where each field is named.")),
    "not_authenticated": (401, _("Sign in, or send a token: “Authorization: Token …”.")),
    "invalid_token": (401, _("This token does not exist, has expired or was revoked.")),
    "not_found": (404, errors.NotFound.message),
    "method_not_allowed": (405, _("This address does not offer this method.")),
    "conflict": (409, _("This contradicts what is stored already. Load it again.")),
    "unsupported_media_type": (415, _("Send JSON in UTF-8: “Content-Type: application/json”.")),
    "throttled": (429, _("Too many attempts. Try again in %(seconds)s seconds.")),
    "internal_error": (
        500,
        _("Something went wrong on our side. Nothing was changed. Quote the number %(request_id)s."),
    ),
    "unavailable": (503, _("The service is not available at the moment. Try again shortly.")),
}


class BodyTooLarge(DomainError):
    """The request brings more than is taken here; it was not read."""

    code = "too_large"
    status = 413
    message = _("The request is larger than %(limit)s bytes.")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One input at fault: what is wrong with it, in code and words, and where it stands (`a.b.0.c`)."""

    code: str
    detail: str
    attr: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is no success; built in the reader's language, turned into JSON by `body`."""

    status: int
    code: str
    detail: str
    errors: Sequence[FieldError] = ()
    refusals: Sequence[Refusal] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the members of the document, in the order in which a person reads them."""
        document = {
            "type": reverse("api:problem", args=[self.code]),
            "title": str(TITLES[self.status]),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "errors": [{"code": one.code, "detail": one.detail, "attr": one.attr} for one in self.errors],
        }
        return document | ({"refusals": [refusal_row(one) for one in self.refusals]} if self.refusals else {})


def own(code: str, *, attr: str = "", headers: Mapping[str, str] | None = None, **params: Any) -> Problem:
    """Return a problem of this layer, with the named input as its one error if there is one."""
    status, sentence = SENTENCES[code]
    detail = str(sentence) % params
    named = [FieldError(code, detail, attr)] if attr else []
    return Problem(status, code, detail, errors=named, headers=headers or {})


def of_domain(error: DomainError) -> Problem:
    """Return the problem for an error that the domain raised on purpose.

    What is malformed names each field under ``errors``; what is understood and refused says why under ``refusals``.
    """
    status, sentence = status_for(error), error.sentence()
    headers = {"Retry-After": "1"} if error.code == errors.Busy.code else {}
    if status in MALFORMED and error.refusals:
        named = [FieldError(one.code, one.sentence(), one.fix) for one in error.refusals]
        return Problem(status, error.code, sentence, named, headers=headers)
    named = [FieldError(error.code, sentence, error.attr)] if error.attr else []
    return Problem(status, error.code, sentence, named, error.refusals, headers)


def refusal_row(refusal: Refusal) -> dict[str, Any]:
    """Return a guard's refusal as JSON shows it."""
    return {
        "code": refusal.code,
        "message": refusal.sentence(),
        "params": dict(refusal.params),
        "fix": refusal.fix,
    }


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of codes."""

    code: str
    status: int
    sentence: Sentence


def catalogue() -> dict[str, Entry]:
    """Return every code that `code` can hold, with its status and its sentence before parameters are filled in."""
    entries = {code: Entry(code, status, sentence) for code, (status, sentence) in SENTENCES.items()}
    for kind in _descendants(DomainError):
        entries.setdefault(kind.code, Entry(kind.code, status_of(kind), kind.message))
    return dict(sorted(entries.items()))


def _descendants(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)
