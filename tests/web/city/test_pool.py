"""The pool of evaluators: who is in it and how each stands; entered, changed, suspended by the reviewer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from common.instants import local_date
from nominations.enums import AssignmentEnd, Capacity, ConflictKind, Specialty
from nominations.models import Assignment, Declaration, Evaluator, Nomination
from nominations.operations.assignment import assign_evaluator
from nominations.operations.conflict import declare
from tests.nominations import city_stages, factories, stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read

pytestmark = pytest.mark.django_db


def profile_of(person: Actor) -> Evaluator:
    return Evaluator.objects.get(user=person.user_id)


def posted(programme: Programme, page: str, *keys: Any, by: Actor | None = None, **sent: Any) -> Any:
    """Return the answer to a form that the reviewer sends."""
    return desk(by or programme.city_reviewer).post(reverse(page, args=keys), sent)


def facts(**changed: Any) -> dict[str, Any]:
    """Return what the form sends of an evaluator."""
    return {"kind": "department", "organization": "示例市应急局", "specialties": ["fire_safety"]} | changed


def other_city_s(programme: Programme) -> Evaluator:
    return profile_of(city_stages.evaluator(stages.programme(), Capacity.EXPERT))


def candidate(programme: Programme) -> Actor:
    """Return somebody who holds the role of an evaluator and is in no pool."""
    office = factories.OrganizationFactory.create(kind=OrganizationKind.EVALUATORS, parent=programme.campaign.city)
    return factories.actor(Role.EVALUATOR, office)


def test_list_shows_what_somebody_can_do_and_what_keeps_them_away(programme: Programme) -> None:
    case = city_stages.recommended(programme)
    person = city_stages.evaluator(
        programme, home=case.community, specialties=[Specialty.FIRE_SAFETY], organization="示例消防支队"
    )
    today = local_date(timezone.now())
    profile_of(person).absences.create(first_on=today, last_on=today + timedelta(days=2))

    page = read(desk(programme.city_approver), "web:city:pool")

    wanted = (person.name, "示例消防支队", "消防安全", "不在岗，至", "应回避 1 个", "可派任务")
    assert [text in page for text in wanted] == [True] * 6
    assert "新增测评人员" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [True, True]),
        ("?kind=expert", [True, False]),
        ("?kind=nonsense", [True, True]),
        ("?standing=suspended", [False, True]),
        ("?standing=serving", [True, False]),
        ("?specialty=waste_sorting", [True, False]),
        ("?q=环卫", [True, False]),
        ("?district=x", [True, True]),
    ],
)
def test_list_is_narrowed_in_the_address(programme: Programme, query: str, shown: list[bool]) -> None:
    expert = city_stages.evaluator(programme, specialties=[Specialty.WASTE_SORTING], organization="示例环卫所")
    clerk = city_stages.evaluator(programme, Capacity.DEPARTMENT, is_active=False)

    page = read(desk(programme.city_reviewer), "web:city:pool", query=query)

    assert [person.name in page for person in (expert, clerk)] == shown


def test_list_of_a_district_holds_those_who_serve_there_or_anywhere(programme: Programme) -> None:
    here, there = (bureau.office for bureau in programme.bureaus[:2])
    bound, free = city_stages.evaluator(programme), city_stages.evaluator(programme)
    profile_of(bound).districts.set([here])

    pages = [read(desk(programme.city_reviewer), "web:city:pool", query=f"?district={one.pk}") for one in (here, there)]

    assert [(bound.name in page, free.name in page) for page in pages] == [(True, True), (False, True)]


def test_list_takes_one_number_of_queries(programme: Programme) -> None:
    city_stages.recommended(programme)

    few, many = queries_with_more(
        desk(programme.city_reviewer), reverse("web:city:pool"), lambda: city_stages.evaluator(programme)
    )

    assert few == many


def test_pool_of_another_city_is_neither_listed_nor_found(programme: Programme) -> None:
    foreign = other_city_s(programme)
    client = desk(programme.city_reviewer)
    pages = ("evaluator", "evaluator-change", "evaluator-suspend", "evaluator-resume", "evaluator-confirm")

    statuses = [client.get(reverse(f"web:city:{page}", args=[foreign.pk])).status_code for page in pages]
    sent = [client.post(reverse(f"web:city:{page}", args=[foreign.pk]), facts()).status_code for page in pages[1:]]

    assert foreign.user.name not in read(client, "web:city:pool")
    assert (statuses, sent) == ([404] * 5, [404] * 4)


def test_person_s_page_tells_declarations_assignments_and_what_bars(programme: Programme) -> None:
    case, other = city_stages.recommended(programme), city_stages.recommended(programme)
    person = city_stages.evaluator(programme)
    assign_evaluator(
        nomination_id=other.pk,
        evaluator_id=person.person_id,
        actor=programme.city_reviewer,
        at=city_stages.EVALUATING_AT,
    )
    declare(
        kind=ConflictKind.FAMILY,
        community_id=case.community_id,
        reason="表弟在此任项目经理。",
        actor=person,
        at=city_stages.EVALUATING_AT,
    )

    page = read(desk(programme.city_reviewer), "web:city:evaluator", profile_of(person).pk)

    wanted = (case.community.name, other.community.name, "表弟在此任项目经理。", "亲属", "解除申报", "待答复")
    assert [text in page for text in wanted] == [True] * 6


def test_page_shows_no_points(programme: Programme) -> None:
    case = city_stages.recommended(programme)
    city_stages.received(programme)
    made = city_stages.scored(programme, case, city_stages.SEVEN)
    profile = Evaluator.objects.get(user=made.evaluator_id)

    page = read(desk(programme.city_reviewer), "web:city:evaluator", profile.pk)

    assert ["已提交" in page, "70.00" in page] == [True, False]


def test_person_s_page_takes_one_number_of_queries(programme: Programme) -> None:
    person = city_stages.evaluator(programme)

    def more() -> None:
        case = city_stages.recommended(programme)
        assign_evaluator(
            nomination_id=case.pk,
            evaluator_id=person.person_id,
            actor=programme.city_reviewer,
            at=city_stages.EVALUATING_AT,
        )
        declare(
            kind=ConflictKind.OTHER,
            community_id=city_stages.recommended(programme).community_id,
            actor=person,
            at=city_stages.EVALUATING_AT,
        )

    few, many = queries_with_more(
        desk(programme.city_reviewer), reverse("web:city:evaluator", args=[profile_of(person).pk]), more
    )

    assert few == many


def test_hostile_words_are_shown_as_text(programme: Programme) -> None:
    person = city_stages.evaluator(programme, organization=HOSTILE)
    case = city_stages.recommended(programme)
    declare(kind=ConflictKind.OTHER, community_id=case.community_id, reason=HOSTILE, actor=person, at=timezone.now())
    client = desk(programme.city_reviewer)

    pages = [
        read(client, "web:city:pool"),
        read(client, "web:city:evaluator", profile_of(person).pk),
        read(client, "web:city:evaluator-change", profile_of(person).pk),
    ]

    assert [HOSTILE in page for page in pages] == [False] * 3


def test_somebody_with_the_role_is_entered_and_waits_for_confirmation(programme: Programme) -> None:
    person = candidate(programme)

    answer = posted(programme, "web:city:evaluator-new", user=str(person.user_id), **facts())

    made = profile_of(person)
    assert answer.headers["Location"] == reverse("web:city:evaluator", args=[made.pk])
    assert (made.kind, made.organization, made.specialties, made.identity_confirmed_at) == (
        "department", "示例市应急局", ["fire_safety"], None,
    )  # fmt: skip


def test_nobody_without_the_role_can_be_entered(programme: Programme) -> None:
    candidate(programme)

    answer = posted(programme, "web:city:evaluator-new", user=str(programme.city_approver.user_id), **facts())

    assert (answer.status_code, 'href="#f-user"' in answer.content.decode()) == (422, True)
    assert not Evaluator.objects.exists()


def test_page_says_when_nobody_can_be_entered(programme: Programme) -> None:
    assert "目前没有可以新增的人员" in read(desk(programme.city_reviewer), "web:city:evaluator-new")


def test_everything_that_is_known_is_changed_in_one_form(programme: Programme) -> None:
    profile, deputy = (profile_of(city_stages.evaluator(programme)) for _number in range(2))
    home = city_stages.recommended(programme).community
    bureau = home.authority

    answer = posted(
        programme,
        "web:city:evaluator-change",
        profile.pk,
        version=profile.version,
        **facts(
            employer=bureau.name,
            home=f"{home.name}（{bureau.name}）",
            districts=[str(bureau.pk)],
            deputies=[str(deputy.pk)],
            first_on=["2023-08-01", "", ""],
            last_on=["2023-08-03", "", ""],
        ),
    )

    profile.refresh_from_db()
    assert answer.status_code == 302
    assert (profile.employer, profile.home) == (bureau, home)
    assert [list(profile.districts.all()), list(profile.deputies.all())] == [[bureau], [deputy]]
    assert [(one.first_on, one.last_on) for one in profile.absences.all()] == [(date(2023, 8, 1), date(2023, 8, 3))]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"employer": "没有这家单位"}, "employer"),
        ({"home": "没有这个小区"}, "home"),
        ({"first_on": ["明天"], "last_on": [""]}, "absences"),
        ({"first_on": ["2023-08-05"], "last_on": ["2023-08-01"]}, "absences"),
        ({"organization": " "}, "organization"),
        ({"kind": "judge"}, "kind"),
        ({"specialties": ["magic"]}, "specialties"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_changes_nothing(
    programme: Programme, sent: dict[str, Any], field: str
) -> None:
    profile = profile_of(city_stages.evaluator(programme))

    answer = posted(programme, "web:city:evaluator-change", profile.pk, **facts(**sent))

    profile.refresh_from_db()
    assert (answer.status_code, f'href="#f-{field}"' in answer.content.decode()) == (422, True)
    assert (profile.organization, profile.version) == ("示例单位", 1)


def test_name_that_several_communities_bear_must_name_the_bureau(programme: Programme) -> None:
    profile = profile_of(city_stages.evaluator(programme))
    first, second = (city_stages.recommended(programme, bureau=bureau).community for bureau in (0, 1))
    type(first).objects.filter(pk=second.pk).update(name=first.name)

    unclear = posted(programme, "web:city:evaluator-change", profile.pk, **facts(home=first.name))
    posted(programme, "web:city:evaluator-change", profile.pk, **facts(home=f"{first.name}（{second.authority.name}）"))

    profile.refresh_from_db()
    assert (unclear.status_code, second.authority.name in unclear.content.decode()) == (422, True)
    assert profile.home_id == second.pk


def test_change_on_a_version_seen_before_is_told(programme: Programme) -> None:
    profile = profile_of(city_stages.evaluator(programme))

    answer = posted(programme, "web:city:evaluator-change", profile.pk, version="9", **facts())

    assert answer.status_code == 409
    assert profile_of_pk(profile).version == 1


def profile_of_pk(profile: Evaluator) -> Evaluator:
    return Evaluator.objects.get(pk=profile.pk)


def test_new_home_ends_the_assignment_there(programme: Programme) -> None:
    case: Nomination = city_stages.recommended(programme)
    person = city_stages.evaluator(programme)
    made: Assignment = assign_evaluator(
        nomination_id=case.pk,
        evaluator_id=person.person_id,
        actor=programme.city_reviewer,
        at=city_stages.EVALUATING_AT,
    )

    posted(programme, "web:city:evaluator-change", profile_of(person).pk, **facts(home=case.community.name))

    made.refresh_from_db()
    assert made.ended_because == AssignmentEnd.CONFLICT


def test_person_is_suspended_and_taken_back_after_a_question(programme: Programme) -> None:
    profile = profile_of(city_stages.evaluator(programme))
    asked = read(desk(programme.city_reviewer), "web:city:evaluator-suspend", profile.pk)

    posted(programme, "web:city:evaluator-suspend", profile.pk)
    suspended = profile_of_pk(profile).is_active
    posted(programme, "web:city:evaluator-resume", profile.pk)

    assert ["不再编入测评组" in asked, suspended, profile_of_pk(profile).is_active] == [True, False, True]


def test_identity_is_confirmed_by_the_reviewer_by_name(programme: Programme) -> None:
    person = candidate(programme)
    profile = city_stages.pooled(programme, person, identity_confirmed_at=None, identity_confirmed_by_id=None)

    posted(programme, "web:city:evaluator-confirm", profile.pk)

    confirmed = profile_of_pk(profile)
    assert (confirmed.identity_confirmed_by_id, confirmed.is_in_service) == (programme.city_reviewer.user_id, True)


def test_declaration_is_lifted_with_a_reason(programme: Programme) -> None:
    case, person = city_stages.recommended(programme), city_stages.evaluator(programme)
    made = declare(kind=ConflictKind.FAMILY, community_id=case.community_id, actor=person, at=timezone.now())

    without = posted(programme, "web:city:declaration-lift", made.pk, reason=" ")
    answer = posted(programme, "web:city:declaration-lift", made.pk, reason="同名误报。")

    kept = Declaration.objects.get(pk=made.pk)
    assert (without.status_code, 'href="#f-reason"' in without.content.decode()) == (422, True)
    assert (kept.lifted_reason, kept.lifted_by_id) == ("同名误报。", programme.city_reviewer.user_id)
    assert answer.headers["Location"] == reverse("web:city:evaluator", args=[profile_of(person).pk])


def test_words_behind_a_declaration_are_for_the_city_alone(programme: Programme) -> None:
    case, person = city_stages.recommended(programme), city_stages.evaluator(programme)
    declare(
        kind=ConflictKind.FAMILY,
        community_id=case.community_id,
        reason="表弟在此任项目经理。",
        actor=person,
        at=timezone.now(),
    )
    operator = factories.OrganizationFactory.create(kind=OrganizationKind.OPERATOR)
    auditor = factories.actor(Role.AUDITOR, operator)

    pages = [
        read(desk(reader), "web:city:evaluator", profile_of(person).pk) for reader in (programme.city_approver, auditor)
    ]

    assert ["表弟" in page for page in pages] == [True, False]
