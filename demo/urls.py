"""Addresses of the demo; they exist under its settings only."""

from django.urls import re_path

from demo import views

app_name = "demo"
NAME = r"(?P<name>[0-9A-Za-z][0-9A-Za-z.-]*\.eml)"
urlpatterns = [
    re_path(r"^inbox/$", views.show_inbox, name="inbox"),
    re_path(rf"^inbox/{NAME}/$", views.show_mail, name="mail"),
    re_path(rf"^inbox/{NAME}/html/$", views.show_html, name="mail-html"),
    re_path(rf"^inbox/{NAME}/source/$", views.show_source, name="mail-source"),
]
