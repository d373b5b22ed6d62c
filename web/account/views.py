"""Everybody's own account: an overview, keys for programs, and how notices come."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.enums import STAFF_ROLES
from accounts.models import ApiToken, User
from accounts.operations import issue_token, revoke_token
from accounts.queries import memberships_of, tokens_of
from accounts.second_factor import within_reach
from notifications.enums import Category, Mode
from notifications.operations.notices import prefer
from notifications.queries import preferences_of
from web import looks
from web.account.forms import token_fields, token_wish
from web.acting import for_members
from web.kit import Confirmation, Link, Problem, Tag, Task, with_errors
from web.paging import page_of_rows
from web.refused import UNPROCESSABLE
from workflow.errors import NotFound


@for_members
def home(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show what keeps the account safe, as whom the person acts, and how they read."""
    page = {
        "safety": _safety(actor.person_id),
        "others": _others(actor.person_id, at),
        "needs_factor": actor.role in STAFF_ROLES and settings.MFA_REQUIRED_FOR_STAFF,
        "languages": settings.LANGUAGES,
        "language": get_language(),
    }
    return render(request, "account/home.html", page)


@for_members
def tokens(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the person's keys for programs, and make one; its secret is in this answer and nowhere else."""
    held = within_reach(request, cast(User, request.user), memberships_of(actor.person_id, at=at))
    problems: list[Problem] = []
    secret = ""
    if request.method == "POST":
        label, membership, until, problems = token_wish(request.POST, held, at)
        if membership and not problems:
            _token, secret = issue_token(membership=membership, label=label, at=at, expires_at=until)
    shown = page_of_rows(request, tokens_of(actor.person_id).order_by("-created_at", "-pk"))
    rows = [(token, _token_tag(token, at)) for token in shown.object_list]
    wish = request.POST if problems else request.GET
    page = {
        "rows": rows,
        "page": shown,
        "secret": secret,
        "problems": problems,
        "fields": with_errors(token_fields(wish, held), problems),
        "crumbs": _crumbs(_("Tokens for programs")),
        "at": at,
    }
    return render(request, "account/tokens.html", page, status=UNPROCESSABLE if problems else None)


@for_members
def revoke(request: HttpRequest, token_id: int, *, actor: Actor, at: datetime) -> HttpResponse:
    """Ask once more, then make a key useless."""
    token = tokens_of(actor.person_id).filter(pk=token_id, revoked_at__isnull=True).first()
    if token is None:
        raise NotFound
    back = reverse("web:account:tokens")
    if request.method == "POST":
        revoke_token(token=token, at=at)
        return redirect(back)
    asked = Confirmation(
        _("Revoke the token “%(label)s”") % {"label": token.label},
        (_("Programs that use it are turned away from the next request on."),),
        _("Revoke"),
        back,
        look="danger",
        warning=_("This cannot be taken back; a new token can be made at any time."),
    )
    crumbs = _crumbs(_("Tokens for programs"), back)
    return render(request, "kit/confirmation.html", {"confirmation": asked, "crumbs": crumbs})


@for_members
def notices(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Show how the mails of each category come, and keep what was chosen."""
    if request.method == "POST":
        for category in Category:
            mode = request.POST.get(category.value, "")
            if category != Category.LEGAL and mode in Mode.values:
                prefer(user_id=actor.person_id, category=category.value, mode=mode)
        return redirect(f"{reverse('web:account:notices')}?saved=1")
    chosen = preferences_of(actor.person_id)
    page = {
        "choices": [(category, chosen[category], category == Category.LEGAL) for category in Category],
        "modes": Mode.choices,
        "address": request.user.email,  # type: ignore[union-attr]  # for_members lets nobody else in
        "crumbs": _crumbs(_("How notices come")),
    }
    return render(request, "account/notices.html", page)


def _safety(user_id: int) -> list[Task]:
    """Return the parts that keep an account safe, each with how it stands; two queries."""
    factors = list(Authenticator.objects.filter(user=user_id))
    kinds = [one.type for one in factors]
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    keys = kinds.count(Authenticator.Type.WEBAUTHN)
    has_app = Authenticator.Type.TOTP in kinds
    app = "mfa_deactivate_totp" if has_app else "mfa_activate_totp"
    sessions = UserSession.objects.filter(user=user_id).count()
    return [
        Task(_("Password"), looks.tag(looks.PASS, _("Set")), reverse("account_change_password")),
        Task(_("Authenticator app"), _on(has_app), reverse(app), _("A code of six digits, new every 30 seconds")),
        Task(
            _("Passkeys"),
            _counted(keys, ngettext("%(count)s passkey", "%(count)s passkeys", keys)),
            reverse("mfa_list_webauthn"),
            _("Finger, face or PIN of your device; nothing to type"),
        ),
        _recovery(codes),
        Task(
            _("Where you are signed in"),
            _counted(sessions, ngettext("%(count)s device", "%(count)s devices", sessions)),
            reverse("usersessions_list"),
        ),
    ]


def _recovery(codes: Authenticator | None) -> Task:
    sub = _("For the day when the telephone is not at hand")
    if codes is None:
        return Task(_("Recovery codes"), looks.tag(looks.WAIT, _("After the second factor"), "lock"), "", sub)
    left = len(codes.wrap().get_unused_codes())
    told = _counted(left, ngettext("%(count)s left", "%(count)s left", left))
    return Task(_("Recovery codes"), told, reverse("mfa_view_recovery_codes"), sub)


def _others(user_id: int, at: datetime) -> list[Task]:
    valid = tokens_of(user_id).filter(revoked_at__isnull=True, expires_at__gt=at).count()
    told = _counted(valid, ngettext("%(count)s valid", "%(count)s valid", valid))
    is_changed = any(mode != Mode.ON for mode in preferences_of(user_id).values())
    mails = looks.tag(looks.PLAIN, _("Chosen by you") if is_changed else _("All at once"), "mail")
    return [
        Task(_("How notices come"), mails, reverse("web:account:notices")),
        Task(_("Tokens for programs"), told, reverse("web:account:tokens")),
    ]


def _on(is_on: bool) -> Tag:
    return looks.tag(looks.PASS, _("On")) if is_on else looks.tag(looks.WAIT, _("Not set up"))


def _counted(number: int, words: str) -> Tag:
    return looks.tag(looks.PASS if number else looks.WAIT, words % {"count": number})


def _token_tag(token: ApiToken, at: datetime) -> Tag:
    if token.revoked_at:
        return looks.tag(looks.PLAIN, _("Revoked"), "x")
    if token.expires_at <= at:
        return looks.tag(looks.PLAIN, _("Expired"), "hourglass")
    return looks.tag(looks.PASS, _("Valid"))


def _crumbs(title: str, url: str = "") -> list[Link]:
    return [Link(_("Account and security"), reverse("web:account:home")), Link(title, url)]
