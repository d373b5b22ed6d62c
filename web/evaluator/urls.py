"""Addresses of the pages here."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "evaluator"
urlpatterns: list[URLPattern] = []
