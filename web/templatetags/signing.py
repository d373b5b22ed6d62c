"""allauth's forms in the kit's look: fields with our labels, problems for the summary, browsers in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence
from web.kit import Field, Problem

register = template.Library()
LABELS: Mapping[str, Sentence] = {
    "login": _("User name or e-mail"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "code": _("Code of six digits"),
    "email": _("E-mail"),
    "name": _("Name of the passkey"),
    "passwordless": _("Sign in with it, without a password"),
}
HINTS: Mapping[str, Sentence] = {
    "password1": _("At least 12 characters; a short sentence is easy to keep in mind."),
    "code": _("Six digits from the app, or one of your recovery codes."),
    "name": _("So that you know it again, for instance “office computer”."),
    "passwordless": _("The device asks for your finger, your face or its PIN; that is two factors in one."),
}
AUTOCOMPLETE = {
    "login": "username webauthn",
    "password": "current-password",
    "oldpassword": "current-password",
    "password1": "new-password",
    "password2": "new-password",
    "code": "one-time-code",
    "email": "email",
}
KINDS = {"checkbox": "check", "password": "password", "email": "email"}
BROWSERS = (
    ("MicroMessenger", _("WeChat")), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    (r"Windows", "Windows"), (r"Android", "Android"), (r"iPhone|iPad", "iOS"), (r"Mac OS X", "macOS"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"), (r"Linux", "Linux"),
)  # fmt: skip


@register.filter
def kit_fields(form: Any) -> list[Field]:
    """Return the visible fields of a form as the kit shows them."""
    return [_field(bound) for bound in form.visible_fields()]


@register.filter
def problems(form: Any) -> list[Problem]:
    """Return everything that is wrong with a form, for the summary on top."""
    general = [Problem(str(error)) for error in form.non_field_errors()]
    named = [(bound, str(error)) for bound in form for error in bound.errors]
    return general + [Problem(error, "" if bound.is_hidden else f"f-{bound.name}") for bound, error in named]


@register.filter
def browser(agent: str) -> str:
    """Return which browser on which system an agent's line tells of: ``Chrome · Windows``."""
    name = next((name for mark, name in BROWSERS if mark in agent), _("Another browser"))
    system = next((system for pattern, system in SYSTEMS if re.search(pattern, agent)), "")
    return " · ".join(filter(None, (str(name), system)))


def _field(bound: Any) -> Field:
    kind = KINDS.get(getattr(bound.field.widget, "input_type", ""), "text")
    return Field(
        bound.name,
        LABELS.get(bound.name, bound.label),
        kind,
        "" if kind == "password" else bound.value() or "",
        hint="" if hasattr(bound.form, "secret") else HINTS.get(bound.name, ""),
        error=" ".join(map(str, bound.errors)),
        required=bound.field.required,
        width="m",
        autocomplete=AUTOCOMPLETE.get(bound.name, "off"),
        lang="",
    )
