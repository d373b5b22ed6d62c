"""Addresses of the pages here."""

from __future__ import annotations

from django.urls import path

from web.city import (
    acts,
    case,
    cases,
    complaints,
    extensions,
    overview,
    papers,
    ranking,
    reports,
    selections,
    settings,
    terms,
)

app_name = "city"
urlpatterns = [
    path("overview/", overview.show, name="overview"),
    path("cases/", cases.listed, name="cases"),
    path("cases/export/", cases.exported, name="cases-export"),
    path("cases/<uuid:nomination_id>/", case.show, name="case"),
    path("cases/<uuid:nomination_id>/moves/<str:move>/", case.move, name="case-move"),
    path("cases/<uuid:nomination_id>/files/<uuid:file_id>/", case.file, name="case-file"),
    path("cases/<uuid:nomination_id>/visit/", acts.visit, name="visit-record"),
    path("cases/<uuid:nomination_id>/discrepancy/", acts.discrepancy, name="discrepancy"),
    path("cases/<uuid:nomination_id>/veto/", acts.veto, name="veto"),
    path("papers/", papers.listed, name="papers"),
    path("summaries/<uuid:summary_id>/", papers.summary, name="summary"),
    path("summaries/<uuid:summary_id>/moves/<str:move>/", papers.summary_move, name="summary-move"),
    path("summaries/<uuid:summary_id>/files/<uuid:file_id>/", papers.summary_file, name="summary-file"),
    path("work-reports/<uuid:work_report_id>/", papers.work_report, name="work-report"),
    path("work-reports/<uuid:work_report_id>/moves/<str:move>/", papers.work_report_move, name="work-report-move"),
    path("work-reports/<uuid:work_report_id>/files/<uuid:file_id>/", papers.work_report_file, name="work-report-file"),
    path("ranking/", ranking.show, name="ranking"),
    path("campaigns/<uuid:campaign_id>/ranking/freeze/", ranking.freeze, name="ranking-freeze"),
    path("campaigns/<uuid:campaign_id>/ranking/export/", ranking.exported, name="ranking-export"),
    path("campaigns/<uuid:campaign_id>/ranking/<uuid:nomination_id>/", ranking.explained, name="ranking-explained"),
    path("campaigns/<uuid:campaign_id>/diagnostics/", ranking.diagnostics, name="diagnostics"),
    path("selections/", selections.listed, name="selections"),
    path("campaigns/<uuid:campaign_id>/selection/", selections.begin, name="selection-begin"),
    path("selections/<uuid:selection_id>/", selections.show, name="selection"),
    path("selections/<uuid:selection_id>/moves/<str:move>/", selections.move, name="selection-move"),
    path("report/", reports.current, name="report-current"),
    path("reports/<uuid:report_id>/", reports.show, name="report"),
    path("reports/<uuid:report_id>/moves/<str:move>/", reports.move, name="report-move"),
    path("reports/<uuid:report_id>/files/<uuid:file_id>/", reports.file, name="report-file"),
    path("settings/", settings.show, name="settings"),
    path("campaigns/<uuid:campaign_id>/terms/", terms.change, name="terms"),
    path("extensions/new/", extensions.new, name="extension-new"),
    path("extensions/<uuid:extension_id>/", extensions.show, name="extension"),
    path("campaigns/<uuid:campaign_id>/complaints/", complaints.show, name="complaints"),
]
