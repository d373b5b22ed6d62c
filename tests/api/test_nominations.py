from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from nominations.models import Nomination
from tests.api.people import Program, program_of
from tests.nominations import stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


def start(program: Program, campaign: object, community: object) -> Any:
    return program.post("nominations/", {"campaign": str(campaign), "community": str(community)})


def save(program: Program, nomination: Nomination, form: dict[str, Any], **headers: str) -> Any:
    return program.patch(f"nominations/{nomination.pk}/", {"form": form}, **headers)


def test_company_begins_a_draft(programme: Programme, company: Program) -> None:
    community = programme.community()

    answer = start(company, programme.campaign.pk, community.pk)

    assert answer.status == 201
    assert answer.header("ETag") == f'"{answer.body["version"]}"'
    assert (answer.body["state"], answer.body["community"]["name"]) == ("draft", community.name)
    assert answer.body["form"] == {"company": {"name": programme.company.office.name}}


def test_second_active_nomination_is_a_conflict(programme: Programme, company: Program, draft: Nomination) -> None:
    answer = start(company, programme.campaign.pk, draft.community_id)

    assert (answer.status, answer.error_codes) == (409, {"community": "already_nominated"})


def test_foreign_campaign_or_community_is_not_found(
    programme: Programme, elsewhere: Programme, company: Program
) -> None:
    own, foreign = programme.community(), elsewhere.community()

    answers = [start(company, uuid4(), own.pk), start(company, programme.campaign.pk, foreign.pk)]

    assert [(one.status, one.error_codes) for one in answers] == [
        (404, {"campaign": "not_found"}),
        (404, {"community": "not_found"}),
    ]


def test_only_a_company_begins_a_draft(programme: Programme) -> None:
    answer = start(program_of(programme.city_approver), programme.campaign.pk, programme.community().pk)

    assert (answer.status, answer.body["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"campaign": "required", "community": "required"}),
        ({"campaign": "x", "community": 1.5}, {"campaign": "invalid", "community": "invalid"}),
        ({"campaign": None, "community": []}, {"campaign": "null", "community": "invalid"}),
        ({"campaign": str(uuid4()), "community": str(uuid4()), "state": "submitted"}, {"state": "unknown_field"}),
    ],
)
def test_malformed_beginning_names_every_field(company: Program, body: dict[str, Any], named: dict[str, str]) -> None:
    answer = company.post("nominations/", body)

    assert (answer.status, answer.error_codes) == (400, named)


def test_sections_are_saved_by_themselves(company: Program, draft: Nomination) -> None:
    first = save(company, draft, {"party": {"name": "示例党支部"}})
    second = save(company, draft, {"party": {"contact_name": "周示例"}, "basics": {"floor_area": 86000.5}})

    assert second.body["form"]["party"] == {"name": "示例党支部", "contact_name": "周示例"}
    assert second.body["form"]["basics"] == {"floor_area": "86000.50"}
    assert second.body["version"] == first.body["version"] + 1


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ({"nothing": {}}, {"form.nothing": "unknown_section"}),
        ({"basics": {"x": 1}}, {"form.basics.x": "unknown_field"}),
        ({"basics": {"households": -1}}, {"form.basics.households": "out_of_range"}),
        ({"basics": {"households": 1.5}}, {"form.basics.households": "not_whole"}),
        ({"figures": {"satisfaction_rate": "９０%"}}, {"form.figures.satisfaction_rate": "not_a_number"}),
        ({"figures": {"satisfaction_rate": 89.995}}, {"form.figures.satisfaction_rate": "too_many_places"}),
        ({"committee": {"term_from": "2023-02-30"}}, {"form.committee.term_from": "not_a_date"}),
        ({"party": {"contact_phone": "12"}}, {"form.party.contact_phone": "not_a_phone"}),
        (
            {"party": {"name": "x" * 121}, "basics": {"y": 1}},
            {"form.party.name": "too_long", "form.basics.y": "unknown_field"},
        ),
        ({"party": {"name": {"a": 1}}}, {"form.party.name": "not_text"}),
    ],
)
def test_values_that_cannot_be_taken_are_named_and_nothing_is_written(
    company: Program, draft: Nomination, form: dict[str, Any], named: dict[str, str]
) -> None:
    answer = save(company, draft, form)

    assert (answer.status, answer.body["code"], answer.error_codes) == (400, "invalid", named)
    assert Nomination.objects.get(pk=draft.pk).version == draft.version


