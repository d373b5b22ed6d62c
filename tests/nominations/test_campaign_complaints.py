"""The city's figures of complaints: what lists are read, what their lines must say, where the best 5 % end (S-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from nominations.models import Campaign, Community, ComplaintFigure
from nominations.operations.complaints import ComplaintImport, import_complaints
from nominations.rules.complaints import as_stored, limit_of
from nominations.rules.spreadsheet import MOST_BYTES, ListUnreadable, read_lines
from tests.nominations.factories import CampaignFactory, CommunityFactory, DistrictBureauFactory

HEADING = ("小区名称", "所在县区", "户数", "投诉件数")
Rows = Sequence[Sequence[Any]]


def csv_of(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Return the rows as CSV."""
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows).encode(encoding)


def xlsx_of(rows: Rows) -> bytes:
    """Return the rows as the first sheet of a workbook."""
    book, target = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(target)
    return target.getvalue()


def reason_of(content: bytes, name: str = "list.csv") -> str:
    """Return why a file cannot be read."""
    with pytest.raises(ListUnreadable) as refusal:
        read_lines(content, name)
    (reason,) = refusal.value.refusals
    return reason.code


@pytest.fixture
def campaign(db: None) -> Campaign:
    return CampaignFactory.create(complaint_rate_limit=None)


def community_of(campaign: Campaign, name: str, district: str = "云栖区") -> Community:
    """Return a community of the campaign's city."""
    bureau = DistrictBureauFactory.create(parent=campaign.city, district__name=district)
    return CommunityFactory.create(name=name, authority=bureau)


def imported(campaign: Campaign, content: bytes, **options: Any) -> ComplaintImport:
    """Import a list."""
    return import_complaints(campaign_id=campaign.pk, content=content, name="list.csv", **options)


def refusals_of(campaign: Campaign, *rows: Sequence[Any]) -> list[tuple[int, str, str]]:
    """Return line, column and code of every reason against the rows."""
    result = imported(campaign, csv_of([HEADING, *rows]), dry_run=False)
    assert not result.written
    return [(verdict.line, reason.fix, reason.code) for verdict in result.refused for reason in verdict.refusals]


