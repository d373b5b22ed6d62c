"""What companies and owners' committees do: fill in the form, have it confirmed and sealed, submit, correct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.enums import Role
from demo.population import papers
from demo.population.forms import filled_in, no_committee
from demo.population.stage import Stage, checked, move, nomination
from demo.population.tales import Tale
from nominations.models import CommitteeConfirmation, Nomination
from nominations.operations import confirmation
from nominations.operations.nomination import attach, attach_sealed_copy, save_sections, start_nomination
from nominations.rules.form import has_no_committee


def write(stage: Stage, name: str, day: int, **changes: Mapping[str, Any]) -> Tale[UUID]:
    """Begin a nomination and fill in the form: the editor by day, the administrator in the evening, with a photo."""
    community = stage.community(name)
    editor = stage.city.company_of(community, Role.COMPANY_EDITOR)
    form = filled_in(community, stage.opens, **changes)
    at = yield stage.on(day, 9, 20)
    started = start_nomination(campaign_id=stage.campaign.pk, community_id=community.pk, actor=editor, at=at)
    early = {section: form[section] for section in ("basics", "party", "company", "committee")}
    save_sections(nomination_id=started.pk, sections=early, actor=editor, at=at)
    at = yield stage.on(day, 17, 40)
    late = {section: form[section] for section in ("figures", "practices")}
    save_sections(nomination_id=started.pk, sections=late, actor=stage.city.company_of(community), at=at)
    upload = papers.photo("垃圾分类投放点.jpg", name)
    received = attach(
        nomination_id=started.pk, purpose="photo", label="垃圾分类投放点", upload=upload, actor=editor, at=at
    )
    checked(received, at)
    return started.pk


def have_confirmed(stage: Stage, pk: UUID, day: int) -> Tale[None]:
    """Have the committee, or the substitute where there is none, stand behind the text."""
    found = nomination(pk)
    actor = stage.city.company_of(found.community)
    at = yield stage.on(day, 10, 15)
    if has_no_committee(found.form):
        upload = papers.scan("居民委员会意见.pdf", f"{found.number} substitute")
        document = attach(
            nomination_id=pk, purpose="substitute", label="居民委员会意见", upload=upload, actor=actor, at=at
        )
        checked(document, at)
        confirmation.confirm_substitute(nomination_id=pk, actor=actor, at=at)
        return
    invitation = confirmation.invite_committee(nomination_id=pk, actor=actor, at=at)
    at = yield stage.on(day, 20, 5)
    answer(invitation, at)


def answer(invitation: CommitteeConfirmation, at: Any) -> None:
    """Answer for the committee, with the link and the code that it was sent."""
    token, code = confirmation.token_of(invitation), confirmation.code_of(invitation)
    confirmation.answer(token=token, code=code, confirmed=True, at=at)


def seal(stage: Stage, pk: UUID, day: int) -> Tale[None]:
    """Upload the sealed scan of exactly the confirmed text."""
    found = nomination(pk)
    at = yield stage.on(day, 14, 30)
    upload = papers.scan("自荐表盖章件.pdf", f"{found.number} {found.corrections}")
    actor = stage.city.company_of(found.community)
    scan = attach_sealed_copy(nomination_id=pk, upload=upload, content_digest=found.content_digest, actor=actor, at=at)
    checked(scan, at)


def submit(stage: Stage, pk: UUID, day: int, hour: int = 16, minute: int = 30) -> Tale[None]:
    """Hand the form in."""
    at = yield stage.on(day, hour, minute)
    move(Nomination, pk, "submit", stage.city.company_of(nomination(pk).community), at)


def apply(stage: Stage, name: str, day: int, **changes: Mapping[str, Any]) -> Tale[UUID]:
    """Go the whole way from the draft to the submitted form, in three days."""
    pk = yield from write(stage, name, day, **changes)
    yield from have_confirmed(stage, pk, day + 1)
    yield from seal(stage, pk, day + 2)
    yield from submit(stage, pk, day + 2)
    return pk


def correct(stage: Stage, pk: UUID, day: int, sections: Mapping[str, Any]) -> Tale[None]:
    """Mend a returned form and have it confirmed and sealed anew, ready to be submitted again the day after."""
    at = yield stage.on(day, 9, 50)
    save_sections(nomination_id=pk, sections=sections, actor=stage.city.company_of(nomination(pk).community), at=at)
    yield from have_confirmed(stage, pk, day)
    yield from seal(stage, pk, day + 1)


def without_committee(stage: Stage, name: str) -> dict[str, Any]:
    """Return the committee section of a community in which a neighborhood's committee confirms instead."""
    return no_committee(stage.community(name))
