"""One campaign as its stories see it: who acts, which day it is, and the steps that every story is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from attachments import operations as attachments
from attachments.enums import AttachmentState
from attachments.models import Attachment
from common.refusals import Refusal
from demo.population.offices import SHANGHAI, City
from evaluation.models import StandardItem
from nominations.models import Campaign, Community, Nomination, RecommendationSummary, WorkReport
from nominations.operations.moves import make_move
from workflow.errors import MoveRefused
from workflow.models import Event

BEST, HALF = Decimal("9.5"), Decimal("0.5")


class StoryBroken(Exception):
    """A step of a story ended otherwise than told."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A campaign of the demo's city; days are counted from the day on which applications open."""

    city: City
    campaign: Campaign
    opens: date

    def on(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """Return an instant of the campaign in Shanghai."""
        return datetime.combine(self.opens + timedelta(days=day), time(hour, minute), SHANGHAI)

    def community(self, name: str) -> Community:
        """Return a community by its name."""
        return self.city.communities[name]

    def summary_of(self, login: str) -> RecommendationSummary:
        """Return the summary of the bureau that signs in as ``login``."""
        return RecommendationSummary.objects.get(campaign=self.campaign, district=self._bureau(login))

    def work_report_of(self, login: str) -> WorkReport:
        """Return the work report of the bureau that signs in as ``login``."""
        return WorkReport.objects.get(campaign=self.campaign, district=self._bureau(login))

    def _bureau(self, login: str) -> UUID:
        return {known: pk for pk, known in self.city.bureaus.items()}[login]


def move(  # noqa: PLR0917 - read in the order of a sentence: what, which, how, who, when, in which words
    model: Any, subject_id: UUID, name: str, actor: Actor, at: datetime, comment: str = "", **data: Any
) -> Event:
    """Make a move as the faces do."""
    return make_move(model, subject_id, name, actor=actor, at=at, comment=comment, payload=data)


def refused(code: str, *arguments: Any, **data: Any) -> tuple[Refusal, ...]:
    """Make a move that must be refused for the reason ``code``, and return the reasons."""
    try:
        move(*arguments, **data)
    except MoveRefused as error:
        if code in {refusal.code for refusal in error.refusals}:
            return error.refusals
        raise
    raise StoryBroken(f"{arguments[2]} was to be refused: {code}")


def checked(attachment: Attachment, at: datetime) -> Attachment:
    """Have a received file inspected at once, as a worker would, and return it clean."""
    inspected = attachments.inspect(attachment_id=attachment.pk, at=at)
    if inspected is None or inspected.state != AttachmentState.CLEAN:
        raise StoryBroken(f"{attachment.original_name} did not pass its check")
    return inspected


def nomination(pk: UUID) -> Nomination:
    """Return a nomination as it stands now."""
    found: Nomination = Nomination.objects.select_related("community__company", "campaign").get(pk=pk)
    return found


def points(lost: int, count: int = 25) -> list[Decimal]:
    """Return marks for every item: 9.5 each, less ``lost`` half points spread evenly over the sheet."""
    marks = [BEST] * count
    for number in range(lost):
        marks[(number * 7) % count] -= HALF
    return marks


def items_of(campaign: Campaign) -> list[UUID]:
    """Return the items of the campaign's standard in the order of the annex."""
    items = StandardItem.objects.filter(group__standard=campaign.standard_id, refines__isnull=True)
    return list(items.order_by("group__position", "position").values_list("pk", flat=True))
