"""Who must have signed in with a second factor: one rule for pages and for the sessions of programs."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from accounts.enums import STAFF_ROLES
from accounts.models import Membership, User


def lacks_second_factor(request: HttpRequest, user: User, role: str) -> bool:
    """Tell whether the role asks for a second factor that this session was not opened with (ASVS 5.0, 6.3.3)."""
    if not settings.MFA_REQUIRED_FOR_STAFF or role not in STAFF_ROLES:
        return False
    return not any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def within_reach(request: HttpRequest, user: User, held: Iterable[Membership]) -> list[Membership]:
    """Return those of a person's capacities that this session may act in, and so make a key for."""
    return [membership for membership in held if not lacks_second_factor(request, user, membership.role)]
