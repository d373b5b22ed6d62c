"""Loading a campaign: what is made, that loading twice changes nothing, and what is refused (rows S-01, S-08)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from evaluation import queries as evaluation
from evaluation.models import Standard
from evaluation.operations import StandardExists
from nominations.models import (
    Campaign,
    CampaignDistrict,
    Community,
    ProvincialReport,
    RecommendationSummary,
    WorkReport,
)
from nominations.operations.campaign import (
    CampaignInUse,
    CannotShift,
    InvalidCode,
    Loaded,
    PresetInvalid,
    load_campaign,
)
from nominations.operations.nomination import start_nomination
from nominations.presets import preset_content
from nominations.rules.preset import read_preset
from nominations.rules.vocabulary import practice_tags, publicity_channels
from tests.nominations.factories import CommunityFactory, actor
from workflow.models import Deadline, Stream

pytestmark = pytest.mark.django_db
AT = datetime(2023, 7, 10, 1, tzinfo=UTC)
LUAN = preset_content("luan_2023")
SHANGHAI_1_AUGUST = datetime(2023, 7, 31, 16, tzinfo=UTC)


def load(source: bytes = LUAN, **options: Any) -> Loaded:
    """Load a preset."""
    return load_campaign(source=source, at=AT, **options)


def changed(before: str, after: str) -> bytes:
    """Return the preset of Lu'an with one place changed."""
    assert before in LUAN.decode()
    return LUAN.decode().replace(before, after, 1).encode()


def everything() -> dict[str, list[Any]]:
    """Return the rows that a load writes, to compare before and after."""
    models = (Campaign, CampaignDistrict, RecommendationSummary, WorkReport, ProvincialReport, Standard, Stream)
    rows = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}
    return {**rows, "Deadline": list(Deadline.objects.order_by("pk").values())}


def company_in(campaign: Campaign) -> tuple[Actor, Community]:
    """Return a company's administrator and a community of hers in the campaign."""
    district = campaign.districts.order_by("pk")[0].district
    community: Community = CommunityFactory.create(authority=district)
    return actor(Role.COMPANY_ADMIN, community.company), community


def test_a_campaign_carries_what_the_notice_says() -> None:
    """S-01: title, legal basis with its brackets, issuer, dates, places."""
    campaign = load().campaign

    campaign.refresh_from_db()
    assert campaign.title == "“加强物业管理 共建美好家园”活动"
    assert "建房函〔2023〕332号" in campaign.legal_basis
    assert (campaign.city.name, campaign.issued_on, campaign.year) == ("六安市城市管理局", date(2023, 7, 10), 2023)
    assert (campaign.places, campaign.four_eyes, campaign.district_share) == (10, True, Decimal(0))
    assert (campaign.corrections_allowed, campaign.correction_working_days) == (2, 5)
    assert (campaign.application_closes_at, campaign.district_closes_at) == (SHANGHAI_1_AUGUST, SHANGHAI_1_AUGUST)
    assert [row["item"] for row in campaign.corrected_wording] == ["一-2", "一-3"]


def test_the_standard_is_frozen_as_it_was_read() -> None:
    preset, _faults = read_preset(LUAN)
    assert preset is not None

    standard = load().campaign.standard

    assert standard.frozen_at == AT
    assert evaluation.outline_of(standard.pk) == preset.standard


def test_requirements_are_kept_with_their_checks() -> None:
    rows = list(load().campaign.requirements.values_list("number", "check_kind"))

    assert rows == [
        (1, "figures"),
        (2, "judged"),
        (3, "judged"),
        (4, "committee_in_term"),
        (5, "judged"),
        (6, "no_penalty"),
        (7, "judged"),
        (8, "judged"),
    ]


def test_every_district_gets_its_chain_and_its_papers() -> None:
    """S-06, S-14: a summary and a work report wait in each district from the first day, and their deadlines run."""
    campaign = load().campaign

    parts = list(campaign.districts.select_related("district__district", "stream").order_by("prefix"))

    assert [part.prefix for part in parts] == ["HQ", "HS", "JA", "JKQ", "JZ", "SC", "SFY", "YA", "YJ"]
    assert len({part.stream_id for part in parts}) == 9
    assert {part.district.parent_id for part in parts} == {campaign.city_id}
    assert campaign.summaries.filter(state="draft").count() == campaign.work_reports.filter(state="draft").count() == 9
    assert {row.stream_id for row in campaign.summaries.all()} == {part.stream_id for part in parts}


def test_deadlines_are_set_on_the_papers() -> None:
    campaign = load().campaign
    report = ProvincialReport.objects.get(campaign=campaign)

    deadlines = {(row.kind, row.due_at) for row in Deadline.objects.all()}

    assert deadlines == {
        ("district_closes", campaign.district_closes_at),
        ("work_report_closes", campaign.work_report_closes_at),
        ("report_closes", campaign.report_closes_at),
    }
    assert Deadline.objects.get(kind="report_closes").subject_id == report.pk
    assert (report.stream_id, report.state) == (campaign.stream_id, "draft")


