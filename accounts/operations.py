"""Verbs about rights: granting, revoking, and tokens; and about a person's own saved filters."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, PersonNeeded
from accounts.enums import ROLES_OF_KIND, ExportKind, GrantAction, OrganizationKind, Role, SignInOutcome
from accounts.hooks import tell_granted
from accounts.models import (
    SIGN_INS_KEPT_DAYS,
    ApiToken,
    ExportRecord,
    GrantRecord,
    Membership,
    Organization,
    SavedFilter,
    SignInRecord,
    User,
)
from common.errors import DomainError

LONGEST_TOKEN_LIFE = timedelta(days=366)
LONGEST_FILTER_NAME, LONGEST_QUERY, MOST_FILTERS = 30, 500, 12
SHOWN_OF_UNKNOWN_LOGIN = 2


class RoleDoesNotFit(DomainError):
    """The role belongs to another kind of organization."""

    code = "role_does_not_fit"
    message = _("The role %(role)s cannot be held in an organization of the kind %(kind)s.")


class RolesExcludeEachOther(DomainError):
    """The person holds the role already, or one that excludes it."""

    code = "roles_exclude_each_other"
    message = _(
        "This person holds this role already, or holds one that excludes it: "
        "system administrator, security administrator and auditor exclude each other."
    )


class FilterUnusable(DomainError):
    """A filter is kept under a short name, and a person keeps a handful of them."""

    code = "filter_unusable"
    message = _("Give the filter a name of at most %(longest)s characters; up to %(most)s filters are kept.")


class TokenLifeTooLong(DomainError):
    """A token must expire within 366 days of its making."""

    code = "token_life_too_long"
    message = _("A token must expire in the future and within %(days)s days.")


class LanguageNotOffered(DomainError):
    """The product does not speak this language."""

    code = "language_not_offered"
    message = _("Choose one of: %(languages)s.")


class ReasonMissing(DomainError):
    """What is masked for good reason is not shown without one."""

    code = "reason_missing"
    message = _("Please say why you need it; the reason is kept in the log.")


@transaction.atomic
def grant(
    *, user: User, organization: Organization, role: Role, at: datetime, by: Actor, until: datetime | None = None
) -> Membership:
    """Give ``user`` the role for ``organization`` from ``at`` on, and write it to the log of grants.

    Raises ``RoleDoesNotFit`` and ``RolesExcludeEachOther``.
    """
    if role not in ROLES_OF_KIND[OrganizationKind(organization.kind)]:
        raise RoleDoesNotFit(attr="role", role=role.label, kind=organization.get_kind_display())
    membership = Membership(user=user, organization=organization, role=role, valid_from=at, valid_until=until)
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise RolesExcludeEachOther(attr="role") from error
    GrantRecord.objects.create(at=at, action=GrantAction.GRANTED, membership=membership, granted_by_id=by.user_id)
    tell_granted(membership)
    return membership


@transaction.atomic
def revoke(*, membership: Membership, at: datetime, by: Actor, reason: str) -> None:
    """End the membership at ``at``; the next request of its holder finds it gone, and so do its tokens."""
    Membership.objects.select_for_update().filter(pk=membership.pk).update(valid_until=at)
    GrantRecord.objects.create(
        at=at, action=GrantAction.REVOKED, membership=membership, granted_by_id=by.user_id, reason=reason
    )


def issue_token(*, membership: Membership, label: str, at: datetime, expires_at: datetime) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which is shown this once and kept only as SHA-256 (256 random bits)."""
    if not at < expires_at <= at + LONGEST_TOKEN_LIFE:
        raise TokenLifeTooLong(attr="expires_at", days=LONGEST_TOKEN_LIFE.days)
    secret = f"jy_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        membership=membership,
        label=label,
        prefix=secret[:8],
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(*, token: ApiToken, at: datetime) -> None:
    """Make the token useless from ``at`` on; revoking twice changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)


def choose_language(*, user_id: int, language: str) -> None:
    """Keep the language in which the person is addressed, in pages and in mails; raises ``LanguageNotOffered``."""
    offered = [code for code, _name in settings.LANGUAGES]
    if language not in offered:
        raise LanguageNotOffered(attr="language", languages=", ".join(offered))
    User.objects.filter(pk=user_id).update(language=language)


def choose_display(*, user_id: int, large_text: bool, high_contrast: bool) -> None:
    """Keep how the person wants to read the pages."""
    User.objects.filter(pk=user_id).update(large_text=large_text, high_contrast=high_contrast)


@transaction.atomic
def keep_filter(*, user_id: int, listing: str, name: str, query: str) -> SavedFilter:
    """Keep how a person narrows a list; the same name again replaces what was kept. Raises ``FilterUnusable``."""
    plain = " ".join(name.replace("\x00", "").split())
    own = SavedFilter.objects.filter(user=user_id, listing=listing).exclude(name=plain)
    if not plain or len(plain) > LONGEST_FILTER_NAME or len(query) > LONGEST_QUERY or own.count() >= MOST_FILTERS:
        raise FilterUnusable(attr="name", longest=LONGEST_FILTER_NAME, most=MOST_FILTERS)
    kept, _made = SavedFilter.objects.update_or_create(
        user_id=user_id, listing=listing, name=plain, defaults={"query": query.replace("\x00", "")}
    )
    return kept


def forget_filter(*, user_id: int, filter_id: int) -> None:
    """Drop one of the person's own filters; what is not theirs, or gone already, stays as it is."""
    SavedFilter.objects.filter(user=user_id, pk=filter_id).delete()


def record_export(
    *,
    actor: Actor,
    at: datetime,
    subject: str,
    rows: int = 1,
    about: str = "",
    reason: str = "",
    kind: ExportKind = ExportKind.FILE,
    request_id: str = "",
) -> ExportRecord:
    """Write down that a file left the product, or that a masked number was shown, before it is handed over.

    ``subject`` is a short code of what it is, ``about`` its filters or the number of the case. Showing what is masked
    needs a reason (``documents.md``, Masking). Raises ``ReasonMissing`` and ``PersonNeeded``.
    """
    if actor.membership_id is None:
        raise PersonNeeded
    if kind == ExportKind.REVEAL and not reason.strip():
        raise ReasonMissing(attr="reason")
    return ExportRecord.objects.create(
        at=at,
        kind=kind,
        subject=subject,
        person_id=actor.person_id,
        membership_id=actor.membership_id,
        about=about[:200],
        rows=rows,
        reason=reason.strip()[:500],
        request_id=request_id,
    )


def record_sign_in(
    *, at: datetime, login: str, outcome: SignInOutcome, method: str, address: str | None, agent: str
) -> SignInRecord:
    """Write down an attempt to sign in; whoever the name belongs to is found here."""
    user = User.objects.filter(username__iexact=login).first() or User.objects.filter(email__iexact=login).first()
    return SignInRecord.objects.create(
        at=at,
        user=user,
        login=user.username if user else f"{login[:SHOWN_OF_UNKNOWN_LOGIN]}…",
        outcome=outcome,
        method=method,
        address=address,
        agent=agent[:200],
    )


def purge_sign_ins(*, at: datetime) -> int:
    """Forget the attempts to sign in that are older than the law asks for; return how many there were."""
    before = at - timedelta(days=SIGN_INS_KEPT_DAYS + 1)
    forgotten, _by_model = SignInRecord.objects.filter(at__lt=before).delete()
    return forgotten