@pytest.mark.parametrize(
    "body",
    [{}, {"form": {}}, {"form": []}, {"form": {"basics": []}}, {"form": {"basics": {}}, "state": "submitted"}],
)
def test_malformed_change_is_refused(company: Program, draft: Nomination, body: dict[str, Any]) -> None:
    assert company.patch(f"nominations/{draft.pk}/", body).status == 400


def test_change_of_a_version_that_is_gone_is_refused(company: Program, draft: Nomination) -> None:
    seen = company.get(f"nominations/{draft.pk}/")
    save(company, draft, {"party": {"name": "甲"}})

    by_header = save(company, draft, {"party": {"name": "乙"}}, If_Match=seen.header("ETag"))
    by_body = company.patch(
        f"nominations/{draft.pk}/", {"form": {"party": {"name": "乙"}}, "version": seen.body["version"]}
    )

    assert [(one.status, one.body["code"]) for one in (by_header, by_body)] == [
        (412, "precondition_failed"),
        (409, "stale_version"),
    ]
    assert Nomination.objects.get(pk=draft.pk).form["party"] == {"name": "甲"}


def test_submitted_form_is_not_changed(programme: Programme, company: Program) -> None:
    submitted = stages.submitted(programme, at=timezone.now())

    answer = save(company, submitted, {"party": {"name": "x"}})

    assert (answer.status, answer.body["code"]) == (409, "not_editable")


def test_district_does_not_write_the_form(programme: Programme, draft: Nomination) -> None:
    answer = save(program_of(programme.bureau.reviewer), draft, {"party": {"name": "x"}})

    assert (answer.status, answer.body["code"]) == (403, "permission_denied")


def test_company_reads_plain_words_and_the_office_its_own(programme: Programme, ready: Nomination) -> None:
    readers = (programme.company.admin, programme.bureau.reviewer, programme.city_reviewer)
    now = timezone.now()
    stages.moved(ready, "submit", programme.company.admin, at=now)

    labels = [program_of(reader).get(f"nominations/{ready.pk}/").body["state_label"] for reader in readers]

    assert labels == ["The district is checking", *["Submitted, waiting for the district"] * 2]


def test_telephone_numbers_are_masked_outside_the_responsible_offices(programme: Programme, ready: Nomination) -> None:
    readers = {
        "editor": programme.company.editor,
        "reviewer": programme.bureau.reviewer,
        "city": programme.city_reviewer,
        "auditor": programme.auditor,
        "province": programme.province_viewer,
    }

    shown = {
        who: program_of(reader).get(f"nominations/{ready.pk}/").body["form"]["party"]["contact_phone"]
        for who, reader in readers.items()
    }

    assert shown == {
        "editor": "13800000001",
        "reviewer": "13800000001",
        "city": "13800000001",
        "auditor": "138****0001",
        "province": "138****0001",
    }


def test_deadline_is_that_of_the_present_step(programme: Programme, company: Program, ready: Nomination) -> None:
    before = company.get(f"nominations/{ready.pk}/").body["deadline"]
    stages.moved(ready, "submit", programme.company.admin, at=timezone.now())

    after = company.get(f"nominations/{ready.pk}/").body["deadline"]

    assert before == timezone.localtime(programme.campaign.application_closes_at).isoformat()
    assert after == timezone.localtime(programme.campaign.district_closes_at).isoformat()


