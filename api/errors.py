"""From an exception to a problem document: one table, read by the views and by Django's own handlers."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import structlog
from django.core import exceptions as core
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from api.parsers import Malformed
from api.permissions import NotYourRole
from api.problems import CONTENT_TYPE, SENTENCES, BodyTooLarge, FieldError, Problem, of_domain, own
from common.errors import DomainError
from workflow.transactions import THIS_STEP
from workflow.violations import translated

logger = structlog.get_logger(__name__)


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer for an exception raised in a view; ``None`` leaves a fault of ours to Django's handler."""
    problem = problem_of(error)
    if problem is None:
        return None
    return Response(problem.body(), problem.status, headers=dict(problem.headers), content_type=CONTENT_TYPE)


@singledispatch
def problem_of(error: Exception) -> Problem | None:
    """Return the problem that an exception stands for, ``None`` when it is a fault of ours."""
    return None


@problem_of.register
def _domain(error: DomainError) -> Problem:
    return of_domain(error)


@problem_of.register
def _api(error: drf.APIException) -> Problem:
    """Answer in our words what DRF raises; its own sentence stays where it says more than ours."""
    code = str(error.default_code)
    challenge = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    return own(code if code in SENTENCES else "malformed", headers=headers)


@problem_of.register
def _authentication(error: drf.AuthenticationFailed) -> Problem:
    return own("invalid_token", headers={"WWW-Authenticate": getattr(error, "auth_header", "Token")})


@problem_of.register
def _throttled(error: drf.Throttled) -> Problem:
    seconds = max(1, int(getattr(error, "wait", None) or 1))
    return own("throttled", headers={"Retry-After": str(seconds)}, seconds=seconds)


@problem_of.register
def _invalid(error: drf.ValidationError) -> Problem:
    found = [FieldError(one.code, str(one.detail), one.attr or "") for one in flatten_errors(error.detail)]
    return Problem(400, "invalid", str(SENTENCES["invalid"][1]), found)


@problem_of.register
def _malformed(error: Malformed) -> Problem:
    named = [FieldError(error.reason, str(error.detail), error.attr)]
    return Problem(400, "malformed", str(error.detail), named)


@problem_of.register
def _refused_by_model(error: core.ValidationError) -> Problem:
    return _invalid(drf.ValidationError(as_serializer_error(error)))


@problem_of.register
def _unknown_address(error: Http404) -> Problem:
    return own("not_found")


@problem_of.register(core.PermissionDenied)
@problem_of.register(drf.PermissionDenied)
def _forbidden(error: Exception) -> Problem:
    return of_domain(NotYourRole())


@problem_of.register
def _suspicious(error: core.SuspiciousOperation) -> Problem:
    return own("malformed")


@problem_of.register
def _too_large(error: core.RequestDataTooBig) -> Problem:
    from django.conf import settings

    return of_domain(BodyTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


@problem_of.register(OperationalError)
@problem_of.register(InterfaceError)
def _database(error: DatabaseError) -> Problem:
    known = translated(error, THIS_STEP)
    if known is not None:
        return of_domain(known)
    logger.error("database_unavailable", error=str(error))
    return own("unavailable", headers={"Retry-After": "5"})


@problem_of.register
def _contradiction(error: IntegrityError) -> Problem:
    """Stand behind the operations: the constraint says what is wrong, where no operation has said it before."""
    logger.error("refused_by_database", exc_info=error)
    known = translated(error, THIS_STEP)
    return of_domain(known) if known is not None else own("conflict")


@problem_of.register
def _unstorable(error: DataError) -> Problem:
    logger.error("refused_by_database", exc_info=error)
    return own("malformed")
