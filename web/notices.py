"""What the reader was told: a list to narrow, the deadlines that were reminded of, and where each mail leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from nominations.models import Nomination
from notifications.enums import Category
from notifications.errors import NoticeNotFound
from notifications.letters import Letter, letter_for
from notifications.models import Notice
from notifications.operations.notices import mark_all_read, mark_read
from notifications.queries import notices_held_by, notices_of, outcomes_for, stale_reminders, unread_of
from web.acting import for_members
from web.dates import due
from web.kit import Due, Link
from web.paging import page_of_rows
from workflow import calendar
from workflow.errors import NotFound

MOST_DEADLINES = 100
UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in the words of its mail."""

    notice: Notice
    letter: Letter
    url: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """One deadline that the reader was reminded of and whose work is still to be done."""

    told: Told
    due: Due


@for_members
def notice(request: HttpRequest, notice_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """Lead the reader of a mail to the case that it is about; a paper of the campaign is shown by its notice."""
    try:
        found = mark_read(notice_id=notice_id, within=notices_held_by(actor.person_id, at=at), at=at)
    except NoticeNotFound as error:
        raise Http404 from error
    source = found.reminder.deadline if found.reminder else found.event
    if source is not None and source.flow == Nomination.flow:
        return redirect("web:case", source.subject_id)
    page = {"told": _told([found]), "tabs": _tabs(""), "at": at}
    return render(request, "web/notice.html", page)


@for_members
def notices(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the notices, reminders apart; mark one or all of them as read."""
    if request.method == "POST":
        return _read(request, actor, at)
    show = request.GET.get("show", "")
    rows = _narrowed(notices_of(actor), show)
    shown = page_of_rows(request, rows)
    page = {
        "page": shown,
        "told": _told(list(shown.object_list)),
        "chips": _chips(actor, show),
        "tabs": _tabs("notices"),
        "show": show,
        "at": at,
    }
    return render(request, "web/notices.html", page)


@for_members
def deadlines(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """List the deadlines that the reader was reminded of, the most urgent first; what is done is left out."""
    reminders = notices_of(actor).filter(reminder__isnull=False)
    newest = {one.reminder.deadline_id: one for one in reversed(reminders[:MOST_DEADLINES]) if one.reminder}
    stale = stale_reminders(newest.values())
    known = calendar.load()
    rows = [
        Reminded(told, due(told.notice.reminder.deadline.due_at, at=at, calendar=known))
        for told in _told([one for one in newest.values() if one.pk not in stale])
        if told.notice.reminder
    ]
    page = {"rows": sorted(rows, key=lambda row: row.due.due_at), "tabs": _tabs("deadlines"), "at": at}
    return render(request, "web/deadlines.html", page)


def _read(request: HttpRequest, actor: Actor, at: datetime) -> HttpResponse:
    chosen = request.POST.get("notice", "")
    if chosen:
        _mark(chosen, actor, at)
    elif "all" in request.POST:
        mark_all_read(actor=actor, at=at)
    show = request.POST.get("show", "")
    return redirect(f"{reverse('web:notices')}?show={show}" if show in SHOWN else reverse("web:notices"))


def _mark(chosen: str, actor: Actor, at: datetime) -> None:
    """Mark one of the reader's own notices; somebody else's is not found, and neither is a forged one."""
    try:
        mark_read(notice_id=UUID(chosen), within=notices_of(actor), at=at)
    except (ValueError, NoticeNotFound) as error:
        raise NotFound from error


SHOWN = frozenset({UNREAD, *Category.values})


def _narrowed(rows: QuerySet[Notice], show: str) -> QuerySet[Notice]:
    """Keep what was asked for; without a wish everything but the reminders, which have a page of their own."""
    if show == UNREAD:
        return rows.filter(read_at__isnull=True)
    return rows.filter(category=show) if show in SHOWN else rows.filter(reminder__isnull=True)


def _told(found: Sequence[Notice]) -> list[Told]:
    outcomes = outcomes_for(found)
    language = get_language() or ""
    return [
        Told(one, letter_for(one, language=language, outcomes=outcomes.get(one.pk, ())), _url(one)) for one in found
    ]


def _url(one: Notice) -> str:
    source = one.reminder.deadline if one.reminder else one.event
    is_case = source is not None and source.flow == Nomination.flow
    return reverse("web:notice", args=[one.pk]) if is_case else ""


def _chips(actor: Actor, show: str) -> list[Link]:
    """Return the ways to narrow the list, with how many are unread in each; one query."""
    rows: Any = unread_of(actor).values_list("category")
    unread = dict(rows.annotate(Count("id")).order_by("category"))
    base = reverse("web:notices")
    chips = [
        Link(_("All"), base, is_here=show not in SHOWN),
        Link(_counted(_("Unread"), sum(unread.values())), f"{base}?show={UNREAD}", is_here=show == UNREAD),
    ]
    for category in Category:
        label = _counted(str(category.label), unread.get(category.value, 0))
        chips.append(Link(label, f"{base}?show={category.value}", is_here=show == category.value))
    return chips


def _counted(label: str, number: int) -> str:
    return f"{label} {number}" if number else label


def _tabs(here: str) -> list[Link]:
    return [
        Link(_("Notices"), reverse("web:notices"), is_here=here == "notices"),
        Link(_("Deadlines"), reverse("web:deadlines"), is_here=here == "deadlines"),
    ]
