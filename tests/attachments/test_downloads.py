"""How a file leaves the house: to be saved, never to be shown, and only when clean."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import FileResponse
from django.test import RequestFactory

from accounts.models import User
from attachments import operations
from attachments.downloads import respond
from attachments.errors import NotHandedOut, StorageUnavailable
from attachments.models import Attachment
from tests.attachments.steps import AT, receive, receive_clean
from tests.corpus.uploads.offices import docx, xlsx
from tests.corpus.uploads.pdfs import pdf
from tests.corpus.uploads.pictures import camera_data, heic, jpeg, png, scene


def body(response: FileResponse) -> bytes:
    """Return what a client would receive."""
    content = response.getvalue()
    response.close()
    return content


def test_download_carries_every_safeguard(uploader: User) -> None:
    attachment = receive_clean(uploader, name="自荐表 (盖章).pdf")

    response = respond(attachment)

    assert body(response) == pdf()
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(pdf())),
        "Content-Disposition": f'attachment; filename="{attachment.pk}.pdf"; '
        "filename*=UTF-8''%E8%87%AA%E8%8D%90%E8%A1%A8%20%28%E7%9B%96%E7%AB%A0%29.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


def test_list_gets_the_small_copy_under_the_same_safeguards(uploader: User, store: Path) -> None:
    attachment = receive_clean(uploader, png(scene(size=(1600, 1200))), "现场.png")

    response = respond(attachment, small=True)
    whole = respond(attachment)

    content = body(response)
    assert content == (store / str(attachment.small_file.name)).read_bytes()
    assert (response.headers["Content-Type"], response.headers["Content-Length"]) == ("image/jpeg", str(len(content)))
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{attachment.pk}.jpg"')
    for name in ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"):
        assert response.headers[name] == whole.headers[name]
    assert len(body(whole)) == attachment.size


def test_what_has_no_small_copy_is_given_whole(uploader: User) -> None:
    assert body(respond(receive_clean(uploader), small=True)) == pdf()


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (jpeg(), "a.jpg", "image/jpeg"),
        (png(), "a.png", "image/png"),
        (heic(), "a.heic", "image/jpeg"),
        (docx(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (xlsx(), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_media_type_is_that_of_the_content(uploader: User, content: bytes, name: str, media_type: str) -> None:
    response = respond(receive_clean(uploader, content, name))

    assert response.headers["Content-Type"] == media_type
    assert int(response.headers["Content-Length"]) == len(body(response))


def test_served_picture_tells_no_place(uploader: User) -> None:
    attachment = receive_clean(uploader, jpeg(exif=camera_data()), "现场.jpg")

    content = body(respond(attachment))

    assert attachment.latitude is not None
    assert [word for word in (b"Exif", b"GPS", b"Telephone") if word in content] == []


def test_name_cannot_break_out_of_its_header(uploader: User) -> None:
    attachment = receive_clean(uploader)
    attachment.original_name = 'a"; filename="evil.exe\r\nSet-Cookie: x=1.pdf'

    response = respond(attachment)

    assert response.headers["Content-Disposition"].count('"') == 2
    assert "\n" not in response.headers["Content-Disposition"]
    response.close()


def test_nothing_but_clean_files_is_handed_out(uploader: User) -> None:
    waiting = receive(uploader)
    rejected = receive_clean(uploader, docx({"word/vbaProject.bin": b"x"}), "a.docx")
    removed = operations.remove(attachment_id=receive_clean(uploader).pk, at=AT)
    states = []

    for attachment in (waiting, rejected, removed):
        with pytest.raises(NotHandedOut) as refused:
            respond(attachment)
        states.append(refused.value.params["state"])

    assert states == ["检查中", "未通过检查", "已移除"]


def test_missing_bytes_are_the_stores_fault(uploader: User, store: Path) -> None:
    attachment = receive_clean(uploader)
    (store / attachment.stored_name).unlink()

    with pytest.raises(StorageUnavailable):
        respond(attachment)


def test_large_file_is_streamed(uploader: User, rf: RequestFactory) -> None:
    response = respond(receive_clean(uploader))

    assert response.streaming is True
    assert Attachment.objects.count() == 1
    response.close()
