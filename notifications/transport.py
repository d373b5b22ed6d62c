"""One SMTP connection, kept for many mails, that knows how far each mail has come.

Django opens it (TLS, sign-in, time-out); the conversation is our own, because smtplib's ``sendmail`` does not tell
whether the text had been handed over when the connection broke, and because a server that sends a byte now and then
would hold it up for ever. Work that must be done anyway is done while the server thinks.
"""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from notifications.composing import Mail
from notifications.rules import Fate, fate_of_answer, fate_of_silence

CLOSING = 421


class ServerDown(Exception):
    """No connection could be had, or the server did not let us in."""


class _Reader:
    """Reads lines from the socket until a given moment, however slowly they trickle in."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._rest = b""
        self.give_up_at = 0.0

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._rest and len(self._rest) < limit:
            left = self.give_up_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer in time")
            self._sock.settimeout(left)
            chunk = self._sock.recv(4096)
            if not chunk:
                break
            self._rest += chunk
        end = self._rest.find(b"\n") + 1 or len(self._rest)
        line, self._rest = self._rest[:end], self._rest[end:]
        return line

    def close(self) -> None:
        self._rest = b""


class Transport:
    """A connection that is opened when first needed and again after it broke; a context manager that quits politely."""

    def __init__(self) -> None:
        self._smtp: Any = None
        self._reader: _Reader | None = None
        self._text_sent = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(politely=error is None)

    def hand_over(
        self, mail: Mail, *, patience: float, before_text: Callable[[], bool], meanwhile: Callable[[], None]
    ) -> Fate | None:
        """Hand one mail over and return how that ended; ``None`` when ``before_text`` said no.

        ``before_text`` runs, and must have committed what it writes, before the text leaves; ``meanwhile`` runs while
        the server reads the text. ``patience`` in seconds bounds the answers before the text, ``EMAIL_TIMEOUT`` the
        one after it. Raises ``ServerDown``.
        """
        self._open()
        self._text_sent = False
        try:
            return self._converse(mail, patience, before_text, meanwhile)
        except (OSError, smtplib.SMTPException) as error:
            self.close(politely=False)
            return fate_of_silence(f"{type(error).__name__}: {error}", text_was_sent=self._text_sent)

    def close(self, *, politely: bool = True) -> None:
        """End the connection if there is one; a broken one is dropped without a word."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if politely and self._reader is not None:
                self._reader.give_up_at = time.monotonic() + 1
                smtp.quit()
            else:
                smtp.close()
        except (OSError, smtplib.SMTPException):
            smtp.close()

    def _converse(
        self, mail: Mail, patience: float, before_text: Callable[[], bool], meanwhile: Callable[[], None]
    ) -> Fate | None:
        smtp = self._smtp
        self._wait_at_most(patience)
        smtp.putcmd("mail", f"FROM:<{mail.sender}>")
        may_go_on = before_text()
        code, text = smtp.getreply()
        if code != 250:
            return self._turn_away(code, text, about_recipient=False)
        if not may_go_on:
            smtp.docmd("rset")
            return None
        for command, argument, expected in (("rcpt", f"TO:<{mail.recipient}>", {250, 251}), ("data", "", {354})):
            code, text = smtp.docmd(command, argument)
            if code not in expected:
                return self._turn_away(code, text, about_recipient=True)
        self._wait_at_most(settings.EMAIL_TIMEOUT)
        smtp.sock.settimeout(settings.EMAIL_TIMEOUT)
        smtp.sock.sendall(mail.text + b".\r\n")
        self._text_sent = True
        meanwhile()
        code, text = smtp.getreply()
        return self._answered(code, text)

    def _answered(self, code: int, text: bytes) -> Fate:
        if code not in range(200, 600):
            # The answer was cut off, and the text is out: nobody knows.
            raise smtplib.SMTPServerDisconnected("the answer was cut off")
        if code == CLOSING:
            self.close(politely=False)
        return fate_of_answer(code, _words(text), about_recipient=True)

    def _turn_away(self, code: int, text: bytes, *, about_recipient: bool) -> Fate:
        try:
            if code != CLOSING:
                self._smtp.docmd("rset")
            else:
                self.close(politely=False)
        except (OSError, smtplib.SMTPException):
            self.close(politely=False)  # a server that hangs up after a refusal has refused all the same
        return fate_of_answer(code, _words(text), about_recipient=about_recipient)

    def _wait_at_most(self, seconds: float) -> None:
        assert self._reader is not None  # set whenever a connection is open
        self._reader.give_up_at = time.monotonic() + seconds

    def _open(self) -> None:
        if self._smtp is not None:
            return
        backend = EmailBackend()
        try:
            backend.open()
            smtp: smtplib.SMTP = backend.connection  # type: ignore[assignment]  # set by open(), which raises otherwise
            smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerDown(f"{type(error).__name__}: {error}") from error
        self._smtp = smtp
        self._reader = _Reader(self._smtp.sock)
        self._smtp.file = self._reader


def _words(text: bytes) -> str:
    return text.decode(errors="replace")
