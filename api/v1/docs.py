"""The description of the interface, for machines and for people; people's page loads nothing from elsewhere."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.renderers import Encoder
from api.views import ApiView


@extend_schema(exclude=True)
class SchemaView(ApiView):
    """The OpenAPI document."""

    authentication_classes = []

    def get(self, request: Request) -> HttpResponse:
        """Return the document, with descriptions in the reader's language."""
        return HttpResponse(_document(get_language() or ""), content_type="application/json")


@extend_schema(exclude=True)
class DocsView(ApiView):
    """The document laid out for people."""

    authentication_classes = []

    def get(self, request: Request) -> HttpResponse:
        """Return the page; it is the only page below ``/api/``."""
        return render(request._request, "api/docs.html")


@cache
def _document(language: str) -> bytes:
    generator: Any = SchemaGenerator
    schema = generator(api_version="v1").get_schema(public=True)
    return json.dumps(schema, cls=Encoder, ensure_ascii=False).encode()
