"""S-09: what keeps an evaluator from a community, judged from facts alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.enums import ConflictCause, ConflictKind
from nominations.rules.availability import Away, days_there, is_available, is_away
from nominations.rules.conflict import Background, Conflict, Matter, Relation, conflicts, group_of, looked_back

COMMUNITY, COMPANY, BUREAU, OWNER, ELSEWHERE = (UUID(int=number) for number in range(1, 6))
ME, SOMEBODY = 1, 2
SINCE = date(2020, 8, 8)
NAMES = {COMMUNITY: "示例花园", COMPANY: "示例物业", BUREAU: "示例区城管局", OWNER: "示例集团"}
MATTER = Matter(COMMUNITY, COMPANY, BUREAU, frozenset({OWNER}), frozenset({SOMEBODY}), NAMES)


def found(background: Background, user: int = ME) -> list[tuple[ConflictCause, ConflictKind, str]]:
    return [(one.cause, one.kind, one.about) for one in conflicts(user, background, MATTER, since=SINCE)]


def test_stranger_has_no_conflict() -> None:
    assert found(Background(ELSEWHERE, ELSEWHERE, ((ELSEWHERE, None),))) == []


@pytest.mark.parametrize(
    ("office", "cause", "kind"),
    [
        (COMPANY, ConflictCause.COMPANY, ConflictKind.EMPLOYMENT),
        (OWNER, ConflictCause.GROUP, ConflictKind.OWNERSHIP),
        (BUREAU, ConflictCause.AUTHORITY, ConflictKind.EMPLOYMENT),
    ],
)
def test_office_concerned_is_a_conflict(office: UUID, cause: ConflictCause, kind: ConflictKind) -> None:
    expected = [(cause, kind, NAMES[office])]

    assert found(Background(offices=((office, None),))) == expected
    assert found(Background(employer_id=office)) == expected
    assert found(Background(employer_id=office, offices=((office, None),))) == expected


def test_home_is_a_conflict() -> None:
    assert found(Background(home_id=COMMUNITY)) == [(ConflictCause.HOME, ConflictKind.RESIDENCE, "示例花园")]


def test_nobody_scores_for_district_and_city() -> None:
    assert found(Background(), SOMEBODY) == [(ConflictCause.DISTRICT_SCORER, ConflictKind.OTHER, "示例花园")]


@pytest.mark.parametrize("kind", [kind for kind in ConflictKind if kind != ConflictKind.NONE])
@pytest.mark.parametrize("about", [COMPANY, OWNER, BUREAU])
def test_declared_relation_to_an_office_is_a_conflict(kind: ConflictKind, about: UUID) -> None:
    assert found(Background(relations=(Relation(kind, about),))) == [(ConflictCause.DECLARED, kind, NAMES[about])]


def test_declared_relation_to_the_community_is_a_conflict() -> None:
    relation = Relation(ConflictKind.FAMILY, community_id=COMMUNITY)

    assert found(Background(relations=(relation,))) == [(ConflictCause.DECLARED, ConflictKind.FAMILY, "示例花园")]


def test_declaring_that_there_is_nothing_is_no_conflict() -> None:
    assert found(Background(relations=(Relation(ConflictKind.NONE, community_id=COMMUNITY),))) == []


@pytest.mark.parametrize(("day", "counts"), [(date(2020, 8, 8), True), (date(2020, 8, 7), False)])
def test_what_ended_before_the_look_back_is_over(day: date, counts: bool) -> None:
    until = datetime(day.year, day.month, day.day, tzinfo=UTC)

    assert bool(found(Background(offices=((COMPANY, until),)))) is counts
    assert bool(found(Background(relations=(Relation(ConflictKind.FAMILY, COMPANY, ended_on=day),)))) is counts


def test_look_back_counts_whole_years() -> None:
    assert looked_back(date(2024, 2, 29), 3) == date(2021, 2, 28)


def test_group_holds_owners_and_what_belongs_to_them() -> None:
    sister, daughter, stranger = UUID(int=11), UUID(int=12), UUID(int=13)
    owners = {COMPANY: OWNER, sister: OWNER, daughter: COMPANY, stranger: ELSEWHERE}

    assert group_of(COMPANY, owners) == {OWNER, sister, daughter}


def test_group_of_a_circle_ends() -> None:
    assert group_of(COMPANY, {COMPANY: OWNER, OWNER: COMPANY}) == {OWNER}


def test_refusal_names_the_kind_and_not_the_words() -> None:
    refusal = Conflict(ConflictCause.DECLARED, ConflictKind.FAMILY, "示例物业").refusal()

    assert (refusal.code, dict(refusal.params)) == (
        "conflict_declared",
        {"about": "示例物业", "kind": ConflictKind.FAMILY.label},
    )


def test_absence_holds_both_of_its_ends() -> None:
    away = [Away(date(2023, 8, 8), date(2023, 8, 9))]

    assert [is_away(away, date(2023, 8, day)) for day in (7, 8, 9, 10)] == [False, True, True, False]
    assert days_there(away, date(2023, 8, 7), date(2023, 8, 10)) == 2


@pytest.mark.parametrize(("last_away", "there"), [(15, True), (16, False)])
def test_available_is_who_is_there_half_of_the_days(last_away: int, there: bool) -> None:
    away = [Away(date(2023, 8, 11), date(2023, 8, last_away))]

    assert is_available(away, date(2023, 8, 11), date(2023, 8, 20)) is there


def test_nobody_is_available_after_the_end() -> None:
    assert not is_available([], date(2023, 8, 21), date(2023, 8, 20))


PARTIES = st.sampled_from([COMMUNITY, COMPANY, BUREAU, OWNER, ELSEWHERE])
KINDS = st.sampled_from([kind for kind in ConflictKind if kind != ConflictKind.NONE])
BACKGROUNDS = st.builds(
    Background,
    employer_id=st.none() | PARTIES,
    home_id=st.none() | PARTIES,
    offices=st.lists(st.tuples(PARTIES, st.none()), max_size=3).map(tuple),
    relations=st.lists(
        st.builds(Relation, KINDS, PARTIES) | st.builds(Relation, KINDS, community_id=PARTIES), max_size=3
    ).map(tuple),
)


@given(BACKGROUNDS, st.sampled_from([ME, SOMEBODY]))
def test_nobody_has_a_conflict_who_is_near_no_party(background: Background, user: int) -> None:
    is_near = bool(background.about & MATTER.parties) or user in MATTER.district_scorers

    assert is_near or not found(background, user)