@pytest.mark.parametrize(
    "content",
    [
        csv_of([HEADING, ("䶮园", "云栖区", 500, 2)]),
        csv_of([HEADING, ("䶮园", "云栖区", 500, 2)], encoding="utf-8-sig"),
        csv_of([HEADING, ("䶮园", "云栖区", 500, 2)], encoding="gb18030"),
        csv_of([HEADING, ("䶮园", "云栖区", 500, 2)], encoding="utf-16", delimiter="\t"),
        csv_of([HEADING, ("䶮园", "云栖区", 500, 2)], delimiter=";"),
        xlsx_of([HEADING, ("䶮园", "云栖区", 500, 2)]),
        xlsx_of([HEADING, (" 䶮园 ", "云栖区", 500.0, "2")]),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16", "semicolons", "xlsx", "xlsx with fractions"],
)
def test_a_list_is_read_in_every_usual_form(content: bytes) -> None:
    lines = read_lines(content, "list")

    assert [line.cells for line in lines] == [HEADING, ("䶮园", "云栖区", "500", "2")]
    assert [line.number for line in lines] == [1, 2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff" * 40, "unknown_encoding"),
        (b"a" * (MOST_BYTES + 1), "too_large"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old_office"),
        (b"PK\x03\x04" + bytes(600), "damaged"),
        (xlsx_of([HEADING])[:400], "damaged"),
        (b"a,b\n" * 20_001, "too_long"),
        (b"," * 50 + b"\n", "too_long"),
        (b'"' + b"a" * 200_000, "not_csv"),
    ],
    ids=["noise", "large", "old office", "no package", "cut off", "lines", "columns", "cell"],
)
def test_what_is_no_list_is_refused(content: bytes, code: str) -> None:
    assert reason_of(content) == code


def test_a_package_without_a_workbook_is_refused() -> None:
    target = BytesIO()
    with ZipFile(target, "w") as package:
        package.writestr("readme.txt", "no workbook")

    assert reason_of(target.getvalue(), "list.xlsx") == "damaged"


def test_a_package_that_swells_is_refused() -> None:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", bytes(60 * 1024 * 1024))

    assert reason_of(target.getvalue(), "list.xlsx") == "unpacked_size"


def test_a_sheet_that_claims_to_be_endless_is_read_as_far_as_it_goes() -> None:
    with ZipFile(BytesIO(xlsx_of([HEADING, ("䶮园", "云栖区", 500, 2)]))) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, part in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
            package.writestr(name, part)

    assert len(read_lines(target.getvalue(), "list.xlsx")) == 2


def test_a_trial_gives_a_verdict_for_each_line_and_writes_nothing(campaign: Campaign) -> None:
    community = community_of(campaign, "栖云雅苑")
    rows = [HEADING, ("栖云雅苑", "", 1126, 2), ("不在册小区", "松汀区", 800, 40), ("", "", 0, "")]

    result = imported(campaign, csv_of(rows))

    assert [(verdict.line, verdict.name, verdict.outcome) for verdict in result.verdicts] == [
        (2, "栖云雅苑", "matched"),
        (3, "不在册小区", "not_registered"),
        (4, "", "refused"),
    ]
    assert (result.verdicts[0].entries, result.written) == ((community,), False)
    assert ComplaintFigure.objects.count() == 0


def test_written_figures_carry_the_limit_of_the_best_five_percent(campaign: Campaign) -> None:
    community = community_of(campaign, "栖云雅苑")
    rows = [HEADING, ("栖云雅苑", "云栖区", 1126, 2), *((f"小区{n}", "云栖区", 300, n) for n in range(1, 30))]

    result = imported(campaign, csv_of(rows), dry_run=False)

    campaign.refresh_from_db()
    figure = ComplaintFigure.objects.get(community=community)
    assert (result.written, result.limit, result.within) == (True, Fraction(1, 300), 2)
    assert campaign.complaint_rate_limit == Decimal("0.003333333333334")
    assert (figure.households, figure.complaints, figure.district_name) == (1126, 2, "云栖区")
    assert ComplaintFigure.objects.filter(campaign=campaign).count() == 30


@pytest.mark.parametrize(("best_percent", "within"), [("50", 2), (None, 1)])
def test_the_campaign_says_how_many_percent_are_the_best(
    campaign: Campaign, best_percent: str | None, within: int
) -> None:
    """Without a figure of its own the campaign follows the notice: five percent."""
    requirement = campaign.requirements.get(number=1)
    row = {"figure": "complaint_rate", "best_percent": best_percent}
    requirement.parameters = {"figures": [row] if best_percent else []}
    requirement.save()
    rows = [HEADING, *((f"小区{n}", "", 300, n) for n in range(4))]

    result = imported(campaign, csv_of(rows))

    assert result.within == within


def test_cells_of_other_kinds_are_told_as_they_stand(campaign: Campaign) -> None:
    rows = [HEADING, ("甲", "", 100.5, 1), ("乙", "", date(2023, 7, 10), 1), ("丙", "", True, 1)]

    result = imported(campaign, xlsx_of(rows))

    assert [verdict.refusals[0].params["text"] for verdict in result.refused] == [
        "100.5",
        "2023-07-10T00:00:00",
        "True",
    ]


def test_a_second_list_replaces_the_first(campaign: Campaign) -> None:
    imported(campaign, csv_of([HEADING, ("甲", "", 100, 1), ("乙", "", 100, 2)]), dry_run=False)

    imported(campaign, csv_of([HEADING, ("丙", "", 100, 3)]), dry_run=False)

    assert list(ComplaintFigure.objects.values_list("community_name", flat=True)) == ["丙"]


def test_one_refused_line_keeps_all_from_being_written(campaign: Campaign) -> None:
    result = imported(campaign, csv_of([HEADING, ("甲", "", 100, 1), ("乙", "", 0, 1)]), dry_run=False)

    campaign.refresh_from_db()
    assert not result.written
    assert (ComplaintFigure.objects.count(), campaign.complaint_rate_limit) == (0, None)


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        (("", "云栖区", 100, 1), [("community", "name_missing")]),
        (("合计", "", 100, 1), [("community", "total_line")]),
        (("甲" * 121, "", 100, 1), [("community", "name_unusable")]),
        (("甲\u202e乙", "", 100, 1), [("community", "name_unusable")]),
        (("甲", "区" * 61, 100, 1), [("district", "name_unusable")]),
        (("甲", "", 0, 1), [("households", "not_a_count")]),
        (("甲", "", "", ""), [("households", "not_a_count"), ("complaints", "not_a_count")]),
        (("甲", "", "１００", 1), [("households", "not_a_count")]),
        (("甲", "", 100, -1), [("complaints", "not_a_count")]),
        (("甲", "", 100, "1.5"), [("complaints", "not_a_count")]),
        (("甲", "", 100, "1e3"), [("complaints", "not_a_count")]),
        (("甲", "", 1_000_000, 1), [("households", "not_a_count")]),
        (("甲", "", "NaN", "两件"), [("households", "not_a_count"), ("complaints", "not_a_count")]),
        (("甲",), [("households", "not_a_count"), ("complaints", "not_a_count")]),
    ],
)
def test_a_line_is_refused_with_every_reason(
    campaign: Campaign, row: Sequence[Any], reasons: list[tuple[str, str]]
) -> None:
    assert refusals_of(campaign, row) == [(2, *reason) for reason in reasons]


