"""The company's verbs: start a nomination, fill in the form, seal it; and the district's taking up of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from attachments import operations as attachments
from attachments.models import Attachment
from attachments.queries import of as attached_to
from common.digest import canonical_digest
from common.refusals import Refusal
from nominations.enums import ConfirmationStatus, DeadlineKind, NominationState
from nominations.errors import (
    AlreadyNominated,
    ApplicationOver,
    ClaimedByAnother,
    DistrictTakesNoPart,
    InvalidInput,
    NotAllowed,
    NotEditable,
    NotTakenUp,
    ReviewComplete,
)
from nominations.models import (
    Campaign,
    CampaignDistrict,
    CommitteeConfirmation,
    Community,
    Nomination,
    RecommendationSummary,
)
from nominations.operations.sealing import receive, seal
from nominations.rules import form as form_rules
from nominations.rules import windows
from nominations.rules.nomination import review_of
from workflow import deadlines, engine
from workflow.errors import NotFound
from workflow.models import Event

COMPANY_ROLES = frozenset({Role.COMPANY_ADMIN, Role.COMPANY_EDITOR})
DISTRICT_ROLES = frozenset({Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER})
EDITABLE = frozenset({NominationState.DRAFT, NominationState.RETURNED})
SUBJECT = Nomination.flow
SUBSTITUTE = "substitute"
# What a company attaches freely; a sealed copy is attached together with the digest that it bears.
PURPOSES = ("evidence", "photo", SUBSTITUTE)


@transaction.atomic
def start_nomination(*, campaign_id: UUID, community_id: UUID, actor: Actor, at: datetime) -> Nomination:
    """Begin a draft for a community in a campaign and set its deadline (row S-02).

    Raises ``NotAllowed``, ``NotFound`` for a campaign or community outside the actor's scope,
    ``DistrictTakesNoPart``, ``AlreadyNominated`` and ``ApplicationOver``.
    """
    campaign = Campaign.objects.visible_to(actor).filter(pk=campaign_id).first()
    community = Community.objects.visible_to(actor).select_related("company").filter(pk=community_id).first()
    if campaign is None or community is None:
        raise NotFound(attr="campaign" if campaign is None else "community")
    require_role(actor, COMPANY_ROLES)
    part = _part_of(campaign, community)
    summary = RecommendationSummary.objects.filter(campaign=campaign, district=community.authority_id).first()
    if part is None or summary is None:
        raise DistrictTakesNoPart(attr="community")
    part.last_number += 1
    nomination = _draft(campaign, community, part, summary, at)
    try:
        with transaction.atomic():
            nomination.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyNominated(attr="community") from error
    part.save(update_fields=["last_number"])
    started: Nomination = engine.take(Nomination, nomination.pk, actor=actor)
    due_at = windows.application_end(started)
    if at >= due_at:
        raise ApplicationOver(closed_at=due_at)
    deadlines.schedule(kind=DeadlineKind.APPLICATION_CLOSES, flow=SUBJECT, subject_id=started.pk, due_at=due_at)
    engine.record(started, "start", actor=actor, at=at)
    return started


@transaction.atomic
def save_sections(
    *, nomination_id: UUID, sections: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> Nomination:
    """Save sections of the form as far as they are filled in; any change voids confirmation and seal (row S-03).

    ``sections`` maps names of sections to ``{field: value}``; what is not sent stays. Raises ``NotAllowed``,
    ``NotFound``, ``StaleVersion``, ``NotEditable``, and ``InvalidInput`` with a reason per field.
    """
    nomination = take_editable(nomination_id, actor, version)
    kept, refusals = _clean(sections, nomination.form)
    if refusals:
        raise InvalidInput(refusals=refusals)
    nomination.form = {**nomination.form, **kept}
    digest = content_digest(nomination)
    if digest != nomination.content_digest:
        nomination.content_digest = digest
        void_invitations(nomination.pk)
    engine.save_quietly(nomination, at=at)
    return nomination


@transaction.atomic
def attach(
    *, nomination_id: UUID, purpose: str, label: str, upload: UploadedFile[bytes], actor: Actor, at: datetime
) -> Attachment:
    """Receive a piece of evidence for a draft or returned form and return the attachment, in quarantine at first.

    Raises ``NotAllowed``, ``NotFound``, ``NotEditable``, ``InvalidInput`` for a purpose that is not one of
    ``PURPOSES``, and what ``attachments.receive`` raises.
    """
    nomination = take_editable(nomination_id, actor, None)
    if purpose not in PURPOSES:
        message = _("Choose one of: %(choices)s.")
        raise InvalidInput(refusals=[Refusal("not_a_choice", message, {"choices": list(PURPOSES)}, fix="purpose")])
    received = receive(
        kind=SUBJECT, subject_id=nomination_id, purpose=purpose, label=label, upload=upload, actor=actor, at=at
    )
    engine.save_quietly(nomination, at=at)
    return received


@transaction.atomic
def detach(*, nomination_id: UUID, attachment_id: UUID, actor: Actor, at: datetime) -> Attachment:
    """Set a file of a draft or returned form aside; without its sealed copy a form is not sealed any more.

    Without the substitute's document nobody stands behind the text any more either. Raises ``NotAllowed``,
    ``NotFound``, ``NotEditable`` and ``AttachmentBusy``.
    """
    nomination = take_editable(nomination_id, actor, None)
    found = attached_to(SUBJECT, nomination.pk).filter(pk=attachment_id).first()
    if found is None:
        raise NotFound(attr="attachment")
    removed = attachments.remove(attachment_id=attachment_id, at=at)
    if found.pk == nomination.sealed_copy_id:
        nomination.sealed_copy_id, nomination.sealed_digest = None, ""
    elif found.purpose == SUBSTITUTE and form_rules.has_no_committee(nomination.form):
        nomination.confirmed_digest = ""
    else:
        engine.save_quietly(nomination, at=at)
        return removed
    engine.record(nomination, "detach", actor=actor, at=at, documents={found.purpose: found.sha256})
    return removed


@transaction.atomic
def attach_sealed_copy(
    *, nomination_id: UUID, upload: UploadedFile[bytes], content_digest: str, actor: Actor, at: datetime
) -> Attachment:
    """Receive the sealed scan and bind it to the text that was printed (row S-03).

    ``content_digest`` is the digest printed on the paper; raises ``ContentChanged`` unless it is the present one.
    """
    nomination = take_editable(nomination_id, actor, None)
    return seal(nomination, upload=upload, content_digest=content_digest, actor=actor, at=at)


@transaction.atomic
def claim(*, nomination_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Event:
    """Take a submitted case up as a district reviewer (认领); it can no longer be recalled.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable`` and ``ClaimedByAnother``.
    """
    nomination = take_for_review(nomination_id, actor, version, DISTRICT_ROLES)
    if nomination.claimed_by is not None and nomination.claimed_by_id != actor.user_id:
        raise ClaimedByAnother(name=nomination.claimed_by.name)
    nomination.claimed_by_id = actor.person_id
    return engine.record(nomination, "claim", actor=actor, at=at)


@transaction.atomic
def release(*, nomination_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Event:
    """Put a case back on the district's pile (退回待办); the approver may do so for a reviewer who is away.

    Raises what ``claim`` raises, ``NotTakenUp``, and ``ReviewComplete``: then the case lies with the approver.
    """
    nomination = take_for_review(nomination_id, actor, version, DISTRICT_ROLES)
    if nomination.claimed_by is None:
        raise NotTakenUp
    if actor.role != Role.DISTRICT_APPROVER and nomination.claimed_by_id != actor.user_id:
        raise ClaimedByAnother(name=nomination.claimed_by.name)
    review = review_of(nomination)
    if review is not None and review.is_complete_for(nomination):
        raise ReviewComplete
    nomination.claimed_by_id = None
    return engine.record(nomination, "release", actor=actor, at=at)


def void_invitations(nomination_id: UUID) -> None:
    """Close the open invitation to the committee, if there is one; call it under the nomination's lock."""
    CommitteeConfirmation.objects.filter(nomination=nomination_id, status=ConfirmationStatus.INVITED).update(
        status=ConfirmationStatus.VOID
    )


