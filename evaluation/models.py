"""Standards, and the sheets on which subjects are scored by them.

A subject is named by a kind and an id, never by a foreign key: what is scored is not this room's business. Rules that
must hold whoever writes stand in the database: constraints for a row, triggers for what lies across rows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_id
from evaluation import triggers
from evaluation.enums import SheetState
from evaluation.rules import CHANGE_ID_LENGTH, REASON_LENGTH, REMARK_LENGTH, UNLOCK_REASON_LENGTH

POINTS_IN_STEPS = [Decimal(half) / 2 for half in range(21)]
SHEET_IDENTITY = ("standard", "subject_kind", "subject_id", "scorer", "scorer_role", "kind", "version", "supersedes")
CODE = r"^[a-z][a-z0-9_]*$"


class Standard(models.Model):
    """One version of a selection standard (annex 2); a frozen one never changes, a change makes the next version.

    ``parent`` is the standard that a district or city refines (note of annex 2, S-19).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("code"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="refinements", verbose_name=_("refines")
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["code", "version"]
        verbose_name = _("selection standard")
        verbose_name_plural = _("selection standards")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="standard_version_unique",
                violation_error_message=_("This version of the standard exists already."),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="standard_version_from_one",
                violation_error_message=_("Versions are counted from 1."),
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, digest="")
                | Q(frozen_at__isnull=False, digest__regex="^[0-9a-f]{64}$"),
                name="standard_frozen_with_digest",
                violation_error_message=_("A standard carries a digest exactly when it is frozen."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="standard_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
                func=triggers.refuse(triggers.FROZEN),
            ),
            pgtrigger.Trigger(
                name="standard_is_born_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__frozen_at__isnull=False),
                func=triggers.refuse("a standard is written first and frozen then"),
            ),
            pgtrigger.Trigger(
                name="standard_freezes_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen_at__isnull=True, new__frozen_at__isnull=False),
                func=triggers.FREEZE_WHOLE,
            ),
            triggers.no_truncate("standard"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code}, {self.version})"


class StandardGroup(models.Model):
    """A group of items that share one weight; its number and title come verbatim from the notice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="groups", verbose_name=_("selection standard"))
    position = models.PositiveSmallIntegerField(_("position"))
    number = models.CharField(_("number"), max_length=8)
    title = models.CharField(_("title"), max_length=200)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["standard", "position"]
        verbose_name = _("group of the standard")
        verbose_name_plural = _("groups of the standard")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["standard", "position"],
                name="standard_group_position_unique",
                violation_error_message=_("Two groups cannot stand in one place."),
            ),
            models.UniqueConstraint(
                fields=["standard", "number"],
                name="standard_group_number_unique",
                violation_error_message=_("Two groups cannot have the same number."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100),
                name="standard_group_weight_in_range",
                violation_error_message=_("A weight lies above 0 and at most at 100."),
            ),
        ]
        triggers: ClassVar = [
            triggers.frozen_with_standard("standard_group_is_frozen", triggers.GROUP_IS_FROZEN),
            triggers.no_truncate("standard_group"),
        ]

    def __str__(self) -> str:
        return f"{self.number}、{self.title}"


class StandardItem(models.Model):
    """One item, its text verbatim from the notice; a part of an item (``refines``) is a local refinement of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(StandardGroup, models.PROTECT, related_name="items", verbose_name=_("group"))
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("text"))
    max_points = models.DecimalField(_("points"), max_digits=3, decimal_places=1, default=10)
    evidence_required = models.BooleanField(_("evidence required"), default=False)
    refines = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )

    class Meta:
        ordering = ["group", "position"]
        verbose_name = _("item of the standard")
        verbose_name_plural = _("items of the standard")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "refines", "position"],
                nulls_distinct=False,
                name="standard_item_position_unique",
                violation_error_message=_("Two items cannot stand in one place."),
            ),
            models.CheckConstraint(
                condition=Q(max_points__in=POINTS_IN_STEPS, max_points__gt=0),
                name="standard_item_points_in_steps",
                violation_error_message=_("An item counts 0.5 to 10 points in steps of 0.5."),
            ),
            models.CheckConstraint(
                condition=Q(refines__isnull=True) | Q(max_points=10),
                name="standard_item_part_counts_ten",
                violation_error_message=_("A part of an item is scored out of 10."),
            ),
        ]
        triggers: ClassVar = [
            triggers.frozen_with_standard("standard_item_is_frozen", triggers.ITEM_IS_FROZEN),
            triggers.no_truncate("standard_item"),
        ]

    def __str__(self) -> str:
        return self.text


