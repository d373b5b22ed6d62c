"""What happens when many act at the same instant: one winner, no place too many, no answer to a text that is gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.enums import Role
from nominations.models import Nomination, RecommendationSummary
from nominations.operations.confirmation import answer, code_of, invite_committee, token_of
from nominations.operations.moves import make_move
from nominations.operations.nomination import claim, save_sections, start_nomination
from tests.nominations import factories, stages
from tests.nominations.stages import AT, Programme
from tests.workflow.races import at_once, codes, elsewhere
from workflow.models import Event

pytestmark = pytest.mark.usefixtures("committed")


def programme(**campaign: Any) -> Programme:
    """Return a programme that other connections see."""
    return elsewhere(lambda: stages.programme(**campaign))


def events(*names: str) -> int:
    return Event.objects.filter(name__in=names).count()


def test_thirty_recommendations_for_ten_places_make_ten() -> None:
    world = programme(quota=10)
    bureau = world.bureau
    cases = elsewhere(lambda: [stages.reviewed(world) for _ in range(30)])
    acts = [
        partial(make_move, Nomination, case.pk, "recommend", actor=bureau.approver, at=AT, comment="同意")
        for case in cases
    ]

    answers = at_once(acts)

    assert codes(answers) == ["refused"] * 20
    assert Nomination.objects.filter(state="recommended").count() == 10
    assert RecommendationSummary.objects.get(pk=bureau.summary.pk).recommended_count == 10
    assert events("recommend") == 10


def test_case_is_taken_up_by_one_of_many() -> None:
    world = programme()
    nomination = elsewhere(lambda: stages.submitted(world))
    office = world.bureau.office
    reviewers = elsewhere(lambda: [factories.actor(Role.DISTRICT_REVIEWER, office) for _ in range(6)])

    answers = at_once([partial(claim, nomination_id=nomination.pk, actor=actor, at=AT) for actor in reviewers])

    nomination.refresh_from_db()
    assert codes(answers) == ["claimed"] * 5
    assert events("claim") == 1
    assert nomination.claimed_by_id in {actor.user_id for actor in reviewers}


def test_community_is_nominated_once_however_many_ask() -> None:
    world = programme()
    community = elsewhere(world.community)
    wanted: dict[str, Any] = {"campaign_id": world.campaign.pk, "community_id": community.pk, "at": AT}

    answers = at_once([partial(start_nomination, actor=world.company.admin, **wanted) for _ in range(6)])

    assert codes(answers) == ["already_nominated"] * 5
    assert [nomination.number[-4:] for nomination in Nomination.objects.all()] == ["-001"]


def test_numbers_of_a_district_have_no_gap_and_no_double() -> None:
    world = programme()
    communities = elsewhere(lambda: [world.community() for _ in range(6)])
    campaign = world.campaign.pk
    acts: list[Callable[[], object]] = [
        partial(start_nomination, campaign_id=campaign, community_id=c.pk, actor=world.company.admin, at=AT)
        for c in communities
    ]

    answers = at_once(acts)

    assert codes(answers) == []
    assert sorted(n.number[-3:] for n in Nomination.objects.all()) == ["001", "002", "003", "004", "005", "006"]


def test_committee_confirms_once_and_never_a_text_that_was_changed() -> None:
    world = programme()
    nomination = elsewhere(lambda: stages.filled_in(world))
    invited = elsewhere(partial(invite_committee, nomination_id=nomination.pk, actor=world.company.editor, at=AT))
    edit = partial(
        save_sections,
        nomination_id=nomination.pk,
        sections={"basics": {"remarks": "改动"}},
        actor=world.company.editor,
        at=AT,
    )
    reply = partial(answer, token=token_of(invited), code=code_of(invited), confirmed=True, at=AT)

    acts: list[Callable[[], object]] = [edit, *[reply] * 5]

    answers = at_once(acts)

    nomination.refresh_from_db()
    assert set(codes(answers)) == {"confirmation_closed"}
    assert events("committee_confirmed") <= 1
    assert nomination.confirmed_digest != nomination.content_digest


def test_wrong_codes_are_counted_one_by_one() -> None:
    world = programme()
    nomination = elsewhere(lambda: stages.filled_in(world))
    invited = elsewhere(partial(invite_committee, nomination_id=nomination.pk, actor=world.company.editor, at=AT))
    wrong = "000000" if code_of(invited) != "000000" else "000001"

    answers = at_once([partial(answer, token=token_of(invited), code=wrong, confirmed=True, at=AT) for _ in range(8)])

    invited.refresh_from_db()
    assert codes(answers) == ["confirmation_closed"] * 3 + ["wrong_code"] * 5
    assert invited.attempts == 5


def test_recall_and_claim_do_not_both_succeed() -> None:
    world = programme()
    nomination = elsewhere(lambda: stages.submitted(world))

    answers = at_once(
        [
            partial(make_move, Nomination, nomination.pk, "recall", actor=world.company.admin, at=AT),
            partial(claim, nomination_id=nomination.pk, actor=world.bureau.reviewer, at=AT),
        ]
    )

    assert len(codes(answers)) == 1
    assert events("recall", "claim") == 1
