"""A preset as a file: what is read, what is refused, and in which line (rows S-01, S-08, S-10, S-11)."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation

from nominations.presets import preset_content, preset_names
from nominations.rules.preset import Fault, Preset, read_preset, shifted
from nominations.rules.preset.reading import MOST_BYTES

HERE = Path(__file__).resolve().parent
NOTICE = HERE.parents[2] / "shared" / "design" / "notice-2023.txt"
ANNEXES = (HERE / "notice_annexes.txt").read_text(encoding="utf-8")
LUAN = preset_content("luan_2023").decode()


def preset_of(text: str) -> Preset:
    """Return the preset in a text that has no faults."""
    preset, faults = read_preset(text.encode())
    assert faults == []
    assert preset is not None
    return preset


def faults_of(text: str | bytes) -> list[tuple[int, str, str]]:
    """Return line, entry and code of each fault."""
    preset, faults = read_preset(text if isinstance(text, bytes) else text.encode())
    assert preset is None
    return [(fault.line, fault.path, fault.code) for fault in faults]


def line_of(text: str, part: str) -> int:
    """Return the line in which ``part`` first stands."""
    return text.count("\n", 0, text.index(part)) + 1


def changed(before: str, after: str) -> str:
    """Return the preset of Lu'an with one place changed."""
    assert before in LUAN
    return LUAN.replace(before, after, 1)


def test_the_presets_that_come_along_have_no_faults() -> None:
    assert {name: read_preset(preset_content(name))[1] for name in preset_names()} == {
        "luan_2023": [],
        "shili_demo": [],
    }


def test_the_excerpt_is_the_notice() -> None:
    """The annexes kept beside this test are those of the notice, wherever the notice is at hand."""
    if not NOTICE.exists():
        pytest.skip("the notice is not beside this repository; the excerpt of its annexes was compared instead")
    assert ANNEXES in NOTICE.read_text(encoding="utf-8")


def test_requirements_have_the_wording_of_annex_one() -> None:
    """S-10: eight requirements, word for word."""
    published = re.findall(r"^\d\.(.+)$", ANNEXES.split("附件2")[0], re.MULTILINE)

    requirements = preset_of(LUAN).requirements

    assert [row.text for row in requirements] == published
    assert [row.number for row in requirements] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_items_have_the_wording_of_annex_two() -> None:
    """S-11: 25 items in groups of 5, 4, 9 and 7, word for word but for the two slips that the notice's header names."""
    published = [text.strip() for text in re.findall(r"^\d\.(.+?) ?\|", ANNEXES.split("附件2")[1], re.MULTILINE)]
    preset = preset_of(LUAN)
    corrected = {row["text"]: row["published"] for row in preset.corrected_wording}

    texts = [item.text for group in preset.standard.groups for item in group.items]

    assert [corrected.get(text, text) for text in texts] == published
    assert len(texts) == 25
    assert [(row["item"], row["text"][:9]) for row in preset.corrected_wording] == [
        ("一-2", "多方联动机制或联席"),
        ("一-3", "小区有党建活动场所"),
    ]


def test_groups_have_the_weights_of_annex_two() -> None:
    groups = preset_of(LUAN).standard.groups

    assert [(group.number, group.title, int(group.weight), len(group.items)) for group in groups] == [
        ("一", "党建引领机制完善", 20, 5),
        ("二", "业主委员会和物业管理委员会等运行规范", 20, 4),
        ("三", "物业管理服务规范高效", 40, 9),
        ("四", "部门执法和专项服务进小区", 20, 7),
    ]


def test_the_demo_is_judged_by_the_same_standard() -> None:
    demo, luan = preset_of(preset_content("shili_demo").decode()), preset_of(LUAN)

    assert (demo.standard, demo.requirements) == (luan.standard, luan.requirements)


def test_the_legal_basis_keeps_its_brackets() -> None:
    assert "(建房函〔2023〕332号)" in preset_of(LUAN).legal_basis


def test_the_districts_are_those_of_the_city() -> None:
    codes = {part.code: part.name for part in preset_of(LUAN).districts if part.code.isdigit()}

    assert codes == {
        "341502": "金安区",
        "341503": "裕安区",
        "341504": "叶集区",
        "341522": "霍邱县",
        "341523": "舒城县",
        "341524": "金寨县",
        "341525": "霍山县",
    }


