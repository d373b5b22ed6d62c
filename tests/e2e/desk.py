"""Somebody at work over HTTP, as a program or a browser would: nothing of ours is imported here."""

from __future__ import annotations

import email
import email.policy
import io
import re
import ssl
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
CONTEXT = ssl.create_default_context()  # reading the authorities anew for every desk takes longer than its work


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
        self.client = httpx.Client(base_url=f"{self.address}/api/v1/", headers=headers, timeout=30, verify=CONTEXT)

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

    def move_at_last(self, path: str, name: str, **said: Any) -> Any:
        """Make a move as soon as the checks that run in the background let it pass."""

        def look() -> Any:
            [verdict] = [row for row in self.get(f"{path}transitions/") if row["name"] == name]
            return self.move(path, name, **said) if verdict["allowed"] else None

        return eventually(look, f"{self.username} may {name} {path}")

    def seal(self, upload: str, path: str, **fields: str) -> None:
        """Upload a sealed scan with the digest that is printed on the paper."""
        self.upload(upload, content_digest=self.get(path)["content_digest"], **fields)

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


def confirm_for_committee(invitation: EmailMessage, *read: str) -> None:
    """Follow the link of an invitation, read these words on the page, and confirm with the code of the mail."""
    link = re.search(r"http\S+/confirm/\S+/", text_of(invitation))
    assert link is not None
    with httpx.Client(follow_redirects=True, timeout=30, verify=CONTEXT) as phone:
        page = phone.get(link.group())
        assert [words for words in read if words not in page.text] == []
        form = {"csrfmiddlewaretoken": phone.cookies["csrftoken"], "code": code_of(invitation), "answer": "confirmed"}
        assert phone.post(link.group(), data=form, headers={"Referer": link.group()}).status_code == 200


def code_of(invitation: EmailMessage) -> str:
    """Return the code that an invitation of the committee holds."""
    code = re.search(r"\b\d{3} ?\d{3}\b", text_of(invitation))
    assert code is not None
    return code.group()


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(preferencelist=("plain",))
    return str(part.get_content()) if part else ""
