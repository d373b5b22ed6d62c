"""``?search=`` for names, as the lists of the interface take it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from common.name_search import LONGEST, holding, wanted_in

UNUSABLE = _("Search for 1 to %(limit)s characters.")


class NameSearch(BaseFilterBackend):
    """``?search=`` over the names at the view's ``search_paths`` (empty for the row itself)."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows whose name, pinyin or initials hold what is looked for; raises 400 when it is unusable."""
        paths, text = view.search_paths, request.query_params.get("search")
        if not paths or text is None:
            return queryset
        wanted = wanted_in(text)
        if wanted is None:
            raise ValidationError({"search": [ErrorDetail(str(UNUSABLE) % {"limit": LONGEST}, code="invalid")]})
        return holding(queryset, paths, wanted)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameter for the schema."""
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        description = "Characters of the name, its pinyin, or its initials."
        parameter = {"name": "search", "in": "query", "required": False, "description": description, "schema": schema}
        return [parameter] if view.search_paths else []
