"""The demo's inbox in the browser."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

MAIL = """Return-Path: <office@example.com>\r
Delivered-To: %(to)s\r
Subject: =?utf-8?b?5oKo5aW9?= <b>\r
From: Jiayuan <office@example.com>\r
Message-ID: <1@example.com>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
您好 <i>\r
--x\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
<h1>您好</h1><script>alert(1)</script>\r
--x--\r
"""
NAME = "20230731T160000.000000-7-0.eml"


@pytest.fixture
def inbox(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    folder = tmp_path / "demo" / "mail"
    folder.mkdir(parents=True)
    (folder / NAME).write_text(MAIL % {"to": "zhang@example.com"}, encoding="utf-8", newline="")
    return folder


def test_inbox_lists_the_newest_first(client: Client, inbox: Path) -> None:
    (inbox / NAME.replace("20230731", "20230801")).write_text(MAIL % {"to": "li@example.com"}, newline="")
    (inbox / f".{NAME}").write_text("not finished")

    page = client.get("/demo/inbox/").content.decode()

    assert page.index("li@example.com") < page.index("zhang@example.com")
    assert page.count("您好 &lt;b&gt;") == 2


def test_inbox_without_mails_says_so(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path

    assert client.get("/demo/inbox/").status_code == 200


def test_inbox_goes_on_where_the_page_ended(client: Client, inbox: Path) -> None:
    for second in range(10, 40):
        for part in range(5):
            path = inbox / f"20230731T1600{second}.{part:06}-7-0.eml"
            path.write_text(MAIL % {"to": f"reader-{second}-{part}@example.com"}, newline="")

    first = client.get("/demo/inbox/")
    second_page = client.get("/demo/inbox/", {"before": first.context["older"]})

    assert [len(first.context["mails"]), len(second_page.context["mails"])] == [100, 51]
    assert second_page.context["older"] == ""


def test_mail_is_shown_without_its_markup_taking_effect(client: Client, inbox: Path) -> None:
    page = client.get(f"/demo/inbox/{NAME}/").content.decode()

    assert "<pre>您好 &lt;i&gt;</pre>" in page
    assert "<script>" not in page
    assert f'sandbox="allow-popups" src="/demo/inbox/{NAME}/html/"' in page


def test_html_part_is_shut_in(client: Client, inbox: Path) -> None:
    answer = client.get(f"/demo/inbox/{NAME}/html/")

    assert answer.content.decode().rstrip() == "<h1>您好</h1><script>alert(1)</script>"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
    )


def test_source_is_the_mail_as_it_arrived(client: Client, inbox: Path) -> None:
    answer = client.get(f"/demo/inbox/{NAME}/source/")

    assert answer.content == (inbox / NAME).read_bytes()
    assert answer["Content-Disposition"] == f'attachment; filename="{NAME}"'


@pytest.mark.parametrize(
    "path", ["20230731T160001.000000-7-0.eml/", "..%2F..%2Fsecret.eml/", ".hidden.eml/", f"{NAME}%00/", "x/html/"]
)
def test_what_is_not_there_is_not_found(client: Client, inbox: Path, path: str) -> None:
    assert client.get(f"/demo/inbox/{path}").status_code == 404


def test_inbox_does_not_exist_outside_the_demo(client: Client, inbox: Path, settings: Settings) -> None:
    settings.DEMO = False

    assert client.get("/demo/inbox/").status_code == 404


def test_inbox_only_reads(client: Client, inbox: Path) -> None:
    assert client.post("/demo/inbox/").status_code == 405
