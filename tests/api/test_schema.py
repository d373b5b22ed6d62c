from __future__ import annotations

import json
from io import StringIO

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template

from api import access
from tests.api.people import Program


def test_schema_validates_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


@pytest.mark.django_db
def test_schema_is_served_to_everybody(anonymous: Program) -> None:
    answer = anonymous.get("schema/")

    assert answer.body["openapi"] == "3.1.1"
    assert answer.header("Content-Type") == "application/json"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "label"), [("zh-hans", "市城管局"), ("en", "City bureau")])
def test_schema_speaks_the_readers_language(language: str, label: str) -> None:
    answer = Program(language=language).get("schema/")

    described = answer.body["components"]["schemas"]["OrganizationKind"]
    assert label in json.dumps(described, ensure_ascii=False)


@pytest.mark.django_db
def test_docs_load_nothing_from_elsewhere(anonymous: Program) -> None:
    page = anonymous.get("docs/").content.decode()

    assert "http://" not in page
    assert "https://" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")


def test_docs_find_their_files() -> None:
    source = get_template("api/docs.html").template.source  # type: ignore[attr-defined]  # Django's own templates

    names = [part.split('"')[0] for part in source.split('{% static "')[1:]]

    assert [name for name in names if finders.find(name) is None] == []


@pytest.mark.django_db
def test_every_address_but_the_descriptions_is_described(anonymous: Program) -> None:
    described = {
        (path, method.upper()) for path, methods in anonymous.get("schema/").body["paths"].items() for method in methods
    }

    assert len(described) == sum(
        len(methods) for route, methods in access.ACCESS.items() if route not in {"schema", "docs"}
    )
