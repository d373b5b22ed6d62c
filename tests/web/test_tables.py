"""Lists to take along: every desk's, printed and saved; what is saved is written down where the auditor reads it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from accounts.actors import Actor
from accounts.models import ExportRecord
from nominations.models import Nomination, Selection
from tests.kept import rows_kept
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.city.test_selection import drafted
from tests.web.test_pages import signed_in
from web import access

pytestmark = pytest.mark.django_db
HOSTILE = "=HYPERLINK(1)<script>alert(1)</script>"
# Each list by the desk that has it, and the code under which the log of exports knows it.
LISTS = {
    "web:company:communities-table": ("company", "communities"),
    "web:company:nominations-table": ("company", "nominations"),
    "web:district:queue-table": ("district", "queue"),
    "web:district:publicity-table": ("district", "publicity"),
    "web:district:practices-table": ("district", "practices"),
    "web:district:third-party-table": ("district", "third-party"),
    "web:district:honors-table": ("district", "honors"),
    "web:district:summary-table": ("district", "summary"),
    "web:city:overview-table": ("city", "districts"),
    "web:city:cases-table": ("city", "queue"),
    "web:city:papers-table": ("city", "papers"),
    "web:city:panels-table": ("city", "panels"),
    "web:city:visits-table": ("city", "visits"),
    "web:city:pool-table": ("city", "evaluators"),
    "web:city:titles-table": ("city", "titles"),
    "web:city:publicity-table": ("city", "publicity"),
    "web:city:practices-table": ("city", "practices"),
    "web:city:third-party-table": ("city", "third-party"),
    "web:city:honors-table": ("city", "honors"),
    "web:city:ranking-table": ("city", "ranking"),
    "web:city:selection-table": ("city", "selection"),
    "web:audit:events-table": ("auditor", "events"),
    "web:audit:sign-ins-table": ("auditor", "sign-ins"),
    "web:audit:grants-table": ("auditor", "grants"),
    "web:audit:exports-table": ("auditor", "exports"),
}
ONLY_SAVED = {"web:district:summary-table"}  # form 4 is printed as its own paper


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Programme, Selection]]:
    """Build a selection of two communities, behind which every list has something or stands empty."""
    with rows_kept(django_db_blocker):
        programme = stages.programme()
        yield programme, drafted(programme, "9", "8")


@pytest.fixture
def programme(db: None, kept: tuple[Programme, Selection]) -> Programme:
    return deepcopy(kept[0])


@pytest.fixture
def fresh(db: None) -> Programme:
    """Return a programme in which nothing has happened yet."""
    return stages.programme()


@pytest.fixture
def selection(db: None, kept: tuple[Programme, Selection]) -> Selection:
    return deepcopy(kept[1])


def actor_of(programme: Programme, desk: str) -> Actor:
    return {
        "company": programme.company.admin,
        "district": programme.bureau.reviewer,
        "city": programme.city_reviewer,
        "auditor": programme.auditor,
    }[desk]


def address_of(page: str, selection: Selection) -> str:
    campaign = selection.campaign
    about = [campaign.nominations.first().pk] if page.startswith("web:district:") else []  # the city lists them all
    keys = {
        "summary-table": [campaign.summaries.first().pk],
        "third-party-table": about,
        "honors-table": about,
        "ranking-table": [campaign.pk],
        "selection-table": [selection.pk],
    }
    return reverse(page, args=keys.get(page.rpartition(":")[2], []))


def rows_in(content: bytes) -> list[list[Any]]:
    sheet: Any = load_workbook(BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_list_to_take_along_is_tried_here() -> None:
    assert {page for page in access.ACCESS if page.endswith("-table")} == set(LISTS)


@pytest.mark.parametrize("page", LISTS)
def test_workbook_is_written_down_with_its_rows_before_it_is_handed_out(
    programme: Programme, selection: Selection, page: str
) -> None:
    desk, subject = LISTS[page]
    actor = actor_of(programme, desk)

    answer = signed_in(actor.user_id).post(f"{address_of(page, selection)}?x=1")

    [record] = ExportRecord.objects.all()
    told = (record.subject, record.about, record.person_id, record.rows)
    listed = [row for row in rows_in(answer.content)[1:] if row[0] != "合计"]  # a sum is no row of the list
    assert told == (subject, "x=1", actor.user_id, len(listed))


@pytest.mark.parametrize("page", sorted(set(LISTS) - ONLY_SAVED))
def test_printed_view_has_one_column_for_each_of_the_workbook_and_writes_nothing(
    programme: Programme, selection: Selection, page: str
) -> None:
    client = signed_in(actor_of(programme, LISTS[page][0]).user_id)
    address = address_of(page, selection)

    printed = client.get(address).content.decode()
    head = rows_in(client.post(address).content)[0]

    assert printed.count('<th scope="col">') == len(head)
    assert ExportRecord.objects.count() == 1


def test_export_appears_on_the_auditor_s_page_in_words(programme: Programme, selection: Selection) -> None:
    signed_in(programme.city_reviewer.user_id).post(reverse("web:city:cases-table") + "?group=selection")

    page = signed_in(programme.auditor.user_id).get(reverse("web:audit:exports")).content.decode()

    assert ["办件列表" in page, "group=selection" in page, "2 行" in page] == [True, True, True]


def test_table_of_figures_is_written_down_too(programme: Programme, selection: Selection) -> None:
    address = reverse("web:city:ranking-export", args=[programme.campaign.pk])

    signed_in(programme.city_reviewer.user_id).post(address)

    assert list(ExportRecord.objects.values_list("subject", "rows")) == [("ranking", 2)]


def test_hostile_name_is_text_on_paper_and_no_formula_in_the_workbook(fresh: Programme) -> None:
    case = stages.submitted(fresh)
    type(case.community).objects.filter(pk=case.community_id).update(name=HOSTILE)
    client, address = signed_in(fresh.city_reviewer.user_id), reverse("web:city:cases-table")

    printed, saved = client.get(address).content.decode(), client.post(address).content

    sheet: Any = load_workbook(BytesIO(saved)).active
    cell = sheet["B2"]
    assert ["<script>alert" in printed, cell.value, cell.data_type, cell.quotePrefix] == [False, HOSTILE, "s", True]


def test_foreign_ranking_and_selection_are_not_found(programme: Programme, selection: Selection) -> None:
    foreign = signed_in(stages.programme().city_reviewer.user_id)
    pages = ("web:city:ranking-table", "web:city:selection-table")

    statuses = [foreign.post(address_of(page, selection)).status_code for page in pages]

    assert statuses == [404, 404]
    assert not ExportRecord.objects.exists()


def test_company_takes_along_its_own_cases_only(fresh: Programme) -> None:
    mine, theirs = stages.submitted(fresh), stages.submitted(fresh, company=1)

    answer = signed_in(fresh.company.admin.user_id).post(reverse("web:company:nominations-table"))

    assert [row[0] for row in rows_in(answer.content)[1:]] == [mine.number]
    assert Nomination.objects.filter(pk=theirs.pk).exists()


def test_names_on_a_paper_in_english_are_marked_as_chinese(fresh: Programme) -> None:
    stages.submitted(fresh)
    client = signed_in(fresh.city_reviewer.user_id)
    client.cookies["django_language"] = "en"

    with translation.override("en"):
        page = client.get(reverse("web:city:cases-table")).content.decode()

    assert ['<td lang="zh-Hans">' in page, "<td>Submitted" in page] == [True, True]
