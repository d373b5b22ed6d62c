"""Addresses of the pages here."""

from __future__ import annotations

from django.urls import path

from web.audit.views import events, logs, verification

app_name = "audit"
urlpatterns = [
    path("events/", events.index, name="events"),
    path("events/export/", events.export, name="export"),
    path("events/<uuid:event_id>/", events.show, name="event"),
    path("verification/", verification.verify, name="verification"),
    path("events/table/", events.table, name="events-table"),
    path("sign-ins/", logs.sign_ins, name="sign-ins"),
    path("sign-ins/table/", logs.sign_ins_table, name="sign-ins-table"),
    path("grants/", logs.grants, name="grants"),
    path("grants/table/", logs.grants_table, name="grants-table"),
    path("exports/", logs.exports, name="exports"),
    path("exports/table/", logs.exports_table, name="exports-table"),
]
