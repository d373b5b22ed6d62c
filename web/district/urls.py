"""Addresses of the pages here."""

from __future__ import annotations

from django.urls import path

from web.district.views import bulk, case, decisions, files, queue, records, review, scores, summary, work_report

app_name = "district"
CASE = "cases/<uuid:nomination_id>/"
SUMMARY = "summaries/<uuid:summary_id>/"
REPORT = "work-reports/<uuid:work_report_id>/"
urlpatterns = [
    path("cases/", queue.queue, name="queue"),
    path("cases/table/", queue.table, name="queue-table"),
    path("cases/filters/", queue.keep, name="queue-filters"),
    path("cases/bulk/", bulk.bulk, name="bulk"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}claim/", case.take_up, name="case-claim"),
    path(f"{CASE}release/", case.put_back, name="case-release"),
    path(f"{CASE}hand-over/", case.give_to, name="case-hand-over"),
    path(f"{CASE}review/<str:section>/", review.save, name="case-save"),
    path(f"{CASE}evidence/", review.attach, name="case-evidence"),
    path(f"{CASE}inspections/<uuid:inspection_id>/photos/", review.photograph, name="inspection-photo"),
    path(f"{CASE}scores/", scores.scores, name="case-scores"),
    path(f"{CASE}scores/print/", scores.printed, name="case-scores-print"),
    path(f"{CASE}complete/", review.complete, name="case-complete"),
    path(f"{CASE}reopen/", review.reopen, name="case-reopen"),
    path(f"{CASE}moves/<str:move>/", decisions.move, name="case-move"),
    path(f"{CASE}files/<uuid:attachment_id>/", files.hand_out, name="case-file"),
    path(f"{CASE}files/<uuid:attachment_id>/look/", files.look, name="case-look"),
    path(f"{CASE}third-party/", records.listing, {"kind": "third-party"}, name="third-party"),
    path(f"{CASE}third-party/table/", records.table, {"kind": "third-party"}, name="third-party-table"),
    path(f"{CASE}third-party/<uuid:record_id>/", records.record, {"kind": "third-party"}, name="third-party-record"),
    path(f"{CASE}third-party/<uuid:record_id>/reports/", records.report, name="third-party-reports"),
    path(f"{CASE}third-party/<uuid:record_id>/reports/<uuid:file_id>/", records.report_file, name="third-party-report"),
    path(f"{CASE}honors/", records.listing, {"kind": "honors"}, name="honors"),
    path(f"{CASE}honors/table/", records.table, {"kind": "honors"}, name="honors-table"),
    path(f"{CASE}honors/<uuid:record_id>/", records.record, {"kind": "honors"}, name="honors-record"),
    path("publicity/", records.listing, {"kind": "publicity"}, name="publicity"),
    path("publicity/table/", records.table, {"kind": "publicity"}, name="publicity-table"),
    path("publicity/<uuid:record_id>/", records.record, {"kind": "publicity"}, name="publicity-record"),
    path("practices/", records.listing, {"kind": "practices"}, name="practices"),
    path("practices/table/", records.table, {"kind": "practices"}, name="practices-table"),
    path("practices/<uuid:record_id>/", records.record, {"kind": "practices"}, name="practices-record"),
    path("summaries/", summary.newest, name="summaries"),
    path(SUMMARY, summary.summary, name="summary"),
    path(f"{SUMMARY}rank/", summary.rank, name="summary-rank"),
    path(f"{SUMMARY}order/", summary.order, name="summary-order"),
    path(f"{SUMMARY}prepare/", summary.prepare, name="summary-prepare"),
    path(f"{SUMMARY}sealed-copy/", summary.seal, name="summary-seal"),
    path(f"{SUMMARY}moves/<str:move>/", summary.move, name="summary-move"),
    path(f"{SUMMARY}print/", summary.printed, name="summary-print"),
    path(f"{SUMMARY}table/", summary.table, name="summary-table"),
    path(f"{SUMMARY}rows/<uuid:row_id>/", summary.row, name="summary-row"),
    path(f"{SUMMARY}rows/<uuid:row_id>/descriptions/", summary.describe, name="summary-describe"),
    path(f"{SUMMARY}files/<uuid:attachment_id>/", summary.hand_out, name="summary-file"),
    path("work-reports/", work_report.newest, name="work-reports"),
    path(REPORT, work_report.work_report, name="work-report"),
    path(f"{REPORT}files/", work_report.attach, name="work-report-files"),
    path(f"{REPORT}files/<uuid:attachment_id>/", work_report.hand_out, name="work-report-file"),
    path(f"{REPORT}moves/<str:move>/", work_report.move, name="work-report-move"),
    path(f"{REPORT}print/", work_report.printed, name="work-report-print"),
]
