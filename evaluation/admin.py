"""Standards to be looked at: each version with its groups and items, as `load_campaign` and refinements made it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import ListedAdmin, ListedInline
from evaluation.models import Standard, StandardGroup, StandardItem


class GroupInline(ListedInline):
    """The groups of a standard; each leads to its items."""

    model = StandardGroup
    fields = ("number", "title", "weight")
    show_change_link = True


class ItemInline(ListedInline):
    """The items of a group, refinements below the item that they refine."""

    model = StandardItem
    fields = ("position", "text", "max_points", "evidence_required", "refines")


@admin.register(Standard)
class StandardAdmin(ListedAdmin):
    """Versions of standards; a frozen one never changes, and none is changed here."""

    list_display = ("title", "code", "version", "parent", "frozen_at")
    list_select_related = ("parent",)
    search_fields = ("title", "code")
    fields = ("title", "code", "version", "parent", "frozen_at", "digest")
    readonly_fields = ("version", "frozen_at", "digest")
    inlines = (GroupInline,)


@admin.register(StandardGroup)
class StandardGroupAdmin(ListedAdmin):
    """Groups with their items."""

    list_display = ("number", "title", "standard", "weight", "items_in_it")
    list_filter = ("standard",)
    list_select_related = ("standard",)
    search_fields = ("title",)
    fields = ("standard", "number", "title", "weight")
    inlines = (ItemInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the items along."""
        groups: Any = super().get_queryset(request)
        counted: QuerySet[Any] = groups.annotate(counted=Count("items"))
        return counted

    @admin.display(description=_("number of items"), ordering="counted")
    def items_in_it(self, group: Any) -> int:
        """Return how many items the group has."""
        return int(group.counted)
