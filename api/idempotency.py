"""A command sent twice under one key happens once, and is answered twice alike: the way of all that is no move."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from api.preconditions import ETAG, IF_MATCH, key_of
from api.renderers import JSONRenderer
from workflow.idempotency import Command, claim, command_of, keep, require_same
from workflow.models import CommandKey
from workflow.transactions import one_transaction

if TYPE_CHECKING:
    from api.views import ApiView

Handler = Callable[..., Response]
COMMANDS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NO_CONTENT = 204
KEPT_HEADERS = (ETAG, "Location")


def once(view: ApiView, handler: Handler) -> Handler:
    """Return the handler such that it runs once under each idempotency key; without a key it is called as it is.

    The key is claimed first, and everything that the handler writes is in the transaction that claims it: eight equal
    commands at once queue up on the key, one is carried out, seven get its answer. What is refused leaves nothing
    behind, the key neither, and may be sent again under the same key when it was mended.
    """

    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        command = _command(view, request)
        if not command.key:
            return handler(request, *args, **kwargs)
        with one_transaction():
            known = claim(command, at=view.at)
            if known is not None:
                return _again(view, known, command)
            response = handler(request, *args, **kwargs)
            keep(command, _kept(response))
        return response

    return answer


def _command(view: ApiView, request: Request) -> Command:
    """Return the command: who asks in which capacity, for what, with which body and for which version."""
    key = key_of(request)
    if not key:
        return command_of(view.actor, "")
    asked = (request.method, request.get_full_path(), request.headers.get(IF_MATCH, ""), _spelled(request.data))
    return command_of(view.actor, key, view.actor.membership_id, *asked)


def _spelled(body: Any) -> Any:
    """Return a body as JSON can spell it; of a form's files, what they hold."""
    if not isinstance(body, QueryDict):
        return body
    return {name: [_value(value) for value in values] for name, values in body.lists()}


def _value(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _again(view: ApiView, known: CommandKey, command: Command) -> Response:
    """Return the first answer again, to somebody who may still know of what it is about.

    A foreign object is not found before its key is looked at, and one that has left the scope since neither: rights are
    read afresh. What was removed leaves no trace, and the answer without a body tells nothing.
    """
    kept: Mapping[str, Any] = known.answer or {}
    if known.request_digest != command.digest:
        view.require_sight()
    require_same(known, command)
    if kept["status"] != NO_CONTENT:
        view.require_trace()
    return Response(json.loads(kept["body"] or "null"), status=kept["status"], headers=kept["headers"])


def _kept(response: Response) -> dict[str, Any]:
    """Return what is kept of an answer: the body letter for letter, for the order of its members is no accident."""
    body = JSONRenderer().render(response.data)
    return {"status": response.status_code, "headers": dict(_headers(response)), "body": body.decode()}


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    return ((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
