"""Every address of the interface; each has its line in ``api.access``."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from api.acts import ActView, Versioned
from api.transitions import BulkTransitionsView, HistoryView, TransitionsView
from api.uploads import SealView
from api.v1.assessments import DiscrepancyWish, VetoWish
from api.v1.assignments import (
    AcceptView,
    AssignmentsView,
    AssignmentView,
    ConflictView,
    DeclineView,
    PanelOfNominationView,
    PanelSheetView,
    ReleaseView,
)
from api.v1.attachments import (
    NominationAttachmentContentView,
    NominationAttachmentsView,
    NominationAttachmentView,
)
from api.v1.campaigns import CampaignsView, CampaignView, ProgressView, RefinementView, RequirementsView, StandardView
from api.v1.communities import CommunitiesView, CommunityView, InspectionsView
from api.v1.complaints import ComplaintFiguresView
from api.v1.confirmations import ConfirmationView
from api.v1.district_reviews import (
    DistrictReviewView,
    EvidenceContentView,
    EvidenceView,
    HandOver,
    Reopening,
)
from api.v1.docs import DocsView, SchemaView
from api.v1.evaluators import (
    DeclarationLiftView,
    DeclarationsView,
    EvaluatorsView,
    EvaluatorView,
    MyCalendarView,
)
from api.v1.extensions import CampaignExtensionsView, ExtensionApprovalView
from api.v1.honors import HonorsView, HonorView
from api.v1.me import MeView
from api.v1.nominations import NominationsView, NominationView, PrecheckView
from api.v1.notices import (
    DeliveriesView,
    DeliveryAgainView,
    NoticeReadView,
    NoticesReadView,
    NoticesView,
    PreferencesView,
)
from api.v1.organizations import OrganizationsView
from api.v1.panels import BoardView, DeployView, PanelsView, PanelView
from api.v1.problems import ProblemsView, ProblemView
from api.v1.provincial_reports import CompletenessView, ProvincialReportsView, ProvincialReportView
from api.v1.publicity import GoodPracticesView, GoodPracticeView, PublicityEntryView, PublicityView
from api.v1.rankings import DiagnosticsView, RankingExplainedView, RankingExportView, RankingView
from api.v1.recommendations import (
    DescriptionContentView,
    DescriptionsView,
    DescriptionView,
    SummariesView,
    SummaryActView,
    SummaryOrderView,
    SummaryView,
)
from api.v1.score_sheets import (
    HandInView,
    ScoresView,
    SheetPhotoContentView,
    SheetPhotosView,
    SheetUnlockView,
    SheetVersionsView,
    SheetView,
    SyncView,
)
from api.v1.selections import SelectionPreviewView, SelectionRefreshView, SelectionsView, SelectionView
from api.v1.third_parties import (
    ThirdPartiesView,
    ThirdPartyAttachmentContentView,
    ThirdPartyAttachmentsView,
    ThirdPartyAttachmentView,
    ThirdPartyView,
)
from api.v1.titles import TitlesView, TitleVerificationView
from api.v1.tokens import TokensView, TokenView
from api.v1.visits import (
    CalendarView,
    CancelVisitView,
    DismissFindingView,
    NominationVisitsView,
    VisitFindingsView,
    VisitsView,
    VisitView,
)
from api.v1.work_reports import (
    WorkReportAttachmentContentView,
    WorkReportAttachmentsView,
    WorkReportAttachmentView,
    WorkReportsView,
    WorkReportView,
)
from nominations.models import Nomination, ProvincialReport, RecommendationSummary, Selection, WorkReport
from nominations.operations import (
    assessment,
    confirmation,
    district_review,
    nomination,
    recommendation,
    reporting,
)
from workflow.models import WorkflowModel

app_name = "api"


def act(address: str, name: str, operation: Any, wish: type[Versioned] = Versioned) -> URLPattern:
    """Return the address of an act on a nomination that is no move."""
    view = ActView.as_view(operation=operation, serializer_class=wish)
    return path(f"nominations/<uuid:pk>/{address}/", view, name=name)


def moved(address: str, name: str, model: type[WorkflowModel]) -> list[URLPattern]:
    """Return what every object that the engine moves offers: its moves and its history."""
    return [
        path(f"{address}/<uuid:pk>/transitions/", TransitionsView.as_view(model=model), name=f"{name}-transitions"),
        path(f"{address}/<uuid:pk>/history/", HistoryView.as_view(model=model), name=f"{name}-history"),
    ]


def files(address: str, name: str, views: tuple[Any, Any, Any]) -> list[URLPattern]:
    """Return what every object with files offers: the list, one file, its bytes."""
    many, one, content = views
    below = f"{address}/<uuid:pk>/attachments/"
    return [
        path(below, many.as_view(), name=f"{name}-attachments"),
        path(f"{below}<uuid:attachment>/", one.as_view(), name=f"{name}-attachment"),
        path(f"{below}<uuid:attachment>/content/", content.as_view(), name=f"{name}-attachment-content"),
    ]


ROW = "recommendation-summaries/<uuid:pk>/rows/<uuid:row>/"
NOMINATION_FILES = (NominationAttachmentsView, NominationAttachmentView, NominationAttachmentContentView)
WORK_REPORT_FILES = (WorkReportAttachmentsView, WorkReportAttachmentView, WorkReportAttachmentContentView)
THIRD_PARTY_FILES = (ThirdPartyAttachmentsView, ThirdPartyAttachmentView, ThirdPartyAttachmentContentView)

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("problems/", ProblemsView.as_view(), name="problems"),
    path("problems/<slug:code>/", ProblemView.as_view(), name="problem"),
    path("me/", MeView.as_view(), name="me"),
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<int:pk>/", TokenView.as_view(), name="token"),
    path("organizations/", OrganizationsView.as_view(), name="organizations"),
    path("campaigns/", CampaignsView.as_view(), name="campaigns"),
    path("campaigns/<uuid:pk>/", CampaignView.as_view(), name="campaign"),
    path("campaigns/<uuid:pk>/standard/", StandardView.as_view(), name="campaign-standard"),
    path("campaigns/<uuid:pk>/standard/refinement/", RefinementView.as_view(), name="campaign-standard-refinement"),
    path("campaigns/<uuid:pk>/requirements/", RequirementsView.as_view(), name="campaign-requirements"),
    path("campaigns/<uuid:pk>/progress/", ProgressView.as_view(), name="campaign-progress"),
    path("campaigns/<uuid:pk>/complaint-figures/", ComplaintFiguresView.as_view(), name="campaign-complaint-figures"),
    path("communities/", CommunitiesView.as_view(), name="communities"),
    path("communities/<uuid:pk>/", CommunityView.as_view(), name="community"),
    path("communities/<uuid:pk>/inspections/", InspectionsView.as_view(), name="community-inspections"),
    path("nominations/", NominationsView.as_view(), name="nominations"),
    path(
        "nominations/bulk-transitions/",
        BulkTransitionsView.as_view(model=Nomination),
        name="nomination-bulk-transitions",
    ),
    path("nominations/<uuid:pk>/", NominationView.as_view(), name="nomination"),
    path("nominations/<uuid:pk>/precheck/", PrecheckView.as_view(), name="nomination-precheck"),
    *moved("nominations", "nomination", Nomination),
    *files("nominations", "nomination", NOMINATION_FILES),
    path("nominations/<uuid:pk>/confirmation/", ConfirmationView.as_view(), name="nomination-confirmation"),
    act("confirmation/substitute", "nomination-confirmation-substitute", confirmation.confirm_substitute),
    act("claim", "nomination-claim", nomination.claim),
    act("release", "nomination-release", nomination.release),
    act("hand-over", "nomination-hand-over", district_review.hand_over, HandOver),
    path("nominations/<uuid:pk>/district-review/", DistrictReviewView.as_view(), name="nomination-district-review"),
    act("district-review/complete", "nomination-district-review-complete", district_review.complete_review),
    act("district-review/reopen", "nomination-district-review-reopen", district_review.reopen_review, Reopening),
    path(
        "nominations/<uuid:pk>/district-review/attachments/",
        EvidenceView.as_view(),
        name="nomination-district-review-attachments",
    ),
    path(
        "nominations/<uuid:pk>/district-review/attachments/<uuid:attachment>/content/",
        EvidenceContentView.as_view(),
        name="nomination-district-review-attachment-content",
    ),
    path("nominations/<uuid:pk>/assignments/", PanelOfNominationView.as_view(), name="nomination-assignments"),
    path("nominations/<uuid:pk>/visits/", NominationVisitsView.as_view(), name="nomination-visits"),
    act("discrepancy", "nomination-discrepancy", assessment.resolve_discrepancy, DiscrepancyWish),
    act("veto", "nomination-veto", assessment.record_veto, VetoWish),
    path("assignments/", AssignmentsView.as_view(), name="assignments"),
    path("assignments/<uuid:pk>/", AssignmentView.as_view(), name="assignment"),
    path("assignments/<uuid:pk>/accept/", AcceptView.as_view(), name="assignment-accept"),
    path("assignments/<uuid:pk>/decline/", DeclineView.as_view(), name="assignment-decline"),
    path("assignments/<uuid:pk>/release/", ReleaseView.as_view(), name="assignment-release"),
    path("assignments/<uuid:pk>/conflict/", ConflictView.as_view(), name="assignment-conflict"),
    path("assignments/<uuid:pk>/score-sheet/", PanelSheetView.as_view(), name="assignment-score-sheet"),
    path("score-sheets/<uuid:pk>/", SheetView.as_view(), name="score-sheet"),
    path("score-sheets/<uuid:pk>/scores/", ScoresView.as_view(), name="score-sheet-scores"),
    path("score-sheets/<uuid:pk>/sync/", SyncView.as_view(), name="score-sheet-sync"),
    path("score-sheets/<uuid:pk>/hand-in/", HandInView.as_view(), name="score-sheet-hand-in"),
    path("score-sheets/<uuid:pk>/unlock/", SheetUnlockView.as_view(), name="score-sheet-unlock"),
    path("score-sheets/<uuid:pk>/versions/", SheetVersionsView.as_view(), name="score-sheet-versions"),
    path("score-sheets/<uuid:pk>/photos/", SheetPhotosView.as_view(), name="score-sheet-photos"),
    path(
        "score-sheets/<uuid:pk>/photos/<uuid:attachment>/content/",
        SheetPhotoContentView.as_view(),
        name="score-sheet-photo-content",
    ),
    path("evaluators/", EvaluatorsView.as_view(), name="evaluators"),
    path("evaluators/<uuid:pk>/", EvaluatorView.as_view(), name="evaluator"),
    path("declarations/", DeclarationsView.as_view(), name="declarations"),
    path("declarations/<uuid:pk>/lift/", DeclarationLiftView.as_view(), name="declaration-lift"),
    path("calendars/<str:secret>/visits.ics", CalendarView.as_view(), name="calendar"),
    path("me/calendar/", MyCalendarView.as_view(), name="my-calendar"),
    path("panels/", PanelsView.as_view(), name="panels"),
    path("panels/<uuid:pk>/", PanelView.as_view(), name="panel"),
    path("panels/<uuid:pk>/deploy/", DeployView.as_view(), name="panel-deploy"),
    path("campaigns/<uuid:pk>/panel-board/", BoardView.as_view(), name="campaign-panel-board"),
    path("visits/", VisitsView.as_view(), name="visits"),
    path("visits/<uuid:pk>/", VisitView.as_view(), name="visit"),
    path("visits/<uuid:pk>/cancel/", CancelVisitView.as_view(), name="visit-cancel"),
    path("visits/<uuid:pk>/findings/", VisitFindingsView.as_view(), name="visit-findings"),
    path("findings/<uuid:pk>/dismiss/", DismissFindingView.as_view(), name="finding-dismiss"),
    path("campaigns/<uuid:pk>/extensions/", CampaignExtensionsView.as_view(), name="campaign-extensions"),
    path("extensions/<uuid:pk>/approve/", ExtensionApprovalView.as_view(), name="extension-approve"),
    path("recommendation-summaries/", SummariesView.as_view(), name="recommendation-summaries"),
    path("recommendation-summaries/<uuid:pk>/", SummaryView.as_view(), name="recommendation-summary"),
    path(
        "recommendation-summaries/<uuid:pk>/rank/",
        SummaryActView.as_view(operation=recommendation.compute_ranks),
        name="recommendation-summary-rank",
    ),
    path(
        "recommendation-summaries/<uuid:pk>/prepare/",
        SummaryActView.as_view(operation=recommendation.prepare),
        name="recommendation-summary-prepare",
    ),
    path("recommendation-summaries/<uuid:pk>/order/", SummaryOrderView.as_view(), name="recommendation-summary-order"),
    path(f"{ROW}description/", DescriptionsView.as_view(), name="recommendation-summary-descriptions"),
    path(
        f"{ROW}description/<uuid:attachment>/",
        DescriptionView.as_view(),
        name="recommendation-summary-description",
    ),
    path(
        f"{ROW}description/<uuid:attachment>/content/",
        DescriptionContentView.as_view(),
        name="recommendation-summary-description-content",
    ),
    path(
        "recommendation-summaries/<uuid:pk>/sealed-copy/",
        SealView.as_view(
            model=RecommendationSummary, operation=recommendation.attach_sealed_copy, subject="summary_id"
        ),
        name="recommendation-summary-sealed-copy",
    ),
    *moved("recommendation-summaries", "recommendation-summary", RecommendationSummary),
    path("work-reports/", WorkReportsView.as_view(), name="work-reports"),
    path("work-reports/<uuid:pk>/", WorkReportView.as_view(), name="work-report"),
    *files("work-reports", "work-report", WORK_REPORT_FILES),
    *moved("work-reports", "work-report", WorkReport),
    path("publicity/", PublicityView.as_view(), name="publicity"),
    path("publicity/<uuid:pk>/", PublicityEntryView.as_view(), name="publicity-entry"),
    path("good-practices/", GoodPracticesView.as_view(), name="good-practices"),
    path("good-practices/<uuid:pk>/", GoodPracticeView.as_view(), name="good-practice"),
    path("third-party-assessments/", ThirdPartiesView.as_view(), name="third-party-assessments"),
    *files("third-party-assessments", "third-party-assessment", THIRD_PARTY_FILES),
    path("third-party-assessments/<uuid:pk>/", ThirdPartyView.as_view(), name="third-party-assessment"),
    path("honors/", HonorsView.as_view(), name="honors"),
    path("honors/<uuid:pk>/", HonorView.as_view(), name="honor"),
    path("titles/", TitlesView.as_view(), name="titles"),
    path("titles/verification/", TitleVerificationView.as_view(), name="titles-verification"),
    path("campaigns/<uuid:pk>/ranking/", RankingView.as_view(), name="campaign-ranking"),
    path("campaigns/<uuid:pk>/ranking/export/", RankingExportView.as_view(), name="campaign-ranking-export"),
    path("campaigns/<uuid:pk>/ranking/diagnostics/", DiagnosticsView.as_view(), name="campaign-ranking-diagnostics"),
    path(
        "campaigns/<uuid:pk>/ranking/<uuid:nomination>/",
        RankingExplainedView.as_view(),
        name="campaign-ranking-explained",
    ),
    path("selections/", SelectionsView.as_view(), name="selections"),
    path("selections/<uuid:pk>/", SelectionView.as_view(), name="selection"),
    path("selections/<uuid:pk>/refresh/", SelectionRefreshView.as_view(), name="selection-refresh"),
    path("selections/<uuid:pk>/preview/", SelectionPreviewView.as_view(), name="selection-preview"),
    *moved("selections", "selection", Selection),
    path("provincial-reports/", ProvincialReportsView.as_view(), name="provincial-reports"),
    path("provincial-reports/<uuid:pk>/", ProvincialReportView.as_view(), name="provincial-report"),
    path(
        "provincial-reports/<uuid:pk>/sealed-copy/",
        SealView.as_view(model=ProvincialReport, operation=reporting.attach_sealed_copy, subject="report_id"),
        name="provincial-report-sealed-copy",
    ),
    path(
        "provincial-reports/<uuid:pk>/completeness/", CompletenessView.as_view(), name="provincial-report-completeness"
    ),
    *moved("provincial-reports", "provincial-report", ProvincialReport),
    path("notices/", NoticesView.as_view(), name="notices"),
    path("notices/read-all/", NoticesReadView.as_view(), name="notices-read"),
    path("notices/preferences/", PreferencesView.as_view(), name="notice-preferences"),
    path("notices/<uuid:pk>/read/", NoticeReadView.as_view(), name="notice-read"),
    path("deliveries/", DeliveriesView.as_view(), name="deliveries"),
    path("deliveries/<uuid:pk>/send-again/", DeliveryAgainView.as_view(), name="delivery-send-again"),
]
