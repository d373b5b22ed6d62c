"""S-19: a district refines items of the standard; their weight stays, sheets keep what they were scored on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evaluation import operations as evaluation
from evaluation import queries as scores
from evaluation.models import ScoreSheet, Standard
from evaluation.operations import InvalidStandard
from nominations.errors import NotAllowed
from nominations.models import CampaignDistrict, DistrictReview, Nomination
from nominations.operations.campaign import load_campaign
from nominations.operations.district_review import complete_review, save_review
from nominations.operations.standard import refine_standard
from nominations.presets import preset_content
from tests.nominations import stages
from tests.nominations.stages import AT, Programme
from workflow.errors import NotFound
from workflow.models import Event

pytestmark = pytest.mark.django_db
PARTS = {"三-5": ["楼道整洁。", "绿化养护及时。"]}


def refine(programme: Programme, parts: dict[str, list[str]], *, bureau: int = 0, who: str = "approver") -> Any:
    """Refine the standard as somebody of a district bureau."""
    actor = getattr(programme.bureaus[bureau], who)
    return refine_standard(campaign_id=programme.campaign.pk, parts=parts, actor=actor, at=AT)


def codes(standard_id: Any) -> list[str]:
    """Return the codes of everything that takes points."""
    return [leaf.code for leaf in scores.outline_of(standard_id).leaves()]


def test_refinement_keeps_groups_weights_and_every_other_item(programme: Programme) -> None:
    standard = refine(programme, PARTS).standard

    ours, parents = (scores.outline_of(pk) for pk in (standard.pk, programme.campaign.standard_id))
    assert [(group.title, group.weight) for group in ours.groups] == [(g.title, g.weight) for g in parents.groups]
    assert set(codes(standard.pk)) - set(codes(programme.campaign.standard_id)) == {"三-5-1", "三-5-2"}
    assert standard.parent_id == programme.campaign.standard_id


def _sheet(nomination: Nomination) -> ScoreSheet:
    sheet = DistrictReview.objects.get(nomination=nomination).sheet
    assert sheet is not None
    return sheet


def test_parts_share_the_points_of_their_item(programme: Programme) -> None:
    refine(programme, PARTS)
    nomination = stages.claimed(programme)
    save_review(nomination_id=nomination.pk, sections={"opinion": "好"}, actor=programme.bureau.reviewer, at=AT)
    leaves = scores.outline_of(_sheet(nomination).standard_id).leaves()
    marks = {leaf.code: ("8" if leaf.code == "三-5-2" else "10", str(leaf.item.id)) for leaf in leaves}
    judged = [{"number": number, "verdict": "met", "note": ""} for number in (2, 3, 4, 5, 6, 7, 8)]
    given = [{"item": item, "points": points} for points, item in marks.values()]

    save_review(
        nomination_id=nomination.pk,
        sections={"scores": given, "requirements": judged},
        actor=programme.bureau.reviewer,
        at=AT,
    )
    complete_review(nomination_id=nomination.pk, actor=programme.bureau.reviewer, at=AT)

    # 三-5 earns 10 × (10 + 8) ÷ 20 = 9 of 10: group three 40 × 89 ÷ 90 = 39.555…, the total 99.56.
    assert DistrictReview.objects.get(nomination=nomination).score == Decimal("99.56")


def test_refinement_is_frozen_at_its_first_use_and_changed_by_a_new_version(programme: Programme) -> None:
    first = refine(programme, PARTS).standard
    nomination = stages.claimed(programme)
    save_review(nomination_id=nomination.pk, sections={"opinion": "好"}, actor=programme.bureau.reviewer, at=AT)

    second = refine(programme, {"三-6": ["设施完好。", "档案完整。"]}).standard

    first.refresh_from_db()
    assert (first.frozen_at, first.version, second.version) == (AT, 1, 2)
    assert _sheet(nomination).standard_id == first.pk
    assert "三-5-1" in codes(first.pk)


def test_refinement_that_nobody_has_used_is_written_anew(programme: Programme) -> None:
    first = refine(programme, PARTS).standard
    second = refine(programme, {"三-6": ["设施完好。", "档案完整。"]}).standard

    assert (second.pk, second.version) == (first.pk, 1)
    assert Standard.objects.filter(parent=programme.campaign.standard).count() == 1


def test_refinement_can_be_undone(programme: Programme) -> None:
    refine(programme, PARTS)

    assert refine(programme, {}).standard is None
    events = Event.objects.filter(name="refine_standard").order_by("sequence")
    assert [bool(event.payload) for event in events] == [True, False]


def test_other_districts_score_by_the_campaigns_standard(programme: Programme) -> None:
    refine(programme, PARTS)
    nomination = stages.claimed(programme, bureau=1)

    save_review(nomination_id=nomination.pk, sections={"opinion": "好"}, actor=programme.bureaus[1].reviewer, at=AT)

    assert _sheet(nomination).standard_id == programme.campaign.standard_id


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"九-1": ["甲。", "乙。"]}, "item_unknown"),
        ({"三-5": ["甲。"]}, "parts_unusable"),
        ({"三-5": ["甲。", "甲。"]}, "parts_unusable"),
        ({"三-5": ["甲。", " "]}, "item_text_missing"),
        ({"三-5": [str(number) for number in range(21)]}, "too_many_parts"),
    ],
)
def test_refinement_that_cannot_be_used_says_why(programme: Programme, parts: Any, code: str) -> None:
    with pytest.raises(InvalidStandard) as refused:
        refine(programme, parts)

    assert [refusal.code for refusal in refused.value.refusals] == [code]
    assert not CampaignDistrict.objects.filter(standard__isnull=False).exists()


def test_what_the_city_has_refined_is_not_refined_again(programme: Programme) -> None:
    base = programme.campaign.standard
    city = evaluation.refine_standard(code="city", title="市级细化", parent=base, parts=PARTS)
    programme.campaign.standard = city
    programme.campaign.save(update_fields=["standard"])

    with pytest.raises(InvalidStandard) as refused:
        refine(programme, PARTS)

    assert [refusal.code for refusal in refused.value.refusals] == ["item_refined"]


def test_only_the_districts_approver_refines(programme: Programme) -> None:
    with pytest.raises(NotAllowed):
        refine(programme, PARTS, who="reviewer")
    with pytest.raises(NotFound):
        refine_standard(campaign_id=programme.campaign.pk, parts=PARTS, actor=programme.city_approver, at=AT)


def test_preset_brings_refinements_along() -> None:
    text = preset_content("luan_2023").decode()
    text = text.replace(
        "name: 金安区, authority: 金安区城市管理局}",
        "name: 金安区, authority: 金安区城市管理局, refinements: {三-5: [楼道整洁。, 绿化养护及时。]}}",
    )
    text = text.replace(
        "        - text: 小区环境卫生、绿化养护良好。",
        "        - text: 小区环境卫生、绿化养护良好。\n          evidence_required: true",
    )

    loaded = load_campaign(source=text.encode(), at=AT).campaign
    again = load_campaign(source=text.encode(), at=AT)

    parts = CampaignDistrict.objects.filter(campaign=loaded, standard__isnull=False)
    assert [part.prefix for part in parts] == ["JA"]
    assert "三-5-2" in codes(parts[0].standard_id)
    assert again.outcome == "unchanged"
