"""The kit's partials that take a value or two; the others are included (see `docs/pages.md`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from common.refusals import Sentence
from web import kit, looks
from web.dates import spell_date, spell_instant, spell_period, spell_time
from web.kit import Action, Bar, Due, Tag

register = template.Library()


@register.inclusion_tag("kit/tag.html")
def tag(shown: Tag) -> dict[str, Any]:
    """Show a state."""
    return {"tag": shown}


@register.inclusion_tag("kit/tag.html")
def mark(look: str, label: Sentence, icon: str = "") -> dict[str, Any]:
    """Show a state that the template names itself: ``{% mark "is-pass" _("Done") %}``."""
    return {"tag": looks.tag(look, label, icon)}


@register.inclusion_tag("kit/tag.html")
def state(row: Any) -> dict[str, Any]:
    """Show where a row of the flow stands."""
    return {"tag": looks.state_tag(row.state, row.get_state_display())}


@register.inclusion_tag("kit/due.html")
def due(shown: Due | None) -> dict[str, Any]:
    """Show until when, in words and with the weekday; nothing where nothing is due."""
    return {"due": shown}


@register.inclusion_tag("kit/bars.html")
def bars(rows: Iterable[Bar], caption: Sentence) -> dict[str, Any]:
    """Show bars, or a funnel, as a table: the figures stand beside the picture."""
    return {"rows": rows, "caption": caption}


@register.inclusion_tag("kit/progress.html")
def progress(done: int, whole: int) -> dict[str, Any]:
    """Show how much of something is done; the words stand beside it."""
    return {"share": round(100 * done / whole) if whole else 0}


@register.inclusion_tag("kit/action.html")
def action(shown: Action) -> dict[str, Any]:
    """Show one thing to do as a button, or greyed with its reasons below."""
    return {"action": shown}


@register.filter
def day(on: date) -> str:
    """Return a day of a record: ``2026年11月20日``."""
    return spell_date(on)


@register.filter
def exactly(at: datetime) -> str:
    """Return an instant to the second: ``2026年11月20日 14:32:05``."""
    return spell_instant(at, "%H:%M:%S")


@register.filter
def through(first: date, last: date | None) -> str:
    """Return a period of a record: ``{{ title.title_from|through:title.title_until }}``."""
    return spell_period(first, last)


@register.filter
def aside(name: str, more: Sentence) -> str:
    """Add something in brackets: ``{{ person.name|aside:person.kind }}``."""
    return kit.aside(name, more)


@register.simple_tag
def when(at: datetime | None, now: datetime) -> str | SafeString:
    """Return an instant as people say it: ``今天 09:40``."""
    return spell_time(at, now) if at else ""
