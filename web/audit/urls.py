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
    path("sign-ins/", logs.sign_ins, name="sign-ins"),
    path("grants/", logs.grants, name="grants"),
    path("exports/", logs.exports, name="exports"),
]