def content_digest(nomination: Nomination) -> str:
    """Return the digest of what committee and company put their names to: the community and the whole form."""
    community = nomination.community
    return canonical_digest(
        {
            "campaign": nomination.campaign.code,
            "community": [community.name, community.subdistrict, community.neighborhood],
            "company": nomination.company.name,
            "form": nomination.form,
        }
    )


def _part_of(campaign: Campaign, community: Community) -> CampaignDistrict | None:
    """Return the district's part in the campaign, locked: it counts the case numbers."""
    parts = CampaignDistrict.objects.filter(campaign=campaign, district=community.authority_id)
    return parts.select_for_update().first()


def _draft(
    campaign: Campaign, community: Community, part: CampaignDistrict, summary: RecommendationSummary, at: datetime
) -> Nomination:
    return Nomination(
        campaign=campaign,
        community=community,
        company=community.company,
        district_id=community.authority_id,
        summary=summary,
        stream_id=part.stream_id,
        number=f"{part.prefix}-{campaign.year}-{part.last_number:03}",
        pinyin=community.pinyin,
        form={"company": {"name": community.company.name}},
        created_at=at,
        updated_at=at,
    )


def _clean(sections: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    kept: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for name, values in sections.items():
        if form_rules.section_named(name) is None or not isinstance(values, Mapping):
            refusals.append(Refusal("unknown_section", _("There is no such section."), fix=f"form.{name}"))
            continue
        cleaned, reasons = form_rules.clean_section(name, {**before.get(name, {}), **values})
        kept[name] = cleaned
        refusals += reasons
    return kept, refusals


def require_role(actor: Actor, roles: Collection[Role]) -> None:
    """Raise ``NotAllowed`` unless the actor holds one of the roles."""
    if actor.role not in roles:
        raise NotAllowed


def take_editable(
    nomination_id: UUID, actor: Actor, version: int | None, roles: Collection[Role] = COMPANY_ROLES
) -> Nomination:
    """Lock a nomination that its company may still change.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed`` and ``NotEditable``, looked for in this order.
    """
    nomination: Nomination = engine.take(Nomination, nomination_id, actor=actor, version=version)
    require_role(actor, roles)
    if nomination.state not in EDITABLE:
        raise NotEditable(state=nomination.get_state_display())
    return nomination


def take_for_review(nomination_id: UUID, actor: Actor, version: int | None, roles: Collection[Role]) -> Nomination:
    """Lock a submitted nomination for its district.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed`` and ``NotEditable``, looked for in this order.
    """
    nomination: Nomination = engine.take(Nomination, nomination_id, actor=actor, version=version)
    require_role(actor, roles)
    if nomination.state != NominationState.SUBMITTED:
        raise NotEditable(state=nomination.get_state_display())
    return nomination
