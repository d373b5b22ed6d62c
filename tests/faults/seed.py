"""Fill an empty database by the product's own verbs (python -m tests.faults.seed), and print who may act on what.

One district without a quota and one with ten places, each with nominations that wait for the approver, and drafts that
their company may submit. Every state is told by events, so that the oracle can ask for the whole story.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.actors import Actor
    from nominations.models import Nomination
    from tests.nominations.stages import Bureau, Programme

WAITING, CONTESTED, PLACES, DRAFTS = 100, 30, 10, 100


def main() -> None:
    """Seed and print one JSON line: the tokens, and the ids of what can be moved."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        print(json.dumps(_seed(datetime.now(UTC))))


def _seed(now: datetime) -> dict[str, Any]:
    from tests.nominations import stages

    programme = _programme(now)
    free, narrow = programme.bureaus
    _set_quota(narrow, PLACES)
    return {
        "approver": _token(free.approver, now),
        "narrow_approver": _token(narrow.approver, now),
        "company": _token(programme.company.admin, now),
        "waiting": [_reviewed(stages.submitted(programme, at=now), free, now) for _ in range(WAITING)],
        "contested": [_reviewed(stages.submitted(programme, bureau=1, at=now), narrow, now) for _ in range(CONTESTED)],
        "drafts": [str(stages.ready(programme, at=now).pk) for _ in range(DRAFTS)],
    }


def _programme(now: datetime) -> Programme:
    """Return a programme in which every window is open, and no deadline so near that anybody is reminded of it."""
    from tests.nominations import stages

    return stages.programme(
        application_opens_at=now - timedelta(days=10),
        application_closes_at=now + timedelta(days=15),
        district_closes_at=now + timedelta(days=20),
        evaluation_closes_at=now + timedelta(days=30),
        work_report_closes_at=now + timedelta(days=30),
        report_closes_at=now + timedelta(days=40),
    )


def _set_quota(bureau: Bureau, places: int) -> None:
    from nominations.models import CampaignDistrict, RecommendationSummary

    CampaignDistrict.objects.filter(campaign=bureau.campaign, district=bureau.office).update(quota=places)
    RecommendationSummary.objects.filter(campaign=bureau.campaign, district=bureau.office).update(quota=places)


def _reviewed(nomination: Nomination, bureau: Bureau, now: datetime) -> str:
    from nominations.models import DistrictReview

    reviewer = bureau.reviewer.person_id
    DistrictReview.objects.create(
        nomination=nomination,
        reviewer_id=reviewer,
        writers=[reviewer],
        opinion="同意推荐。",
        score="90.00",
        completed_at=now,
        content_digest=nomination.content_digest,
        digest="1" * 64,
    )
    return str(nomination.pk)


def _token(actor: Actor, now: datetime) -> str:
    from accounts.models import Membership
    from accounts.operations import issue_token

    assert actor.membership_id is not None
    membership = Membership.objects.get(pk=actor.membership_id)
    return issue_token(membership=membership, label="faults", at=now, expires_at=now + timedelta(days=1))[1]


if __name__ == "__main__":
    main()
