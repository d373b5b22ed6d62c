"""Addresses of the pages."""

from django.urls import path

from web import views
from web.confirmation import confirmation

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("confirm/<str:token>/", confirmation, name="confirmation"),
    path("n/<uuid:nomination_id>/", views.case, name="case"),
]
