"""Reference data only: the working calendar. No state is editable here, and no event is shown as if it were."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from workflow.models import CalendarDay, CalendarYear


@admin.register(CalendarYear)
class CalendarYearAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Whether a year's holidays have been announced."""

    list_display = ("year", "is_announced")


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Days that are not what their weekday says; what is entered here, seeding leaves alone."""

    list_display = ("day", "is_workday", "name")
    list_filter = ("is_workday",)
    date_hierarchy = "day"

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        obj.is_seeded = False
        super().save_model(request, obj, form, change)
