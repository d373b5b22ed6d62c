"""From a letter to what goes over the wire: both parts, safe whatever somebody typed."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any
from xml.sax.saxutils import escape

import pytest
from pytest_django import Settings

from notifications import rendering
from notifications.composing import LONGEST_SUBJECT, NoAddress, compose, one_line
from notifications.enums import Audience
from notifications.letters import Letter, letter_for
from notifications.rendering import render_html, render_text
from notifications.samples import all_notices, notice_about

AT = datetime(2026, 7, 20, 2, 12, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>\"'&花园"


def letter_named(title: str, language: str = "zh-hans", **changes: Any) -> Letter:
    """Return the notice of a return whose community is called ``title``."""
    notice = notice_about(
        "nomination", "return_for_correction", Audience.COMPANY, at=AT, language=language, title=title
    )
    return replace(letter_for(notice, working_days=5), **changes)


def mail_of(letter: Letter, **how: Any) -> EmailMessage:
    """Compose and parse the mail."""
    given = {"address": "li@example.com", "message_id": "<1@example.com>", "is_repeat": False, "at": AT, **how}
    parsed = email.message_from_bytes(compose(letter, **given).text, policy=modern)
    assert isinstance(parsed, EmailMessage)
    return parsed


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_notice_is_rendered_whole(language: str) -> None:
    faults = {}

    for name, notice in all_notices(at=AT, language=language):
        letter = letter_for(notice, outcomes=[("栖云雅苑", "shortlist")])
        html, text = render_html(letter), render_text(letter)
        wanted = [*letter.body, *letter.then, letter.button, letter.url, *[item.text for item in letter.items]]
        plain = rendering._FOREIGN.sub(r"\g<0>", html).replace('<span lang="zh-Hans">', "").replace("</span>", "")
        faults[name] = [part for part in wanted if part not in text or escape(part, {"'": "&#x27;"}) not in plain]
        faults[name] += [tag for tag in ("{{", "{%", "{#", "%(") if tag in html or tag in text]

    assert {name: found for name, found in faults.items() if found} == {}


def test_mail_has_a_text_and_an_html_part_in_one_language() -> None:
    mail = mail_of(letter_named("栖云雅苑"))

    assert mail["Subject"] == "退回补正：栖云雅苑自荐表，7月27日（周一）24:00 前"
    assert mail["Content-Language"] == "zh-Hans"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]  # parts of a message
    assert mail["X-Jiayuan-Possible-Repeat"] is None


def test_names_are_escaped_in_html_and_verbatim_in_text() -> None:
    letter = letter_named(SCRIPT)

    html, text = render_html(letter), render_text(letter)

    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;花园" in html
    assert SCRIPT in text


def test_names_are_escaped_in_an_english_mail_too() -> None:
    html = render_html(letter_named(SCRIPT, "en"))

    assert "<script>" not in html
    assert '&amp;<span lang="zh-Hans">花园</span>' in html


def test_rare_characters_survive() -> None:
    mail = mail_of(letter_named("䶮𬭳堃苑"))

    text = mail.get_body(("plain",))
    assert text is not None
    assert "䶮𬭳堃苑" in mail["Subject"]
    assert "䶮𬭳堃苑" in text.get_content()


@pytest.mark.parametrize(
    "title",
    [
        "花园\r\nBcc: all@example.com",
        "花园\nX-Injected: yes\n\nbody",
        "花园\u2028Bcc: all@example.com",
        "花园\x00\x1b[31m",
        "花园\u202eelpmaxe",
    ],
)
def test_nothing_typed_becomes_a_header(title: str) -> None:
    mail = mail_of(letter_named(title))

    assert (mail["Bcc"], mail["X-Injected"]) == (None, None)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]  # parts of a message
    assert [character for character in str(mail["Subject"]) if ord(character) < 32 or character in "\u2028\u202e"] == []


def test_subject_is_cut_rather_than_endless() -> None:
    line = one_line("长" * 5000)

    assert len(line) == LONGEST_SUBJECT
    assert line.endswith("…")


@pytest.mark.parametrize("address", ["", "no at sign", "a@b\r\nRCPT TO:<x@example.com>", "李@example.com", "a@例.com"])
def test_address_must_be_plain(address: str) -> None:
    with pytest.raises(NoAddress):
        mail_of(letter_named("花园"), address=address)


def test_lines_are_short_enough_for_any_server() -> None:
    letter = letter_named("花" * 120)

    text = compose(letter, address="li@example.com", message_id="<1@example.com>", is_repeat=False, at=AT).text

    assert max(len(line) for line in text.split(b"\r\n")) <= 200
    assert text.replace(b"\r\n", b"").count(b"\n") == 0
    assert [line for line in text.split(b"\r\n") if line.startswith(b".")] == []


def test_possible_repeat_is_marked_for_people_and_for_programs() -> None:
    notice = notice_about("nomination", "lapse", Audience.COMPANY, at=AT)

    mail = mail_of(letter_for(notice, is_repeat=True), is_repeat=True)

    text = mail.get_body(("plain",))
    assert text is not None
    assert mail["X-Jiayuan-Possible-Repeat"] == "yes"
    assert "此前发送时连接中断，您可能已经收到过本邮件。" in text.get_content()


def test_demo_says_so_and_real_work_does_not(settings: Settings) -> None:
    letter = letter_named("花园")

    settings.DEMO = True
    demo = render_text(letter)
    settings.DEMO = False
    real = render_text(letter)

    assert demo.startswith("演示数据：示例市为虚构城市，本邮件不作为办理依据。")
    assert real.startswith("家园")


def test_sender_may_carry_a_chinese_name(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "家园 <noreply@example.com>"

    mail = mail_of(letter_named("花园"))

    assert str(mail["From"]) == "家园 <noreply@example.com>"
