"""What Django's own handlers answer under ``/api/``, for what never reaches a view: a problem document."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from api.errors import problem_of
from api.permissions import NotYourRole
from api.problems import CONTENT_TYPE, Problem, of_domain, own
from common.request_id import request_id_of

PREFIX = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what Django found suspicious."""
    return answer(problem_of(exception) or own("malformed"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what nobody may do."""
    return answer(of_domain(NotYourRole()))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that does not exist."""
    return answer(own("not_found"))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer a fault of ours, or a database that is away: 503 then."""
    fault = sys.exc_info()[1]
    known = problem_of(fault) if isinstance(fault, OperationalError | InterfaceError) else None
    return answer(known or own("internal_error", request_id=request_id_of(request)))


def answer(problem: Problem) -> HttpResponse:
    """Return a problem document as a plain response."""
    headers = dict(problem.headers)
    return JsonResponse(problem.body(), status=problem.status, headers=headers, content_type=CONTENT_TYPE)
