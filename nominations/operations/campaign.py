"""Loading a campaign from its file: offices, standard, requirements, calendar, and the papers due from the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind
from accounts.models import District, Organization
from common.errors import DomainError
from common.refusals import Refusal
from evaluation import operations as evaluation
from evaluation.models import Standard
from nominations.enums import DeadlineKind
from nominations.models import (
    Campaign,
    CampaignDistrict,
    ProvincialReport,
    RecommendationSummary,
    Requirement,
    WorkReport,
)
from nominations.operations.standard import refinement_of
from nominations.rules.preset import DistrictPart, Fault, Preset, read_preset, shifted
from workflow import deadlines
from workflow.models import Deadline, Stream

CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
Outcome = Literal["created", "updated", "unchanged"]


class PresetInvalid(DomainError):
    """The file cannot be taken as it is; each fault carries its line, and nothing was written."""

    code = "preset_invalid"
    message = _("The preset has %(count)s faults. Nothing has been changed.")

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        refusals = [_as_refusal(fault) for fault in faults]
        super().__init__(attr="source", refusals=refusals, count=len(faults))


class CampaignInUse(DomainError):
    """Work has begun in the campaign, so that its terms no longer change under those who rely on them."""

    code = "campaign_in_use"
    message = _(
        "The campaign %(code)s is in use: %(events)s steps are on record in it. "
        "The changed preset has not been loaded; give it a code of its own."
    )


class InvalidCode(DomainError):
    """A code names a campaign in addresses and case numbers."""

    code = "invalid_code"
    message = _("“%(code)s” is no code: a lower-case letter, then letters, digits and underscores, 50 signs at most.")


class CannotShift(DomainError):
    """The calendar would leave the years that a computer can count."""

    code = "cannot_shift"
    message = _("The calendar cannot be moved to %(day)s.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a load: the campaign, and whether it is new, changed, or was there just so."""

    campaign: Campaign
    outcome: Outcome
    preset: Preset


@transaction.atomic
def load_campaign(
    *, source: bytes, at: datetime, shift_to: date | None = None, code: str = "", dry_run: bool = False
) -> Loaded:
    """Make or refresh the campaign that the file ``source`` describes (rows S-01, S-08, S-10, S-11).

    Offices that are missing are made, others are left as they are. The standard is frozen. Each district gets its chain
    of events, a drafted summary and work report, the city a drafted report to the province, all with their deadlines.
    ``shift_to`` moves the whole calendar so that applications open on that day, ``code`` gives the campaign a name of
    its own, so that it can be rehearsed beside the real one. The same file again changes nothing; with ``dry_run``
    nothing is written at all. Raises ``PresetInvalid`` with every fault and its line, ``CannotShift``,
    ``InvalidCode``, ``CampaignInUse``, and ``evaluation.operations.StandardExists`` when the code of the standard means
    another one.
    """
    _one_at_a_time()
    preset = _named(_moved(_valid(source), shift_to), code)
    campaign = Campaign.objects.select_for_update().filter(code=preset.code).first()
    if campaign is not None and campaign.source_digest == preset.digest:
        return Loaded(campaign, "unchanged", preset)
    _require_unused(campaign)
    loaded = _written(preset, campaign, at)
    transaction.set_rollback(dry_run)
    return loaded


