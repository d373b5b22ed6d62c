"""Who is told, once each, in the transaction of the move (S-20)."""

from __future__ import annotations

from notifications.models import Notice
from tests.nominations import stages
from tests.nominations.stages import Programme


def test_submission_is_told_to_the_company_and_the_district_reviewers(programme: Programme) -> None:
    city = programme.city_reviewer

    nomination = stages.submitted(programme)

    told = {
        (notice.recipient_id, notice.audience, notice.wants_mail)
        for notice in Notice.objects.filter(event__subject_id=nomination.pk, topic="nomination.submit")
    }
    assert city.user_id not in {recipient for recipient, _audience, _mail in told}
    assert told == {
        (programme.company.admin.user_id, "actor", False),
        (programme.company.editor.user_id, "company", True),
        (programme.bureau.reviewer.user_id, "district_reviewers", True),
        (programme.bureau.colleague.user_id, "district_reviewers", True),
    }
