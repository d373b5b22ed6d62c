"""Kombu's Redis transport, taught to say that its connection is gone.

When the broker dies in the midst of a task that is acknowledged late, Celery 5.7 acknowledges it, or gives it back, on
a channel whose connection it has let go of. Kombu answers with an AttributeError, which nobody expects, and the worker
ends. As an error of the connection it is what Celery is prepared for: the worker waits for the broker and goes on.
"""

from __future__ import annotations

from typing import Any

import redis
from kombu.transport import redis as transport


class Channel(transport.Channel):
    """A channel that can be asked for a client after its connection has gone."""

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if getattr(self.connection, "client", None) is None:
            raise redis.ConnectionError("The connection to the broker is gone.")
        found: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]  # not in the stubs
        return found


def install() -> None:
    """Have every connection of this process use such channels."""
    transport.Transport.Channel = Channel
