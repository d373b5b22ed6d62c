"""Verbs about standards: writing one, changing it by a new version, freezing it (S-11, S-19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from evaluation import queries, rules
from evaluation.models import Standard, StandardGroup, StandardItem
from evaluation.scoring import ItemOutline, StandardOutline


class StandardExists(DomainError):
    """There is a standard of this code with other content; changing it is another verb."""

    code = "standard_exists"
    message = _("The standard %(code)s exists already with other content; make a new version of it.")


class StandardNotFound(DomainError):
    """There is no standard of this code."""

    code = "standard_not_found"
    message = _("There is no standard %(code)s.")


class InvalidStandard(DomainError):
    """The content breaks the rules for standards; every reason is listed."""

    code = "invalid_standard"
    message = _("The standard %(code)s cannot be used as it is.")


@transaction.atomic
def create_standard(*, code: str, title: str, outline: StandardOutline, parent: Standard | None = None) -> Standard:
    """Write the first version of a standard, or of a local refinement of ``parent`` (S-11, S-19).

    A standard of this code with the same content is returned as it is, so that loading twice changes nothing.
    Raises ``StandardExists`` when its content differs and ``InvalidStandard`` with every fault.
    """
    newest = queries.newest_version(code)
    if newest is None:
        return _write_version(Standard(code=code, title=title, parent=parent), outline)
    if not _has_content(newest, title, outline) or newest.parent_id != (parent.pk if parent else None):
        raise StandardExists(attr="code", code=code)
    return newest


@transaction.atomic
def revise_standard(*, code: str, title: str, outline: StandardOutline) -> Standard:
    """Give the standard other content: a frozen one gets a next version, one that is not frozen is written anew.

    The same content changes nothing. Sheets keep the version that they were scored on. Raises ``StandardNotFound`` and
    ``InvalidStandard``.
    """
    newest = Standard.objects.select_for_update().filter(code=code).order_by("-version").first()
    if newest is None:
        raise StandardNotFound(attr="code", code=code)
    if _has_content(newest, title, outline):
        return newest
    if newest.frozen_at:
        following = Standard(code=code, version=newest.version + 1, title=title, parent=newest.parent)
        return _write_version(following, outline)
    _remove_content(newest)
    newest.title = title
    return _write_version(newest, outline)


@transaction.atomic
def refine_standard(*, code: str, title: str, parent: Standard, parts: Mapping[str, Sequence[str]]) -> Standard:
    """Write a local refinement of ``parent``: parts of these texts below the items named by their codes (S-19).

    Every item keeps its place and its weight; a part is scored out of ten. The same content changes nothing, other
    content makes a next version where the newest is frozen; sheets keep the version they were scored on. Raises
    ``InvalidStandard`` with every fault.
    """
    outline = queries.outline_of(parent.pk)
    if faults := rules.faults_of_parts(outline, parts):
        raise InvalidStandard(attr="parts", refusals=faults, code=code)
    refined = outline.with_parts(parts)
    newest = Standard.objects.select_for_update().filter(code=code).order_by("-version").first()
    if newest is None:
        return _write_version(Standard(code=code, title=title, parent=parent), refined)
    if newest.parent_id == parent.pk:
        return revise_standard(code=code, title=title, outline=refined)
    return _write_version(Standard(code=code, version=newest.version + 1, title=title, parent=parent), refined)


@transaction.atomic
def freeze_standard(*, standard_id: UUID, at: datetime) -> Standard:
    """Freeze a standard, and the one it refines, with a digest of its content; freezing twice changes nothing.

    Raises ``InvalidStandard`` with every fault.
    """
    standard = Standard.objects.get(pk=standard_id)
    if not standard.frozen_at:  # frozen is for ever: only an open one needs the lock, and a second look under it
        standard = Standard.objects.select_for_update().get(pk=standard_id)
    if standard.frozen_at:
        return standard
    if standard.parent_id:
        standard.parent = freeze_standard(standard_id=standard.parent_id, at=at)
    outline = queries.outline_of(standard_id)
    _refuse_faults(standard, outline)
    standard.frozen_at = at
    standard.digest = queries.standard_digest(standard, outline)
    standard.save(update_fields=["frozen_at", "digest"])
    return standard


def _has_content(standard: Standard, title: str, outline: StandardOutline) -> bool:
    return standard.title == title and queries.outline_of(standard.pk) == outline


def _write_version(standard: Standard, outline: StandardOutline) -> Standard:
    _refuse_faults(standard, outline)
    standard.save()
    for position, group in enumerate(outline.groups, start=1):
        row = StandardGroup.objects.create(
            standard=standard,
            position=position,
            number=group.number,
            title=group.title,
            weight=group.weight,
        )
        StandardItem.objects.bulk_create(_item_rows(row, group.items, None))
    return standard


def _item_rows(
    group: StandardGroup, items: Sequence[ItemOutline], refines: StandardItem | None
) -> Iterator[StandardItem]:
    """Yield the rows of the items, each before the rows of its parts; ids are new, for an outline may be reused."""
    for position, item in enumerate(items, start=1):
        row = StandardItem(
            group=group,
            refines=refines,
            position=position,
            text=item.text,
            max_points=item.max_points,
            evidence_required=item.evidence_required,
        )
        yield row
        yield from _item_rows(group, item.parts, row)


def _remove_content(standard: Standard) -> None:
    items = StandardItem.objects.filter(group__standard=standard)
    items.filter(refines__isnull=False).delete()
    items.delete()
    standard.groups.all().delete()


def _refuse_faults(standard: Standard, outline: StandardOutline) -> None:
    parent = queries.outline_of(standard.parent_id) if standard.parent_id else None
    if faults := rules.faults_of_standard(outline, parent):
        raise InvalidStandard(attr="groups", refusals=faults, code=standard.code)