def test_confirmation_and_seal_are_shown_until_the_text_changes(company: Program, ready: Nomination) -> None:
    before = company.get(f"nominations/{ready.pk}/").body

    after = save(company, ready, {"party": {"name": "另一个支部"}}).body

    assert ((before["confirmed"], before["sealed"]), (after["confirmed"], after["sealed"])) == (
        (True, True),
        (False, False),
    )


def test_list_is_narrowed_by_state_district_and_community(programme: Programme) -> None:
    now = timezone.now()
    first = stages.drafted(programme, at=now)
    second = stages.submitted(programme, bureau=1, company=1, at=now)
    city = program_of(programme.city_reviewer)

    found = {
        query: {row["id"] for row in city.get(f"nominations/?{query}").body["results"]}
        for query in (
            "",
            "state=draft",
            "state=draft&state=submitted",
            f"district={programme.bureaus[1].office.pk}",
            f"company={programme.company.office.pk}",
            f"community={second.community_id}",
            f"campaign={uuid4()}",
            "claimed=true",
            "claimed=false",
        )
    }

    one, two = str(first.pk), str(second.pk)
    assert list(found.values()) == [{one, two}, {one}, {one, two}, {two}, {one}, {two}, set(), set(), {one, two}]


def test_list_is_searched_by_the_communitys_name(programme: Programme) -> None:
    now = timezone.now()
    for name in ("示例长丰园", "示例堃园"):
        stages.drafted(programme, community=programme.community(name=name), at=now)
    city = program_of(programme.city_reviewer)

    found = {
        wanted: [row["community"]["name"] for row in city.get(f"nominations/?search={wanted}").body["results"]]
        for wanted in ("堃", "changfeng", "slcfy", "无")
    }

    assert found == {"堃": ["示例堃园"], "changfeng": ["示例长丰园"], "slcfy": ["示例长丰园"], "无": []}


def test_latest_comes_first_and_pinyin_on_request(programme: Programme) -> None:
    now = timezone.now()
    for name in ("示例长丰园", "示例安园", "示例堃园"):
        stages.drafted(programme, community=programme.community(name=name), at=now + timedelta(seconds=1))
    city = program_of(programme.city_reviewer)

    orders = {
        ordering: [row["community"]["name"] for row in city.get(f"nominations/?ordering={ordering}").body["results"]]
        for ordering in ("-created_at", "created_at", "name", "-name")
    }

    assert orders["-created_at"] == ["示例堃园", "示例安园", "示例长丰园"] == orders["created_at"][::-1]
    assert orders["name"] == ["示例安园", "示例长丰园", "示例堃园"] == orders["-name"][::-1]


def test_one_nomination_costs_two_queries(
    company: Program, ready: Nomination, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        answer = company.get(f"nominations/{ready.pk}/")

    assert [move["name"] for move in answer.body["transitions"]] == ["submit", "withdraw"]


def test_list_is_narrowed_to_a_pile_of_the_desk(programme: Programme, company: Program) -> None:
    now = timezone.now()
    draft = stages.drafted(programme, at=now)
    submitted = stages.submitted(programme, at=now)

    piles = {
        pile: [row["id"] for row in company.get(f"nominations/?pile={pile}").body["results"]]
        for pile in ("waiting", "in_hand", "done")
    }

    assert piles == {"waiting": [str(draft.pk)], "in_hand": [str(submitted.pk)], "done": []}
    assert company.get("nominations/?pile=all").error_codes == {"pile": "invalid_choice"}


def test_precheck_judges_what_is_being_typed_and_keeps_nothing(company: Program, ready: Nomination) -> None:
    path = f"nominations/{ready.pk}/precheck/"

    kept = {row["number"]: row["verdict"] for row in company.get(path).body}
    typed = {
        row["number"]: row["verdict"]
        for row in company.post(path, {"form": {"figures": {"satisfaction_rate": "90.00"}}}).body
    }

    assert (kept[1], typed[1]) == ("met", "not_met")
    assert Nomination.objects.get(pk=ready.pk).version == ready.version
