"""The pages that mails lead to: what they show, to whom, and what they take."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.confirmation import code_of, invite_committee, token_of
from notifications.models import Notice
from tests.nominations import stages
from tests.nominations.stages import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme()


@pytest.fixture
def invited(programme: Programme) -> CommitteeConfirmation:
    """Return an invitation that can be answered now."""
    nomination = stages.filled_in(programme)
    return invite_committee(nomination_id=nomination.pk, actor=programme.company.admin, at=timezone.now())


def signed_in(user_id: int | None) -> Client:
    """Return a browser of a person who has signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


def test_stranger_is_shown_what_this_is_and_where_to_sign_in() -> None:
    page = Client().get("/")

    assert page.status_code == 200
    assert reverse("account_login") in page.content.decode()


def test_member_sees_own_cases_only(programme: Programme) -> None:
    mine = stages.drafted(programme, community=programme.community(name="栖云雅苑"))
    stages.drafted(programme, company=1, community=programme.community(company=1, name="桂香里"))

    page = signed_in(programme.company.admin.user_id).get("/").content.decode()

    assert (mine.community.name in page, "桂香里" in page) == (True, False)


def test_case_tells_what_happened_and_what_stands_in_the_way(programme: Programme) -> None:
    nomination = stages.drafted(programme)
    client = signed_in(programme.company.admin.user_id)

    page = client.get(reverse("web:case", args=[nomination.pk]), follow=True).content.decode()

    assert "开始填报" in page
    assert page.count('class="jy-why"') == 1


def test_foreign_case_is_not_found(programme: Programme) -> None:
    nomination = stages.drafted(programme, company=1)

    page = signed_in(programme.company.admin.user_id).get(reverse("web:case", args=[nomination.pk]), follow=True)

    assert page.status_code == 404


def test_stranger_is_sent_to_the_sign_in_and_back(programme: Programme) -> None:
    address = reverse("web:case", args=[stages.drafted(programme).pk])

    page = Client().get(address)

    assert page.headers["Location"] == f"{reverse('account_login')}?next={address}"


def test_lists_of_one_and_three_rows_take_one_number_of_queries(programme: Programme) -> None:
    client = signed_in(programme.company.admin.user_id)
    client.get("/")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            stages.drafted(programme)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_pages_name_no_other_host_and_nothing_inline() -> None:
    page = Client().get("/")

    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert re.findall(r"<script(?! src=)", page.content.decode()) == []
    assert "style=" not in page.content.decode()


def test_committee_reads_the_frozen_text(invited: CommitteeConfirmation) -> None:
    page = Client().get(reverse("web:confirmation", args=[token_of(invited)])).content.decode()

    assert invited.nomination.form["practices"]["practice_1"] in page
    assert code_of(invited) not in page


def test_committee_confirms_with_the_code(invited: CommitteeConfirmation) -> None:
    address = reverse("web:confirmation", args=[token_of(invited)])

    page = Client().post(address, {"code": code_of(invited), "answer": "confirmed"})

    nomination = Nomination.objects.get(pk=invited.nomination_id)
    assert page.status_code == 200
    assert nomination.confirmed_digest == nomination.content_digest


def test_wrong_code_is_told_and_confirms_nothing(invited: CommitteeConfirmation) -> None:
    wrong = f"{(int(code_of(invited)) + 1) % 1_000_000:06}"

    page = Client().post(reverse("web:confirmation", args=[token_of(invited)]), {"code": wrong, "answer": "confirmed"})

    assert page.status_code == 422
    assert "jy-errors" in page.content.decode()
    assert Nomination.objects.get(pk=invited.nomination_id).confirmed_digest == ""


def test_answer_without_a_choice_is_asked_for_one(invited: CommitteeConfirmation) -> None:
    page = Client().post(reverse("web:confirmation", args=[token_of(invited)]), {"code": code_of(invited)})

    assert page.status_code == 422
    assert Nomination.objects.get(pk=invited.nomination_id).confirmed_digest == ""


def test_forged_link_is_not_found() -> None:
    assert Client().get(reverse("web:confirmation", args=["forged:link"])).status_code == 404


def test_closed_invitation_shows_no_text(invited: CommitteeConfirmation) -> None:
    address = reverse("web:confirmation", args=[token_of(invited)])
    Client().post(address, {"code": code_of(invited), "answer": "refused", "reason": "数字不对。"})

    page = Client().get(address).content.decode()

    assert invited.nomination.form["practices"]["practice_1"] not in page


def told(programme: Programme) -> Notice:
    """Return the notice by which the district's reviewer learned of a submission."""
    stages.submitted(programme)
    return Notice.objects.get(recipient=programme.bureau.reviewer.person_id, topic="nomination.submit")


def test_link_in_a_mail_leads_to_the_case_and_marks_the_notice_read(programme: Programme) -> None:
    notice = told(programme)

    page = signed_in(programme.bureau.reviewer.user_id).get(reverse("web:notice", args=[notice.pk]))

    notice.refresh_from_db()
    assert page.headers["Location"] == reverse("web:case", args=[Nomination.objects.get().pk])
    assert notice.read_at is not None


def test_link_in_somebody_elses_mail_is_not_found(programme: Programme) -> None:
    address = reverse("web:notice", args=[told(programme).pk])

    assert signed_in(programme.company.admin.user_id).get(address).status_code == 404


def test_link_of_the_mails_leads_to_how_they_come(programme: Programme) -> None:
    answer = signed_in(programme.bureau.reviewer.user_id).get("/account/notices/")

    assert answer.headers["Location"] == reverse("web:account:notices")


def test_staff_without_a_second_factor_are_led_to_set_one_up(programme: Programme, settings: Any) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True

    officer = signed_in(programme.bureau.reviewer.user_id).get("/")
    company = signed_in(programme.company.admin.user_id).get("/")

    assert officer.headers["Location"] == reverse("mfa_activate_totp")
    assert company.status_code == 200
