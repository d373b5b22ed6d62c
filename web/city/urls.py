"""Addresses of the pages here."""

from __future__ import annotations

from django.urls import path

from web.city import (
    acts,
    case,
    cases,
    complaints,
    extensions,
    findings,
    overview,
    panels,
    papers,
    pool,
    profiles,
    ranking,
    recording,
    records,
    reports,
    schedule,
    selections,
    settings,
    sheets,
    terms,
    titles,
    visiting,
)
from web.city.access import OF_A_CASE

app_name = "city"
urlpatterns = [
    path("overview/", overview.show, name="overview"),
    path("overview/table/", overview.table, name="overview-table"),
    path("cases/", cases.listed, name="cases"),
    path("cases/table/", cases.table, name="cases-table"),
    path("cases/<uuid:nomination_id>/", case.show, name="case"),
    path("cases/<uuid:nomination_id>/moves/<str:move>/", case.move, name="case-move"),
    path("cases/<uuid:nomination_id>/files/<uuid:file_id>/", case.file, name="case-file"),
    path("cases/<uuid:nomination_id>/visit/", acts.visit, name="visit-record"),
    path("cases/<uuid:nomination_id>/discrepancy/", acts.discrepancy, name="discrepancy"),
    path("cases/<uuid:nomination_id>/veto/", acts.veto, name="veto"),
    path("papers/", papers.listed, name="papers"),
    path("papers/table/", papers.table, name="papers-table"),
    path("summaries/<uuid:summary_id>/", papers.summary, name="summary"),
    path("summaries/<uuid:summary_id>/moves/<str:move>/", papers.summary_move, name="summary-move"),
    path("summaries/<uuid:summary_id>/files/<uuid:file_id>/", papers.summary_file, name="summary-file"),
    path("work-reports/<uuid:work_report_id>/", papers.work_report, name="work-report"),
    path("work-reports/<uuid:work_report_id>/moves/<str:move>/", papers.work_report_move, name="work-report-move"),
    path("work-reports/<uuid:work_report_id>/files/<uuid:file_id>/", papers.work_report_file, name="work-report-file"),
    path("panels/", panels.board, name="panels"),
    path("panels/table/", schedule.panels, name="panels-table"),
    path("campaigns/<uuid:campaign_id>/panels/", panels.propose, name="panels-propose"),
    path("proposals/<uuid:proposal_id>/", panels.proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/deploy/", panels.deploy, name="proposal-deploy"),
    path("assignments/<uuid:assignment_id>/release/", panels.release, name="assignment-release"),
    path("visits/", panels.visits, name="visits"),
    path("visits/table/", schedule.visits, name="visits-table"),
    path("visits/<uuid:visit_id>/move/", visiting.move, name="visit-move"),
    path("visits/<uuid:visit_id>/cancel/", visiting.cancel, name="visit-cancel"),
    path("visits/<uuid:visit_id>/findings/", findings.record, name="visit-findings"),
    path("findings/<uuid:finding_id>/", findings.settle, name="finding"),
    path("sheets/<uuid:sheet_id>/", sheets.show, name="sheet"),
    path("sheets/<uuid:sheet_id>/photos/<uuid:file_id>/", sheets.photo, name="sheet-photo"),
    path("sheets/<uuid:sheet_id>/unlock/", visiting.unlock, name="sheet-unlock"),
    path("evaluators/", pool.listed, name="pool"),
    path("evaluators/table/", pool.table, name="pool-table"),
    path("evaluators/new/", profiles.enter, name="evaluator-new"),
    path("evaluators/<uuid:evaluator_id>/", pool.show, name="evaluator"),
    path("evaluators/<uuid:evaluator_id>/change/", profiles.change, name="evaluator-change"),
    *(
        path(
            f"evaluators/<uuid:evaluator_id>/{standing}/",
            profiles.stand,
            {"standing": standing},
            name=f"evaluator-{standing}",
        )
        for standing in profiles.STANDINGS
    ),
    path("declarations/<uuid:declaration_id>/lift/", profiles.lift, name="declaration-lift"),
    *(
        path(f"records/{kind}/{below}", view, {"kind": kind}, name=f"{kind}{ending}")
        for kind in records.LISTS
        for below, view, ending in (
            ("", records.listed, ""),
            ("table/", records.table, "-table"),
            ("<uuid:record_id>/", records.show, "-record"),
        )
    ),
    *(
        path(address, view, {"kind": kind}, name=f"{kind}{ending}")
        for kind in OF_A_CASE
        for address, view, ending in (
            (f"cases/<uuid:nomination_id>/{kind}/new/", recording.enter, "-new"),
            (f"records/{kind}/<uuid:record_id>/change/", recording.change, "-change"),
        )
    ),
    path("records/third-party/<uuid:record_id>/reports/", recording.report, name="third-party-reports"),
    path(
        "records/third-party/<uuid:record_id>/reports/<uuid:file_id>/",
        recording.report_file,
        name="third-party-report",
    ),
    path("ranking/", ranking.show, name="ranking"),
    path("campaigns/<uuid:campaign_id>/ranking/freeze/", ranking.freeze, name="ranking-freeze"),
    path("campaigns/<uuid:campaign_id>/ranking/table/", ranking.table, name="ranking-table"),
    path("campaigns/<uuid:campaign_id>/ranking/export/", ranking.exported, name="ranking-export"),
    path("campaigns/<uuid:campaign_id>/ranking/<uuid:nomination_id>/", ranking.explained, name="ranking-explained"),
    path("campaigns/<uuid:campaign_id>/diagnostics/", ranking.diagnostics, name="diagnostics"),
    path("selections/", selections.listed, name="selections"),
    path("campaigns/<uuid:campaign_id>/selection/", selections.begin, name="selection-begin"),
    path("selections/<uuid:selection_id>/", selections.show, name="selection"),
    path("selections/<uuid:selection_id>/table/", selections.table, name="selection-table"),
    path("selections/<uuid:selection_id>/moves/<str:move>/", selections.move, name="selection-move"),
    path("report/", reports.current, name="report-current"),
    path("reports/<uuid:report_id>/", reports.show, name="report"),
    path("reports/<uuid:report_id>/moves/<str:move>/", reports.move, name="report-move"),
    path("reports/<uuid:report_id>/files/<uuid:file_id>/", reports.file, name="report-file"),
    path("titles/", titles.listed, name="titles"),
    path("titles/table/", titles.table, name="titles-table"),
    path("settings/", settings.show, name="settings"),
    path("campaigns/<uuid:campaign_id>/terms/", terms.change, name="terms"),
    path("extensions/new/", extensions.new, name="extension-new"),
    path("extensions/<uuid:extension_id>/", extensions.show, name="extension"),
    path("campaigns/<uuid:campaign_id>/complaints/", complaints.show, name="complaints"),
]
