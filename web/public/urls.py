"""Addresses of the pages here; the kit's own page exists in the demo only."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from web.public.kit_page import kit

app_name = "public"
urlpatterns: list[URLPattern] = []
if settings.DEMO:
    urlpatterns += [path("demo/kit/", kit, name="kit")]
