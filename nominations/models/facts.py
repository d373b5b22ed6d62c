"""Figures that guards read, loaded in the same query as the rows that they judge."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from attachments.models import Attachment
from workflow.models import Event


def count_of(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of ``rows``, a queryset with an ``OuterRef``, as a subquery that is 0 for none."""
    grouped = rows.order_by().annotate(group=Value(1)).values("group")
    return Coalesce(Subquery(grouped.annotate(n=Count("*")).values("n"), output_field=IntegerField()), 0)


def handled_by(selection: Any) -> ArraySubquery:
    """Return who prepared, refreshed or proposed a selection, given an expression for its id."""
    events = Event.objects.filter(flow="selection", subject_id=selection, name__in=("prepare", "refresh", "propose"))
    return ArraySubquery(events.filter(actor__isnull=False).order_by("sequence").values("actor"))


def nomination_facts() -> dict[str, Any]:
    """Return the annotations of a nomination."""
    from nominations.models.campaign import Extension
    from nominations.models.ranking import Ranking
    from nominations.models.reporting import ProvincialReport, WorkReport
    from nominations.models.selection import SelectionRow
    from nominations.models.visit import Visit

    attachments = Attachment.objects.filter(subject_kind="nomination", subject_id=OuterRef("pk"))
    return {
        "has_unclean_attachments": Exists(attachments.filter(removed_at__isnull=True).exclude(state="clean")),
        "sealed_copy_state": sealed_copy_state(),
        "extended": extensions_of(
            Extension.objects.filter(
                Q(nomination=OuterRef("pk")) | Q(nomination__isnull=True),
                Q(district=OuterRef("district")) | Q(district__isnull=True),
                campaign=OuterRef("campaign"),
            )
        ),
        "has_visit": Exists(visits_with_photo(Visit.objects.filter(nomination=OuterRef("pk")))),
        "panel": _panel(),
        "has_frozen_ranking": Exists(Ranking.objects.filter(campaign=OuterRef("campaign"), superseded_at__isnull=True)),
        "chosen": Subquery(
            SelectionRow.objects.filter(nomination=OuterRef("pk"), selection__state="approved")
            .order_by("-selection__approved_at", "-selection__pk")
            .values("outcome")[:1]
        ),
        "proposer_id": Subquery(
            SelectionRow.objects.filter(nomination=OuterRef("pk"), selection__state="approved")
            .order_by("-selection__approved_at", "-selection__pk")
            .values("selection__preparer")[:1]
        ),
        "handled_by": handled_by(
            Subquery(
                SelectionRow.objects.filter(nomination=OuterRef(OuterRef("pk")), selection__state="approved")
                .order_by("-selection__approved_at", "-selection__pk")
                .values("selection")[:1]
            )
        ),
        "has_sent_report": Exists(ProvincialReport.objects.filter(campaign=OuterRef("campaign"), state="sent")),
        "has_accepted_work_report": Exists(
            WorkReport.objects.filter(campaign=OuterRef("campaign"), district=OuterRef("district"), state="accepted")
        ),
    }


def _panel() -> ArraySubquery:
    """Return the members of the panel, each with the totals of their sheet."""
    from nominations.models.panel import Assignment

    # Who declined or was released is on no panel; whoever is in conflict stays to be seen, and does not count.
    members = Assignment.objects.counted_or_in_conflict().filter(nomination=OuterRef("pk"))
    return ArraySubquery(
        members.values(
            row=JSONObject(
                capacity="capacity",
                conflict="conflict_reason",
                sheet="sheet",
                state="sheet__state",
                assigned_at="assigned_at",
                handed_in_at="sheet__handed_in_at",
                numerators="sheet__group_numerators",
                denominators="sheet__group_denominators",
            )
        )
    )


def sealed_copy_state() -> Subquery:
    """Return how far the check of the sealed scan has come, ``None`` when there is no scan or it was removed."""
    return Subquery(
        Attachment.objects.filter(pk=OuterRef("sealed_copy_id"), removed_at__isnull=True).values("state")[:1]
    )


def extensions_of(extensions: QuerySet[Any]) -> ArraySubquery:
    """Return the approved ones of ``extensions`` as a list of ``{window, until}``."""
    approved = extensions.filter(approved_at__isnull=False)
    return ArraySubquery(approved.values(row=JSONObject(window="window", until="until")))


def visits_with_photo(visits: QuerySet[Any]) -> QuerySet[Any]:
    """Keep the visits that are on record with at least one checked photo (row S-09)."""
    photos = Attachment.objects.filter(
        subject_kind="visit", subject_id=OuterRef("pk"), purpose="photo", state="clean", removed_at__isnull=True
    )
    return visits.filter(Exists(photos))
