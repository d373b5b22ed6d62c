"""Addresses of the pages."""

from django.urls import path
from django.views.generic import RedirectView

from web import views
from web.confirmation import confirmation
from web.notices import notice, notices

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("confirm/<str:token>/", confirmation, name="confirmation"),
    path("cases/<uuid:nomination_id>/", views.case, name="case"),
    path("n/<uuid:notice_id>/", notice, name="notice"),
    path("notices/", notices, name="notices"),
    path("account/notices/", RedirectView.as_view(pattern_name="web:notices")),
]
