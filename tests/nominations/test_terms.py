"""Changing the terms of a running campaign: what may still change, within which bounds, on record (row S-01)."""

from __future__ import annotations

import pytest

from nominations.enums import Act
from nominations.errors import InvalidInput, NotAllowed
from nominations.models import Campaign, CampaignDistrict, RecommendationSummary
from nominations.operations.ranking import freeze_ranking
from nominations.operations.terms import QUOTA, NothingChanged, change_running_terms, preview_terms
from nominations.rules.terms import TERMS, Progress, fault_of_quota, faults_of
from tests.nominations import city_stages, stages
from tests.nominations.stages import AT, Programme
from workflow.errors import NotFound
from workflow.models import Event

FRESH = Progress(has_sheets=False, has_ranking=False, places_taken=0)
SCORED = Progress(has_sheets=True, has_ranking=False, places_taken=0)
RANKED = Progress(has_sheets=True, has_ranking=True, places_taken=4)


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def change(programme: Programme, reason: str = "名额调整。", **wanted: int | None) -> None:
    """Change terms as the approver."""
    campaign, approver = programme.campaign, programme.city_approver
    change_running_terms(campaign_id=campaign.pk, wanted=wanted, reason=reason, actor=approver, at=AT)


def codes(name: str, value: int, present: int, progress: Progress) -> list[str]:
    """Return the codes of the reasons against a value."""
    return [fault.code for fault in faults_of(name, value, present, progress)]


@pytest.mark.parametrize("name", sorted(TERMS))
def test_every_term_may_be_changed_within_its_bounds_at_first(name: str) -> None:
    term = TERMS[name]

    found = [codes(name, value, term.least, FRESH) for value in (term.least - 1, term.least, term.most, term.most + 1)]

    assert found == [["out_of_range"], [], [], ["out_of_range"]]


@pytest.mark.parametrize(("name", "fixed"), [("minimum_sheets", True), ("discrepancy_points", True), ("places", False)])
def test_scoring_fixes_how_sheets_are_counted(name: str, fixed: bool) -> None:
    assert codes(name, 5, 5, SCORED) == (["term_fixed"] if fixed else [])


def test_frozen_ranking_fixes_the_places() -> None:
    assert codes("places", 9, 10, RANKED) == ["term_fixed"]


def test_places_are_not_fewer_than_those_taken() -> None:
    assert codes("places", 3, 10, Progress(has_sheets=False, has_ranking=False, places_taken=4)) == ["out_of_range"]


def test_corrections_are_not_taken_away() -> None:
    assert [codes("corrections_allowed", value, 2, FRESH) for value in (1, 2, 3)] == [["out_of_range"], [], []]


@pytest.mark.parametrize(
    ("value", "with_city", "code"),
    [(3, False, None), (None, False, None), (2, False, "below_recommended"), (9, True, "term_fixed")],
)
def test_quota_is_bound_by_what_was_recommended_and_sent(value: int | None, with_city: bool, code: str | None) -> None:
    fault = fault_of_quota(value, recommended=3, is_with_city=with_city, fix="quota")

    assert (fault.code if fault else None) == code


@pytest.mark.django_db
def test_change_is_written_and_put_on_record(programme: Programme) -> None:
    before = programme.campaign.places

    change(programme, places=before + 2)

    [event] = Event.objects.filter(name=Act.CHANGE_TERMS)
    assert Campaign.objects.get(pk=programme.campaign.pk).places == before + 2
    assert event.payload == {"terms": {"places": {"before": before, "after": before + 2}}}
    assert (event.comment, event.stream_id) == ("名额调整。", programme.campaign.stream_id)


@pytest.mark.django_db
def test_quota_is_changed_for_the_district_and_its_summary(programme: Programme) -> None:
    office = programme.bureau.office

    change(programme, **{f"{QUOTA}{office.pk}": 4})

    part = CampaignDistrict.objects.get(campaign=programme.campaign, district=office)
    summary = RecommendationSummary.objects.get(campaign=programme.campaign, district=office)
    assert (part.quota, summary.quota) == (4, 4)


@pytest.mark.django_db
def test_one_fault_keeps_everything_as_it_was(programme: Programme) -> None:
    before = programme.campaign.places

    with pytest.raises(InvalidInput) as caught:
        change(programme, places=before + 1, correction_working_days=0)

    assert [refusal.fix for refusal in caught.value.refusals] == ["correction_working_days"]
    assert Campaign.objects.get(pk=programme.campaign.pk).places == before
    assert not Event.objects.filter(name=Act.CHANGE_TERMS).exists()


@pytest.mark.django_db
def test_nothing_that_a_frozen_ranking_rests_on_is_changed(programme: Programme) -> None:
    nomination = city_stages.recommended(programme)
    city_stages.received(programme)
    city_stages.assessed(programme, nomination)
    campaign = programme.campaign
    freeze_ranking(campaign_id=campaign.pk, actor=programme.city_reviewer, at=campaign.report_closes_at)

    with pytest.raises(InvalidInput) as caught:
        change(programme, places=3, minimum_sheets=1, discrepancy_points=20)

    assert {refusal.code for refusal in caught.value.refusals} == {"term_fixed"}


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  ", "长" * 1001])
def test_change_needs_its_reason(programme: Programme, reason: str) -> None:
    with pytest.raises(InvalidInput):
        change(programme, reason, places=9)


@pytest.mark.django_db
def test_preview_writes_nothing(programme: Programme) -> None:
    before = programme.campaign.places

    [found] = preview_terms(
        campaign_id=programme.campaign.pk, wanted={"places": before + 1}, actor=programme.city_approver
    )

    assert (found.before, found.after) == (before, before + 1)
    assert Campaign.objects.get(pk=programme.campaign.pk).places == before


@pytest.mark.django_db
def test_present_terms_are_no_change(programme: Programme) -> None:
    with pytest.raises(NothingChanged):
        change(programme, places=programme.campaign.places)


@pytest.mark.django_db
def test_terms_are_for_the_approver_of_the_city(programme: Programme) -> None:
    campaign, elsewhere = programme.campaign, stages.programme()

    with pytest.raises(NotAllowed):
        preview_terms(campaign_id=campaign.pk, wanted={"places": 9}, actor=programme.city_reviewer)
    with pytest.raises(NotFound):
        preview_terms(campaign_id=campaign.pk, wanted={"places": 9}, actor=elsewhere.city_approver)
    with pytest.raises(NotFound):
        change_running_terms(
            campaign_id=campaign.pk, wanted={"places": 9}, reason="r", actor=elsewhere.city_approver, at=AT
        )