def test_last_days_end_with_the_day_in_shanghai() -> None:
    """S-08: "31 July" is before 1 August, 00:00, in Shanghai."""
    instants = {name: at.astimezone(UTC) for name, at in preset_of(LUAN).calendar.instants().items()}

    assert instants == {
        "application_opens_at": datetime(2023, 7, 9, 16, tzinfo=UTC),
        "application_closes_at": datetime(2023, 7, 31, 16, tzinfo=UTC),
        "district_closes_at": datetime(2023, 7, 31, 16, tzinfo=UTC),
        "evaluation_closes_at": datetime(2023, 8, 31, 16, tzinfo=UTC),
        "work_report_closes_at": datetime(2023, 8, 31, 16, tzinfo=UTC),
        "report_closes_at": datetime(2023, 9, 15, 16, tzinfo=UTC),
    }


def test_checks_are_data() -> None:
    """S-10: operators and figures of the machine's checks come from the file; without a check a person judges."""
    checks = {row.number: (row.check_kind, dict(row.parameters)) for row in preset_of(LUAN).requirements}

    assert checks == {
        1: (
            "figures",
            {
                "figures": [
                    {"figure": "satisfaction_rate", "operator": ">", "limit": "90"},
                    {"figure": "fee_collection_rate", "operator": ">", "limit": "90"},
                    {"figure": "complaint_rate", "best_percent": "5"},
                ]
            },
        ),
        4: ("committee_in_term", {}),
        6: ("no_penalty", {"months": 12, "before": "application_closes"}),
        **{number: ("judged", {}) for number in (2, 3, 5, 7, 8)},
    }


def test_shifting_keeps_every_distance() -> None:
    moved = shifted(preset_of(LUAN), date(2027, 1, 4))

    assert moved.calendar.application_opens == date(2027, 1, 4)
    assert moved.calendar.application == date(2027, 1, 25)
    assert moved.calendar.report == date(2027, 3, 12)
    assert (moved.issued_on, moved.year) == (date(2027, 1, 4), 2027)


def test_comments_and_order_do_not_change_the_digest() -> None:
    reordered = changed("year: 2023\nissued_on: 2023-07-10\n", "issued_on: 2023-07-10  # Monday\nyear: 2023\n")

    assert preset_of(reordered).digest == preset_of(LUAN).digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("year: 2023", "year: 2024"),
        ("places: 10", "places: 9"),
        ("prefix: JA", "prefix: JAQ"),
        (
            "weight: 20",
            "weight: 20\n      items:\n        - text: 一\n    - number: 五\n      title: 五\n      weight: 0.5",
        ),
        ("best_percent: 5", "best_percent: 6"),
        ("小区实施生活垃圾分类。", "小区实施垃圾分类。"),
        ("last_day: 2023-09-15", "last_day: 2023-09-16"),
    ],
)
def test_every_change_of_meaning_changes_the_digest(before: str, after: str) -> None:
    if "weight" in before:
        after = after.replace("weight: 20", "weight: 19.5")

    assert preset_of(changed(before, after)).digest != preset_of(LUAN).digest


