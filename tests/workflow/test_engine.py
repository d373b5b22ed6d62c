"""One move of one object: what it writes, and in which order it is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts.actors import Actor
from accounts.enums import Role
from common.errors import DomainError
from nominations.models import Nomination, RecommendationSummary
from tests.nominations import factories, stages
from tests.workflow.tampering import place
from tests.workflow.world import AT, REASON, World, build, reload, state_of
from workflow import engine, judging
from workflow.errors import KeyReused, MoveRefused, NotFound, StaleVersion, UnknownMove, WrongRole, WrongState
from workflow.fields import OutsideTheDoor
from workflow.models import CommandKey, Event, OutboxEntry


def withdraw(subject: Nomination, actor: Actor, **wanted: Any) -> Event:
    wanted = {"comment": REASON, "at": AT, **wanted}
    return engine.perform(Nomination, subject.pk, "withdraw", actor=actor, **wanted)


def refused(subject: Nomination, actor: Actor, **wanted: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        withdraw(subject, actor, **wanted)
    return caught.value


def test_move_writes_row_and_event(world: World) -> None:
    draft = world.draft()

    event = withdraw(draft, world.company, comment=f"  {REASON} ", request_id="r" * 32)

    row = reload(draft)
    assert (row.state, row.version, row.sequence, row.updated_at) == ("withdrawn", 2, 1, AT)
    assert (event.from_state, event.to_state, event.name, event.kind) == ("draft", "withdrawn", "withdraw", "move")
    assert (event.actor_id, event.actor_role, event.comment) == (world.company.user_id, "company_admin", REASON)
    assert (event.organization_id, event.organization_name) == (
        world.company.organization_id,
        world.company.organization_name,
    )
    assert (event.sequence, event.request_id, event.at) == (1, "r" * 32, AT)


def test_event_read_back_equals_event_returned(world: World) -> None:
    returned = withdraw(world.draft(), world.company)

    read = Event.objects.get()

    names = [field.attname for field in Event._meta.concrete_fields]
    assert {name: getattr(read, name) for name in names} == {name: getattr(returned, name) for name in names}


def test_move_leaves_an_outbox_entry(world: World) -> None:
    event = withdraw(world.draft(), world.company)

    assert OutboxEntry.objects.values_list("event_id", "created_at", "attempts").get() == (event.pk, AT, 0)


def test_event_tells_changes_without_bookkeeping(world: World) -> None:
    draft = stages.ready(world.programme)

    event = engine.perform(Nomination, draft.pk, "submit", actor=world.company, at=AT)

    assert set(event.changes) == {"submitted_at"}
    assert event.changes["submitted_at"] == {"old": None, "new": AT.isoformat()}
    assert event.documents["form"] == draft.content_digest


def test_move_writes_counts_of_locked_parents(world: World) -> None:
    draft = place(world.draft(), "recommended")
    RecommendationSummary.objects.filter(pk=draft.summary_id).update(recommended_count=3)

    withdraw(draft, world.company)

    assert world.programme.bureau.summary.recommended_count == 2


def test_unknown_move_is_refused_first(world: World) -> None:
    with pytest.raises(UnknownMove, match="fly"):
        engine.perform(Nomination, UUID(int=0), "fly", actor=world.company, at=AT)


def test_object_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        engine.perform(Nomination, UUID(int=0), "withdraw", actor=world.company, at=AT)


@pytest.mark.parametrize("role", [Role.COMPANY_ADMIN, Role.DISTRICT_APPROVER, Role.CITY_APPROVER, Role.EVALUATOR])
def test_object_out_of_scope_is_not_found(world: World, role: Role) -> None:
    draft = build().draft()

    error = refused(draft, world.actor(role))

    assert (type(error), state_of(draft)) == (NotFound, "draft")


def test_role_without_any_scope_finds_nothing(world: World) -> None:
    error = refused(world.draft(), world.actor(Role.SYSTEM_ADMIN))

    assert type(error) is NotFound


def test_reused_key_comes_before_stale_version(world: World) -> None:
    withdraw(world.draft(), world.company, key="k")

    error = refused(world.draft(), world.company, key="k", version=9)

    assert type(error) is KeyReused


def test_stale_version_comes_before_wrong_state(world: World) -> None:
    draft = place(world.draft(), "awarded")

    error = refused(draft, world.company, version=9)

    assert (type(error), error.params) == (StaleVersion, {"seen": 9, "current": 1})


def test_wrong_state_comes_before_wrong_role(world: World) -> None:
    draft = place(world.draft(), "awarded")

    error = refused(draft, world.approver)

    assert (type(error), str(error.params["state"])) == (WrongState, draft.get_state_display())


def test_wrong_role_comes_before_guards(world: World) -> None:
    error = refused(world.draft(), world.approver, comment="")

    assert (type(error), error.params["role"]) == (WrongRole, Role.COMPANY_ADMIN.label)


def test_comment_and_all_guards_are_refused_together(world: World) -> None:
    draft = world.draft()

    with pytest.raises(MoveRefused) as caught:
        engine.perform(Nomination, draft.pk, "submit", actor=world.company, at=factories.REPORT_CLOSES, comment=REASON)

    assert [refusal.code for refusal in caught.value.refusals] == [
        "comment_not_accepted",
        *["form_incomplete"] * 6,
        "committee_not_confirmed",
        "sealed_copy_missing",
        "window_over",
    ]


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("", "comment_required"),
        (" \u200b。", "comment_required"),
        ("x" * (judging.LONGEST_COMMENT + 1), "comment_too_long"),
        ("NUL \x00", "comment_unreadable"),
        ("half \ud83c a pair", "comment_unreadable"),
    ],
)
def test_comment_is_judged(world: World, comment: str, code: str) -> None:
    error = refused(world.draft(), world.company, comment=comment)

    assert [refusal.code for refusal in error.refusals] == [code]


def test_longest_comment_is_kept(world: World) -> None:
    comment = "汉" * judging.LONGEST_COMMENT

    event = withdraw(world.draft(), world.company, comment=comment)

    assert Event.objects.get(pk=event.pk).comment == comment


def test_unknown_input_is_refused(world: World) -> None:
    error = refused(world.draft(), world.company, payload={"colour": "red"})

    assert [(refusal.code, refusal.fix) for refusal in error.refusals] == [("unknown_input", "data.colour")]


def test_refused_move_writes_nothing(world: World) -> None:
    draft = world.draft()

    refused(draft, world.company, comment="", key="k")

    assert (state_of(draft), Event.objects.count(), CommandKey.objects.count()) == ("draft", 0, 0)


def test_guard_that_cannot_answer_keeps_the_door_shut(world: World) -> None:
    draft = world.draft()
    Nomination.objects.filter(pk=draft.pk).update(form=[1])

    with pytest.raises(MoveRefused) as caught:
        engine.perform(Nomination, draft.pk, "submit", actor=world.company, at=AT)

    first = caught.value.refusals[0]
    assert (first.code, first.params) == ("cannot_be_checked", {"guard": "form_complete"})
    assert "form_complete" in first.sentence()


def test_same_key_and_command_give_the_first_event_again(world: World) -> None:
    draft = world.draft()
    first = withdraw(draft, world.company, key="k", version=1)

    again = withdraw(draft, world.company, key="k", version=1, at=AT + timedelta(hours=1))

    assert (again, Event.objects.count()) == (first, 1)


def test_same_key_gives_the_first_event_even_where_the_move_would_be_possible_again(world: World) -> None:
    draft = place(world.draft(), "submitted")
    first = engine.perform(Nomination, draft.pk, "recall", actor=world.company, at=AT, key="k")
    place(draft, "submitted")

    again = engine.perform(Nomination, draft.pk, "recall", actor=world.company, at=AT, key="k")

    assert (again, Event.objects.count(), state_of(draft)) == (first, 1, "submitted")


@pytest.mark.parametrize("change", [{"comment": "别的理由"}, {"version": 1}, {"payload": {"colour": "red"}}])
def test_same_key_and_other_command_is_refused(world: World, change: dict[str, Any]) -> None:
    draft = world.draft()
    withdraw(draft, world.company, key="k")

    error = refused(draft, world.company, key="k", **change)

    assert type(error) is KeyReused


def test_same_key_for_another_object_that_could_move_is_refused(world: World) -> None:
    withdraw(world.draft(), world.company, key="k")
    other = world.draft()

    error = refused(other, world.company, key="k")

    assert (type(error), state_of(other)) == (KeyReused, "draft")


def test_same_key_of_another_person_is_another_key(world: World) -> None:
    summary, report = world.programme.bureau.summary, world.programme.bureau.work_report
    place(summary, "submitted")
    place(report, "submitted")

    engine.perform(type(summary), summary.pk, "receive", actor=world.programme.city_reviewer, at=AT, key="k")
    other = factories.actor(Role.CITY_REVIEWER, world.programme.campaign.city)
    engine.perform(type(report), report.pk, "accept", actor=other, at=AT, key="k")

    assert (state_of(summary), state_of(report), CommandKey.objects.count()) == ("received", "accepted", 2)


def test_command_that_cannot_be_stored_is_refused_under_a_key_too(world: World) -> None:
    error = refused(world.draft(), world.company, key="k", comment="half \ud83c a pair")

    assert [refusal.code for refusal in error.refusals] == ["comment_unreadable"]


def test_transition_called_directly_is_refused(world: World) -> None:
    draft = world.draft()

    with pytest.raises(OutsideTheDoor, match="withdraw"):
        draft.withdraw(None)

    assert draft.state == "draft"


def test_available_tells_what_the_role_may_do_and_why_not(world: World) -> None:
    submitted = stages.submitted(world.programme)

    (verdicts,) = engine.available([submitted], actor=world.approver, at=AT)

    assert {verdict.transition.name: [refusal.code for refusal in verdict.refusals] for verdict in verdicts} == {
        "recommend": ["review_incomplete"],
        "decline": ["review_incomplete"],
    }
    assert [verdict.allowed for verdict in verdicts] == [False, False]


def test_available_leaves_guards_that_wait_for_input(world: World) -> None:
    submitted = stages.submitted(world.programme)

    (verdicts,) = engine.available([submitted], actor=world.programme.bureau.reviewer, at=AT)

    assert [(verdict.transition.name, verdict.allowed) for verdict in verdicts] == [("return_for_correction", True)]


def test_available_costs_no_query_beyond_the_list(world: World, django_assert_num_queries: Any) -> None:
    world.drafts(3)
    drafts = list(Nomination.objects.with_facts())

    with django_assert_num_queries(0):
        verdicts = engine.available(drafts, actor=world.company, at=AT)

    assert [[verdict.transition.name for verdict in row] for row in verdicts] == [["submit", "withdraw"]] * 3
