"""Somebody at work over HTTP, as a program or a browser would: nothing of ours is imported here."""

from __future__ import annotations

import email
import email.policy
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import httpx
from PIL import Image

T = TypeVar("T")
PATIENCE = 60.0


@dataclass
class Desk:
    """One account with its token; every call fails the test unless the answer is as wanted."""

    address: str
    username: str
    token: str
    language: str = "zh-Hans"
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Token {self.token}", "Accept-Language": self.language}
        self.client = httpx.Client(base_url=f"{self.address}/api/v1/", headers=headers, timeout=30)

    def ask(self, method: str, path: str, *, wanted: int | tuple[int, ...] = (200, 201), **sent: Any) -> Any:
        """Send one request and return the answer's body."""
        answer = self.client.request(method, path, **sent)
        expected = (wanted,) if isinstance(wanted, int) else wanted
        assert answer.status_code in expected, f"{self.username} {method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str, **sent: Any) -> Any:
        """Return what stands at ``path``."""
        return self.ask("GET", path, **sent)

    def post(self, path: str, body: Any = None, **sent: Any) -> Any:
        """Send a JSON body."""
        return self.ask("POST", path, json={} if body is None else body, **sent)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Return every row of a list, page by page."""
        found: list[dict[str, Any]] = []
        page = self.get(path, params={"page_size": 100, **query})
        while True:
            found += page["results"]
            if not page["next"]:
                return found
            page = self.get(page["next"])

    def move(self, path: str, name: str, *, comment: str = "", wanted: int = 200, key: str = "", **data: Any) -> Any:
        """Make a move of the object at ``path``."""
        body = {"name": name, "comment": comment} | ({"data": data} if data else {})
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(f"{path}transitions/", body, wanted=wanted, headers=headers)

    def upload(self, path: str, name: str = "scan.jpg", files: str = "file", **fields: str) -> Any:
        """Send a small picture as a multipart form."""
        return self.ask("POST", path, data=fields, files={files: (name, picture(), "image/jpeg")}, wanted=201)


def picture(shade: int = 170) -> bytes:
    """Return a small picture as a phone or a scanner makes it; another shade makes another picture."""
    made = io.BytesIO()
    Image.new("RGB", (120, 90), (190, 205, shade)).save(made, "JPEG")
    return made.getvalue()


def eventually(look: Callable[[], T | None], what: str) -> T:
    """Return what ``look`` finds as soon as it finds something."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")


@dataclass(frozen=True)
class Inbox:
    """The mails that have arrived at the local sink."""

    folder: Path
    ignored: frozenset[str] = frozenset()

    def later(self) -> Inbox:
        """Return the same inbox without the mails that are in it now."""
        return Inbox(self.folder, frozenset(path.name for path in self.folder.glob("*.eml")))

    def mails(self) -> Iterator[EmailMessage]:
        """Yield every mail, the oldest first."""
        for path in sorted(path for path in self.folder.glob("*.eml") if path.name not in self.ignored):
            yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)

    def to(self, address: str, *about: str) -> list[EmailMessage]:
        """Return the mails to an address whose subject or text speaks of all these things."""
        mails = [mail for mail in self.mails() if address in str(mail["To"])]
        return [mail for mail in mails if all(word in f"{mail['Subject']}\n{text_of(mail)}" for word in about)]

    def wait_for(self, address: str, *about: str, more_than: int = 0) -> EmailMessage:
        """Return the newest such mail once there are more than so many."""

        def look() -> EmailMessage | None:
            found = self.to(address, *about)
            return found[-1] if len(found) > more_than else None

        return eventually(look, f"a mail to {address} about {' and '.join(about)}")


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(preferencelist=("plain",))
    return str(part.get_content()) if part else ""
