"""Small pieces of the pages: icons, and times as offices write them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
WEEKDAYS = "一二三四五六日"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one icon of the sprite, hidden from screen readers: it never stands without a word."""
    return format_html(
        '<svg class="jy-icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("web/icons.svg"), name
    )


@register.filter
def moment(at: datetime) -> str:
    """Return a time in the reader's manner: ``7月16日 17:08`` or ``16 July 17:08``."""
    local = timezone.localtime(at)
    if get_language() == "en":
        return date_format(local, "j F H:i")
    return f"{local.month}月{local.day}日 {local:%H:%M}"


@register.filter
def until(at: datetime) -> str:
    """Return an exclusive end as the last day of which it is the midnight: ``7月31日（周五）24:00 前``."""
    local = timezone.localtime(at)
    is_midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    day = timezone.localtime(at - timedelta(microseconds=1)) if is_midnight else local
    clock = "24:00" if is_midnight else f"{local:%H:%M}"
    if get_language() == "en":
        return f"{date_format(day, 'l j F')}, {clock}"
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）{clock} 前"
