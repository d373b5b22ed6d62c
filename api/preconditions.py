"""Versions as entity tags (RFC 9110), and the key under which a command may be sent twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from common.errors import DomainError
from workflow.errors import StaleVersion

ETAG, IF_MATCH, KEY = "ETag", "If-Match", "Idempotency-Key"
LONGEST_KEY = 255
PRINTABLE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
# A proxy that compresses answers weakens their tags on the way; the version behind the tag is the same.
TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class PreconditionFailed(DomainError):
    """What is stored is no longer what the caller has seen."""

    code = "precondition_failed"
    status = 412
    message = _("This has been changed meanwhile. Load it again.")


class TwoVersions(DomainError):
    """The header and the body name different versions."""

    code = "two_versions"
    status = 400
    message = _("“If-Match” and “version” name different versions. Send one of them.")


class UnusableKey(DomainError):
    """The idempotency key is too long or holds characters that a header cannot carry."""

    code = "unusable_idempotency_key"
    status = 400
    message = _("An idempotency key has 1 to %(limit)s printable ASCII characters.")


def etag_of(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


def version_wanted(request: Request, in_body: int | None = None) -> int | None:
    """Return the version that the caller has seen, from ``If-Match`` or the body; ``None`` when any will do.

    Raises ``PreconditionFailed`` for a tag that is none of ours, ``TwoVersions`` when header and body differ.
    """
    header = request.headers.get(IF_MATCH, "").strip()
    if header in {"", "*"}:
        return in_body
    found = TAG.fullmatch(header)
    if found is None:
        raise PreconditionFailed(attr=IF_MATCH)
    version = int(found[1])
    if in_body not in {None, version}:
        raise TwoVersions(attr="version")
    return version


@contextmanager
def precondition(request: Request) -> Iterator[None]:
    """Let a stale version that came by ``If-Match`` be a failed precondition; one from the body stays a conflict."""
    try:
        yield
    except StaleVersion as error:
        if not request.headers.get(IF_MATCH):
            raise
        raise PreconditionFailed(attr=IF_MATCH) from error


def key_of(request: Request) -> str:
    """Return the command's idempotency key, empty without one; raises ``UnusableKey``."""
    key = request.headers.get(KEY)
    if key is None:
        return ""
    if len(key) > LONGEST_KEY or not PRINTABLE.fullmatch(key):
        raise UnusableKey(attr=KEY, limit=LONGEST_KEY)
    return key
