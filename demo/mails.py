"""The mails that arrived in the demo, read from their files."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from django.conf import settings

STAMP = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True)
class Mail:
    """One mail: the name of its file, who got it, what it says."""

    name: str
    recipients: list[str]
    message: EmailMessage

    @property
    def arrived_at(self) -> datetime:
        """Return when the mail arrived, as the name of its file tells."""
        return datetime.strptime(self.name.partition("-")[0], STAMP).replace(tzinfo=UTC)

    @property
    def message_id(self) -> str:
        """Return what tells this mail from others, and two copies of one mail that they are the same."""
        return str(self.message["Message-ID"] or "")

    def html(self) -> str:
        """Return the HTML part, empty when there is none."""
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part else ""

    def text(self) -> str:
        """Return the text part, empty when there is none."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""


def mail_folder() -> Path:
    """Return the folder that the inbox writes to."""
    return Path(settings.VAR) / "demo" / "mail"


def mail_names(before: str = "", limit: int = 100) -> list[str]:
    """Return the names of mails, newest first, starting below `before`."""
    names = sorted((path.name for path in mail_folder().glob("[!.]*.eml")), reverse=True)
    return [name for name in names if not before or name < before][:limit]


def read_headers(name: str) -> Mail:
    """Read the headers of a mail."""
    with (mail_folder() / name).open("rb") as file:
        return _mail(name, BytesHeaderParser(policy=policy.default).parse(file))


def read_mail(name: str) -> Mail:
    """Read a whole mail; raises `FileNotFoundError` when there is none of this name."""
    return _mail(name, BytesParser(policy=policy.default).parsebytes(mail_source(name)))


def mail_source(name: str) -> bytes:
    """Return a mail as it arrived."""
    return (mail_folder() / name).read_bytes()


def _mail(name: str, message: EmailMessage) -> Mail:
    return Mail(name, [str(address) for address in message.get_all("Delivered-To", [])], message)
