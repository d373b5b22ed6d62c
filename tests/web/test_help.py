"""The handbook: for every role, in both languages, at the right place."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.enums import Role
from tests.browser.test_handbook import TAKEN
from tests.nominations import stages
from tests.web.test_pages import signed_in
from tools import handbook as tool
from web.help import TITLES, book_of, help_for

ROLES = [role for role in Role if role != Role.SYSTEM]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("book", TITLES)
def test_handbook_has_every_place_and_its_pictures(book: str, language: str) -> None:
    client = Client(headers={"Accept-Language": language})

    page = client.get(f"/help/{book}/").content.decode()

    assert [f'<h2 id="{anchor}">' in page for anchor in tool.ANCHORS] == [True] * len(tool.ANCHORS)


def test_every_picture_that_is_named_is_taken_by_the_browser_tests() -> None:
    taken = {f"{name}.{language}.png" for name in TAKEN for language in ("zh-hans", "en")}
    pages = [path.read_text(encoding="utf-8") for path in tool.SOURCES.rglob("*.md")]

    assert {name for page in pages for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page)} == taken


def test_every_picture_that_is_named_is_kept() -> None:
    named = {
        name for source, _page in tool.pages() for name in re.findall(r"\]\((\S+\.png)\)", source.read_text("utf-8"))
    }

    assert {path.name for path in (tool.SOURCES / "pictures").glob("*.png")} == named


def test_pages_are_what_their_sources_say() -> None:
    assert tool.check() == []


def test_page_with_other_headings_is_not_rendered() -> None:
    with pytest.raises(ValueError, match="5 headings"):
        tool.rendered("# Title\n\n## One\n")


def test_source_cannot_smuggle_markup_or_template_code_in() -> None:
    source = "# T\n\n" + "\n\n".join(f"## {name}" for name in tool.ANCHORS) + "\n\n<script>x</script> {% now 'Y' %}\n"

    page = tool.rendered(source)

    assert ("<script>" in page, "{% now" in page) == (False, False)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_handbook(role: Role) -> None:
    assert book_of(role) in TITLES


@pytest.mark.parametrize(
    ("page", "place"),
    [("web:home", "waiting"), ("web:notices", "until"), ("web:audit:events", "doing"), ("account_login", "account")],
)
def test_page_leads_to_its_place(page: str, place: str) -> None:
    assert help_for(Role.AUDITOR, page) == f"/help/auditor/#{place}"


@pytest.mark.django_db
def test_unknown_handbook_is_not_found() -> None:
    assert Client().get("/help/nobody/").status_code == 404


@pytest.mark.django_db
def test_own_handbook_stands_first() -> None:
    page = signed_in(stages.programme().bureau.reviewer.user_id).get("/help/").content.decode()

    assert page.index("县区城管局办理指南") < page.index("您的岗位") < page.index("物业服务企业办理指南")
