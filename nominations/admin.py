"""Reference data of the programme: campaigns, communities, penalties, the city's figures, the pool of evaluators.

Nothing with a state is registered here: whatever moves is moved by the engine, and shown by the pages.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import ListedAdmin, ListedInline, ReferenceAdmin
from nominations.models import (
    Campaign,
    CampaignDistrict,
    Community,
    ComplaintFigure,
    Evaluator,
    Penalty,
    Requirement,
)
from nominations.operations.campaign import change_terms, steps_on_record


class RequirementInline(ListedInline):
    """The requirements with their checks."""

    model = Requirement
    fields = ("number", "text", "check_kind", "parameters")


class CampaignDistrictInline(ListedInline):
    """The districts that take part."""

    model = CampaignDistrict
    fields = ("district", "prefix", "quota")


@admin.register(Campaign)
class CampaignAdmin(ReferenceAdmin):
    """Campaigns: made by ``load_campaign``, changed here only until the first step is on record."""

    list_display = ("title", "code", "year", "city", "application_opens_at", "report_closes_at")
    list_select_related = ("city",)
    search_fields = ("title", "code")
    inlines = (RequirementInline, CampaignDistrictInline)
    fields = (
        "code", "title", "award", "year", "city", "legal_basis", "goal", "issued_on", "standard",
        "application_opens_at", "application_closes_at", "district_closes_at", "evaluation_closes_at",
        "work_report_closes_at", "report_closes_at",
        "places", "four_eyes", "district_share", "counting", "minimum_sheets", "discrepancy_points",
        "panel_size", "panel_experts", "panel_departments", "evaluator_load_limit", "conflict_years",
        "corrections_allowed", "correction_working_days", "complaint_rate_limit",
        "reserves", "concentration_share", "concentration_binding", "title_years", "practice_tags",
        "publicity_channels",
    )  # fmt: skip
    readonly_fields = ("code", "city", "standard", "complaint_rate_limit", "practice_tags", "publicity_channels")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Add none here: a campaign is more than one row."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change a campaign only while nobody works in it."""
        in_use = isinstance(obj, Campaign) and steps_on_record(obj) > 0
        return super().has_change_permission(request, obj) and not in_use

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        """Change the terms, and with the dates the deadlines that hang on them."""
        change_terms(campaign_id=obj.pk, terms={name: form.cleaned_data[name] for name in form.changed_data})
        obj.refresh_from_db()


@admin.register(Community)
class CommunityAdmin(ReferenceAdmin):
    """Communities, the bureau that supervises each and the company that manages it."""

    list_display = ("name", "authority", "subdistrict", "neighborhood", "company")
    list_filter = ("authority",)
    list_select_related = ("authority", "company")
    search_fields = ("name", "pinyin", "initials")
    autocomplete_fields = ("authority", "district", "company")
    fields = ("name", "authority", "district", "subdistrict", "neighborhood", "address", "company")


@admin.register(Penalty)
class PenaltyAdmin(ReferenceAdmin):
    """Administrative penalties of companies (annex 1, requirement 6)."""

    list_display = ("company", "decided_on", "authority", "document")
    list_select_related = ("company",)
    search_fields = ("company__name", "company__pinyin", "document")
    autocomplete_fields = ("company",)
    date_hierarchy = "decided_on"


@admin.register(ComplaintFigure)
class ComplaintFigureAdmin(ListedAdmin):
    """The city's figures as they were imported."""

    list_display = ("community_name", "district_name", "households", "complaints", "campaign")
    list_filter = ("campaign",)
    list_select_related = ("campaign",)
    search_fields = ("community_name",)


@admin.register(Evaluator)
class EvaluatorAdmin(ListedAdmin):
    """Who is in which city's pool; the city keeps it on its own page, where conflicts of interest are looked for.

    Where a person lives and works, and what was declared, is no business of an administrator.
    """

    list_display = ("person", "kind", "organization", "city", "identity_confirmed_at", "is_active")
    list_filter = ("kind", "is_active", "city")
    list_select_related = ("user", "city")
    search_fields = ("user__name", "organization")
    fields = ("person", "city", "kind", "organization", "identity_confirmed_at", "is_active", "entered_at")
    readonly_fields = ("person", "entered_at")

    @admin.display(description=_("person"), ordering="user__name")
    def person(self, profile: Evaluator) -> str:
        """Return the person's name and account."""
        return f"{profile.user.name} ({profile.user.username})"
