"""Fill an empty product database for measuring (python -m tests.benchmarks.seed LIVE FILLER) and print who may act.

LIVE nominations per district are complete and reviewed, so that real moves can be made on them; FILLER further ones in
all lie about in every district, as after many campaigns. The filler is written by SQL with triggers off: a benchmark
may do what the product refuses.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django

FILLER_FROM = "filler"


def main() -> None:
    """Seed and print one JSON line: per district the approver's token and the ids of the live nominations."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    from django.db import connection

    live, filler, count = (int(text) for text in sys.argv[1:])
    districts = [_district(number, live) for number in range(count)]
    if filler:
        fill(filler, count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(districts))


def _district(number: int, live: int) -> dict[str, object]:
    """Make a district bureau in the one campaign, with its live nominations."""
    from accounts.enums import Role
    from accounts.models import Membership
    from accounts.operations import issue_token
    from nominations.models import Campaign, CampaignDistrict
    from tests.nominations import factories

    now = datetime.now(UTC)
    campaign = Campaign.objects.first() or factories.CampaignFactory(
        application_opens_at=now - timedelta(days=10),
        application_closes_at=now + timedelta(days=10),
        district_closes_at=now + timedelta(days=20),
        evaluation_closes_at=now + timedelta(days=30),
        work_report_closes_at=now + timedelta(days=30),
        report_closes_at=now + timedelta(days=40),
    )
    office = factories.CampaignDistrictFactory(campaign=campaign).district
    company = factories.OrganizationFactory()
    people = {
        role: factories.actor(role, company if role == Role.COMPANY_ADMIN else office)
        for role in (Role.COMPANY_ADMIN, Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER)
    }
    part = CampaignDistrict.objects.get(campaign=campaign, district=office)
    ids = [_nomination(part, company, people[Role.DISTRICT_REVIEWER].person_id, now) for _ in range(live)]
    tokens = {}
    for role, actor in people.items():
        membership = Membership.objects.get(pk=actor.membership_id)
        life = now + timedelta(days=30)
        tokens[role.value] = issue_token(membership=membership, label="bench", at=now, expires_at=life)[1]
    return {"tokens": tokens, "nominations": ids}


def _nomination(part: object, company: object, reviewer_id: int, now: datetime) -> str:
    """Write a submitted and reviewed nomination past the engine, and return its id."""
    from nominations.models import DistrictReview, Nomination, RecommendationSummary
    from nominations.operations.nomination import content_digest
    from tests.nominations import factories
    from tests.nominations.stages import form

    community = factories.CommunityFactory.create(authority=part.district, company=company)  # type: ignore[attr-defined]
    nomination = Nomination(
        campaign=part.campaign,  # type: ignore[attr-defined]
        community=community,
        company=company,
        district=part.district,  # type: ignore[attr-defined]
        summary=RecommendationSummary.objects.get(campaign=part.campaign, district=part.district),  # type: ignore[attr-defined]
        stream_id=part.stream_id,  # type: ignore[attr-defined]
        number="",
        pinyin=community.pinyin,
        form=form(),
        created_at=now,
        updated_at=now,
    )
    nomination.content_digest = nomination.confirmed_digest = nomination.sealed_digest = content_digest(nomination)
    nomination.save(force_insert=True)
    _untriggered(
        "UPDATE nominations_nomination SET state = 'submitted', submitted_at = created_at WHERE id = %s",
        [nomination.pk],
    )
    DistrictReview.objects.create(
        nomination=nomination,
        reviewer_id=reviewer_id,
        writers=[reviewer_id],
        opinion="同意推荐。",
        score="90.00",
        completed_at=now,
        content_digest=nomination.content_digest,
        digest="1" * 64,
    )
    return str(nomination.pk)


_FILL_COMMUNITIES = """
INSERT INTO nominations_community (id, name, pinyin, initials, authority_id, district_id, subdistrict, neighborhood,
                                   address, company_id)
SELECT gen_random_uuid(), 'filler ' || g, 'filler ' || g, 'f', t.authority_id, t.district_id, 's', 'n' || g, '',
       t.company_id
FROM generate_series(1, %s) g
JOIN (SELECT row_number() OVER (ORDER BY authority_id) - 1 AS n, authority_id, min(district_id) AS district_id,
             (array_agg(company_id))[1] AS company_id
      FROM nominations_community GROUP BY authority_id) t ON t.n = g %% %s
"""


def fill(count: int, districts: int) -> None:
    """Copy a live nomination of each district, ``count`` times in all, each for a community of its own."""
    from nominations.models import Nomination

    columns = [field.column for field in Nomination._meta.concrete_fields]
    given = {
        "id": "gen_random_uuid()",
        "community_id": "c.id",
        "number": "''",
        "pinyin": "c.pinyin",
        "form": "'{}'",
        "state": "(ARRAY['draft','submitted','recommended','evaluated','not_selected'])[1 + (random() * 4)::int]",
    }
    values = ", ".join(given.get(column, f"t.{column}") for column in columns)
    _untriggered(_FILL_COMMUNITIES, [count, districts])
    _untriggered(
        f"INSERT INTO nominations_nomination ({', '.join(columns)}) SELECT {values} FROM nominations_community c "
        "JOIN LATERAL (SELECT * FROM nominations_nomination n WHERE n.district_id = c.authority_id LIMIT 1) t ON true "
        "WHERE c.name LIKE 'filler %%'",
        [],
    )


def _untriggered(statement: str, parameters: list[object]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement, parameters)


if __name__ == "__main__":
    main()
