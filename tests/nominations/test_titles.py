"""S-16: the register of titles says what the moves have said: since when, until when, by which document, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from nominations.enums import TitleStanding
from nominations.models import Nomination
from nominations.queries.title import in_standing, public_title, titles_for
from nominations.rules.title import last_day_of, standing_of
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.workflow.tampering import place
from workflow import engine
from workflow.errors import MoveRefused
from workflow.models import Event

pytestmark = pytest.mark.django_db
AT = datetime(2023, 12, 20, 2, tzinfo=UTC)
LATER = datetime(2025, 3, 1, 2, tzinfo=UTC)
GIVEN, TAKEN = "建房函〔2023〕900号", "建房函〔2025〕18号"


def reported(programme: Programme, number: str = "") -> Nomination:
    """Return a nomination that has been reported to the province, past its way there."""
    return place(stages.drafted(programme), "reported", **({"number": number} if number else {}))  # type: ignore[no-any-return]  # whatever was placed


def awarded(programme: Programme, at: datetime = AT, **payload: Any) -> Nomination:
    """Return a nomination that has been given its title."""
    return decided(programme, reported(programme), "record_award", at, {"result_document": GIVEN, **payload})


def decided(
    programme: Programme, nomination: Nomination, name: str, at: datetime, payload: Mapping[str, Any]
) -> Nomination:
    """Make a move about a title and return the nomination."""
    actor = programme.city_approver if name == "revoke" else programme.city_reviewer
    engine.perform(Nomination, nomination.pk, name, actor=actor, at=at, comment="据文件。", payload=payload)
    found: Nomination = Nomination.objects.get(pk=nomination.pk)
    return found


def refusals(programme: Programme, nomination: Nomination, name: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """Return the codes of the refusal of a move, by where it is mended."""
    with pytest.raises(MoveRefused) as refused:
        decided(programme, nomination, name, LATER, payload)
    return {refusal.fix: refusal.code for refusal in refused.value.refusals}


def test_award_enters_the_title_for_the_years_of_the_campaign() -> None:
    programme = stages.programme(title_years=3)

    title = awarded(programme)

    assert (title.result_document, title.title_from, title.title_until) == (
        GIVEN,
        date(2023, 12, 20),
        date(2026, 12, 19),
    )
    event = Event.objects.get(subject_id=title.pk, name="record_award")
    assert event.changes["title_until"] == {"old": None, "new": "2026-12-19"}


def test_title_without_years_has_no_end(programme: Programme) -> None:
    title = awarded(programme)

    assert (title.title_until, title.title_standing(date(2099, 1, 1))) == (None, TitleStanding.VALID)


def test_document_may_name_its_day_and_the_last_one() -> None:
    programme = stages.programme(title_years=3)

    title = awarded(programme, decided_on="2023-12-01", valid_until="2024-12-31")

    assert (title.title_from, title.title_until) == (date(2023, 12, 1), date(2024, 12, 31))


def test_day_of_the_move_is_the_local_one(programme: Programme) -> None:
    assert awarded(programme, datetime(2023, 12, 19, 17, tzinfo=UTC)).title_from == date(2023, 12, 20)


def test_revocation_keeps_what_gave_the_title(programme: Programme) -> None:
    title = awarded(programme)

    revoked = decided(programme, title, "revoke", LATER, {"result_document": TAKEN, "decided_on": "2025-02-20"})

    assert (revoked.result_document, revoked.title_from) == (GIVEN, date(2023, 12, 20))
    assert (revoked.revocation_document, revoked.revoked_on) == (TAKEN, date(2025, 2, 20))
    assert revoked.title_standing(date(2025, 3, 1)) == TitleStanding.REVOKED


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({}, {"data.result_document": "result_document_missing"}),
        ({"result_document": 7}, {"data.result_document": "result_document_missing"}),
        ({"result_document": "号" * 201}, {"data.result_document": "result_document_missing"}),
        ({"result_document": GIVEN, "decided_on": "2023-02-30"}, {"data.decided_on": "not_a_date"}),
        ({"result_document": GIVEN, "decided_on": ["2023"]}, {"data.decided_on": "not_a_date"}),
        ({"result_document": GIVEN, "decided_on": "2025-03-02"}, {"data.decided_on": "in_future"}),
        ({"result_document": GIVEN, "decided_on": "2022-12-31"}, {"data.decided_on": "before_campaign"}),
        (
            {"result_document": GIVEN, "decided_on": "2025-02-01", "valid_until": "2025-01-31"},
            {"data.valid_until": "ends_early"},
        ),
        ({"result_document": GIVEN, "until": "2026-01-01"}, {"data.until": "unknown_input"}),
        (
            {"decided_on": "x", "valid_until": "y"},
            {
                "data.result_document": "result_document_missing",
                "data.decided_on": "not_a_date",
                "data.valid_until": "not_a_date",
            },
        ),
    ],
)
def test_award_says_everything_that_is_wrong(
    programme: Programme, payload: dict[str, Any], expected: dict[str, str]
) -> None:
    assert refusals(programme, reported(programme), "record_award", payload) == expected


def test_title_is_not_taken_back_before_it_was_given(programme: Programme) -> None:
    payload = {"result_document": TAKEN, "decided_on": "2023-12-19"}

    assert refusals(programme, awarded(programme), "revoke", payload) == {"data.decided_on": "before_title"}


def test_no_award_may_name_its_document_and_need_not(programme: Programme) -> None:
    named = decided(programme, reported(programme), "record_no_award", AT, {"result_document": f" {GIVEN} "})
    unnamed = decided(programme, reported(programme), "record_no_award", AT, {})

    assert (named.result_document, unnamed.result_document) == (GIVEN, "")
    assert refusals(programme, reported(programme), "record_no_award", {"result_document": ["x"]}) == {
        "data.result_document": "result_document_missing"
    }


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2023, 12, 20), 1, date(2024, 12, 19)),
        (date(2024, 1, 1), 3, date(2026, 12, 31)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2023, 3, 1), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 32_767, date(9999, 2, 28)),
    ],
)
def test_last_day_is_the_eve_of_the_anniversary(first: date, years: int, last: date) -> None:
    assert last_day_of(first, years) == last


def test_title_is_over_on_the_day_after_its_last() -> None:
    last = date(2026, 12, 19)

    assert [standing_of("awarded", last, date(2026, 12, day)) for day in (18, 19, 20)] == [
        TitleStanding.VALID,
        TitleStanding.VALID,
        TitleStanding.EXPIRED,
    ]


def test_register_sorts_by_standing_as_each_title_says_of_itself() -> None:
    programme = stages.programme(title_years=1)
    valid, expired = awarded(programme, LATER), awarded(programme)
    revoked = decided(programme, awarded(programme), "revoke", LATER, {"result_document": TAKEN})
    endless = awarded(programme, valid_until="2199-12-31")
    reported(programme)
    today = date(2025, 3, 1)

    register = titles_for(programme.city_reviewer)

    sorted_by = {
        standing: set(in_standing(register, standing, today).values_list("pk", flat=True)) for standing in TitleStanding
    }
    assert sorted_by == {
        TitleStanding.VALID: {valid.pk, endless.pk},
        TitleStanding.EXPIRED: {expired.pk},
        TitleStanding.REVOKED: {revoked.pk},
    }
    assert {title.pk: title.title_standing(today) for title in register} == {
        pk: standing for standing, pks in sorted_by.items() for pk in pks
    }


def test_register_shows_nobody_what_is_not_theirs(programme: Programme) -> None:
    elsewhere = stages.programme()
    awarded(programme)

    seen = [
        titles_for(actor).count()
        for actor in (programme.company.admin, programme.bureau.approver, programme.auditor, programme.province_viewer)
    ]

    assert seen == [1, 1, 1, 1]
    assert [titles_for(actor).count() for actor in (elsewhere.company.admin, elsewhere.city_reviewer)] == [0, 0]


def test_anybody_verifies_a_title_by_its_number(programme: Programme) -> None:
    title = decided(programme, reported(programme, "JA-2023-001"), "record_award", AT, {"result_document": GIVEN})

    [found] = public_title("JA-2023-001", today=date(2024, 1, 1))

    assert (found.community, found.document, found.standing) == (title.community.name, GIVEN, TitleStanding.VALID)
    assert public_title("JA-2023-002", today=date(2024, 1, 1)) == []
    assert public_title("", today=date(2024, 1, 1)) == []