def test_offices_that_exist_are_used_as_they_are() -> None:
    load()
    bureau = Organization.objects.get(kind=OrganizationKind.DISTRICT, district__code="341502")
    bureau.name = "金安区城市管理综合执法局"
    bureau.save()

    load(changed("code: luan_2023", "code: luan_2024"))

    assert Organization.objects.filter(kind=OrganizationKind.DISTRICT).count() == 9
    assert Organization.objects.get(pk=bureau.pk).name == "金安区城市管理综合执法局"


def test_loading_twice_changes_nothing() -> None:
    first = load()
    before = everything()

    with CaptureQueriesContext(
        connection,
    ) as captured:
        second = load()

    assert (first.outcome, second.outcome) == ("created", "unchanged")
    assert everything() == before
    assert [query["sql"] for query in captured if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []


def test_a_trial_writes_nothing() -> None:
    before = everything()

    loaded = load(dry_run=True)

    assert loaded.outcome == "created"
    assert everything() == before


def test_a_changed_preset_changes_a_campaign_that_nobody_uses() -> None:
    first = load().campaign

    loaded = load(
        changed("places: 10", "places: 12")
        .replace(b"last_day: 2023-09-15", b"last_day: 2023-09-20")
        .replace('  - {code: "341525", prefix: HS, name: 霍山县, authority: 霍山县城市管理局}\n'.encode(), b"")
    )

    campaign = Campaign.objects.get()
    assert (loaded.outcome, campaign.pk, campaign.places) == ("updated", first.pk, 12)
    assert campaign.districts.count() == campaign.summaries.count() == campaign.work_reports.count() == 8
    assert Deadline.objects.count() == 17
    assert Deadline.objects.get(kind="report_closes").due_at == campaign.report_closes_at


def test_options_left_out_fall_back_to_their_defaults() -> None:
    load(changed("corrections_allowed: 2", "corrections_allowed: 1"))

    campaign = load(changed("  corrections_allowed: 2\n", "")).campaign

    assert campaign.corrections_allowed == 2


def test_options_of_panels_reach_the_campaign() -> None:
    wanted = "  panel_size: 5\n  panel_experts: 2\n  evaluator_load_limit: 8\n  conflict_years: 4\n"

    campaign = load(changed("  reserves: 3  #", wanted + "  reserves: 3  #")).campaign

    assert (campaign.panel_size, campaign.panel_experts, campaign.panel_departments) == (5, 2, 1)
    assert (campaign.evaluator_load_limit, campaign.conflict_years) == (8, 4)


def test_panel_without_room_for_both_capacities_is_told() -> None:
    with pytest.raises(PresetInvalid) as refused:
        load(changed("  reserves: 3  #", "  panel_experts: 3\n  reserves: 3  #"))

    assert [(fault.path, fault.code) for fault in refused.value.faults] == [
        ("options.panel_experts", "panel_too_small")
    ]


def test_options_of_selection_and_titles_reach_the_campaign() -> None:
    wanted = "  reserves: 2\n  concentration_share: 30.5\n  concentration_binding: true\n  title_years: 3\n"

    campaign = load(changed("  reserves: 3  #", wanted + "  #")).campaign

    campaign.refresh_from_db()
    assert (campaign.reserves, campaign.concentration_share, campaign.concentration_binding, campaign.title_years) == (
        2,
        Decimal("30.50"),
        True,
        3,
    )
    assert (campaign.practice_tags[0], campaign.publicity_channels[0]) == ("党建引领", "微信公众号")


def test_vocabulary_left_out_is_the_usual_one() -> None:
    source = changed("  practice_tags: ", "  # practice_tags: ").replace(b"  publicity_channels: ", b"  # channels: ")

    campaign = load(source).campaign

    assert (campaign.practice_tags, campaign.publicity_channels) == (practice_tags(), publicity_channels())


def test_changed_wording_makes_a_new_version_of_the_standard() -> None:
    """S-19: what was frozen stays as it was."""
    load()

    campaign = load(changed("依法依规饲养动物。", "依法依规文明饲养动物。")).campaign

    assert [standard.version for standard in Standard.objects.order_by("version")] == [1, 2]
    assert campaign.standard.version == 2


def test_another_campaign_may_not_mean_something_else_by_the_same_standard() -> None:
    load()

    with pytest.raises(StandardExists):
        load(changed("code: luan_2023", "code: luan_2024").replace("依法依规饲养".encode(), "饲养".encode()))

    assert Campaign.objects.count() == 1


def test_a_changed_preset_is_refused_once_work_has_begun() -> None:
    campaign = load().campaign
    company, community = company_in(campaign)
    start_nomination(campaign_id=campaign.pk, community_id=community.pk, actor=company, at=AT)
    before = everything()

    with pytest.raises(CampaignInUse) as refusal:
        load(changed("places: 10", "places: 12"))

    assert refusal.value.params == {"code": "luan_2023", "events": 1}
    assert everything() == before
    assert load().outcome == "unchanged"


def test_faults_are_raised_with_their_lines_and_nothing_is_written() -> None:
    before = everything()

    with pytest.raises(PresetInvalid) as refusal:
        load(changed("places: 10", "places: 0"))

    (reason,) = refusal.value.refusals
    assert (reason.code, reason.fix, reason.params["line"]) == ("too_small", "options.places", 25)
    assert everything() == before


def test_a_rehearsal_moves_the_whole_calendar() -> None:
    campaign = load(shift_to=date(2026, 11, 30)).campaign

    assert campaign.application_opens_at == datetime(2026, 11, 29, 16, tzinfo=UTC)
    assert campaign.application_closes_at == datetime(2026, 12, 21, 16, tzinfo=UTC)
    assert campaign.report_closes_at == datetime(2027, 2, 5, 16, tzinfo=UTC)
    assert campaign.issued_on == date(2026, 11, 30)
    assert Deadline.objects.get(kind="report_closes").due_at == campaign.report_closes_at


@pytest.mark.parametrize("day", [date(9999, 12, 1), date(1, 1, 1)])
def test_a_calendar_cannot_leave_the_years_that_are_counted(day: date) -> None:
    with pytest.raises(CannotShift):
        load(changed("issued_on: 2023-07-10", "issued_on: 2023-07-01"), shift_to=day)


def test_a_campaign_is_rehearsed_beside_the_real_one_under_a_code_of_its_own() -> None:
    real = load().campaign

    rehearsed = load(code="luan_rehearsal", shift_to=date(2026, 11, 30)).campaign

    assert (real.code, rehearsed.code) == ("luan_2023", "luan_rehearsal")
    assert real.standard == rehearsed.standard
    assert Organization.objects.filter(kind=OrganizationKind.DISTRICT).count() == 9


@pytest.mark.parametrize("code", ["Luan", "2023", "a" * 51, "lu'an"])
def test_a_code_is_plain(code: str) -> None:
    with pytest.raises(InvalidCode):
        load(code=code)


def test_the_command_loads_a_preset_by_name() -> None:
    out = StringIO()

    call_command("load_campaign", "luan_2023", stdout=out)
    call_command("load_campaign", "luan_2023", stdout=out)

    assert out.getvalue().splitlines() == [
        "活动 luan_2023 已载入，申报时间 2023-07-10 至 2023-07-31。",
        (
            "下一步请导入全市投诉数据：manage.py import_complaints luan_2023 文件 --write。"
            "导入之前，每件推荐均须填写理由。"
        ),
        "活动 luan_2023 与文件一致，未作改动。",
    ]


def test_the_command_tries_a_file_without_writing(tmp_path: Path) -> None:
    path, out = tmp_path / "campaign.yaml", StringIO()
    path.write_bytes(LUAN)

    call_command("load_campaign", str(path), "--shift-to", "2026-11-30", "--dry-run", stdout=out)

    assert out.getvalue().splitlines()[0] == (
        "活动 luan_2023 已载入，申报时间 2026-11-30 至 2026-12-21。 （试运行，未写入任何内容）"
    )
    assert Campaign.objects.count() == 0


def test_the_command_tells_every_fault_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "campaign.yaml"
    path.write_bytes(changed("places: 10", "places: 0").replace(b"year: 2023", b"year: 1923"))

    with pytest.raises(CommandError) as refusal:
        call_command("load_campaign", str(path))

    assert str(refusal.value).splitlines() == [
        "活动文件有 2 处需要改正，未作任何改动。",
        "第 8 行 year：不得小于 2000。",
        "第 25 行 options.places：不得小于 1。",
    ]


def test_the_command_names_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("load_campaign", "nowhere.yaml")

    assert str(refusal.value) == "无法读取“nowhere.yaml”：No such file or directory。"


def test_the_command_takes_dates_only() -> None:
    with pytest.raises(CommandError, match="2023-07-31"):
        call_command("load_campaign", "luan_2023", "--shift-to", "tomorrow")


def test_the_command_says_why_a_load_is_refused() -> None:
    campaign = load().campaign
    company, community = company_in(campaign)
    start_nomination(campaign_id=campaign.pk, community_id=community.pk, actor=company, at=AT)

    with pytest.raises(CommandError, match="活动 luan_2023 正在使用"):
        call_command("load_campaign", "luan_2023", "--shift-to", "2026-11-30")
