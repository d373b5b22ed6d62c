"""The two questions before any work is done: is somebody signed in, and is this for their role."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor
from api import access
from common.errors import DomainError


class NotYourRole(DomainError):
    """The address is not for the actor's role."""

    code = "permission_denied"
    status = 403
    message = _("Your role does not allow this.")


class IsSignedIn(BasePermission):
    """Somebody is signed in and holds a role."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the request has an actor."""
        return isinstance(request.auth, Actor)


class HasAccess(IsSignedIn):
    """The table of access allows it; what the table does not name is not offered at all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the actor's role may go on; below an object the role waits until the object was found."""
        route, method = access.route_of(request), str(request.method)
        roles = access.roles_for(route, method)
        if not roles:
            raise MethodNotAllowed(method)
        if roles is access.PUBLIC:
            return True
        if not isinstance(request.auth, Actor):
            return False
        if not view.concerns_object and request.auth.role not in roles:
            raise NotYourRole
        return True
