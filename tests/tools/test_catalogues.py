"""The catalogue's own tool, on a small tree of its own."""

from gettext import GNUTranslations
from pathlib import Path

import pytest

from tools import catalogues

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext_lazy, pgettext_lazy

A = _("Draft of "
      "%(name)s")
B = ngettext_lazy("one case", "%(count)s cases")
C = pgettext_lazy("month", "May")
"""
TEMPLATE = """{% load i18n %}<p title="{% translate "It's yours" %}">it's not a message ({
{% blocktranslate with a=b %}Dear {{ a }}{% endblocktranslate %}
"""
FRAGMENT = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Draft of %(name)s"
msgstr "%(name)s的草稿"

msgid "one case"
msgid_plural "%(count)s cases"
msgstr[0] "%(count)s 件"

msgctxt "month"
msgid "May"
msgstr "五月"

msgid "It's yours"
msgstr "归您"

msgid "Dear %(a)s"
msgstr "%(a)s，您好"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    app = tmp_path / "app"
    (app / "templates").mkdir(parents=True)
    (app / "__init__.py").write_text("")
    (app / "texts.py").write_text(CODE, encoding="utf-8")
    (app / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "locale" / "fragments").mkdir(parents=True)
    return tmp_path


def check_with(tree: Path, fragment: str) -> list[str]:
    """Write the fragment, merge, and check."""
    (tree / "locale" / "fragments" / "app.po").write_text(fragment, encoding="utf-8")
    catalogues.merge(tree / "locale")
    return catalogues.check(tree / "locale", tree)


def test_a_complete_catalogue_has_no_problems(tree: Path) -> None:
    assert check_with(tree, FRAGMENT) == []


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('msgid "It\'s yours"\nmsgstr "归您"\n', "", 'app/templates/page.html: no translation of "It\'s yours"'),
        ('"五月"', '""', "empty or fuzzy: 'May'"),
        ("msgctxt", "#, fuzzy\nmsgctxt", "empty or fuzzy: 'May'"),
        ("%(name)s的草稿", "草稿", "other placeholders in the translation: 'Draft of %(name)s'"),
        ("%(name)s的草稿", "%(nom)s的草稿", "other placeholders in the translation: 'Draft of %(name)s'"),
    ],
)
def test_a_flaw_in_the_catalogue_is_named(tree: Path, before: str, after: str, problem: str) -> None:
    assert check_with(tree, FRAGMENT.replace(before, after)) == [problem]


def test_a_translation_of_nothing_is_named(tree: Path) -> None:
    assert check_with(tree, FRAGMENT + '\nmsgid "Gone"\nmsgstr "没了"\n') == ["used nowhere: 'Gone'"]


def test_fragments_that_contradict_each_other_are_named(tree: Path) -> None:
    fragments = tree / "locale" / "fragments"
    (fragments / "app.po").write_text(FRAGMENT, encoding="utf-8")
    (fragments / "other.po").write_text(FRAGMENT.replace("归您", "是您的"), encoding="utf-8")

    problems = catalogues.merge(tree / "locale")

    assert problems == ["other.po: (\"It's yours\", None) is '是您的' here, '归您' before"]


def test_merging_twice_writes_the_same_bytes(tree: Path) -> None:
    catalogue = catalogues.catalogue_path(tree / "locale")
    check_with(tree, FRAGMENT)
    first = catalogue.read_bytes()

    check_with(tree, FRAGMENT)

    assert catalogue.read_bytes() == first


def test_what_is_compiled_is_what_django_reads(tree: Path) -> None:
    check_with(tree, FRAGMENT)

    catalogues.compile_all(tree / "locale")

    with catalogues.catalogue_path(tree / "locale").with_suffix(".mo").open("rb") as file:
        translations = GNUTranslations(file)
    assert translations.gettext("It's yours") == "归您"
    assert translations.ngettext("one case", "%(count)s cases", 7) == "%(count)s 件"
    assert translations.pgettext("month", "May") == "五月"


def test_sign_that_cannot_be_filled_in_is_found(tree: Path) -> None:
    found = check_with(tree, FRAGMENT.replace('"%(name)s的草稿"', '"%(name)s的草稿，占 5% 以内"'))

    assert found == ["a sign % that is not doubled: 'Draft of %(name)s'"]
