"""What Django calls when no view answers: a problem document under ``/api/``, a page elsewhere."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase

from api import handlers as api
from web.errors import error_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what Django found suspicious."""
    if is_for_programs(request):
        return api.bad_request(request, exception)
    return error_page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what nobody may do."""
    if is_for_programs(request):
        return api.permission_denied(request, exception)
    return error_page(request, HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that does not exist."""
    if is_for_programs(request):
        return api.page_not_found(request, exception)
    return error_page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer a fault of ours, or a database that is away: 503 then."""
    if is_for_programs(request):
        return api.server_error(request)
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR)


def is_for_programs(request: HttpRequest) -> bool:
    """Tell whether a program asks."""
    return request.path.startswith(api.PREFIX)
