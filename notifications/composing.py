"""From a letter to the bytes that go over the wire. Headers are built here and nowhere else.

Nothing that a person typed reaches a header unencoded: the subject is one encoded word after another (RFC 2047), the
address must be a plain one, every other header is our own. The parts are base64, so no line is too long, none begins
with a dot, and the smallest of servers takes them.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from notifications.letters import Letter
from notifications.rendering import render_html, render_text

LONGEST_SUBJECT = 180
LINE, WORD = 76, 42
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+")
_LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "en": "en"}


class NoAddress(ValueError):
    """The person has no address to which mail can be sent."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, ready to be handed over: envelope and text."""

    sender: str
    recipient: str
    text: bytes


def compose(letter: Letter, *, address: str, message_id: str, is_repeat: bool, at: datetime) -> Mail:
    """Return the mail for ``letter``; raises ``NoAddress`` unless ``address`` is a plain ASCII one."""
    _require_address(address)
    boundary = f"=_{message_id.strip('<>').partition('@')[0]}"
    sender, fixed = _fixed_headers(settings.DEFAULT_FROM_EMAIL)
    headers = [
        *fixed,
        f"To: {address}",
        f"Subject: {_subject(letter.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {message_id}",
        f"Content-Language: {_LANGUAGE_TAGS[letter.language]}",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    if is_repeat:
        headers.append("X-Jiayuan-Possible-Repeat: yes")
    parts = _part(boundary, "plain", render_text(letter)) + _part(boundary, "html", render_html(letter))
    head = "\r\n".join(headers).encode("ascii")
    return Mail(sender, address, head + b"\r\n\r\n" + parts + f"--{boundary}--\r\n".encode())


def one_line(text: str) -> str:
    """Return ``text`` without control characters, line breaks and marks of direction, short enough for a subject."""
    line = _UNSEEN.sub(" ", text).strip()
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _subject(text: str) -> str:
    """Return encoded words of at most 75 characters, none of which splits a character (RFC 2047, sections 2 and 5)."""
    words, held = [], b""
    for character in one_line(text):
        encoded = character.encode()
        if len(held) + len(encoded) > WORD:
            words.append(held)
            held = b""
        held += encoded
    return "\r\n ".join(f"=?utf-8?b?{b2a_base64(word, newline=False).decode()}?=" for word in (*words, held))


def _part(boundary: str, kind: str, content: str) -> bytes:
    head = f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    encoded = b2a_base64(content.encode(), newline=False)
    lines = [encoded[start : start + LINE] for start in range(0, len(encoded), LINE)]
    return head.encode() + b"\r\n".join([*lines, b""])


@cache
def _fixed_headers(from_address: str) -> tuple[str, tuple[str, ...]]:
    """Return the sender's bare address for the envelope, and the headers that every mail has alike."""
    name, address = parseaddr(from_address)
    return address, (
        f"From: {formataddr((name, address))}",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    )


def _require_address(address: str) -> None:
    try:
        address.encode("ascii")
        validate_email(address)
    except (UnicodeEncodeError, ValidationError) as error:
        raise NoAddress(address or "no address") from error
