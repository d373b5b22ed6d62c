"""Accounts of the demo: one for each role in each office, with a password that is the same every time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization, User
from accounts.operations import LONGEST_TOKEN_LIFE, grant, issue_token
from accounts.queries import as_actor

MAIL_DOMAIN = "example.com"
# Letters and digits that cannot be taken for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class DemoOnly(Exception):
    """Accounts with known passwords exist in the demo alone."""


@dataclass(frozen=True, slots=True)
class Account:
    """One way in: an office, a role in it, and the keys."""

    office: str
    role: str
    username: str
    password: str
    token: str


def require_demo() -> None:
    """Raise ``DemoOnly`` outside the demo's settings: these passwords can be worked out by anybody."""
    if not settings.DEMO:
        raise DemoOnly("Demo accounts are made with the demo's settings only.")


def password_of(username: str) -> str:
    """Return the password of a demo account: four groups of three, always the same for a name."""
    require_demo()
    digest = hashlib.sha256(f"jiayuan demo {username}".encode()).digest()
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:12])
    return "-".join(letters[start : start + 3] for start in range(0, 12, 3))


class QuickHasher(Argon2PasswordHasher):
    """The usual hash at a fraction of its cost: everybody knows these passwords, and signing in renews the hash."""

    time_cost, memory_cost, parallelism = 1, 1024, 1


def hashed(password: str) -> str:
    """Return the hash of a demo account's password."""
    usual = get_hasher()
    hasher = QuickHasher() if isinstance(usual, Argon2PasswordHasher) else usual
    return str(hasher.encode(password, hasher.salt()))


def enter(username: str, name: str, office: Organization, role: Role, *, since: datetime, language: str) -> Actor:
    """Enter a person with a role in an office, and return who acts."""
    person = User.objects.create(
        username=username,
        name=name,
        email=f"{username}@{MAIL_DOMAIN}",
        password=hashed(password_of(username)),
        language=language,
        is_staff=office.kind == OrganizationKind.OPERATOR,
        date_joined=since,
    )
    return as_actor(grant(user=person, organization=office, role=role, at=since, by=SYSTEM))


def issue_accounts(at: datetime) -> list[Account]:
    """Return every account with a fresh token, in the order in which people were entered."""
    require_demo()
    memberships = Membership.objects.valid_at(at).select_related("user", "organization").order_by("pk")
    return [_account(membership, at) for membership in memberships]


def write_accounts(path: Path, accounts: list[Account], address: str) -> None:
    """Write the accounts where people and programs look for them, readable by their owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"address": address, "accounts": [asdict(account) for account in accounts]}
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def readdress(path: Path, address: str) -> bool:
    """Write another address into an existing file, and tell whether there was a file with accounts to keep."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if content.get("address") != address:
        path.write_text(json.dumps({**content, "address": address}, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return bool(content.get("accounts"))


def _account(membership: Membership, at: datetime) -> Account:
    expires_at = at + LONGEST_TOKEN_LIFE - timedelta(days=1)
    _token, secret = issue_token(membership=membership, label="demo", at=at, expires_at=expires_at)
    username = membership.user.username
    return Account(membership.organization.name, membership.role, username, password_of(username), secret)