# What is changed, into what, a text that begins in the line of the fault, the entry and the code.
ONE_FAULT = [
    ("code: luan_2023\n", "", "title:", "code", "missing"),
    ("year: 2023", "year: 2023\nmonth: 7", "month:", "month", "unknown"),
    ("year: 2023", "year: MMXXIII", "year:", "year", "wrong_kind"),
    ("year: 2023", "year: 0x7E7", "year:", "year", "wrong_kind"),
    ("year: 2023", "year: 2023.5", "year:", "year", "wrong_kind"),
    ("year: 2023", "year: yes", "year:", "year", "wrong_kind"),
    ("year: 2023", "year:", "year:", "year", "wrong_kind"),
    ("year: 2023", "year: 1923", "year:", "year", "too_small"),
    ("year: 2023", "year: 20230", "year:", "year", "too_large"),
    ("year: 2023", "year: !!binary MjAyMw==", "year:", "year", "unknown_tag"),
    ("code: luan_2023", "code: Lu'an", "code:", "code", "wrong_form"),
    ("code: luan_2023", "code: " + "a" * 51, "code:", "code", "too_long"),
    ("award: “美好家园”小区", 'award: ""', "award:", "award", "too_short"),
    ("award: “美好家园”小区", 'award: "美好\\u202e家园"', "award:", "award", "hidden_characters"),
    ("award: “美好家园”小区", 'award: "\\ud800"', "award:", "award", "hidden_characters"),
    ("year: 2023", 'year: 2023\n"\\ud800": 1', '"\\ud800"', "?", "key_not_text"),
    ("issued_on: 2023-07-10", "issued_on: 2023-02-30", "issued_on:", "issued_on", "not_a_date"),
    ("issued_on: 2023-07-10", "issued_on: 10 July", "issued_on:", "issued_on", "not_a_date"),
    ("  four_eyes: true", "  four_eyes: maybe", "  four_eyes:", "options.four_eyes", "wrong_kind"),
    (
        "  district_share: 0",
        "  district_share: 0.0005",
        "  district_share:",
        "options.district_share",
        "not_in_steps",
    ),
    ("  district_share: 0", "  district_share: .nan", "  district_share:", "options.district_share", "wrong_kind"),
    ("  places: 10", "  places: 10\n  places: 12", "  places: 12", "options.places", "repeated"),
    ("  reserves: 3", "  reserves: -1", "  reserves:", "options.reserves", "too_small"),
    ("  reserves: 3", "  concentration_share: 0", "  concentration_share:", "options.concentration_share", "too_small"),
    (
        "  reserves: 3",
        "  concentration_share: 101",
        "  concentration_share:",
        "options.concentration_share",
        "too_large",
    ),
    (
        "  reserves: 3",
        "  concentration_binding: true",
        "  concentration_binding:",
        "options.concentration_binding",
        "share_missing",
    ),
    ("  reserves: 3", "  title_years: 0", "  title_years:", "options.title_years", "too_small"),
    ("[党建引领, 多方协调", "[党建引领, 党建引领", "  practice_tags:", "options.practice_tags", "repeated"),
    ("[微信公众号, ", "[7, ", "  publicity_channels:", "options.publicity_channels[1]", "wrong_kind"),
    ("  places: 10", "  places: 10\n  7: 12", "  7: 12", "options.?", "key_not_text"),
    ("prefix: YA", "prefix: JA", 'code: "341503"', "districts[2].prefix", "repeated"),
    ('"341503"', '"341502"', "name: 裕安区", "districts[2].code", "repeated"),
    ('"341503"', "341503", "name: 裕安区", "districts[2].code", "wrong_kind"),
    ("name: 裕安区", "name: 金安区", "prefix: YA", "districts[2].name", "repeated"),
    ("number: 二", "number: 一", "number: 一\n      title: 业主", "standard.groups[2].number", "repeated"),
    ("weight: 40", "weight: 41", "groups:", "standard.groups", "weights_not_100"),
    ("weight: 40", "weight: 40.005", "weight: 40.005", "standard.groups[3].weight", "not_in_steps"),
    (
        "- number: 2\n",
        "- number: 3\n",
        "- number: 3\n    text: 小区党组织",
        "requirements[2].number",
        "number_out_of_order",
    ),
    ('operator: ">"', 'operator: "<"', 'operator: "<"', "requirements[1].check.figures[1].operator", "not_a_choice"),
    ("kind: committee_in_term", "kind: committee", "kind: committee}", "requirements[4].check.kind", "not_a_choice"),
    ("months: 12, ", "", "kind: no_penalty", "requirements[6].check.months", "missing"),
    ("best_percent: 5", "limit: 5", "limit: 5", "requirements[1].check.figures[3].limit", "unknown"),
]


@pytest.mark.parametrize(("before", "after", "marked", "path", "code"), ONE_FAULT)
def test_a_fault_is_told_with_its_line(before: str, after: str, marked: str, path: str, code: str) -> None:
    text = changed(before, after)

    faults = faults_of(text)

    assert (line_of(text, marked), path, code) in faults


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("opens_on: 2023-07-10", "opens_on: 2023-08-10", "calendar.application.last_day"),
        ("district: {last_day: 2023-07-31}", "district: {last_day: 2023-07-30}", "calendar.district.last_day"),
        ("evaluation: {last_day: 2023-08-31}", "evaluation: {last_day: 2023-07-30}", "calendar.evaluation.last_day"),
        ("work_report: {last_day: 2023-08-31}", "work_report: {last_day: 2023-07-01}", "calendar.work_report.last_day"),
        ("report: {last_day: 2023-09-15}", "report: {last_day: 2023-08-30}", "calendar.report.last_day"),
    ],
)
def test_days_out_of_order_are_told(before: str, after: str, path: str) -> None:
    faults = faults_of(changed(before, after))

    assert [(entry, code) for _line, entry, code in faults] == [(path, "out_of_order")]


def test_a_correction_that_corrects_nothing_is_told() -> None:
    text = changed("机制活联席", "机制或联席")

    assert faults_of(text) == [(line_of(text, "published:"), "standard.groups[1].items[2].published", "not_corrected")]


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = changed("year: 2023", "year: x").replace("places: 10", "places: 0").replace("months: 12", "months: 0")

    assert [code for _line, _path, code in faults_of(text)] == ["wrong_kind", "too_small", "too_small"]


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"", 1, "empty"),
        (b"# only a comment\n", 1, "empty"),
        (b"code: a\ntitle: [b\n", 3, "not_yaml"),
        (b"code: a\n---\ncode: b\n", 2, "not_yaml"),
        (b"code: a\n\ttitle: b\n", 2, "not_yaml"),
        (b"code: a\ntitle: \x07\n", 2, "not_yaml"),
        ("code: a\ntitle: 家园\n".encode("gb18030"), 2, "not_utf8"),
        (b"a" * (MOST_BYTES + 1), 1, "too_large"),
        (b"[" * 5000, 1, "too_deep"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, line: int, code: str) -> None:
    assert [(found, why) for found, _path, why in faults_of(content)] == [(line, code)]


