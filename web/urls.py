"""Addresses of the pages."""

from django.urls import path

from web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("n/<uuid:nomination_id>/", views.case, name="case"),
]
