"""Addresses of the pages here; the kit's own page exists in the demo only."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from web.public.kit_page import kit
from web.public.verifying import verify

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("verify/", verify, name="verify"),
    path("verify/<str:code>/", verify, name="verification"),
]
if settings.DEMO:
    urlpatterns += [path("demo/kit/", kit, name="kit")]
