"""Addresses of the evaluator's desk."""

from __future__ import annotations

from django.urls import path

from web.evaluator.views import answers, calendars, cards, devices, handing_in, visits

app_name = "evaluator"
urlpatterns = [
    path("sw.js", devices.worker, name="worker"),
    path("device/", devices.device, name="device"),
    path("calendar/", calendars.address, name="calendar"),
    path("calendar/revoke/", calendars.revoke, name="revoke-calendar"),
    path("visits/", visits.visits, name="visits"),
    path("communities/<uuid:assignment_id>/", visits.assignment, name="assignment"),
    path("communities/<uuid:assignment_id>/accept/", answers.accept, name="accept"),
    path("communities/<uuid:assignment_id>/decline/", answers.decline, name="decline"),
    path("communities/<uuid:assignment_id>/conflict/", answers.conflict, name="conflict"),
    path("communities/<uuid:assignment_id>/items/<int:number>/", cards.item, name="item"),
    path("communities/<uuid:assignment_id>/photos/<uuid:file_id>/", cards.photo, name="photo"),
    path("communities/<uuid:assignment_id>/hand-in/", handing_in.hand_in, name="hand-in"),
    path("communities/<uuid:assignment_id>/paper/", handing_in.paper, name="paper"),
]
