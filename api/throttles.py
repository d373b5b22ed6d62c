"""Patience with tokens that do not hold: counted per address in the cache, and never in the way when that is away."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled

logger = structlog.get_logger(__name__)
Answer = TypeVar("Answer")

WINDOW = 60
MOST_FAILURES = 30
# A token that held this many seconds ago is looked up without asking the cache: its holder does not pay for the
# mistakes of a neighbor behind the same address, and the ordinary request saves a round trip.
TRUST = 60.0
MOST_TRUSTED = 10_000
# After a cache that did not answer, nobody waits for it again for this many seconds.
PAUSE = 10.0


class _Memory:
    """What this process remembers: tokens that held lately (by digest), and until when the cache is left alone."""

    trusted: dict[bytes, float] = {}
    cache_silent_until = 0.0


def require_patience(address: str, secret: str, *, at: datetime) -> None:
    """Raise ``Throttled`` when too many tokens from this address did not hold during the present minute."""
    if _Memory.trusted.get(_mark(secret), 0.0) > time.monotonic():
        return
    failures = _ask(lambda: cache.get(key_of(address, at), 0), 0)
    if failures >= MOST_FAILURES:
        raise Throttled(wait=WINDOW - int(at.timestamp()) % WINDOW)


def note_failure(address: str, secret: str, *, at: datetime) -> None:
    """Count a token that did not hold."""
    _Memory.trusted.pop(_mark(secret), None)
    _ask(lambda: _count(key_of(address, at)), None)


def note_success(secret: str) -> None:
    """Remember, for a minute and in this process alone, that a token held; it is looked up afresh all the same."""
    if len(_Memory.trusted) >= MOST_TRUSTED:
        _Memory.trusted.clear()
    _Memory.trusted[_mark(secret)] = time.monotonic() + TRUST


def forget() -> None:
    """Forget what this process remembers."""
    _Memory.trusted.clear()
    _Memory.cache_silent_until = 0.0


def _count(key: str) -> None:
    cache.add(key, 0, timeout=WINDOW)
    cache.incr(key)


def _ask(question: Callable[[], Answer], otherwise: Answer) -> Answer:
    """Return the cache's answer, or ``otherwise`` when it has none; a cache that is away keeps nobody out."""
    if time.monotonic() < _Memory.cache_silent_until:
        return otherwise
    try:
        return question()
    except (RedisError, OSError, ValueError) as error:
        _Memory.cache_silent_until = time.monotonic() + PAUSE
        logger.warning("cache_unavailable", error=str(error))
        return otherwise


def key_of(address: str, at: datetime) -> str:
    """Return where the failures of an address during the minute of ``at`` are counted."""
    return f"token-failures:{int(at.timestamp()) // WINDOW}:{address}"


def _mark(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
