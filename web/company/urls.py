"""Addresses of the company's desk."""

from __future__ import annotations

from django.urls import path

from web.company.views import committee, communities, files, form, handing_in, progress

app_name = "company"
urlpatterns = [
    path("communities/", communities.communities, name="communities"),
    path("communities/table/", communities.table, name="communities-table"),
    path("communities/new/", communities.new_community, name="new-community"),
    path("communities/<uuid:community_id>/start/", communities.start, name="start"),
    path("cases/", progress.nominations, name="nominations"),
    path("cases/table/", progress.table, name="nominations-table"),
    path("cases/<uuid:nomination_id>/", progress.case, name="case"),
    path("cases/<uuid:nomination_id>/form/<str:section>/", form.section, name="section"),
    path("cases/<uuid:nomination_id>/evidence/", files.evidence, name="evidence"),
    path("cases/<uuid:nomination_id>/files/<uuid:file_id>/", files.content, name="file"),
    path("cases/<uuid:nomination_id>/files/<uuid:file_id>/remove/", files.remove, name="remove-file"),
    path("cases/<uuid:nomination_id>/committee/", committee.committee, name="committee"),
    path("cases/<uuid:nomination_id>/committee/substitute/", committee.substitute, name="substitute"),
    path("cases/<uuid:nomination_id>/seal/", files.seal, name="seal"),
    path("cases/<uuid:nomination_id>/check/", handing_in.check, name="check"),
    path("cases/<uuid:nomination_id>/receipt/", handing_in.receipt, name="receipt"),
    path("cases/<uuid:nomination_id>/print/", handing_in.printed, name="print"),
    path("cases/<uuid:nomination_id>/compare/", progress.compare, name="compare"),
    path("cases/<uuid:nomination_id>/moves/<str:move>/", progress.move, name="move"),
]
