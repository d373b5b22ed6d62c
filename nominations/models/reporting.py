"""The districts' work reports (row S-14) and the city's report to the province (row S-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role
from attachments.enums import AttachmentState
from attachments.models import Attachment
from nominations.enums import Act, DeadlineKind, NominationState, SummaryState, Window
from nominations.enums import ProvincialReportState as P
from nominations.enums import WorkReportState as W
from nominations.models.dossier import pieces_held
from nominations.models.facts import count_of, extensions_of, sealed_copy_state
from nominations.models.scopes import scope_of
from nominations.rules import recommendation as recommended
from nominations.rules import reporting as rules
from nominations.rules import windows
from workflow.constraints import guard_states, state_check
from workflow.declaration import transition
from workflow.enums import Comment
from workflow.fields import StateField
from workflow.models import WorkflowModel, WorkflowQuerySet

if TYPE_CHECKING:
    from workflow.moves import Actor, Move


class WorkReportQuerySet(WorkflowQuerySet):
    """Filters over work reports."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the district's own and, for the city, its campaigns'; deny by default."""
        scope = scope_of(actor, district="district", city="campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def with_facts(self) -> Self:
        """Load along the campaign and its extensions."""
        from nominations.models.campaign import Extension

        extensions = Extension.objects.filter(
            Q(district=OuterRef("district")) | Q(district__isnull=True),
            campaign=OuterRef("campaign"),
            nomination__isnull=True,
        )
        files = Attachment.objects.filter(subject_kind="work_report", subject_id=OuterRef("pk"))
        return self.select_related("campaign", "district").annotate(
            extended=extensions_of(extensions),
            has_unclean_attachments=Exists(files.filter(removed_at__isnull=True).exclude(state=AttachmentState.CLEAN)),
        )


@guard_states
class WorkReport(WorkflowModel):
    """A district's report on the whole activity, in three sections."""

    flow = "work_report"
    acts = Act

    state = StateField(W)
    campaign = models.ForeignKey("nominations.Campaign", models.PROTECT, related_name="work_reports")
    district = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    preparer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    practice_and_results = models.TextField(_("main practice and results"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    suggestions = models.TextField(_("suggestions"), blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    # What the city asked to be mended when it last returned the report, by section.
    remarks = models.JSONField(_("remarks"), default=dict)
    submitted_at = models.DateTimeField(null=True)

    objects: ClassVar[WorkReportQuerySet] = WorkReportQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        verbose_name = _("work report")
        verbose_name_plural = _("work reports")
        constraints: ClassVar = [
            state_check("work_report", W),
            models.UniqueConstraint(fields=["campaign", "district"], name="work_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.district_id} {self.state}"

    @transition(
        state,
        source=[W.DRAFT, W.RETURNED],
        target=W.SUBMITTED,
        role=Role.DISTRICT_APPROVER,
        label=pgettext_lazy("work_report", "Submit"),
        guards=[rules.sections_complete, windows.within_work_report_window],
    )
    def submit(self, move: Move) -> None:
        """Send the report to the city bureau (notice, section four, 3; row S-14)."""
        self.submitted_at = move.at
        move.cite("work_report", self.content_digest)
        move.settle(DeadlineKind.WORK_REPORT_CLOSES)

    @transition(
        state,
        source=W.SUBMITTED,
        target=W.ACCEPTED,
        role=Role.CITY_REVIEWER,
        label=pgettext_lazy("work_report", "Accept"),
    )
    def accept(self, move: Move) -> None:
        """Accept exactly the text and the files that were sent."""
        self.remarks = {}
        move.cite("work_report", self.content_digest)

    @transition(
        state,
        source=W.SUBMITTED,
        target=W.RETURNED,
        role=Role.CITY_REVIEWER,
        label=pgettext_lazy("work_report", "Return"),
        comment=Comment.REQUIRED,
        checks=[rules.remarks_readable],
    )
    def return_(self, move: Move) -> None:
        """Send the report back with the reason, and with a remark on each section that is to be mended."""
        self.remarks = rules.remarks_in(move)
        move.schedule(DeadlineKind.WORK_REPORT_CLOSES, windows.end_of(self, Window.WORK_REPORT))


class ProvincialReportQuerySet(WorkflowQuerySet):
    """Filters over reports to the province."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the city's own for its officers, the province and auditors."""
        scope = scope_of(actor, district="", city="campaign__city")
        return self.none() if scope is None else self.filter(scope)

    def with_facts(self) -> Self:
        """Load along the campaign and the counts that tell whether the dossier is complete."""
        return self.select_related("campaign").annotate(**_dossier_facts())


@guard_states
class ProvincialReport(WorkflowModel):
    """The city's report: letter, list and dossier of each shortlisted community."""

    flow = "provincial_report"
    acts = Act

    state = StateField(P)
    campaign = models.OneToOneField("nominations.Campaign", models.PROTECT, related_name="provincial_report")
    preparer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    letter = models.TextField(_("letter"), blank=True)
    # The list as it was generated when the report was prepared, in rank order; the digest covers it.
    listed = models.JSONField(_("list"), default=list)
    content_digest = models.CharField(max_length=64, blank=True)
    sealed_digest = models.CharField(max_length=64, blank=True)
    sealed_copy_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[ProvincialReportQuerySet] = ProvincialReportQuerySet.as_manager()  # type: ignore[assignment]  # made by Django

    class Meta:
        verbose_name = _("report to the province")
        verbose_name_plural = _("reports to the province")
        constraints: ClassVar = [state_check("provincial_report", P)]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.state}"

    @transition(
        state,
        source=P.DRAFT,
        target=P.APPROVED,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("provincial_report", "Approve"),
        guards=[recommended.not_the_preparer, rules.dossier_complete],
    )
    def approve(self, move: Move) -> None:
        """Sign the report, list included, before it is sealed (row S-16)."""
        move.cite("report", self.content_digest)

    @transition(
        state,
        source=P.APPROVED,
        target=P.DRAFT,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("provincial_report", "Amend"),
        comment=Comment.REQUIRED,
    )
    def amend(self, move: Move) -> None:
        """Open the signed report again; its seal is void."""
        self.sealed_digest, self.sealed_copy_id = "", None

    @transition(
        state,
        source=P.APPROVED,
        target=P.SENT,
        role=Role.CITY_APPROVER,
        label=pgettext_lazy("provincial_report", "Send"),
        guards=[rules.sealed_copy_attached, windows.within_report_window],
    )
    def send(self, move: Move) -> None:
        """Send the report; every shortlisted nomination is reported in the same transaction (flow rule 10)."""
        self.sent_at = move.at
        move.cite("sealed_copy", self.sealed_digest)
        move.settle(DeadlineKind.REPORT_CLOSES)
        listed = [row["nomination"] for row in self.listed]
        for nomination in self.campaign.nominations.filter(pk__in=listed).order_by("pk"):
            move.then(nomination, "report")


def _dossier_facts() -> dict[str, Any]:
    from nominations.models.campaign import Extension
    from nominations.models.nomination import Nomination

    shortlisted = Nomination.objects.filter(campaign=OuterRef("campaign"), state=NominationState.SHORTLISTED)
    accepted = WorkReport.objects.filter(
        campaign=OuterRef("campaign"), district=OuterRef("district"), state=W.ACCEPTED.value
    )
    return {
        "shortlisted_ids": ArraySubquery(shortlisted.order_by("pk").values("pk")),
        "without_summary": count_of(shortlisted.exclude(summary__state=SummaryState.RECEIVED)),
        "without_work_report": count_of(shortlisted.exclude(Exists(accepted))),
        **{f"without_{name}": count_of(shortlisted.exclude(holds)) for name, holds in pieces_held().items()},
        "sealed_copy_state": sealed_copy_state(),
        "extended": extensions_of(
            Extension.objects.filter(campaign=OuterRef("campaign"), district__isnull=True, nomination__isnull=True)
        ),
    }
