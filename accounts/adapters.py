"""How allauth behaves here: accounts are given, not taken, and every attempt to sign in is written down."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any, ClassVar

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import SignInOutcome
from accounts.models import User
from accounts.operations import record_sign_in

logger = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Sign-in without sign-up; people are entered by the security administrator."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Please ask your security administrator."),
        "email_password_mismatch": _("Name and password do not belong together. Please check both."),
        "username_password_mismatch": _("Name and password do not belong together. Please check both."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
        "incorrect_code": _(
            "This code is not right. Codes of the app change every 30 seconds; please take the newest."
        ),
        "invalid_password_reset": _("This link was used already or is too old. Please ask for a new one."),
        "too_many_login_attempts": _("Too many attempts. For your safety, please wait a few minutes and try again."),
        "unknown_email": _("If the address is right, a mail is on its way."),
        "rate_limited": _("Too many attempts. For your safety, please wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return ``False``: nobody makes an account for themselves."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Write down who came in, after every factor that was asked for."""
        methods = [
            record.get("type") or record.get("method", "") for record in get_authentication_records(request, user)
        ]
        note(request, user.username, SignInOutcome.SIGNED_IN, methods[-1] if methods else "")
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down who is held back, before any password is hashed."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note(request, name_of(credentials), SignInOutcome.HELD_BACK, "password")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down an attempt with a wrong name or password."""
        note(request, name_of(credentials), SignInOutcome.WRONG_PASSWORD, "password")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person at their own address that something about their account was changed (ASVS 5.0, 6.3.7)."""
        super().send_notification_mail(template_prefix, user, context, email or user.email or None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about the account; what was changed stays changed when the post office does not answer."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.warning("account_mail_not_sent", template=template_prefix, error=type(error).__name__)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """The second factor in the product's own words."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("The second factor cannot be switched off for your role."),
        "cannot_generate_recovery_codes": _("Recovery codes need a second factor. Please set one up first."),
    }

    def _get_site_name(self) -> str:
        """Return what an authenticator app shows beside the name of the account."""
        return gettext("Jiayuan")


def note(request: HttpRequest, login: str, outcome: SignInOutcome, method: str) -> None:
    """Write down an attempt to sign in, with where it came from."""
    adapter = AccountAdapter(request)
    record_sign_in(
        at=timezone.now(),
        login=login,
        outcome=outcome,
        method=method,
        address=adapter.get_client_ip(request),
        agent=adapter.get_http_user_agent(request),
    )


def note_wrong_code(user: User | None, method: str) -> None:
    """Write down an attempt whose second factor was not right."""
    note(context.request, user.username if user else "", SignInOutcome.WRONG_CODE, method)


def name_of(credentials: dict[str, Any]) -> str:
    """Return the name under which somebody tried to come in."""
    return str(credentials.get("username") or credentials.get("email") or "")
