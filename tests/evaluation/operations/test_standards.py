"""Writing, revising and freezing a standard (S-11, S-19)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation import operations, queries
from evaluation.models import Standard, StandardGroup, StandardItem
from evaluation.scoring import StandardOutline
from tests.evaluation.annex import annex_two, group, heavier, refined
from tests.evaluation.steps import AT

LATER = AT + timedelta(hours=2)


def test_create_standard_writes_every_group_and_item_verbatim(standard: Standard) -> None:
    assert (standard.version, standard.frozen_at, standard.digest) == (1, None, "")
    assert queries.outline_of(standard.pk) == annex_two()
    assert StandardItem.objects.filter(group__standard=standard).count() == 25


def test_create_standard_twice_changes_nothing(standard: Standard) -> None:
    again = operations.create_standard(code="luan_2023", title=standard.title, outline=annex_two())

    assert again == standard
    assert StandardGroup.objects.count() == 4


@pytest.mark.parametrize("change", ["title", "outline", "parent"])
def test_create_standard_refuses_a_code_with_other_content(change: str, standard: Standard) -> None:
    other = operations.create_standard(code="other", title="另", outline=annex_two())
    asked: dict[str, object] = {"title": standard.title, "outline": annex_two(), "parent": None}
    asked[change] = {"title": "改", "outline": heavier(annex_two()), "parent": other}[change]

    with pytest.raises(operations.StandardExists) as refused:
        operations.create_standard(code="luan_2023", **asked)  # type: ignore[arg-type]  # one of three is another

    assert refused.value.attr == "code"
    assert StandardGroup.objects.filter(standard__code="luan_2023").count() == 4


def test_create_standard_refuses_weights_that_miss_a_hundred(db: None) -> None:
    outline = StandardOutline((group("一", "组", "60", ["甲"]), group("二", "组", "39.99", ["乙"])))

    with pytest.raises(operations.InvalidStandard) as refused:
        operations.create_standard(code="light", title="轻", outline=outline)

    assert [refusal.code for refusal in refused.value.refusals] == ["weights_not_100"]
    assert Standard.objects.count() == 0


def test_create_standard_refines_a_parent_by_parts(standard: Standard) -> None:
    local = operations.create_standard(code="local", title="细化", outline=refined(annex_two()), parent=standard)

    assert local.parent == standard
    assert queries.outline_of(local.pk) == refined(annex_two())


def test_create_standard_refuses_a_refinement_that_moves_weights(standard: Standard) -> None:
    with pytest.raises(operations.InvalidStandard) as refused:
        operations.create_standard(code="local", title="细化", outline=heavier(annex_two()), parent=standard)

    assert [refusal.code for refusal in refused.value.refusals] == ["parent_changed"]


def test_freeze_standard_stores_a_digest_of_the_content(standard: Standard) -> None:
    frozen = operations.freeze_standard(standard_id=standard.pk, at=AT)

    standard.refresh_from_db()
    assert standard.frozen_at == AT
    assert standard.digest == frozen.digest == queries.standard_digest(standard, queries.outline_of(standard.pk))


def test_freeze_standard_twice_keeps_the_first_instant(standard: Standard) -> None:
    operations.freeze_standard(standard_id=standard.pk, at=AT)

    assert operations.freeze_standard(standard_id=standard.pk, at=LATER).frozen_at == AT


def test_freeze_standard_refuses_what_was_written_past_the_operations(standard: Standard) -> None:
    StandardGroup.objects.filter(standard=standard, position=1).update(weight=10)

    with pytest.raises(operations.InvalidStandard) as refused:
        operations.freeze_standard(standard_id=standard.pk, at=AT)

    assert [refusal.params for refusal in refused.value.refusals] == [{"total": "90"}]


def test_freeze_standard_freezes_the_parent_too(standard: Standard) -> None:
    local = operations.create_standard(code="local", title="细化", outline=refined(annex_two()), parent=standard)

    frozen = operations.freeze_standard(standard_id=local.pk, at=AT)

    standard.refresh_from_db()
    assert standard.frozen_at == AT
    assert frozen.digest == queries.standard_digest(Standard.objects.get(pk=local.pk), queries.outline_of(local.pk))


def test_revise_standard_makes_a_next_version_of_a_frozen_one(standard: Standard) -> None:
    operations.freeze_standard(standard_id=standard.pk, at=AT)

    following = operations.revise_standard(code="luan_2023", title="新标准", outline=heavier(annex_two()))

    assert (following.version, following.title, following.frozen_at) == (2, "新标准", None)
    assert queries.outline_of(standard.pk) == annex_two()
    assert queries.outline_of(following.pk) == heavier(annex_two())
    assert queries.newest_version("luan_2023") == following


def test_revise_standard_may_start_from_the_rows_of_the_old_version(standard: Standard) -> None:
    operations.freeze_standard(standard_id=standard.pk, at=AT)

    following = operations.revise_standard(
        code="luan_2023", title=standard.title, outline=heavier(queries.outline_of(standard.pk))
    )

    assert queries.outline_of(following.pk) == heavier(annex_two())


def test_revise_standard_writes_one_that_is_not_frozen_anew(standard: Standard) -> None:
    local = operations.create_standard(code="local", title="细化", outline=refined(annex_two()), parent=standard)

    same = operations.revise_standard(code="local", title="再细化", outline=annex_two())

    assert same == local
    assert (same.version, same.title, same.parent) == (1, "再细化", standard)
    assert queries.outline_of(local.pk) == annex_two()


def test_revise_standard_with_the_same_content_changes_nothing(standard: Standard) -> None:
    operations.freeze_standard(standard_id=standard.pk, at=AT)

    assert operations.revise_standard(code="luan_2023", title=standard.title, outline=annex_two()) == standard


def test_revise_standard_refuses_an_unknown_code(db: None) -> None:
    with pytest.raises(operations.StandardNotFound):
        operations.revise_standard(code="nothing", title="无", outline=annex_two())
