from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Organization
from nominations.enums import ConfirmationStatus
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import CommitteeConfirmation, Community, Nomination
from nominations.operations.community import CommunityInUse, CommunityKnown, correct_community, enter_community
from nominations.operations.confirmation import invite_committee
from nominations.queries.community import rivals_of
from tests.nominations import stages
from tests.nominations.stages import AT, Programme
from workflow.errors import NotFound

pytestmark = pytest.mark.django_db
FACTS = {"name": "示例堃园", "subdistrict": "示例街道", "neighborhood": "示例社区", "address": ""}


def enter(programme: Programme, **changes: Any) -> Community:
    return enter_community(
        authority_id=programme.bureau.office.pk,
        facts={**FACTS, **changes},
        actor=programme.company.editor,
        at=AT,
    )


def correct(programme: Programme, community: Community, **facts: Any) -> Community:
    return correct_community(community_id=community.pk, facts=facts, actor=programme.company.editor, at=AT)


def test_company_enters_its_community(programme: Programme) -> None:
    community = enter(programme, name=" 示例堃园 ")

    assert (community.name, community.company, community.authority) == (
        "示例堃园",
        programme.company.office,
        programme.bureau.office,
    )
    assert community.district == programme.bureau.office.district
    assert community.pinyin == "shi li kun yuan"


def test_same_community_is_entered_once(programme: Programme) -> None:
    enter(programme)

    with pytest.raises(CommunityKnown):
        enter(programme)

    assert Community.objects.count() == 1


def test_company_does_not_learn_what_another_has_entered(programme: Programme) -> None:
    first = enter(programme)
    other = programme.companies[1].admin

    second = enter_community(authority_id=programme.bureau.office.pk, facts=FACTS, actor=other, at=AT)
    third = enter_community(
        authority_id=programme.bureau.office.pk, facts=FACTS | {"name": "示例新园"}, actor=other, at=AT
    )
    with pytest.raises(CommunityKnown):
        correct_community(community_id=third.pk, facts={"name": FACTS["name"]}, actor=other, at=AT)

    assert (second.name, second.company) == (first.name, programme.companies[1].office)
    assert rivals_of(second, other) == []


def test_district_sees_who_else_has_entered_a_place(programme: Programme) -> None:
    own = enter(programme, address="示例路 1 号")
    other = programme.companies[1].admin
    bureaus = [programme.bureau, programme.bureaus[1]]
    facts = (
        FACTS,
        FACTS | {"name": "另一写法", "address": "示例路 1 号"},
        FACTS | {"name": "别处", "address": "示例路 2 号"},
    )
    same, near, far = (
        enter_community(authority_id=bureaus[0].office.pk, facts=fact, actor=other, at=AT) for fact in facts
    )
    enter_community(authority_id=bureaus[1].office.pk, facts=FACTS, actor=other, at=AT)

    assert {*rivals_of(own, programme.bureau.reviewer)} == {same, near}
    assert rivals_of(same, programme.bureau.approver) == [own]
    assert rivals_of(far, programme.bureau.reviewer) == []
    assert rivals_of(own, programme.bureaus[1].reviewer) == []


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"name": ""}, {"name": "required"}),
        ({"name": None, "subdistrict": " "}, {"name": "required", "subdistrict": "required"}),
        ({"name": "x" * 121}, {"name": "too_long"}),
        ({"name": "园\u202e区"}, {"name": "hidden_characters"}),
        ({"neighborhood": 7}, {"neighborhood": "not_text"}),
        ({"pinyin": "x"}, {"pinyin": "unknown_field"}),
    ],
)
def test_facts_that_cannot_be_taken_are_named(
    programme: Programme, changes: dict[str, Any], faults: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput) as raised:
        enter(programme, **changes)

    assert {refusal.fix: refusal.code for refusal in raised.value.refusals} == faults
    assert Community.objects.count() == 0


def test_only_a_company_enters_communities(programme: Programme) -> None:
    with pytest.raises(NotAllowed):
        enter_community(authority_id=uuid4(), facts=FACTS, actor=programme.bureau.reviewer, at=AT)


def test_bureau_must_exist_and_be_one(programme: Programme) -> None:
    for office in (uuid4(), programme.campaign.city.pk):
        with pytest.raises(NotFound):
            enter_community(authority_id=office, facts=FACTS, actor=programme.company.admin, at=AT)


def test_community_of_another_company_is_not_found(programme: Programme) -> None:
    community = programme.community(company=1)

    with pytest.raises(NotFound):
        correct(programme, community, name="示例新园")


def test_correction_changes_what_was_sent_and_nothing_else(programme: Programme) -> None:
    community = enter(programme)

    correct(programme, community, name="示例新园")

    community.refresh_from_db()
    assert (community.name, community.pinyin, community.subdistrict) == ("示例新园", "shi li xin yuan", "示例街道")


def test_correction_voids_what_stood_behind_the_old_name(programme: Programme) -> None:
    draft = stages.filled_in(programme)
    invite_committee(nomination_id=draft.pk, actor=programme.company.admin, at=AT)
    before = Nomination.objects.get(pk=draft.pk)

    correct(programme, draft.community, name="示例新园")

    after = Nomination.objects.get(pk=draft.pk)
    assert after.content_digest != before.content_digest
    assert after.pinyin == "shi li xin yuan"
    assert CommitteeConfirmation.objects.get().status == ConfirmationStatus.VOID


def test_community_before_the_offices_is_left_as_it_is(programme: Programme) -> None:
    submitted = stages.submitted(programme)

    with pytest.raises(CommunityInUse):
        correct(programme, submitted.community, name="示例新园")

    assert Community.objects.get(pk=submitted.community_id).name == submitted.community.name


def test_two_communities_cannot_take_one_name(programme: Programme) -> None:
    enter(programme)
    second = enter(programme, name="示例新园")

    with pytest.raises(CommunityKnown):
        correct(programme, second, name=FACTS["name"])


def test_inactive_bureau_takes_no_communities(programme: Programme) -> None:
    Organization.objects.filter(pk=programme.bureau.office.pk).update(is_active=False)

    with pytest.raises(NotFound):
        enter(programme)