def test_a_community_may_stand_in_the_list_once(campaign: Campaign) -> None:
    assert refusals_of(campaign, ("甲园", "", 100, 1), (" 甲 园", "", 100, 1)) == [(3, "community", "repeated")]


def test_one_registered_community_is_not_counted_under_two_spellings(campaign: Campaign) -> None:
    community_of(campaign, "甲园", "云栖区")

    refusals = refusals_of(campaign, ("甲园", "", 100, 1), ("甲园", "云栖区", 100, 1))

    assert refusals == [(3, "community", "repeated")]


def test_communities_of_one_name_are_told_apart_by_their_district(campaign: Campaign) -> None:
    here, there = community_of(campaign, "和安家园", "云栖区"), community_of(campaign, "和安家园", "松汀区")
    rows = [HEADING, ("和安家园", "云栖区", 100, 1), ("和安家园", "松汀区", 100, 2)]

    result = imported(campaign, csv_of(rows), dry_run=False)

    assert [verdict.entries for verdict in result.verdicts] == [(here,), (there,)]
    assert ComplaintFigure.objects.count() == 2


def test_a_place_entered_by_two_companies_has_its_figure_twice(campaign: Campaign) -> None:
    one = community_of(campaign, "和安家园")
    other = CommunityFactory.create(name="和安家园", authority=one.authority, neighborhood=one.neighborhood)

    result = imported(campaign, csv_of([HEADING, ("和安家园", "", 100, 1)]), dry_run=False)

    assert [(verdict.outcome, set(verdict.entries)) for verdict in result.verdicts] == [("matched", {one, other})]
    assert set(ComplaintFigure.objects.values_list("community", "complaints")) == {(one.pk, 1), (other.pk, 1)}


def test_two_places_of_one_name_in_one_district_are_not_taken_for_one(campaign: Campaign) -> None:
    one = community_of(campaign, "和安家园")
    CommunityFactory.create(name="和安家园", authority=one.authority, neighborhood="另一社区")

    assert refusals_of(campaign, ("和安家园", "云栖区", 100, 1)) == [(2, "district", "ambiguous")]


def test_a_name_that_fits_two_communities_needs_its_district(campaign: Campaign) -> None:
    community_of(campaign, "和安家园", "云栖区")
    community_of(campaign, "和安家园", "松汀区")

    assert refusals_of(campaign, ("和安家园", "", 100, 1)) == [(2, "district", "ambiguous")]


def test_communities_of_another_city_do_not_count(campaign: Campaign) -> None:
    community_of(CampaignFactory.create(), "栖云雅苑")

    result = imported(campaign, csv_of([HEADING, ("栖云雅苑", "", 100, 1)]))

    assert [verdict.outcome for verdict in result.verdicts] == ["not_registered"]


