"""Every code that a problem document can carry, in both languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import TITLES, Entry, catalogue
from api.views import ApiView
from workflow.errors import NotFound


class EntryShape(serializers.Serializer[None]):
    """A code, the status it comes with, and what it says, before parameters are filled in."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.DictField(child=serializers.CharField())
    detail = serializers.DictField(child=serializers.CharField())


class ProblemsView(ApiView):
    """The list of codes."""

    authentication_classes = []

    @extend_schema(responses=EntryShape(many=True), filters=False)
    def get(self, request: Request) -> Response:
        """List every code."""
        return Response([entry_row(entry) for entry in catalogue().values()])


class ProblemView(ApiView):
    """One code."""

    authentication_classes = []

    @extend_schema(responses=EntryShape)
    def get(self, request: Request, code: str) -> Response:
        """Explain one code; this is where the ``type`` of a problem document leads."""
        entry = catalogue().get(code)
        if entry is None:
            raise NotFound
        return Response(entry_row(entry))


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return one line of the list."""
    return {
        "code": entry.code,
        "status": entry.status,
        "title": _in_every_language(TITLES[entry.status]),
        "detail": _in_every_language(entry.sentence),
    }


def _in_every_language(sentence: Any) -> dict[str, str]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = str(sentence)
    return texts
