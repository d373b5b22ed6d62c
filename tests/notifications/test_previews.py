"""What a company would be told is what it is told: the sentences of the notice, before there is an event."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from nominations.enums import Window
from notifications.enums import Audience
from notifications.letters import letter_for
from notifications.previews import said_to_company
from notifications.samples import notice_about

AT = datetime(2026, 8, 20, 2, tzinfo=UTC)
ENDS = {Window.REPORT: datetime(2026, 9, 25, 16, tzinfo=UTC)}


def named(name: str) -> Any:
    """Return something with a name."""
    return SimpleNamespace(name=name)


def case() -> Any:
    """Return a nomination as the samples name it."""
    return SimpleNamespace(
        number="YX-2026-003",
        community=named("栖云雅苑"),
        company=named("清和物业服务有限公司（示例）"),
        district=named("云栖区城市管理局（演示）"),
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("move", ["shortlist", "reserve", "pass_over"])
def test_preview_says_what_the_notice_will_say(move: str, language: str) -> None:
    due = ENDS[Window.REPORT].isoformat()
    letter = letter_for(notice_about("nomination", move, Audience.COMPANY, at=AT, language=language, due=due))
    campaign = SimpleNamespace(title="活动", city=named("示例市城市管理局（演示）"))

    with override(language):
        said = said_to_company(case(), move, campaign=campaign, ends=ENDS, at=AT)

    assert said is not None
    assert (said.title, said.body, said.then) == (letter.title, letter.body[0], "\n".join(letter.then))


def test_nothing_is_said_of_what_nobody_is_told() -> None:
    assert said_to_company(case(), "stay", campaign=SimpleNamespace(), ends=ENDS, at=AT) is None
