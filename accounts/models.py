"""People, organizations, and who may act for whom."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.enums import EXCLUSIVE_ROLES, ExportKind, GrantAction, OrganizationKind, Role, SignInOutcome
from common.append_only import append_only, kept_for
from common.identifiers import new_id
from common.pinyin import initials, spell

# Records of who came in are kept for at least so long (GB/T 22239-2019, 8.1.4.3; Cybersecurity Law, article 21).
SIGN_INS_KEPT_DAYS = 180


class User(AbstractUser):
    """A person who can sign in; what the person may do hangs on memberships alone."""

    first_name = None  # type: ignore[assignment]  # one name field fits Chinese and English names
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    large_text = models.BooleanField(_("large text"), default=False)
    high_contrast = models.BooleanField(_("high contrast"), default=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def get_full_name(self) -> str:
        return self.name


class District(models.Model):
    """A county-level unit with its code of administrative division (GB/T 2260), or a development zone."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pinyin = spell(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed through


class Organization(models.Model):
    """An office, a company or a committee; ``parent`` is a district bureau's city bureau, a company's owner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganizationKind.choices)
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.CharField(max_length=400, editable=False)
    initials = models.CharField(max_length=120, editable=False)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name=_("district"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["pinyin"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganizationKind.values),
                name="organization_kind_known",
                violation_error_message=_("This kind of organization does not exist."),
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="organization_credit_code_unique",
                violation_error_message=_("An organization with this credit code exists already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrganizationKind.DISTRICT) | Q(district__isnull=False, parent__isnull=False),
                name="organization_district_bureau_placed",
                violation_error_message=_("A district bureau needs its district and its city bureau."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pinyin, self.initials = spell(self.name), initials(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature, passed through


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters over memberships."""

    def valid_at(self, at: datetime) -> MembershipQuerySet:
        """Keep the memberships whose period, half-open, holds the instant and whose person and office are active."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=at),
            valid_from__lte=at,
            user__is_active=True,
            organization__is_active=True,
        )


class Membership(models.Model):
    """A person in one role for one organization during one period; the only source of rights."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes: ClassVar = [models.Index(fields=["organization", "role"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role if role != Role.SYSTEM]),
                name="membership_role_known",
                violation_error_message=_("This role cannot be given to a person."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="membership_period_ordered",
                violation_error_message=_("The period must end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=Q(valid_until__isnull=True),
                name="membership_open_once",
                violation_error_message=_("This person holds this role already."),
            ),
            # int8range carries the person's number because core GiST has no plain equality operator for integers.
            ExclusionConstraint(
                name="membership_administrators_apart",
                expressions=[
                    (Func("user", "user", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("valid_from", "valid_until", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=EXCLUSIVE_ROLES),
                violation_error_message=_(
                    "System administrator, security administrator and auditor exclude each other."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organization_id}"


class GrantRecord(models.Model):
    """One line of the log of grants; nothing in it is ever changed."""

    at = models.DateTimeField()
    action = models.CharField(max_length=8, choices=GrantAction.choices)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="grant_records")
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        triggers: ClassVar = append_only("grant")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.membership_id}"


class ApiToken(models.Model):
    """A key for programs, scoped to one membership; only its digest is kept."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_creation")
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class SavedFilter(models.Model):
    """How one person likes to narrow one list, under a name of their own; ``query`` is what stands in the address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="filters")
    listing = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=30)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "listing", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return f"{self.listing}: {self.name}"


class SignInRecord(models.Model):
    """One attempt to sign in, successful or not; nothing in it is changed, and it is kept for at least 180 days.

    A name that nobody bears is kept by its first two letters only: people type their password into the wrong field.
    """

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="sign_ins")
    login = models.CharField(max_length=150)
    outcome = models.CharField(max_length=16, choices=SignInOutcome.choices)
    method = models.CharField(max_length=24, blank=True, help_text="password, or the second factor that was used")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        triggers: ClassVar = kept_for("sign_in", days=SIGN_INS_KEPT_DAYS)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.login} {self.outcome}"


class ExportRecord(models.Model):
    """One file that left the product, or one masked number that was shown: who, what, how many rows, and why."""

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=8, choices=ExportKind.choices)
    subject = models.CharField(max_length=60, help_text="what: a code such as events or contact")
    person = models.ForeignKey(User, models.PROTECT, related_name="exports")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="exports")
    about = models.CharField(max_length=200, blank=True, help_text="filters, or the number of the case")
    rows = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        triggers: ClassVar = append_only("export")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.subject}"
