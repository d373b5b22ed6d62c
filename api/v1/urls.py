"""Every address of the interface; each has its line in ``api.access``."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.transitions import BulkTransitionsView, HistoryView, TransitionsView
from api.v1.campaigns import CampaignsView, CampaignView, RequirementsView, StandardView
from api.v1.communities import CommunitiesView
from api.v1.docs import DocsView, SchemaView
from api.v1.me import MeView
from api.v1.nominations import NominationsView, NominationView
from api.v1.notices import (
    DeliveriesView,
    DeliveryAgainView,
    NoticeReadView,
    NoticesReadView,
    NoticesView,
    PreferencesView,
)
from api.v1.organizations import OrganizationsView
from api.v1.problems import ProblemsView, ProblemView
from api.v1.provincial_reports import ProvincialReportsView, ProvincialReportView
from api.v1.recommendations import SummariesView, SummaryView
from api.v1.selections import RankingView, SelectionsView, SelectionView
from api.v1.tokens import TokensView, TokenView
from api.v1.work_reports import WorkReportsView, WorkReportView
from nominations.models import Nomination, ProvincialReport, RecommendationSummary, Selection, WorkReport
from workflow.models import WorkflowModel

app_name = "api"


def moved(address: str, name: str, model: type[WorkflowModel]) -> list[URLPattern]:
    """Return what every object that the engine moves offers: its moves and its history."""
    return [
        path(f"{address}/<uuid:pk>/transitions/", TransitionsView.as_view(model=model), name=f"{name}-transitions"),
        path(f"{address}/<uuid:pk>/history/", HistoryView.as_view(model=model), name=f"{name}-history"),
    ]


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
    path("campaigns/<uuid:pk>/requirements/", RequirementsView.as_view(), name="campaign-requirements"),
    path("communities/", CommunitiesView.as_view(), name="communities"),
    path("nominations/", NominationsView.as_view(), name="nominations"),
    path(
        "nominations/bulk-transitions/",
        BulkTransitionsView.as_view(model=Nomination),
        name="nomination-bulk-transitions",
    ),
    path("nominations/<uuid:pk>/", NominationView.as_view(), name="nomination"),
    *moved("nominations", "nomination", Nomination),
    path("recommendation-summaries/", SummariesView.as_view(), name="recommendation-summaries"),
    path("recommendation-summaries/<uuid:pk>/", SummaryView.as_view(), name="recommendation-summary"),
    *moved("recommendation-summaries", "recommendation-summary", RecommendationSummary),
    path("work-reports/", WorkReportsView.as_view(), name="work-reports"),
    path("work-reports/<uuid:pk>/", WorkReportView.as_view(), name="work-report"),
    *moved("work-reports", "work-report", WorkReport),
    path("campaigns/<uuid:pk>/ranking/", RankingView.as_view(), name="campaign-ranking"),
    path("selections/", SelectionsView.as_view(), name="selections"),
    path("selections/<uuid:pk>/", SelectionView.as_view(), name="selection"),
    *moved("selections", "selection", Selection),
    path("provincial-reports/", ProvincialReportsView.as_view(), name="provincial-reports"),
    path("provincial-reports/<uuid:pk>/", ProvincialReportView.as_view(), name="provincial-report"),
    *moved("provincial-reports", "provincial-report", ProvincialReport),
    path("notices/", NoticesView.as_view(), name="notices"),
    path("notices/read-all/", NoticesReadView.as_view(), name="notices-read"),
    path("notices/preferences/", PreferencesView.as_view(), name="notice-preferences"),
    path("notices/<uuid:pk>/read/", NoticeReadView.as_view(), name="notice-read"),
    path("deliveries/", DeliveriesView.as_view(), name="deliveries"),
    path("deliveries/<uuid:pk>/send-again/", DeliveryAgainView.as_view(), name="delivery-send-again"),
]
