"""S-03: the owners' committee puts its name to exactly one text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing

from accounts.actors import Actor
from accounts.models import User
from nominations.enums import ConfirmationStatus
from nominations.errors import CannotInvite, ConfirmationClosed, InvalidInput, NotAllowed, NotEditable, WrongCode
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations.confirmation import (
    MOST_A_DAY,
    SALT,
    answer,
    code_of,
    confirm_substitute,
    invite_committee,
    link_of,
    token_of,
)
from nominations.operations.nomination import save_sections
from nominations.queries.confirmation import confirmations_of, invitation_for, invitation_of, standing_of
from tests.nominations import factories, stages
from tests.nominations.stages import AT, Programme
from workflow.errors import NotFound, StaleVersion
from workflow.models import Event

MICROSECOND = timedelta(microseconds=1)
NO_COMMITTEE = {"committee": {"kind": "none", "substitute": "示例社区居民委员会"}}


@pytest.fixture
def nomination(programme: Programme) -> Nomination:
    return stages.filled_in(programme)


@pytest.fixture
def invited(programme: Programme, nomination: Nomination) -> CommitteeConfirmation:
    return invite(programme, nomination)


def invite(programme: Programme, nomination: Nomination, **changes: Any) -> CommitteeConfirmation:
    wanted: dict[str, Any] = {"actor": programme.company.editor, "at": AT, **changes}
    return invite_committee(nomination_id=nomination.pk, **wanted)


def respond(invited: CommitteeConfirmation, **changes: Any) -> CommitteeConfirmation:
    wanted: dict[str, Any] = {
        "token": token_of(invited), "code": code_of(invited), "confirmed": True, "at": AT, **changes,
    }  # fmt: skip
    return answer(**wanted)


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def edit(programme: Programme, nomination: Nomination, remarks: str = "改一个字") -> None:
    sections = {"basics": {"remarks": remarks}}
    save_sections(nomination_id=nomination.pk, sections=sections, actor=programme.company.editor, at=AT)


def last_event(nomination: Nomination) -> Event:
    return Event.objects.filter(subject_id=nomination.pk).latest("sequence")


def reasons(error: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(reason.code, reason.fix) for reason in error.value.refusals]


def test_invitation_names_the_text_and_lasts_seven_days(invited: CommitteeConfirmation, nomination: Nomination) -> None:
    event = last_event(nomination)

    assert invited.content_digest == nomination.content_digest
    assert invited.expires_at == AT + timedelta(days=7)
    assert (invited.contact_name, invited.contact_email) == ("郑示例", "committee@example.com")
    assert (event.kind, event.name) == ("act", "invite_committee")
    assert event.documents == {"form": nomination.content_digest}
    assert set(event.payload) == {"confirmation", "expires_at"}


def test_invitation_mail_has_address_link_and_code(nomination: Nomination, invited: CommitteeConfirmation) -> None:
    invitation = invitation_of(last_event(nomination))

    assert invitation is not None
    assert invitation.address == "committee@example.com"
    assert invitation.link == f"{settings.SITE_URL}/confirm/{token_of(invited)}/" == link_of(invited)
    assert invitation.code == code_of(invited)
    assert len(invitation.code) == 6
    assert invitation.code.isdigit()
    assert (invitation.name, invitation.committee) == ("郑示例", "示例花园业主委员会")
    assert invitation.community == nomination.community.name


def test_invitation_that_was_overtaken_is_not_sent(
    programme: Programme, nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    event = last_event(nomination)
    edit(programme, nomination)

    assert invitation_of(event) is None


def test_event_of_something_else_invites_nobody(nomination: Nomination) -> None:
    assert invitation_of(last_event(nomination)) is None


def test_every_invitation_has_a_code_of_its_own(programme: Programme, nomination: Nomination) -> None:
    codes = {code_of(invite(programme, nomination)) for _ in range(3)}

    assert len(codes) == 3


def test_company_does_not_confirm_its_own_form(programme: Programme, nomination: Nomination) -> None:
    own = User.objects.get(pk=programme.company.admin.user_id).email
    save_sections(
        nomination_id=nomination.pk,
        sections={"committee": {"contact_email": own.upper()}},
        actor=programme.company.editor,
        at=AT,
    )

    with pytest.raises(CannotInvite) as refused:
        invite(programme, nomination)

    assert reasons(refused) == [("contact_email_of_company", "form.committee.contact_email")]


def test_committee_is_not_invited_without_end(programme: Programme, nomination: Nomination) -> None:
    invited = [invite(programme, nomination, at=AT + number * MICROSECOND) for number in range(MOST_A_DAY)]

    with pytest.raises(CannotInvite) as refused:
        invite(programme, nomination, at=AT + timedelta(days=1) - MICROSECOND)

    assert reasons(refused) == [("invited_too_often", "")]
    invited[-1].refresh_from_db()
    assert invited[-1].status == "invited"
    assert invite(programme, nomination, at=AT + timedelta(days=1)).status == "invited"


def test_a_second_invitation_voids_the_first(
    programme: Programme, nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    invite(programme, nomination, at=AT + MICROSECOND)

    with pytest.raises(ConfirmationClosed):
        respond(invited)
    assert [row.status for row in confirmations_of(nomination.pk, actor=programme.company.editor)] == [
        "invited",
        "void",
    ]


def test_committee_confirms_the_text(nomination: Nomination, invited: CommitteeConfirmation) -> None:
    at = AT + timedelta(hours=1)

    answered = respond(invited, at=at)

    nomination.refresh_from_db()
    event = last_event(nomination)
    assert (answered.status, answered.answered_at) == ("confirmed", at)
    assert nomination.confirmed_digest == nomination.content_digest
    assert (event.name, event.actor_id, event.actor_name) == ("committee_confirmed", None, "郑示例")
    assert (event.actor_role, event.organization_name) == ("committee_confirmer", "示例花园业主委员会")


def test_committee_refuses_with_a_reason(nomination: Nomination, invited: CommitteeConfirmation) -> None:
    answered = respond(invited, confirmed=False, reason="物业费收缴率与公示不符")

    nomination.refresh_from_db()
    event = last_event(nomination)
    assert (answered.status, answered.reason) == ("refused", "物业费收缴率与公示不符")
    assert nomination.confirmed_digest == ""
    assert (event.name, event.comment) == ("committee_refused", "物业费收缴率与公示不符")


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "required"), ("  ", "required"), ("字" * 2001, "too_long"), ("a\ud800", "hidden_characters")],
)
def test_refusing_without_a_usable_reason_changes_nothing(
    invited: CommitteeConfirmation, reason: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        respond(invited, confirmed=False, reason=reason)

    invited.refresh_from_db()
    assert reasons(refused) == [(code, "reason")]
    assert (invited.status, invited.attempts) == ("invited", 0)


def test_code_may_be_typed_in_two_halves(invited: CommitteeConfirmation) -> None:
    code = code_of(invited)

    assert respond(invited, code=f" {code[:3]} {code[3:]}\n").status == "confirmed"


def test_five_wrong_codes_close_the_invitation(invited: CommitteeConfirmation) -> None:
    left = []
    for _ in range(5):
        with pytest.raises(WrongCode) as refused:
            respond(invited, code=wrong(code_of(invited)))
        left.append(refused.value.params["left"])

    with pytest.raises(ConfirmationClosed):
        respond(invited)
    invited.refresh_from_db()
    assert left == [4, 3, 2, 1, 0]
    assert standing_of(invited, at=AT) == "locked"


@pytest.mark.parametrize("code", ["", "１２３４５６", "abcdef", "1234567", "\ud800"])
def test_a_code_of_another_shape_does_not_fit(invited: CommitteeConfirmation, code: str) -> None:
    with pytest.raises(WrongCode):
        respond(invited, code=code)


def test_invitation_expires_at_the_instant(invited: CommitteeConfirmation) -> None:
    with pytest.raises(ConfirmationClosed):
        respond(invited, at=invited.expires_at)

    assert standing_of(invited, at=invited.expires_at) == "expired"
    assert standing_of(invited, at=invited.expires_at - MICROSECOND) == "invited"
    assert respond(invited, at=invited.expires_at - MICROSECOND).status == "confirmed"
    invited.refresh_from_db()
    assert standing_of(invited, at=invited.expires_at) == "confirmed"


def test_answer_counts_once(invited: CommitteeConfirmation) -> None:
    respond(invited)

    with pytest.raises(ConfirmationClosed):
        respond(invited, confirmed=False, reason="改变主意")


def test_an_edit_voids_the_open_invitation(
    programme: Programme, nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    edit(programme, nomination)

    with pytest.raises(ConfirmationClosed):
        respond(invited)
    invited.refresh_from_db()
    assert invited.status == ConfirmationStatus.VOID


def test_saving_the_same_text_keeps_the_invitation(
    programme: Programme, nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    edit(programme, nomination, remarks="")  # the form had no remarks before: a new field is a new text
    again = invite(programme, nomination)

    edit(programme, nomination, remarks="")

    assert respond(again).status == "confirmed"


def test_submitted_text_is_not_confirmed_any_more(programme: Programme, nomination: Nomination) -> None:
    stages.vouched(nomination)
    Nomination.objects.filter(pk=nomination.pk).update(confirmed_digest="")
    invited = invite(programme, nomination)
    stages.vouched(nomination)
    stages.moved(nomination, "submit", programme.company.admin)

    with pytest.raises(ConfirmationClosed):
        respond(invited)


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 32, "\ud800"])
def test_a_link_that_is_not_ours_leads_nowhere(db: None, token: str) -> None:
    with pytest.raises(NotFound):
        answer(token=token, code="123456", confirmed=True, at=AT)


def test_a_signed_link_without_an_invitation_leads_nowhere(db: None) -> None:
    for text in ("01890000000070008000000000000001", "text"):
        with pytest.raises(NotFound):
            answer(token=signing.Signer(salt=SALT).sign(text), code="123456", confirmed=True, at=AT)
    with pytest.raises(NotFound):
        invitation_for(signing.Signer(salt=SALT).sign("01890000000070008000000000000001"), at=AT)


def test_page_shows_the_frozen_text_while_it_can_be_answered(
    nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    open_page = invitation_for(token_of(invited), at=AT)
    closed_page = invitation_for(token_of(invited), at=invited.expires_at)

    assert (open_page.is_open, open_page.attempts_left, open_page.form) == (True, 5, nomination.form)
    assert (closed_page.is_open, closed_page.form) == (False, {})


def test_every_reason_against_an_invitation_is_told(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    with pytest.raises(CannotInvite) as refused:
        invite(programme, nomination)

    assert reasons(refused) == [
        ("form_incomplete", "basics"),
        ("form_incomplete", "party"),
        ("form_incomplete", "company"),
        ("form_incomplete", "committee"),
        ("form_incomplete", "figures"),
        ("form_incomplete", "practices"),
        ("contact_email_missing", "form.committee.contact_email"),
    ]


def test_a_confirmed_text_is_not_put_to_the_committee_again(
    programme: Programme, nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    respond(invited)

    with pytest.raises(CannotInvite) as refused:
        invite(programme, nomination)

    assert reasons(refused) == [("confirmed_already", "confirmation")]


def test_where_there_is_no_committee_nobody_is_invited(programme: Programme) -> None:
    nomination = stages.filled_in(programme, changes=NO_COMMITTEE)

    with pytest.raises(CannotInvite) as refused:
        invite(programme, nomination)

    assert reasons(refused) == [("no_committee", "form.committee.kind")]


def test_substitute_confirms_with_a_checked_document(programme: Programme) -> None:
    nomination = stages.filled_in(programme, changes=NO_COMMITTEE)
    document = factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="substitute")

    event = confirm_substitute(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)

    nomination.refresh_from_db()
    assert nomination.confirmed_digest == nomination.content_digest
    assert event.documents == {"form": nomination.content_digest, "substitute": document.sha256}
    assert event.payload == {"substitute": "示例社区居民委员会"}


@pytest.mark.parametrize(
    ("state", "reason"),
    [(None, "substitute_document_missing"), ("quarantined", "substitute_document_unchecked"),
     ("rejected", "substitute_document_unchecked")],
)  # fmt: skip
def test_substitute_without_a_checked_document_confirms_nothing(
    programme: Programme, state: str | None, reason: str
) -> None:
    nomination = stages.filled_in(programme, changes=NO_COMMITTEE)
    if state:
        factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="substitute", state=state)

    with pytest.raises(CannotInvite) as refused:
        confirm_substitute(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)

    assert reasons(refused) == [(reason, "attachments")]


def test_nobody_stands_in_for_a_committee_that_exists(programme: Programme, nomination: Nomination) -> None:
    factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="substitute")

    with pytest.raises(CannotInvite) as refused:
        confirm_substitute(nomination_id=nomination.pk, actor=programme.company.admin, at=AT)

    assert reasons(refused) == [("committee_exists", "form.committee.kind")]


def test_an_edit_voids_what_was_confirmed(programme: Programme, nomination: Nomination) -> None:
    respond(invite(programme, nomination))
    edit(programme, nomination)

    nomination.refresh_from_db()
    assert nomination.confirmed_digest != nomination.content_digest


@pytest.mark.parametrize("verb", [invite_committee, confirm_substitute])
def test_confirmation_keeps_to_scope_role_version_and_state(programme: Programme, verb: Any) -> None:
    nomination = stages.submitted(programme)
    reviewer, stranger = programme.bureau.reviewer, programme.companies[1].admin

    def ask(actor: Actor, **more: Any) -> None:
        verb(nomination_id=nomination.pk, actor=actor, at=AT, **more)

    with pytest.raises(NotFound):
        ask(stranger)
    with pytest.raises(NotAllowed):
        ask(reviewer)
    with pytest.raises(StaleVersion):
        ask(programme.company.admin, version=1)
    with pytest.raises(NotEditable):
        ask(programme.company.admin)


def test_substitute_is_entered_by_the_administrator_alone(programme: Programme) -> None:
    nomination = stages.filled_in(programme, changes=NO_COMMITTEE)

    with pytest.raises(NotAllowed):
        confirm_substitute(nomination_id=nomination.pk, actor=programme.company.editor, at=AT)


def test_invitations_of_others_are_not_listed(
    programme: Programme, nomination: Nomination, invited: CommitteeConfirmation
) -> None:
    assert confirmations_of(nomination.pk, actor=programme.companies[1].admin) == []
    assert confirmations_of(nomination.pk, actor=programme.bureau.reviewer) == [invited]
