"""What a real installation must be told before it starts: everything that is missing or unsafe, in one list."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

Environment = Mapping[str, str]
OFF = {"0", "false", "no", "off"}
EXAMPLES = re.compile(r"@?\bexample\.(com|org|net)\b|\.example\b")


def missing_or_unsafe(given: Environment) -> list[str]:
    """Return one sentence for each variable that is missing or unsafe, in the order of the manual."""
    judged = {name: judge(given, given.get(name, "")) for name, judge in RULES.items()}
    return [f"{name}: {sentence}" for name, sentence in judged.items() if sentence]


def secret_key(given: Environment, value: str) -> str:
    """Judge the key that signs sessions and links."""
    if len(value) < 50 or len(set(value)) < 10 or value.startswith(("demo", "django-insecure")):
        return (
            "a secret of at least 50 characters; make one: python -c 'import secrets; print(secrets.token_urlsafe(60))'"
        )
    return ""


def allowed_hosts(given: Environment, value: str) -> str:
    """Judge the names under which the site answers."""
    return "" if value and "*" not in value else "the names of this site, separated by commas; no wildcard"


def site_url(given: Environment, value: str) -> str:
    """Judge the address that stands in mails and documents."""
    site = urlsplit(value)
    if site.scheme != "https" or not site.hostname or site.path.strip("/"):
        return "the address of this site, https://… without a path"
    hosts = {host.strip() for host in given.get("ALLOWED_HOSTS", "").split(",")}
    return "" if site.hostname in hosts else f"{site.hostname} is not among ALLOWED_HOSTS"


def database_url(given: Environment, value: str) -> str:
    """Judge the address of the database."""
    is_sound = urlsplit(value).scheme in {"postgres", "postgresql"}
    return "" if is_sound else "the address of a PostgreSQL 15 or newer: postgresql://user:password@host/name"


def redis_url(given: Environment, value: str) -> str:
    """Judge the address of the broker."""
    is_sound = urlsplit(value).scheme in {"redis", "rediss", "unix"}
    return "" if is_sound else "the address of a Redis 7 or Valkey: redis://host:6379/0"


def email_host(given: Environment, value: str) -> str:
    """Judge the mail server."""
    if not value:
        return "the mail server that takes our mails"
    is_encrypted = given.get("EMAIL_USE_TLS") or given.get("EMAIL_USE_SSL")
    if given.get("EMAIL_HOST_PASSWORD") and not is_encrypted:
        return "the password would travel in the clear; set EMAIL_USE_TLS=1 or EMAIL_USE_SSL=1"
    return ""


def sender(given: Environment, value: str) -> str:
    """Judge the address that our mails come from."""
    return (
        "" if "@" in value and not EXAMPLES.search(value) else "the sender of our mails: 美好家园 <noreply@your.domain>"
    )


def message_id_domain(given: Environment, value: str) -> str:
    """Judge the domain of our Message-IDs."""
    return "" if "." in value and not EXAMPLES.search(value) else "a domain of yours, for the Message-ID of our mails"


def var_folder(given: Environment, value: str) -> str:
    """Judge the folder where uploads are kept."""
    return (
        ""
        if value.startswith("/")
        else "the folder where uploads are kept, as an absolute path; it belongs in the backup"
    )


def second_factor(given: Environment, value: str) -> str:
    """Judge the switch that only the demo may turn off."""
    return "staff sign in with a second factor; only the demo may do without" if value.lower() in OFF else ""


RULES: dict[str, Callable[[Environment, str], str]] = {
    "SECRET_KEY": secret_key,
    "ALLOWED_HOSTS": allowed_hosts,
    "SITE_URL": site_url,
    "DATABASE_URL": database_url,
    "REDIS_URL": redis_url,
    "EMAIL_HOST": email_host,
    "DEFAULT_FROM_EMAIL": sender,
    "MESSAGE_ID_DOMAIN": message_id_domain,
    "VAR": var_folder,
    "MFA_REQUIRED_FOR_STAFF": second_factor,
}
