"""A campaign: one year's programme of one city, with its calendar, quotas, requirements and districts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization
from common.identifiers import new_id
from evaluation.enums import Counting
from nominations.enums import Window
from nominations.rules.vocabulary import practice_tags, publicity_channels

if TYPE_CHECKING:
    from accounts.actors import Actor


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Filters over campaigns."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the campaigns of the actor's city; a company's are those of the cities it manages communities in."""
        if actor.is_system or actor.organization_kind == OrganizationKind.OPERATOR:
            return self
        if actor.role == Role.PROVINCE_VIEWER:
            return self.filter(city__parent=actor.organization_id)
        if actor.role in {Role.COMPANY_ADMIN, Role.COMPANY_EDITOR}:
            return self.filter(
                city__in=Organization.objects.filter(
                    children__district__communities__company=actor.organization_id
                ).values("pk")
            )
        return self.filter(city=actor.city_id) if actor.city_id else self.none()


class Campaign(models.Model):
    """One run of an award programme (notice, head and sections one to four; rows S-01, S-08, S-11, S-15, S-16)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    award = models.CharField(_("award"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    city = models.ForeignKey(Organization, models.PROTECT, related_name="campaigns", verbose_name=_("issuer"))
    legal_basis = models.TextField(_("legal basis"))
    goal = models.TextField(_("goal"))
    issued_on = models.DateField(_("issued on"))
    standard = models.ForeignKey("evaluation.Standard", models.PROTECT, related_name="+", verbose_name=_("standard"))
    stream = models.ForeignKey("workflow.Stream", models.PROTECT, related_name="+", editable=False)
    source_digest = models.CharField(max_length=64, editable=False)
    # Slips of the published wording that the standard corrects: rows of {item, text, published}.
    corrected_wording = models.JSONField(_("corrected wording"), default=list, blank=True, editable=False)

    # Every closing instant is exclusive: at it, it is too late.
    application_opens_at = models.DateTimeField(_("application opens"))
    application_closes_at = models.DateTimeField(_("application closes"))
    district_closes_at = models.DateTimeField(_("district review closes"))
    evaluation_closes_at = models.DateTimeField(_("evaluation closes"))
    work_report_closes_at = models.DateTimeField(_("work reports close"))
    report_closes_at = models.DateTimeField(_("report to the province closes"))

    places = models.PositiveSmallIntegerField(_("places"))
    places_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    four_eyes = models.BooleanField(_("four eyes"), default=True)
    district_share = models.DecimalField(_("weight of the district's score"), max_digits=4, decimal_places=3, default=0)
    # Which figure of a panel counts; like every term it is fixed from the first step of the campaign on.
    counting = models.CharField(
        _("what counts of a panel"), max_length=12, choices=Counting.choices, default=Counting.TRIMMED
    )
    minimum_sheets = models.PositiveSmallIntegerField(_("sheets at least"), default=3)
    discrepancy_points = models.DecimalField(
        _("largest difference"), max_digits=5, decimal_places=2, default=Decimal(15)
    )
    # Without a number the machine drafts none, and the city puts as many on reserve as it sees fit.
    reserves = models.PositiveSmallIntegerField(_("reserves"), null=True, blank=True)
    concentration_share = models.DecimalField(
        _("largest share of one district or company in the places, in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    concentration_binding = models.BooleanField(_("the largest share is binding"), default=False)
    title_years = models.PositiveSmallIntegerField(_("years for which the title is valid"), null=True, blank=True)
    practice_tags = models.JSONField(_("tags of good practice"), default=practice_tags)
    publicity_channels = models.JSONField(_("channels of publicity"), default=publicity_channels)
    panel_size = models.PositiveSmallIntegerField(_("evaluators for each community"), default=3)
    panel_experts = models.PositiveSmallIntegerField(_("experts on a panel at least"), default=1)
    panel_departments = models.PositiveSmallIntegerField(_("department staff on a panel at least"), default=1)
    evaluator_load_limit = models.PositiveSmallIntegerField(
        _("communities per evaluator at most"), null=True, blank=True
    )
    conflict_years = models.PositiveSmallIntegerField(_("years that a conflict of interest looks back"), default=3)
    corrections_allowed = models.PositiveSmallIntegerField(_("corrections allowed"), default=2)
    correction_working_days = models.PositiveSmallIntegerField(_("working days for a correction"), default=5)
    # 15 places part any two rates of communities of up to a million households: rounding up loses nothing.
    complaint_rate_limit = models.DecimalField(
        _("complaint rate at the limit of the best 5 %"), max_digits=21, decimal_places=15, null=True, blank=True
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "code"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(application_opens_at__lt=F("application_closes_at"))
                & Q(application_closes_at__lte=F("district_closes_at"))
                & Q(district_closes_at__lte=F("evaluation_closes_at"))
                & Q(evaluation_closes_at__lte=F("report_closes_at")),
                name="campaign_calendar_ordered",
                violation_error_message=_(
                    "The dates must follow one another: application, district, evaluation, report."
                ),
            ),
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("places")),
                name="campaign_places_not_exceeded",
                violation_error_message=_("There are no places left."),
            ),
            models.CheckConstraint(
                condition=Q(district_share__gte=0, district_share__lte=1),
                name="campaign_district_share_is_a_share",
                violation_error_message=_("The weight of the district's score lies between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(concentration_share__isnull=True, concentration_binding=False)
                | Q(concentration_share__isnull=False, concentration_share__gt=0, concentration_share__lte=100),
                name="campaign_concentration_is_a_share",
                violation_error_message=_("The largest share lies above 0 and up to 100; only a share can be binding."),
            ),
            models.CheckConstraint(
                condition=Q(title_years__isnull=True) | Q(title_years__gte=1),
                name="campaign_title_years_positive",
                violation_error_message=_("A title is valid for at least one year."),
            ),
            models.CheckConstraint(
                condition=Q(counting__in=Counting.values),
                name="campaign_counting_known",
                violation_error_message=_("Of a panel counts the raw, the trimmed or the adjusted mean."),
            ),
            models.CheckConstraint(
                condition=Q(panel_size__gte=F("panel_experts") + F("panel_departments")),
                name="campaign_panel_has_room_for_both",
                violation_error_message=_("A panel must have room for its experts and its department staff."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignDistrict(models.Model):
    """A district bureau's part in a campaign, with its own chain of events."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="districts")
    district = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("district bureau"))
    stream = models.ForeignKey("workflow.Stream", models.PROTECT, related_name="+", editable=False)
    quota = models.PositiveSmallIntegerField(_("quota"), null=True, blank=True)
    prefix = models.CharField(_("prefix of the case numbers"), max_length=12)
    # A refinement of the campaign's standard by which the district scores; without one, the campaign's own.
    standard = models.ForeignKey(
        "evaluation.Standard", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standard")
    )
    last_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "district"], name="campaign_district_once"),
            models.UniqueConstraint(fields=["campaign", "prefix"], name="campaign_district_prefix_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.district_id}"


class Requirement(models.Model):
    """One principle requirement of annex 1, verbatim, with its machine check as data (row S-10).

    ``check_kind`` names the rule in ``nominations.rules.requirement``, ``parameters`` its figures and operators;
    decimals are kept as strings:

    - ``judged``: no figure is given, the reviewer judges on evidence; ``{}``
    - ``figures``: ``{"figures": [{"figure": "satisfaction_rate" | "fee_collection_rate", "operator": ">" | ">=",
      "limit": "90"}, {"figure": "complaint_rate", "best_percent": "5"}]}``, all of them must hold
    - ``committee_in_term``: a committee of either form exists and its term is running; ``{}``
    - ``no_penalty``: none of the company within ``months`` before ``before``; ``{"months": 12, "before":
      "application_closes"}``
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="requirements")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("wording"))
    prompt = models.TextField(_("what to write about it"), blank=True)
    check_kind = models.CharField(_("check"), max_length=40)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)

    class Meta:
        ordering = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "number"], name="requirement_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:30]}"


class ComplaintFigure(models.Model):
    """The city's own figure of complaints about one managed community, imported for the whole city.

    Two communities of one name are told apart by ``district_name``, which is empty where the list gives none. A place
    that several companies have entered has its figure once for each entry (decision 36).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="complaint_figures")
    community = models.ForeignKey("nominations.Community", models.PROTECT, null=True, blank=True, related_name="+")
    community_name = models.CharField(max_length=120)
    district_name = models.CharField(max_length=60, blank=True)
    households = models.PositiveIntegerField()
    complaints = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "district_name", "community_name", "community"],
                name="complaint_figure_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(households__gt=0), name="complaint_figure_households_positive"),
        ]

    def __str__(self) -> str:
        return self.community_name


class Extension(models.Model):
    """A later end of one window for a campaign, district or nomination; prepared by one, approved by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="extensions")
    window = models.CharField(max_length=16, choices=Window.choices)
    district = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    nomination = models.ForeignKey(
        "nominations.Nomination", models.PROTECT, null=True, blank=True, related_name="extensions"
    )
    until = models.DateTimeField()
    reason = models.TextField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(window__in=Window.values), name="extension_window_known"),
            models.CheckConstraint(
                condition=Q(district__isnull=True) | Q(nomination__isnull=True),
                name="extension_one_scope",
                violation_error_message=_("An extension is for a district or for a nomination, not for both."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                name="extension_two_people",
                violation_error_message=_("Who prepared an extension does not approve it."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="extension_approval_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window} → {self.until:%Y-%m-%d %H:%M}"