@transaction.atomic
def change_terms(*, campaign_id: UUID, terms: Mapping[str, Any]) -> Campaign:
    """Change fields of a campaign in which nothing has happened yet, and move its deadlines along with its dates.

    Loading its file again brings the file's terms back. Raises ``CampaignInUse`` and ``Campaign.DoesNotExist``.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    _require_unused(campaign)
    for name, value in terms.items():
        setattr(campaign, name, value)
    campaign.source_digest = ""
    campaign.save()
    _set_deadlines(campaign)
    return campaign


def steps_on_record(campaign: Campaign) -> int:
    """Return how many events the chains of the campaign hold; from the first one on its terms stay as they are."""
    streams = [campaign.stream_id, *campaign.districts.values_list("stream", flat=True)]
    return sum(Stream.objects.filter(pk__in=streams).values_list("length", flat=True))


def _valid(source: bytes) -> Preset:
    preset, faults = read_preset(source)
    if preset is None:
        raise PresetInvalid(faults)
    return preset


def _moved(preset: Preset, shift_to: date | None) -> Preset:
    if shift_to is None:
        return preset
    try:
        moved = shifted(preset, shift_to)
        moved.calendar.instants()
    except OverflowError as error:
        raise CannotShift(attr="shift_to", day=shift_to) from error
    return moved


def _named(preset: Preset, code: str) -> Preset:
    if code and not CODE.fullmatch(code):
        raise InvalidCode(attr="code", code=code)
    return replace(preset, code=code) if code else preset


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nominations.load_campaign'))")


def _require_unused(campaign: Campaign | None) -> None:
    if campaign is not None and (events := steps_on_record(campaign)):
        raise CampaignInUse(attr="source", code=campaign.code, events=events)


def _written(preset: Preset, campaign: Campaign | None, at: datetime) -> Loaded:
    city = _city(preset)
    standard = _standard(preset, campaign, at)
    outcome: Outcome = "created" if campaign is None else "updated"
    if campaign is None:
        campaign = Campaign(stream=Stream.objects.create(name=preset.code))
    for name, value in _terms(preset).items():
        setattr(campaign, name, value)
    campaign.city, campaign.standard = city, standard
    campaign.save()
    _write_requirements(campaign, preset)
    _write_districts(campaign, preset, at)
    ProvincialReport.objects.get_or_create(
        campaign=campaign, defaults={"stream": campaign.stream, "created_at": at, "updated_at": at}
    )
    _set_deadlines(campaign)
    return Loaded(campaign, outcome, preset)


def _terms(preset: Preset) -> dict[str, Any]:
    """Return the fields of the campaign that come from the file; an option that is not given takes its default."""
    plain = ("code", "title", "award", "year", "legal_basis", "goal", "issued_on")
    options = (
        "places", "four_eyes", "district_share", "counting", "minimum_sheets", "discrepancy_points",
        "corrections_allowed", "correction_working_days", "reserves", "concentration_share", "concentration_binding",
        "title_years", "practice_tags", "publicity_channels", "panel_size", "panel_experts", "panel_departments",
        "evaluator_load_limit", "conflict_years",
    )  # fmt: skip
    defaults = {name: getattr(Campaign(), name) for name in options}
    return {
        **{name: getattr(preset, name) for name in plain},
        **defaults,
        **preset.options,
        **preset.calendar.instants(),
        "corrected_wording": list(preset.corrected_wording),
        "source_digest": preset.digest,
    }


def _city(preset: Preset) -> Organization:
    province, _new = Organization.objects.get_or_create(kind=OrganizationKind.PROVINCE, name=preset.province)
    city, _new = Organization.objects.get_or_create(
        kind=OrganizationKind.CITY, name=preset.city, defaults={"parent": province}
    )
    return city


def _standard(preset: Preset, campaign: Campaign | None, at: datetime) -> Standard:
    content: dict[str, Any] = {"code": preset.standard_code, "title": preset.standard_title, "outline": preset.standard}
    if campaign is not None and campaign.standard.code == preset.standard_code:
        standard = evaluation.revise_standard(**content)
    else:
        standard = evaluation.create_standard(**content)
    return evaluation.freeze_standard(standard_id=standard.pk, at=at)


def _write_requirements(campaign: Campaign, preset: Preset) -> None:
    campaign.requirements.all().delete()
    Requirement.objects.bulk_create(
        Requirement(
            campaign=campaign,
            number=row.number,
            text=row.text,
            prompt=row.prompt,
            check_kind=row.check_kind,
            parameters=dict(row.parameters),
        )
        for row in preset.requirements
    )


def _write_districts(campaign: Campaign, preset: Preset, at: datetime) -> None:
    _remove_districts(campaign)
    for part in preset.districts:
        office = _office(campaign.city, part)
        stream, _new = Stream.objects.get_or_create(name=f"{campaign.code}/{part.code}")
        CampaignDistrict.objects.create(
            campaign=campaign,
            district=office,
            stream=stream,
            quota=part.quota,
            prefix=part.prefix,
            standard=refinement_of(campaign, part.prefix, office, part.refinements),
        )
        paper = {"campaign": campaign, "district": office, "stream": stream, "created_at": at, "updated_at": at}
        RecommendationSummary.objects.create(**paper, quota=part.quota)
        WorkReport.objects.create(**paper)


def _remove_districts(campaign: Campaign) -> None:
    """Clear the papers of a campaign in which nothing has happened yet: they are made anew, for whoever takes part."""
    for papers in (campaign.summaries.all(), campaign.work_reports.all()):
        Deadline.objects.filter(subject_id__in=papers.values("pk")).delete()
        papers.delete()
    campaign.districts.all().delete()


def _office(city: Organization, part: DistrictPart) -> Organization:
    district, _new = District.objects.get_or_create(code=part.code, defaults={"name": part.name})
    office = Organization.objects.filter(kind=OrganizationKind.DISTRICT, district=district, parent=city).first()
    return office or Organization.objects.create(
        kind=OrganizationKind.DISTRICT, name=part.authority, district=district, parent=city
    )


def _set_deadlines(campaign: Campaign) -> None:
    district, work, report = (DeadlineKind.DISTRICT_CLOSES, DeadlineKind.WORK_REPORT_CLOSES, DeadlineKind.REPORT_CLOSES)
    rows = [
        *((district, summary, campaign.district_closes_at) for summary in campaign.summaries.all()),
        *((work, work_report, campaign.work_report_closes_at) for work_report in campaign.work_reports.all()),
        (report, campaign.provincial_report, campaign.report_closes_at),
    ]
    deadlines.schedule_many([deadlines.row(kind, paper.flow, paper.pk, due_at) for kind, paper, due_at in rows])


def _as_refusal(fault: Fault) -> Refusal:
    return Refusal(fault.code, fault.message, {**fault.params, "line": fault.line}, fix=fault.path)