def test_titles_above_the_heading_are_passed_over(campaign: Campaign) -> None:
    rows = [
        ("2023年度物业投诉统计表",),
        (),
        ("序号", "住宅小区名称", "总户数（户）", "投诉件数（件）"),
        (1, "甲", 100, 1),
    ]

    result = imported(campaign, xlsx_of(rows))

    assert [(verdict.line, verdict.outcome) for verdict in result.verdicts] == [(4, "not_registered")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [([("小区名称", "户数"), ("甲", 100)], "heading_missing"), ([HEADING], "list_empty"), ([], "heading_missing")],
)
def test_a_list_without_heading_or_lines_is_refused(campaign: Campaign, rows: Rows, code: str) -> None:
    with pytest.raises(ListUnreadable) as refusal:
        imported(campaign, csv_of(rows))

    assert [reason.code for reason in refusal.value.refusals] == [code]


def test_a_formula_is_refused_rather_than_believed(campaign: Campaign) -> None:
    result = imported(campaign, xlsx_of([HEADING, ("甲", "", 100, "=1+1")]))

    assert ("complaints", "formula") in [(reason.fix, reason.code) for reason in result.verdicts[0].refusals]


def test_merged_cells_leave_gaps_that_are_told(campaign: Campaign) -> None:
    book, target = openpyxl.Workbook(), BytesIO()
    sheet = book.worksheets[0]
    for row in (HEADING, ("甲", "", 100, 1), ("乙", "", 100, 1)):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    book.save(target)

    result = imported(campaign, target.getvalue())

    assert [(verdict.line, verdict.refusals[0].fix) for verdict in result.refused] == [(3, "households")]


@pytest.mark.parametrize(
    ("count", "percent", "expected"),
    [(1, 5, 1), (19, 5, 1), (20, 5, 1), (21, 5, 2), (40, 5, 2), (41, 5, 3), (8, 100, 8)],
)
def test_the_limit_is_the_rate_of_the_last_within_the_percentage(count: int, percent: int, expected: int) -> None:
    rates = [Fraction(number, 1000) for number in range(count, 0, -1)]

    assert limit_of(rates, Decimal(percent)) == Fraction(expected, 1000)


def test_whoever_shares_the_last_rate_is_within() -> None:
    rates = [Fraction(0)] * 9 + [Fraction(1, 10)] * 11

    limit = limit_of(rates, Decimal(5))

    assert limit == 0
    assert sum(rate <= limit for rate in rates) == 9


def test_an_empty_list_has_no_limit() -> None:
    assert limit_of([], Decimal(5)) is None


counts = st.integers(min_value=1, max_value=999_999)


@given(counts, counts, counts, counts)
def test_the_stored_limit_parts_any_two_rates(one: int, households: int, other: int, more_households: int) -> None:
    limit, rate = Fraction(one, households), Fraction(other, more_households)

    stored = Fraction(as_stored(limit))

    assert (rate <= stored) == (rate <= limit)


def test_the_command_tries_first_and_writes_when_told(campaign: Campaign, tmp_path: Path) -> None:
    path, tried, written = tmp_path / "list.csv", StringIO(), StringIO()
    path.write_bytes(csv_of([HEADING, ("甲", "", 100, 1)]))

    call_command("import_complaints", campaign.code, str(path), stdout=tried)
    call_command("import_complaints", campaign.code, str(path), "--write", stdout=written)

    assert tried.getvalue().splitlines() == [
        "第 2 行 甲：已采用，该小区未在系统登记",
        "共 1 个小区，1 个在标准以内：每 100 户投诉 1 件。 （试运行，未写入任何内容）",
    ]
    assert written.getvalue().splitlines()[1] == "共 1 个小区，1 个在标准以内：每 100 户投诉 1 件。 已写入。"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([HEADING, ("甲", "", 0, 1)], "1 行需要改正"),
        ([HEADING], "表头下没有内容"),
    ],
)
def test_the_command_says_what_is_wrong(campaign: Campaign, tmp_path: Path, rows: Rows, told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_of(rows))

    with pytest.raises(CommandError, match=told):
        call_command("import_complaints", campaign.code, str(path), stdout=StringIO())


@pytest.mark.django_db
def test_the_command_names_what_is_not_there(campaign: Campaign) -> None:
    with pytest.raises(CommandError, match="没有代码为 nowhere 的活动"):
        call_command("import_complaints", "nowhere", "list.csv")
    with pytest.raises(CommandError, match=r"无法读取“nowhere\.csv”"):
        call_command("import_complaints", campaign.code, "nowhere.csv")
