"""Looking for a Chinese name by its characters, its pinyin with or without spaces, or its initials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

LONGEST = 60
UNUSABLE = _("Search for 1 to %(limit)s characters.")


class NameSearch(BaseFilterBackend):
    """``?search=`` over the names at the view's ``search_paths`` (empty for the row itself)."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows whose name, pinyin or initials hold what is looked for; raises 400 when it is unusable."""
        paths, text = view.search_paths, request.query_params.get("search")
        if not paths or text is None:
            return queryset
        wanted = " ".join(text.split())
        if not 1 <= len(wanted) <= LONGEST or "\0" in wanted:
            raise ValidationError({"search": [ErrorDetail(str(UNUSABLE) % {"limit": LONGEST}, code="invalid")]})
        return _holding(queryset, paths, wanted)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameter for the schema."""
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        description = "Characters of the name, its pinyin, or its initials."
        parameter = {"name": "search", "in": "query", "required": False, "description": description, "schema": schema}
        return [parameter] if view.search_paths else []


def _holding(queryset: QuerySet[Any], paths: Sequence[str], wanted: str) -> QuerySet[Any]:
    condition = Q()
    for path in paths:
        condition |= Q(**{f"{path}name__icontains": wanted})
        if wanted.isascii():
            spelled = Replace(F(f"{path}pinyin"), Value(" "), Value(""), output_field=CharField())
            alias = f"{path}spelled"
            queryset = queryset.alias(**{alias: spelled})
            condition |= Q(**{f"{alias}__contains": wanted.replace(" ", "").lower()})
            condition |= Q(**{f"{path}initials__startswith": wanted.lower()})
    return queryset.filter(condition)
