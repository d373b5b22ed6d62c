"""What is said, to everybody, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from notifications.enums import Audience, Step
from notifications.letters import bundle_letter, letter_for
from notifications.samples import all_notices, notice_about, reminder_of

AT = datetime(2026, 7, 20, 2, 12, tzinfo=UTC)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Latin letters that belong into Chinese sentences: numbers of cases, addresses.
LATIN = re.compile(r"(?!YX)[A-Za-z]{3,}")
# What a missing name or date leaves behind.
GAP = re.compile(r"%\(|\(\)|（）|“”|  |\s[,.]|: \.|by \.|，，|于 +前")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_letter_is_complete_in_its_readers_language(language: str) -> None:
    faults = {}

    for name, notice in all_notices(at=AT, language=language):
        letter = letter_for(notice, outcomes=[("栖云雅苑", "shortlist")], working_days=5)
        said = [
            letter.subject,
            letter.title,
            letter.greeting,
            *letter.body,
            *letter.then,
            letter.button,
            letter.because,
        ]
        faults[name] = [sentence for sentence in said if GAP.search(sentence) or not sentence.strip()]
        if language == "zh-hans":
            faults[name] += [sentence for sentence in said if LATIN.search(sentence) or not CHINESE.search(sentence)]
        else:
            faults[name] += [letter.button] if CHINESE.search(letter.button) else []

    assert {name: found for name, found in faults.items() if found} == {}


def test_return_names_every_remark_and_the_last_day_in_chinese() -> None:
    notice = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=AT)

    letter = letter_for(notice, working_days=5)

    assert letter.subject == "退回补正：栖云雅苑自荐表，7月27日（周一）24:00 前"
    assert letter.greeting == "清和物业服务有限公司（示例）："
    assert letter.body == ("云栖区城市管理局（演示）审核了贵公司提交的栖云雅苑自荐表，有 3 处需要补正。",)
    assert letter.due is not None
    assert (letter.due.label, letter.due.text) == ("补正时限", "7月27日（周一）24:00 前")
    assert (letter.due.side_label, letter.due.side) == ("剩余时间", "5 个工作日")
    assert [item.text for item in letter.items] == [
        "满意度调查回收份数与附件不一致，请核对后补正。",
        "备案回执第 2 页不清晰，请重新扫描上传。",
        "7月17日检查发现 3 号楼北侧消防车通道停车，请说明整改情况并附照片。",
    ]
    assert letter.then[1] == "这是第 1 次退回，最多退回 2 次。"
    assert letter.footer == ("自荐件 YX-2026-003，2026年7月20日（周一）10:12，由云栖区城市管理局（演示）办理。",)


def test_last_day_counts_no_working_days() -> None:
    notice = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=AT)

    letter = letter_for(notice, working_days=0)

    assert letter.due is not None
    assert (letter.due.text, letter.due.side_label, letter.due.side) == ("7月27日（周一）24:00 前", "", "")


def test_return_says_the_same_in_english() -> None:
    notice = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=AT, language="en")

    letter = letter_for(notice, working_days=1)

    assert letter.subject == "To correct: the form of 栖云雅苑, by Monday 27 July, 24:00"
    assert letter.due is not None
    assert (letter.due.label, letter.due.text, letter.due.side) == (
        "Correct by",
        "Monday 27 July, 24:00",
        "1 working day",
    )
    assert letter.items[2].heading == "Main practice and results, Practice on requirement 7"


def test_person_is_named_inside_the_own_office_only() -> None:
    inside = notice_about("nomination", "complete_review", Audience.DISTRICT_APPROVERS, at=AT)
    outside = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=AT)

    bodies = [letter_for(notice).body[0] for notice in (inside, outside)]

    assert bodies[0] == "云栖区城市管理局（演示） 王敏已完成栖云雅苑（编号 YX-2026-003）的审核，提请审签。"
    assert "王敏" not in bodies[1]


def test_reasons_of_a_selection_stay_with_the_city() -> None:
    notice = notice_about("nomination", "pass_over", Audience.COMPANY, at=AT)

    letter = letter_for(notice)

    assert letter.quote is None


def test_section_that_the_form_no_longer_has_is_named_as_it_was_sent() -> None:
    notice = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=AT)
    assert notice.event is not None
    notice.event.payload = {"sections": [{"section": "garages", "remark": "请说明。"}]}

    letter = letter_for(notice)

    assert [(item.heading, item.text) for item in letter.items] == [("garages", "请说明。")]


def test_notice_without_a_date_names_none() -> None:
    notice = notice_about("nomination", "release", Audience.DISTRICT_REVIEWERS, at=AT, language="en")
    del notice.params["due"]

    letter = letter_for(notice)

    assert (letter.due, letter.subject) == (None, "To take up: 栖云雅苑")


@pytest.mark.parametrize(
    ("step", "title"),
    [
        (Step.SEVEN_DAYS, "剩余 7 天：补正栖云雅苑自荐表"),
        (Step.THREE_DAYS, "剩余 3 天：补正栖云雅苑自荐表"),
        (Step.ONE_DAY, "明天截止：补正栖云雅苑自荐表"),
        (Step.LAST_DAY, "今天截止：补正栖云雅苑自荐表"),
        (Step.OVERDUE, "已逾期：补正栖云雅苑自荐表"),
    ],
)
def test_reminder_counts_the_days(step: Step, title: str) -> None:
    notice = reminder_of("nomination", "correction_due", step, Audience.COMPANY, at=AT)

    letter = letter_for(notice)

    assert letter.title == title


def test_escalation_speaks_to_the_office_above() -> None:
    notice = reminder_of(
        "recommendation_summary",
        "district_closes",
        Step.OVERDUE,
        Audience.DISTRICT_APPROVERS,
        above=True,
        at=AT,
        language="en",
    )

    letter = letter_for(notice)

    assert letter.subject == "Overdue: send the recommendation summary"
    assert letter.then == (
        "You are told because the next decision is yours: see to it that it is done, or that it is extended.",
    )
    assert letter.due is not None
    assert (letter.due.label, letter.due.text) == ("Was due", "Sunday 19 July, 24:00")


def test_year_is_named_where_it_is_another_one() -> None:
    at = datetime(2026, 12, 28, 4, tzinfo=UTC)
    notice = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=at)

    letter = letter_for(notice)

    assert letter.subject == "退回补正：栖云雅苑自荐表，2027年1月4日（周一）24:00 前"


def test_end_within_a_day_is_named_by_its_hour() -> None:
    until = datetime(2026, 7, 27, 10, tzinfo=UTC).isoformat()
    notice = notice_about("nomination", "return_for_correction", Audience.COMPANY, at=AT, due=until)

    letter = letter_for(notice)

    assert letter.subject == "退回补正：栖云雅苑自荐表，7月27日（周一）18:00 前"


def test_unknown_language_falls_back_to_chinese() -> None:
    notice = notice_about("nomination", "lapse", Audience.COMPANY, at=AT, language="fr")

    letter = letter_for(notice)

    assert (letter.language, letter.subject) == ("zh-hans", "逾期作废：栖云雅苑申报")


def test_bundle_lists_every_notice_with_its_own_page() -> None:
    first = notice_about("nomination", "claim", Audience.COMPANY, at=AT, language="en")
    second = notice_about("nomination", "lapse", Audience.COMPANY, at=AT, language="en")

    letter = bundle_letter([first, second], is_repeat=True)

    assert letter.subject == "Now being checked: the form of 栖云雅苑, and more: 2 notices"
    assert [item.url.split("/")[-2] for item in letter.items] == [str(first.pk), str(second.pk)]
    assert letter.repeat.startswith("This mail may have reached you before")


def test_sentence_with_a_place_that_an_old_notice_lacks_is_still_said() -> None:
    notice = notice_about("nomination", "record_award", Audience.COMPANY, at=AT, language="en")
    del notice.params["award"]

    letter = letter_for(notice)

    assert letter.body[0].startswith("Congratulations: the province has given 栖云雅苑 the title of .")


def test_returned_work_report_names_what_is_to_be_mended_in_each_section() -> None:
    letter = letter_for(notice_about("work_report", "return", Audience.DISTRICT_PAIR, at=AT))

    assert letter.items_heading == "需要补正的内容"
    assert [(item.heading, item.text) for item in letter.items] == [
        ("存在问题", "请写明收费率低的小区数量和原因。"),
        ("建议", "建议请分条列出，并注明责任单位。"),
    ]
