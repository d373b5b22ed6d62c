"""How allauth behaves here: accounts are given, not taken."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Sign-in without sign-up; people are entered by the security administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return ``False``: nobody makes an account for themselves."""
        return False
