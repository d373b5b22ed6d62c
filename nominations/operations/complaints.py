"""Importing the city's figures of complaints, which tell where the best five percent end (requirement 1; row S-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from nominations.models import Campaign, Community, ComplaintFigure
from nominations.rules.complaints import Figure, as_stored, figure_in, folded, heading, limit_of, repeated
from nominations.rules.spreadsheet import Line, ListUnreadable, read_lines

Outcome = Literal["matched", "not_registered", "refused"]


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What became of one line: which community it is, or every reason why it cannot be taken.

    ``entries``: a place that several companies have entered stands here once for each (decision 36).
    ``not_registered``: nobody has entered the community here; its figure counts among those of the city all the same.
    """

    line: int
    name: str
    outcome: Outcome
    refusals: tuple[Refusal, ...] = ()
    figure: Figure | None = None
    entries: tuple[Community, ...] = ()


@dataclass(frozen=True, slots=True)
class ComplaintImport:
    """A verdict for each line, the exact rate at the limit, how many are within it, and whether it was written."""

    verdicts: tuple[LineVerdict, ...]
    limit: Fraction | None
    within: int
    written: bool

    @property
    def refused(self) -> list[LineVerdict]:
        """Return the lines that cannot be taken."""
        return [verdict for verdict in self.verdicts if verdict.outcome == "refused"]


class _Registered:
    """The city's communities as they are looked up by name, and by district where the name is not enough."""

    def __init__(self, campaign: Campaign) -> None:
        self.by_name: dict[str, list[Community]] = defaultdict(list)
        for community in Community.objects.filter(authority__parent=campaign.city_id).select_related("district"):
            self.by_name[folded(community.name)].append(community)

    def find(self, figure: Figure) -> list[tuple[Community, ...]]:
        """Return the places that a line may mean, each with every entry of it: nobody's entry can stop the list."""
        places: dict[tuple[UUID, str], list[Community]] = defaultdict(list)
        for community in self.by_name[folded(figure.community)]:
            if not figure.district or folded(community.district.name) == folded(figure.district):
                places[community.authority_id, folded(community.neighborhood)].append(community)
        return [tuple(entries) for entries in places.values()]


@transaction.atomic
def import_complaints(*, campaign_id: UUID, content: bytes, name: str, dry_run: bool = True) -> ComplaintImport:
    """Read the city-wide list in ``content`` and set the limit of the best five percent; a trial unless told otherwise.

    Every managed community of the city belongs on the list, entered here or not; the new list replaces the former one.
    While one line is refused nothing is written. Raises ``Campaign.DoesNotExist`` and ``ListUnreadable``.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    verdicts = _verdicts(_lines(content, name), _Registered(campaign))
    rates = [verdict.figure.rate for verdict in verdicts if verdict.figure]
    limit = limit_of(rates, _best_percent(campaign))
    refused = any(verdict.outcome == "refused" for verdict in verdicts)
    if written := not (dry_run or refused):
        _write(campaign, verdicts, limit)
    within = sum(limit is not None and rate <= limit for rate in rates)
    return ComplaintImport(tuple(verdicts), limit, within, written)


def _lines(content: bytes, name: str) -> list[tuple[Line, dict[str, int]]]:
    lines = read_lines(content, name)
    found = heading(lines)
    if isinstance(found, Refusal):
        raise ListUnreadable(attr="file", refusals=[found])
    index, columns = found
    below = lines[index + 1 :]
    if not below:
        message = _("The list has a heading and nothing below it.")
        raise ListUnreadable(attr="file", refusals=[Refusal("list_empty", message, fix="file")])
    return [(line, columns) for line in below]


def _verdicts(lines: Sequence[tuple[Line, dict[str, int]]], registered: _Registered) -> list[LineVerdict]:
    seen: dict[tuple[str, str], Figure] = {}
    taken: dict[UUID, Figure] = {}
    verdicts = []
    for line, columns in lines:
        figure, refusals = figure_in(line, columns)
        if figure is None:
            name = line.cells[columns["community"]] if columns["community"] < len(line.cells) else ""
            verdicts.append(LineVerdict(line.number, name, "refused", tuple(refusals)))
            continue
        verdicts.append(_verdict(figure, registered, seen, taken))
    return verdicts


def _verdict(
    figure: Figure, registered: _Registered, seen: dict[tuple[str, str], Figure], taken: dict[UUID, Figure]
) -> LineVerdict:
    first = seen.setdefault(figure.key, figure)
    found = registered.find(figure)
    if first is figure and len(found) == 1:
        first = taken.setdefault(found[0][0].pk, figure)
    if first is not figure:
        return LineVerdict(figure.line, figure.community, "refused", (repeated(figure, first),))
    if len(found) > 1:
        message = _("There are %(count)s communities called “%(name)s”. Give the district.")
        ambiguous = Refusal("ambiguous", message, {"count": len(found), "name": figure.community}, fix="district")
        return LineVerdict(figure.line, figure.community, "refused", (ambiguous,))
    outcome: Outcome = "matched" if found else "not_registered"
    return LineVerdict(figure.line, figure.community, outcome, (), figure, found[0] if found else ())


def _best_percent(campaign: Campaign) -> Decimal:
    """Return how many percent count as the best: the requirement's own figure, or the notice's five."""
    for requirement in campaign.requirements.filter(check_kind="figures"):
        for row in requirement.parameters["figures"]:
            if row["figure"] == "complaint_rate":
                return Decimal(row["best_percent"])
    return Decimal(5)


def _write(campaign: Campaign, verdicts: Sequence[LineVerdict], limit: Fraction | None) -> None:
    campaign.complaint_figures.all().delete()
    ComplaintFigure.objects.bulk_create(
        ComplaintFigure(
            campaign=campaign,
            community=entry,
            community_name=verdict.figure.community,
            district_name=verdict.figure.district,
            households=verdict.figure.households,
            complaints=verdict.figure.complaints,
        )
        for verdict in verdicts
        if verdict.figure
        for entry in verdict.entries or (None,)
    )
    campaign.complaint_rate_limit = None if limit is None else as_stored(limit)
    campaign.save(update_fields=["complaint_rate_limit"])