def test_a_list_is_no_preset() -> None:
    assert faults_of("- code: luan_2023\n") == [(1, "", "wrong_kind")]


def test_deep_nesting_is_told_once() -> None:
    text = changed("legal_basis:", "deep: " + "[" * 60 + "]" * 60 + "\nlegal_basis:")

    codes = [code for _line, _path, code in faults_of(text)]

    assert codes == ["unknown", "too_deep"]


def test_an_alias_is_refused_rather_than_followed() -> None:
    """An alias of an alias of an alias would grow without bound."""
    text = changed("award: “美好家园”小区", "award: &award “美好家园”小区").replace(
        "goal: |-", "goal: *award\nrest: |-"
    )

    faults = [fault for fault in faults_of(text) if fault[1] == "goal"]

    assert faults == [(line_of(text, "goal: *award"), "goal", "alias")]


def test_a_preset_of_another_name_is_not_there() -> None:
    with pytest.raises(KeyError):
        preset_content("../luan_2023")


ODD = (
    "[]", "{}", "null", "-1", "1e400", ".nan", "2023-02-30", "0o17", "1_000", "12:30:45", "!!set {a}", "*x", "&x y",
    '"\\u0000"', '"\\ud800"', "<<: {a: 1}", "? a", "|", "%TAG", "@", "9" * 400, "汉" * 6000, "!!bool maybe", "=",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_no_mangled_file_breaks_the_reader(seed: int) -> None:
    """Whatever a file holds, it is a preset or a list of faults, each in a line of the file."""
    chance = random.Random(seed)
    lines = LUAN.splitlines()
    for _ in range(3):
        place = chance.randrange(len(lines))
        lines[place] = lines[place].split(":")[0] + ": " + chance.choice(ODD)
        lines.insert(chance.randrange(len(lines)), lines[chance.randrange(len(lines))])
        del lines[chance.randrange(len(lines))]

    preset, faults = read_preset("\n".join(lines).encode())

    assert (preset is None) == bool(faults)
    assert [fault for fault in faults if not (1 <= fault.line <= len(lines) + 1 and told(fault))] == []


def test_faults_speak_both_languages() -> None:
    _preset, faults = read_preset(changed("places: 10", "places: 0").encode())

    with translation.override("en"):
        english = told(faults[0])
    with translation.override("zh-hans"):
        chinese = told(faults[0])

    assert (english, chinese) == ("This must be at least 1.", "不得小于 1。")


def told(fault: Fault) -> str:
    """Return the sentence of a fault in the active language."""
    return str(fault.message) % dict(fault.params)


def test_item_may_be_refined_into_parts_by_the_city() -> None:
    """S-19: the parts are scored in the place of the item."""
    text = changed(
        "        - text: 小区实施生活垃圾分类。",
        "        - text: 小区实施生活垃圾分类。\n          parts: [定点。, 有人引导。]",
    )

    items = preset_of(text).standard.groups[3].items

    assert [part.text for item in items for part in item.parts] == ["定点。", "有人引导。"]


@pytest.mark.parametrize("refinements", ["{九-1: [甲。, 乙。]}", "{四-6: [甲。, 乙。]}"])
def test_district_refines_only_plain_items_of_the_standard(refinements: str) -> None:
    text = changed("authority: 金安区城市管理局}", f"authority: 金安区城市管理局, refinements: {refinements}}}")
    text = text.replace(
        "        - text: 小区实施生活垃圾分类。",
        "        - text: 小区实施生活垃圾分类。\n          parts: [定点。, 有人引导。]",
    )

    [(_line, path, code)] = faults_of(text)

    assert (path.startswith("districts[1].refinements"), code) == (True, "item_unknown")


@pytest.mark.parametrize("parts", ["[甲。]", "[]", "甲。"])
def test_parts_are_at_least_two(parts: str) -> None:
    text = changed(
        "        - text: 小区实施生活垃圾分类。", f"        - text: 小区实施生活垃圾分类。\n          parts: {parts}"
    )

    [(_line, path, _code)] = faults_of(text)

    assert path == "standard.groups[4].items[6].parts"


@pytest.mark.parametrize("counting", ["raw", "adjusted"])
def test_what_counts_of_a_panel_is_an_option(counting: str) -> None:
    assert preset_of(changed("counting: trimmed", f"counting: {counting}")).options["counting"] == counting
