"""What waits for the reader (待办), whatever its kind: one list, by due date, each row with what to do and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actors import Actor
from common.instants import end_of, local_date
from common.refusals import Sentence
from nominations.enums import Window
from nominations.models import (
    Assignment,
    Extension,
    Nomination,
    PanelProposal,
    ProvincialReport,
    RecommendationSummary,
    Selection,
    VetoFinding,
    WorkReport,
)
from nominations.operations.deadlines import ESCALATED
from nominations.queries.waiting import counts_waiting_for, waiting_for
from nominations.rules.windows import CLOSING_FIELD
from web.dates import due
from web.desks import desk_of
from web.kit import Due, Tag
from web.looks import WAIT, state_tag, tag
from web.navigation import Work
from workflow import calendar
from workflow.models import Deadline

MOST_OF_A_KIND = 100
RELATED: Mapping[type[Any], tuple[str, ...]] = {
    Nomination: ("campaign", "community", "company"),
    Assignment: ("nomination__campaign", "nomination__community", "nomination__company"),
    Extension: ("campaign", "district", "nomination__community"),
    RecommendationSummary: ("campaign", "district"),
    WorkReport: ("campaign", "district"),
    PanelProposal: ("campaign",),
    VetoFinding: ("visit__nomination__campaign", "visit__nomination__community", "visit__nomination__company"),
    Selection: ("campaign",),
    ProvincialReport: ("campaign",),
}
# By which column a row leads to the object whose deadline it has, where that is another.
SUBJECT: Mapping[type[Any], str] = {Assignment: "nomination", VetoFinding: "visit__nomination"}
# Until when the campaign lets the work be done where the row has no deadline of its own.
CLOSING = {
    "summaries_to_approve": "district_closes_at",
    "summaries_to_send": "district_closes_at",
    "summaries_to_receive": "evaluation_closes_at",
    "to_evaluate": "evaluation_closes_at",
    "panels_to_deploy": "evaluation_closes_at",
    "findings_to_settle": "report_closes_at",
    "to_score": "evaluation_closes_at",
    "work_reports_to_accept": "report_closes_at",
    "selections_to_propose": "report_closes_at",
    "selections_to_approve": "report_closes_at",
    "reports_to_prepare": "report_closes_at",
    "reports_to_approve": "report_closes_at",
    "reports_to_send": "report_closes_at",
}
PAPERS: Mapping[type[Any], Sentence] = {
    RecommendationSummary: _("Recommendation summary (form 4)"),
    WorkReport: _("Work report"),
    Selection: _("Selection of the city"),
    ProvincialReport: _("Report to the province"),
    Extension: _("Extension of a period"),
    PanelProposal: _("Proposal of panels"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of 待办; it names its campaign where rows of several stand together."""

    kind: str
    title: Sentence
    sub: str
    what: Sentence
    tag: Tag
    due: Due | None
    url: str
    is_name: bool = False
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Rows that are due at about the same time."""

    title: Sentence
    rows: list[Waiting]
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """Everything that waits: in groups by due date, and how much of each kind there is."""

    groups: list[DueGroup]
    kinds: list[tuple[str, Sentence, int]]
    count: int
    late: int


def todo_of(actor: Actor, *, at: datetime, kind: str = "", late_only: bool = False) -> Todo:
    """Return the actor's 待办; at most four queries a kind, three more for the dates, however many rows there are."""
    desk = desk_of(actor.role)
    counts = counts_waiting_for(actor)
    found: list[tuple[str, Any]] = []
    for name, pile in waiting_for(actor).items():
        if counts[name] and kind in {"", name}:
            first = pile if counts[name] <= MOST_OF_A_KIND else _most_urgent(pile)
            found += [(name, row) for row in first.select_related(*RELATED[pile.model]).order_by("pk")]
    rows = _rows(found, desk.work, at) if found else []
    late = sum(bool(row.due and row.due.is_late) for row in rows)
    shown = [row for row in rows if row.due and row.due.is_late] if late_only else rows
    kinds = [(name, desk.work[name].label, count) for name, count in counts.items() if count]
    return Todo(_grouped(shown, at), kinds, sum(counts.values()), late)


