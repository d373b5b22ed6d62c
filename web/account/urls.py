"""Addresses of the pages here; sign-in, second factor and sessions are allauth's, below ``/account/``."""

from __future__ import annotations

from django.urls import path

from web.account import views

app_name = "account"
urlpatterns = [
    path("", views.home, name="home"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.revoke, name="revoke-token"),
    path("notices/", views.notices, name="notices"),
]