class ScoreSheet(models.Model):
    """The marks of one person for one subject by one standard; handed in, it never changes.

    ``kind`` says for which purpose (a district's review, a panel), ``scorer_role`` in which capacity. A sheet that was
    unlocked lives on as its ``successor``, a version of its own with the reason; the old one stays as it was.
    ``group_numerators[i] / group_denominators[i]`` is the exact score of group i, so that a ranking need not read
    every item again; the numbers are small because all points are halves (see `rules.faults_of_standard`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="sheets")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    scorer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="score_sheets")
    scorer_role = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=SheetState.choices, default=SheetState.OPEN)
    opened_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_reason = models.CharField(max_length=UNLOCK_REASON_LENGTH, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    group_numerators = ArrayField(models.BigIntegerField(), default=list, blank=True)
    group_denominators = ArrayField(models.BigIntegerField(), default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind", "scorer", "version"],
                name="score_sheet_version_unique",
                violation_error_message=_("This version of the score sheet exists already."),
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind", "scorer"],
                condition=Q(state=SheetState.OPEN),
                name="score_sheet_open_once",
                violation_error_message=_("This person already has an open score sheet for the same subject."),
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__regex=CODE, kind__regex=CODE, scorer_role__regex=CODE),
                name="score_sheet_codes_plain",
                violation_error_message=_("Kinds and roles are lower-case codes."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=SheetState.OPEN, handed_in_at__isnull=True, total__isnull=True, group_numerators=[], digest=""
                )
                | Q(
                    state=SheetState.HANDED_IN,
                    handed_in_at__isnull=False,
                    total__range=(0, 100),
                    group_numerators__len=F("group_denominators__len"),
                    digest__regex="^[0-9a-f]{64}$",
                ),
                name="score_sheet_result_when_handed_in",
                violation_error_message=_("A score sheet has its result exactly when it is handed in."),
            ),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True, reopened_by__isnull=True, reopened_reason="")
                | (Q(version__gt=1, supersedes__isnull=False, reopened_by__isnull=False) & ~Q(reopened_reason="")),
                name="score_sheet_reopened_with_reason",
                violation_error_message=_("A score sheet is unlocked by somebody and for a reason."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="score_sheet_is_handed_in",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=SheetState.HANDED_IN),
                func=triggers.refuse(triggers.HANDED_IN),
            ),
            pgtrigger.Trigger(
                name="score_sheet_opens",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=triggers.SHEET_OPENS,
            ),
            triggers.unchanging("score_sheet_keeps_its_subject", *SHEET_IDENTITY),
            pgtrigger.Trigger(
                name="score_sheet_hands_in_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state=SheetState.HANDED_IN),
                func=triggers.SHEET_HANDS_IN,
            ),
            triggers.no_truncate("score_sheet"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.scorer_id} v{self.version}"


class ItemScore(models.Model):
    """The mark for one item; ``version`` counts its changes, so that two devices cannot overwrite each other."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="scores")
    item = models.ForeignKey(StandardItem, models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    remark = models.CharField(max_length=REMARK_LENGTH, blank=True)
    photo_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("item score")
        verbose_name_plural = _("item scores")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "item"],
                name="item_score_once",
                violation_error_message=_("An item has one mark on a sheet."),
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__in=POINTS_IN_STEPS),
                name="item_score_points_in_steps",
                violation_error_message=_("Give 0 to 10 points in steps of 0.5."),
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=False, not_applicable=False, reason="")
                | (Q(points__isnull=True, not_applicable=True) & ~Q(reason__regex=r"^\s*$")),
                name="item_score_points_or_reason",
                violation_error_message=_("Give points, or say why the item does not apply."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="item_score_on_open_sheet",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=triggers.MARK_DECLARED,
                func=triggers.MARK_FITS,
            ),
            triggers.unchanging("item_score_keeps_its_item", "sheet", "item"),
            triggers.no_truncate("item_score"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.points}"


class SheetChange(models.Model):
    """A change that a device made offline and that was saved, under the id that the device gave it.

    So the same change can be sent again after a lost answer: it is recognized, not saved twice, and not mistaken for a
    conflict when the item has moved on since. ``version`` is the item's version that the change made.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="changes")
    change_id = models.CharField(max_length=CHANGE_ID_LENGTH)
    item = models.ForeignKey(StandardItem, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a score sheet")
        verbose_name_plural = _("changes of score sheets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "change_id"],
                name="sheet_change_once",
                violation_error_message=_("This change was saved before."),
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$") & ~Q(change_id=""),
                name="sheet_change_named",
                violation_error_message=_("A change has an id and a digest."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="sheet_change_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=triggers.refuse("a saved change stays as it is"),
            ),
            triggers.no_truncate("sheet_change"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} v{self.version}"
