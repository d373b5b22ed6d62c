"""Notices as their reader sees them: narrowed, read, and the deadlines among them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from notifications.letters import letter_for
from notifications.models import Notice
from notifications.operations.reminders import remind
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


def reviewer_of(programme: Programme) -> Client:
    return signed_in(programme.bureau.reviewer.user_id)


def told(programme: Programme) -> Notice:
    """Return the latest notice by which the district's reviewer learned of a submission."""
    stages.submitted(programme)
    rows = Notice.objects.filter(recipient=programme.bureau.reviewer.person_id, topic="nomination.submit")
    return rows.order_by("-id")[0]


def shown(client: Client, query: str = "") -> int:
    """Return how many notices the list shows."""
    return client.get(f"/notices/{query}").content.decode().count('<h2 class="jy-h3">')


def test_notices_are_listed_in_their_own_words_with_their_link(programme: Programme) -> None:
    notice = told(programme)

    page = reviewer_of(programme).get("/notices/").content.decode()

    assert ("待审核" in page, reverse("web:notice", args=[notice.pk]) in page) == (True, True)


def test_list_says_everything_that_the_mail_says(programme: Programme) -> None:
    """The reader need not open a mail to learn what is to be corrected, why, and until when."""
    case = stages.claimed(programme)
    stages.returned(case, programme.bureau.reviewer, {"sections": [{"section": "party", "remark": "党组织名称不全"}]})

    page = signed_in(programme.company.admin.user_id).get("/notices/").content.decode()

    letter = letter_for(Notice.objects.get(recipient=programme.company.admin.person_id, topic__endswith="correction"))
    assert letter.quote
    assert letter.due
    assert letter.items
    said = [letter.quote.text, letter.due.text, *letter.then, *(item.text for item in letter.items)]
    assert [one for one in said if one not in page] == []


def test_list_is_narrowed_to_unread_and_to_a_category(programme: Programme) -> None:
    notice = told(programme)
    client = reviewer_of(programme)

    before = [shown(client, query) for query in ("", "?show=unread", f"?show={notice.category}", "?show=decision")]
    client.post("/notices/", {"notice": str(notice.pk)})
    after = [shown(client, query) for query in ("", "?show=unread")]

    assert (before, after) == ([1, 1, 1, 0], [1, 0])


def test_all_are_marked_as_read_at_once(programme: Programme) -> None:
    told(programme)
    told(programme)
    client = reviewer_of(programme)

    client.post("/notices/", {"all": "1"})

    assert not Notice.objects.filter(recipient=programme.bureau.reviewer.person_id, read_at__isnull=True).exists()
    assert "全部标为已读" not in client.get("/notices/").content.decode()


def test_somebody_elses_notice_is_not_marked(programme: Programme) -> None:
    notice = told(programme)
    client = signed_in(programme.bureaus[1].reviewer.user_id)

    assert client.post("/notices/", {"notice": str(notice.pk)}).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("forged", ["x", "00000000-0000-0000-0000-000000000007"])
def test_forged_notice_is_not_found(programme: Programme, forged: str) -> None:
    assert reviewer_of(programme).post("/notices/", {"notice": forged}).status_code == 404


def test_post_that_asks_for_nothing_changes_nothing(programme: Programme) -> None:
    notice = told(programme)

    answer = reviewer_of(programme).post("/notices/", {"show": "//example.org"})

    notice.refresh_from_db()
    assert (answer.headers["Location"], notice.read_at) == ("/notices/", None)


def test_reminder_stands_among_the_deadlines_and_not_in_the_list(programme: Programme) -> None:
    stages.drafted(programme, community=programme.community(name="栖云雅苑"))
    remind(at=programme.campaign.application_closes_at - timedelta(days=3))
    client = signed_in(programme.company.admin.user_id)

    page = client.get("/notices/deadlines/").content.decode()

    assert page.count('scope="row"') == 1
    assert ("逾期" in page or "剩余" in page, "办理" in page) == (True, True)
    assert (
        shown(client)
        == Notice.objects.filter(recipient=programme.company.admin.person_id, reminder__isnull=True).count()
    )
    assert shown(client, "?show=reminder") == 1


def test_deadline_whose_work_is_done_is_left_out(programme: Programme) -> None:
    nomination = stages.drafted(programme)
    remind(at=programme.campaign.application_closes_at - timedelta(days=3))
    stages.moved(nomination, "withdraw", programme.company.admin, comment="小区改造，今年不参加。")

    page = signed_in(programme.company.admin.user_id).get("/notices/deadlines/").content.decode()

    assert ('scope="row"' in page, "没有临近的办理时限" in page) == (False, True)


def test_hostile_name_is_shown_as_text(programme: Programme) -> None:
    stages.submitted(programme, community=programme.community(name=HOSTILE))

    page = reviewer_of(programme).get("/notices/").content.decode()

    assert ("<img src=x" in page, "&lt;img src=x" in page) == (False, True)


@pytest.mark.parametrize("path", ["/notices/", "/notices/?show=unread"])
def test_one_and_three_notices_take_one_number_of_queries(programme: Programme, path: str) -> None:
    client, counts = reviewer_of(programme), []
    for more in (1, 2):
        for _number in range(more):
            stages.submitted(programme)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_one_and_three_deadlines_take_one_number_of_queries(programme: Programme) -> None:
    client, counts, near = signed_in(programme.company.admin.user_id), [], programme.campaign.application_closes_at
    for more in (1, 2):
        for _number in range(more):
            stages.drafted(programme)
        remind(at=near - timedelta(days=3))
        client.get("/notices/deadlines/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/notices/deadlines/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_bell_and_list_of_one_office_are_silent_about_another(programme: Programme) -> None:
    """Who acts for two offices is told in each what is meant for it; the link in a mail leads there from either."""
    notice, reviewer = told(programme), programme.bureau.reviewer
    second = Membership.objects.create(
        user_id=reviewer.person_id,
        organization=programme.bureaus[1].office,
        role=reviewer.role,
        valid_from=factories.SINCE,
    )
    client = reviewer_of(programme)
    session = client.session
    session["acting"] = second.pk
    session.save()

    listed, followed = shown(client), client.get(reverse("web:notice", args=[notice.pk]))
    client.post("/notices/", {"all": "1"})
    forged = client.post("/notices/", {"notice": str(notice.pk)})

    assert (listed, followed.status_code, forged.status_code) == (0, 302, 404)


def test_link_of_a_mail_to_a_former_office_is_not_found(programme: Programme) -> None:
    notice, reviewer = told(programme), programme.bureau.reviewer
    Membership.objects.create(
        user_id=reviewer.person_id,
        organization=programme.bureaus[1].office,
        role=reviewer.role,
        valid_from=factories.SINCE,
    )
    Membership.objects.filter(pk=reviewer.membership_id).update(valid_until=timezone.now())

    client = reviewer_of(programme)

    assert client.get(reverse("web:notice", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None
