"""What rights call upward without knowing it: named in the settings, imported when needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import Membership


def tell_granted(membership: Membership) -> None:
    """Call the function named by ``settings.ACCOUNTS_GRANTED``, if any, in the transaction of the grant."""
    path = getattr(settings, "ACCOUNTS_GRANTED", "")
    if path:
        cast("Callable[[Membership], None]", import_string(path))(membership)
