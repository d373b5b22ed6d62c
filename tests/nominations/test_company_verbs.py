"""S-02, S-03: a company starts a nomination, fills in the form, attaches and seals."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts.actors import Actor
from attachments.models import Attachment
from attachments.operations import inspect
from common.errors import DomainError
from nominations.errors import (
    AlreadyNominated,
    ApplicationOver,
    ContentChanged,
    DistrictTakesNoPart,
    InvalidInput,
    NotAllowed,
    NotEditable,
)
from nominations.models import CampaignDistrict, Community, Nomination
from nominations.operations.nomination import (
    attach,
    attach_sealed_copy,
    content_digest,
    detach,
    save_sections,
    start_nomination,
)
from nominations.rules import form as rules
from tests.nominations import factories, stages
from tests.nominations.city_stages import photo
from tests.nominations.stages import AT, Programme
from workflow.errors import NotFound, StaleVersion
from workflow.models import Deadline, Event

MICROSECOND = timedelta(microseconds=1)


def start(programme: Programme, community: Community, **changes: Any) -> Nomination:
    wanted: dict[str, Any] = {"actor": programme.company.editor, "at": AT, **changes}
    return start_nomination(campaign_id=programme.campaign.pk, community_id=community.pk, **wanted)


def save(programme: Programme, nomination: Nomination, **sections: Any) -> Nomination:
    return save_sections(nomination_id=nomination.pk, sections=sections, actor=programme.company.editor, at=AT)


def scan() -> SimpleUploadedFile:
    paper, content = pikepdf.new(), BytesIO()
    paper.add_blank_page()
    paper.save(content)
    return SimpleUploadedFile("sealed.pdf", content.getvalue(), content_type="application/pdf")


def seal(programme: Programme, nomination: Nomination, digest: str | None = None) -> Attachment:
    return attach_sealed_copy(
        nomination_id=nomination.pk,
        upload=scan(),
        content_digest=nomination.content_digest if digest is None else digest,
        actor=programme.company.admin,
        at=AT,
    )


def reasons(error: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(reason.code, reason.fix) for reason in error.value.refusals]


def test_start_numbers_the_case_and_sets_its_deadline(programme: Programme) -> None:
    first, second = (start(programme, programme.community()) for _ in range(2))

    prefix = CampaignDistrict.objects.get(district=programme.bureau.office).prefix
    assert [first.number, second.number] == [f"{prefix}-2023-001", f"{prefix}-2023-002"]
    assert first.form == {"company": {"name": programme.company.office.name}}
    assert Deadline.objects.get(subject_id=first.pk).due_at == factories.APPLICATION_CLOSES
    assert [(event.name, event.sequence) for event in Event.objects.filter(subject_id=first.pk)] == [("start", 1)]


def test_community_has_one_active_nomination(programme: Programme) -> None:
    community = programme.community()
    first = start(programme, community)

    with pytest.raises(AlreadyNominated):
        start(programme, community)
    stages.moved(first, "withdraw", programme.company.admin, comment="暂不参加")
    assert start(programme, community).number.endswith("-002")


def test_district_without_a_part_in_the_campaign_gets_no_nomination(programme: Programme) -> None:
    bureau = factories.DistrictBureauFactory.create(parent=programme.campaign.city)
    community = factories.CommunityFactory.create(authority=bureau, company=programme.company.office)

    with pytest.raises(DistrictTakesNoPart):
        start(programme, community)


def test_start_is_possible_until_the_last_microsecond(programme: Programme) -> None:
    community = programme.community()

    with pytest.raises(ApplicationOver):
        start(programme, community, at=factories.APPLICATION_CLOSES)
    assert start(programme, community, at=factories.APPLICATION_CLOSES - MICROSECOND).state == "draft"


def test_start_keeps_to_scope_and_role(programme: Programme) -> None:
    community = programme.community()
    elsewhere = stages.programme()

    with pytest.raises(NotFound) as unknown_community:
        start(programme, community, actor=programme.companies[1].admin)
    with pytest.raises(NotFound) as unknown_campaign:
        start(elsewhere, community)
    with pytest.raises(NotAllowed):
        start(programme, community, actor=programme.bureau.reviewer)
    assert (unknown_community.value.attr, unknown_campaign.value.attr) == ("campaign", "campaign")


def test_community_of_another_company_is_not_found(programme: Programme) -> None:
    programme.community(company=1)  # so that the second company knows of the campaign

    with pytest.raises(NotFound) as unknown:
        start(programme, programme.community(), actor=programme.companies[1].admin)

    assert unknown.value.attr == "community"


def test_sections_are_saved_one_by_one(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    saved = save(programme, nomination, basics={"buildings": "12", "floor_area": "86000.5"})
    saved = save(programme, saved, basics={"households": 500})

    assert saved.form["basics"] == {"buildings": 12, "floor_area": "86000.50", "households": 500}
    assert saved.form["company"] == {"name": programme.company.office.name}
    assert saved.content_digest == content_digest(saved)
    assert Event.objects.filter(subject_id=nomination.pk).count() == 1


def test_any_edit_voids_confirmation_and_seal(programme: Programme) -> None:
    nomination = stages.ready(programme)

    save(programme, nomination, basics={"remarks": "新增停车位20个"})

    edited = stages.reloaded(nomination)
    assert edited.content_digest not in {edited.confirmed_digest, edited.sealed_digest}
    with pytest.raises(DomainError) as refused:
        stages.moved(edited, "submit", programme.company.admin)
    assert reasons(refused) == [("confirmation_void", "confirmation"), ("seal_void", "sealed_copy")]


def test_every_entry_that_cannot_be_taken_is_told_and_nothing_is_saved(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    with pytest.raises(InvalidInput) as refused:
        save(
            programme,
            nomination,
            basics={"buildings": "twelve", "mood": "good", "floor_area": "1.005"},
            figures={"satisfaction_rate": "100.01"},
            party="none",
            weather={},
        )

    assert reasons(refused) == [
        ("not_a_number", "form.basics.buildings"),
        ("unknown_field", "form.basics.mood"),
        ("too_many_places", "form.basics.floor_area"),
        ("out_of_range", "form.figures.satisfaction_rate"),
        ("unknown_section", "form.party"),
        ("unknown_section", "form.weather"),
    ]
    assert stages.reloaded(nomination).form == nomination.form


@pytest.mark.parametrize(
    ("section", "name", "value", "kept"),
    [
        ("party", "name", "  示例\r\n党支部 ", "示例\n党支部"),
        ("party", "name", "", None),
        ("party", "contact_phone", "138 0000 0001", "13800000001"),
        ("party", "contact_phone", "0564-1234567", "0564-1234567"),
        ("committee", "contact_email", "a@example.com", "a@example.com"),
        ("committee", "kind", "none", "none"),
        ("committee", "term_from", "2021-06-01", "2021-06-01"),
        ("company", "has_penalty", False, False),
        ("basics", "built_on", "2016", "2016"),
        ("basics", "buildings", "12.0", 12),
        ("figures", "fee_collection_rate", "90", "90.00"),
        ("figures", "fee_collection_rate", 90, "90.00"),
    ],
)
def test_entry_is_kept_in_one_spelling(section: str, name: str, value: Any, kept: Any) -> None:
    values, refusals = rules.clean_section(section, {name: value})

    assert (values, refusals) == ({name: kept}, [])


@pytest.mark.parametrize(
    ("section", "name", "value", "code"),
    [
        ("party", "name", 5, "not_text"),
        ("party", "name", "a\x00b", "hidden_characters"),
        ("party", "name", "a\u202eb", "hidden_characters"),
        ("party", "name", "a\ud800b", "hidden_characters"),
        ("party", "name", "字" * 121, "too_long"),
        ("party", "contact_phone", "12345", "not_a_phone"),
        ("party", "contact_phone", "１３８００００００００", "not_a_phone"),
        ("committee", "contact_email", "somebody", "not_an_email"),
        ("committee", "kind", "club", "not_a_choice"),
        ("committee", "kind", {}, "not_a_choice"),
        ("committee", "term_from", "2023-02-30", "not_a_date"),
        ("committee", "term_from", 20230230, "not_text"),
        ("company", "has_penalty", "no", "not_yes_or_no"),
        ("company", "has_penalty", 0, "not_yes_or_no"),
        ("basics", "built_on", "2016-13", "not_a_month"),
        ("basics", "built_on", "20１６", "not_a_month"),
        ("basics", "buildings", "1.5", "not_whole"),
        ("basics", "buildings", True, "not_a_number"),
        ("basics", "buildings", "-1", "out_of_range"),
        ("figures", "satisfaction_rate", 90.5, "not_a_number"),
        ("figures", "satisfaction_rate", "９０", "not_a_number"),
        ("figures", "satisfaction_rate", "NaN", "not_a_number"),
        ("figures", "satisfaction_rate", "1e2", "not_a_number"),
        ("figures", "satisfaction_rate", "89.995", "too_many_places"),
        ("figures", "satisfaction_rate", "100.01", "out_of_range"),
    ],
)
def test_entry_that_its_field_cannot_take_is_told(section: str, name: str, value: Any, code: str) -> None:
    _values, refusals = rules.clean_section(section, {name: value})

    assert [(reason.code, reason.fix) for reason in refusals] == [(code, f"form.{section}.{name}")]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"term_from": "2021-06-01", "term_until": "2021-06-01"}, ("term_reversed", "form.committee.term_until")),
        ({"members": 3, "party_members": 4}, ("more_party_members", "form.committee.party_members")),
    ],
)
def test_two_entries_that_contradict_each_other_are_told(values: dict[str, Any], reason: tuple[str, str]) -> None:
    _values, refusals = rules.clean_section("committee", values)

    assert [(refusal.code, refusal.fix) for refusal in refusals] == [reason]


def test_gaps_are_told_by_section_and_label() -> None:
    with translation.override("en"):
        gaps = rules.missing(
            stages.form(figures={"satisfaction_rate": "  ", "complaints": None}, practices={"practice_3": ""})
        )

    assert [(section.name, names, labels) for section, names, labels in gaps] == [
        ("figures", ["complaints"], ["Complaints within the year"]),
        ("practices", ["practice_3"], ["Practice on requirement 3"]),
    ]


def test_a_community_without_a_committee_names_a_substitute() -> None:
    none = stages.form(committee={"kind": "none", "name": None, "term_from": None, "term_until": None})

    assert [(section.name, names) for section, names, _labels in rules.missing(none)] == [("committee", ["substitute"])]


def test_evidence_is_received_into_quarantine(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    kept = attach(
        nomination_id=nomination.pk,
        purpose="photo",
        label="大门",
        upload=photo(),
        actor=programme.company.editor,
        at=AT,
    )

    assert (kept.subject_id, kept.purpose, kept.label, kept.state) == (nomination.pk, "photo", "大门", "quarantined")
    assert stages.reloaded(nomination).version == nomination.version + 1


def test_sealed_copy_is_not_attached_without_its_digest(programme: Programme) -> None:
    nomination = stages.drafted(programme)

    with pytest.raises(InvalidInput) as refused:
        attach(
            nomination_id=nomination.pk,
            purpose="sealed_copy",
            label="",
            upload=scan(),
            actor=programme.company.admin,
            at=AT,
        )

    assert reasons(refused) == [("not_a_choice", "purpose")]


def test_seal_is_bound_to_the_text_that_was_printed(programme: Programme) -> None:
    nomination = stages.filled_in(programme)

    copy = seal(programme, nomination)

    sealed = stages.reloaded(nomination)
    event = Event.objects.filter(subject_id=nomination.pk).latest("sequence")
    assert (sealed.sealed_copy_id, sealed.sealed_digest) == (copy.pk, nomination.content_digest)
    assert (event.name, event.documents) == ("seal", {"sealed_copy": copy.sha256})


@pytest.mark.parametrize("digest", ["", hashlib.sha256(b"earlier").hexdigest()])
def test_paper_of_another_text_does_not_seal(programme: Programme, digest: str) -> None:
    nomination = stages.filled_in(programme)

    with pytest.raises(ContentChanged):
        seal(programme, nomination, digest)


def test_empty_form_is_not_sealed(programme: Programme) -> None:
    with pytest.raises(ContentChanged):
        seal(programme, stages.drafted(programme), "")


def test_seal_counts_once_its_scan_has_been_checked(programme: Programme) -> None:
    nomination = stages.filled_in(programme)
    copy = seal(programme, nomination)
    Nomination.objects.filter(pk=nomination.pk).update(confirmed_digest=nomination.content_digest)

    with pytest.raises(DomainError) as refused:
        stages.moved(nomination, "submit", programme.company.admin)
    inspect(attachment_id=copy.pk, at=AT)

    assert reasons(refused) == [("sealed_copy_unchecked", "sealed_copy"), ("attachments_not_clean", "attachments")]
    assert stages.moved(nomination, "submit", programme.company.admin).state == "submitted"


def test_rejected_scan_is_as_good_as_none(programme: Programme) -> None:
    nomination = stages.ready(programme)
    bad = factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="sealed_copy", state="rejected")
    Nomination.objects.filter(pk=nomination.pk).update(sealed_copy_id=bad.pk)

    with pytest.raises(DomainError) as refused:
        stages.moved(nomination, "submit", programme.company.admin)

    assert reasons(refused) == [("sealed_copy_missing", "sealed_copy"), ("attachments_not_clean", "attachments")]


def test_a_new_seal_sets_the_earlier_one_aside(programme: Programme) -> None:
    nomination = stages.filled_in(programme)
    first, second = (seal(programme, nomination) for _ in range(2))

    first.refresh_from_db()
    assert first.removed_at == AT
    assert stages.reloaded(nomination).sealed_copy_id == second.pk


def test_form_without_its_sealed_copy_is_not_sealed(programme: Programme) -> None:
    nomination = stages.filled_in(programme)
    copy = seal(programme, nomination)

    detach(nomination_id=nomination.pk, attachment_id=copy.pk, actor=programme.company.editor, at=AT)

    left = stages.reloaded(nomination)
    assert (left.sealed_copy_id, left.sealed_digest) == (None, "")
    assert Event.objects.filter(subject_id=nomination.pk).latest("sequence").name == "detach"


@pytest.mark.parametrize(("kind", "confirmed"), [("none", False), ("owners_committee", True)])
def test_text_without_the_substitutes_document_is_not_confirmed(
    programme: Programme, kind: str, confirmed: bool
) -> None:
    nomination = stages.ready(programme, changes={"committee": {"kind": kind, "substitute": "示例居委会"}})
    document = factories.AttachmentFactory.create(subject_id=nomination.pk, purpose="substitute")

    detach(nomination_id=nomination.pk, attachment_id=document.pk, actor=programme.company.editor, at=AT)

    assert bool(stages.reloaded(nomination).confirmed_digest) is confirmed


def test_other_evidence_goes_without_a_trace_in_the_history(programme: Programme) -> None:
    nomination = stages.ready(programme)
    evidence = factories.AttachmentFactory.create(subject_id=nomination.pk)
    events = Event.objects.filter(subject_id=nomination.pk).count()

    removed = detach(nomination_id=nomination.pk, attachment_id=evidence.pk, actor=programme.company.editor, at=AT)

    assert removed.removed_at == AT
    assert Event.objects.filter(subject_id=nomination.pk).count() == events
    assert stages.reloaded(nomination).version == nomination.version + 1


def test_file_of_another_nomination_is_not_found(programme: Programme) -> None:
    nomination, other = stages.drafted(programme), stages.drafted(programme)
    evidence = factories.AttachmentFactory.create(subject_id=other.pk)

    with pytest.raises(NotFound) as unknown:
        detach(nomination_id=nomination.pk, attachment_id=evidence.pk, actor=programme.company.editor, at=AT)

    assert unknown.value.attr == "attachment"


def _attach(version: int | None = None, **wanted: Any) -> Attachment:
    return attach(purpose="photo", label="", upload=photo(), **wanted)


def _detach(version: int | None = None, **wanted: Any) -> Attachment:
    return detach(attachment_id=wanted["nomination_id"], **wanted)


def _seal(version: int | None = None, **wanted: Any) -> Attachment:
    return attach_sealed_copy(upload=scan(), content_digest="", **wanted)


def _save(**wanted: Any) -> Nomination:
    return save_sections(sections={}, **wanted)


@pytest.mark.parametrize("verb", [_attach, _detach, _seal, _save])
def test_company_verbs_keep_to_scope_role_and_state(programme: Programme, verb: Any) -> None:
    nomination = stages.submitted(programme)

    def ask(actor: Actor, **more: Any) -> None:
        verb(nomination_id=nomination.pk, actor=actor, at=AT, **more)

    for stranger in (programme.companies[1].admin, programme.bureaus[1].reviewer):
        with pytest.raises(NotFound):
            ask(stranger)
    with pytest.raises(NotAllowed):
        ask(programme.bureau.approver)
    with pytest.raises(NotEditable):
        ask(programme.company.admin)


def test_form_that_somebody_else_has_saved_is_loaded_again_first(programme: Programme) -> None:
    nomination = stages.filled_in(programme)

    with pytest.raises(StaleVersion):
        save_sections(
            nomination_id=nomination.pk,
            sections={},
            actor=programme.company.admin,
            at=AT,
            version=nomination.version - 1,
        )
