"""Letting a year pass: both campaigns are told side by side, and the sweeper keeps the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from demo.population import complaints, current, former
from demo.population.offices import DAYS_OPEN, FORMER, City, found
from demo.population.people import require_demo
from demo.population.stage import Stage
from demo.population.tales import Tale, tell
from workflow.models import OutboxEntry
from workflow.operations import seed_calendar
from workflow.sweeping import sweep


@transaction.atomic
def populate(at: datetime) -> City:
    """Found the city and tell what happened in it until ``at``; raises ``DemoOnly`` outside the demo."""
    require_demo()
    city = found(at)
    seed_calendar(years=range(city.today.year - 2, city.today.year + 2))
    for campaign in (city.former, city.campaign):
        complaints.import_for(city, campaign)
    opens = city.today - timedelta(days=DAYS_OPEN)
    before = Stage(city, city.former, opens - timedelta(days=FORMER))
    now = Stage(city, city.campaign, opens)
    tell([keep_the_clock(before), *former.stories(before), *current.stories(now)])
    # What happened before yesterday is history: nobody is mailed about it when the demo starts.
    OutboxEntry.objects.filter(event__at__lt=now.on(DAYS_OPEN - 1, 0)).delete()
    return city


def keep_the_clock(stage: Stage) -> Tale[Any]:
    """Sweep the deadlines half a minute after every midnight until yesterday; from then on the demo's own beat does."""
    for day in range(DAYS_OPEN + FORMER):
        at = yield stage.on(day, 0) + timedelta(seconds=30)
        sweep(at=at)
