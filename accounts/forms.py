"""The forms of the second factor: a code that is not right is written down, a forged answer is no fault of ours.

allauth offers no other hook for attempts that went wrong, and takes for granted that the answer of a device is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError

from accounts.adapters import note_wrong_code

MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


def whole(check: Callable[[], Any]) -> Any:
    """Return what checking a device's answer returns; an answer that is not whole is simply not right."""
    try:
        return check()
    except ValidationError:
        raise
    except MALFORMED as error:
        raise get_adapter().validation_error("incorrect_code") from error


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    """A code of the authenticator app, or a recovery code, at sign-in."""

    def clean_code(self) -> Any:
        """Return the code if it is right."""
        try:
            return super().clean_code()
        except ValidationError:
            note_wrong_code(self.user, "totp")
            raise


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A passkey as the second factor."""

    def clean_credential(self) -> Any:
        """Return the passkey if it is the person's."""
        try:
            return whole(super().clean_credential)
        except ValidationError:
            note_wrong_code(self.user, "webauthn")
            raise


class PasskeySignInForm(LoginWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A passkey instead of a password; whose it is, the answer of the device says."""

    def clean_credential(self) -> Any:
        """Return the passkey if somebody has entered it."""
        try:
            return whole(super().clean_credential)
        except ValidationError:
            note_wrong_code(None, "webauthn")
            raise


class PasskeyAgainForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A passkey of somebody who is signed in, asked for once more."""

    def clean_credential(self) -> Any:
        """Return the passkey if it is the person's."""
        return whole(super().clean_credential)


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A passkey that is being added."""

    def clean(self) -> Any:
        """Return the answer of the device if it is whole and meant for us."""
        return whole(super().clean)