def _most_urgent(pile: QuerySet[Any]) -> QuerySet[Any]:
    """Return as many rows of a long pile as are shown: those with the earliest deadlines, then any others."""
    subject = SUBJECT.get(pile.model, "pk")
    due_first = _open_deadlines().filter(subject_id__in=pile.values(subject)).order_by("due_at")
    urgent = set(due_first.values_list("subject_id", flat=True)[:MOST_OF_A_KIND])
    keys = list(pile.filter(**{f"{subject}__in": urgent}).values_list("pk", flat=True)[:MOST_OF_A_KIND])
    others = pile.exclude(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    return pile.filter(pk__in=[*keys, *others[: MOST_OF_A_KIND - len(keys)]])


def _rows(found: Iterable[tuple[str, Any]], work: Mapping[str, Work], at: datetime) -> list[Waiting]:
    pairs = list(found)
    known = calendar.load()
    deadlines = _deadlines([_subject(row).pk for _kind, row in pairs])
    is_one = len({_subject(row).campaign_id for _kind, row in pairs}) == 1
    rows = []
    for kind, row in pairs:
        due_at = deadlines.get(_subject(row).pk) or _closing(kind, row)
        until = due(due_at, at=at, calendar=known) if due_at else None
        one = _row(kind, row, work[kind], until)
        rows.append(one if is_one else _told_apart(one, row))
    return sorted(rows, key=lambda row: (row.due is None, row.due.due_at if row.due else at))


def _deadlines(subjects: list[UUID]) -> dict[UUID, datetime]:
    """Return until when each object's next step must be done: its earliest deadline that is still open."""
    found = _open_deadlines().filter(subject_id__in=subjects).order_by("-due_at")
    return dict(found.values_list("subject_id", "due_at"))


def _open_deadlines() -> QuerySet[Deadline]:
    return Deadline.objects.filter(Q(settled_at__isnull=True) | Q(outcome=ESCALATED))


def _subject(row: Any) -> Any:
    if isinstance(row, VetoFinding):
        return row.visit.nomination
    return row.nomination if isinstance(row, Assignment) else row


def _closing(kind: str, row: Any) -> datetime | None:
    """Return the end of the campaign's period for the work; an extension is decided while its period still runs."""
    if isinstance(row, Extension):
        field = CLOSING_FIELD.get(Window(row.window))
        return getattr(row.campaign, field) if field else None
    closes_at: datetime | None = getattr(_subject(row).campaign, CLOSING[kind]) if kind in CLOSING else None
    return closes_at


def _row(kind: str, row: Any, work: Work, until: Due | None) -> Waiting:
    case = _subject(row)
    is_name = isinstance(case, Nomination)
    title: Sentence = case.community.name if is_name else PAPERS[type(row)]
    sub = case.company.name if is_name else _office(row)
    return Waiting(kind, title, sub, work.label, _tag(row), until, _url(row, case, work), is_name)


def _office(row: Any) -> str:
    district = getattr(row, "district", None)
    return str(district.name if district else row.campaign.title)


def _told_apart(shown: Waiting, row: Any) -> Waiting:
    """Return the row with its campaign, by year and title: two years' campaigns may have one title."""
    campaign = _subject(row).campaign
    named = f"{campaign.year} {campaign.title}"
    return replace(shown, sub=named) if shown.sub == campaign.title else replace(shown, campaign=named)


def _tag(row: Any) -> Tag:
    if isinstance(row, Extension):
        return tag(WAIT, pgettext_lazy("work", "To be approved"))
    if isinstance(row, VetoFinding):
        return tag(WAIT, pgettext_lazy("work", "To be decided"))
    if isinstance(row, Assignment | PanelProposal):
        return tag(WAIT, pgettext_lazy("work", "Not begun"))
    return state_tag(row.state, row.get_state_display())


def _url(row: Any, case: Any, work: Work) -> str:
    if work.page:
        return reverse(work.page, args=[row.pk])
    return reverse("web:case", args=[case.pk]) if isinstance(case, Nomination) else ""


def _grouped(rows: list[Waiting], at: datetime) -> list[DueGroup]:
    today = local_date(at)
    week_ends = end_of(today + timedelta(days=6 - today.weekday()))
    ends: list[tuple[Sentence, datetime | None]] = [(_("Due today"), end_of(today)), (_("This week"), week_ends)]
    groups = [DueGroup(_("Overdue"), [row for row in rows if row.due and row.due.is_late], is_late=True)]
    left = [row for row in rows if not (row.due and row.due.is_late)]
    for title, ends_at in [*ends, (_("Later"), None)]:
        inside = [row for row in left if ends_at is None or (row.due and row.due.due_at <= ends_at)]
        left = [row for row in left if row not in inside]
        groups.append(DueGroup(title, inside))
    return [group for group in groups if group.rows]
