"""The register of titles."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from nominations.models import Nomination
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read

pytestmark = pytest.mark.django_db


def titled(programme: Programme, until: date | None = None, document: str = "示建函〔2023〕9号") -> Nomination:
    """Return a nomination with a title on it."""
    nomination = stages.submitted(programme)
    Nomination.objects.filter(pk=nomination.pk).update(
        title_from=date(2023, 10, 1), title_until=until, result_document=document
    )
    return nomination


def test_register_lists_titles_and_narrows_them_to_those_that_stand(programme: Programme) -> None:
    valid, over = titled(programme), titled(programme, date(2024, 10, 1))
    client = desk(programme.city_reviewer)

    pages = [read(client, "web:city:titles", query=query) for query in ("", "?standing=expired", "?standing=x")]

    shown = [(valid.community.name in page, over.community.name in page) for page in pages]
    assert shown == [(True, True), (False, True), (True, True)]


def test_register_of_another_city_is_not_shown(programme: Programme) -> None:
    foreign = titled(stages.programme(), document="示建函〔2023〕77号")

    page = read(desk(programme.city_reviewer), "web:city:titles")

    assert ["示建函〔2023〕77号" in page, str(foreign.pk) in page] == [False, False]


def test_register_takes_one_number_of_queries(programme: Programme) -> None:
    few, many = queries_with_more(desk(programme.city_reviewer), reverse("web:city:titles"), lambda: titled(programme))

    assert few == many


def test_hostile_document_is_shown_as_text(programme: Programme) -> None:
    titled(programme, document=HOSTILE)

    assert HOSTILE not in read(desk(programme.province_viewer), "web:city:titles")
