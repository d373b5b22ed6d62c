"""The offices and companies that the reader may know of."""

from __future__ import annotations

from typing import Any

from django_filters.rest_framework import BooleanFilter, ChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import OrganizationKind
from accounts.models import Organization
from accounts.queries import organizations_visible_to
from api.filters import Filters
from api.views import ListView


class OrganizationShape(serializers.Serializer[None]):
    """An office or a company."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=OrganizationKind.choices)
    kind_label = serializers.CharField()
    name = serializers.CharField()
    credit_code = serializers.CharField(allow_blank=True)
    district_code = serializers.CharField(allow_null=True)
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]  # the contract's word
    is_active = serializers.BooleanField()


class OrganizationFilter(Filters):
    """What the list may be narrowed by."""

    kind = ChoiceFilter(choices=OrganizationKind.choices)
    parent = UUIDFilter()
    is_active = BooleanFilter()


class OrganizationsView(ListView):
    """Offices and companies."""

    queryset = Organization.objects.none()
    orderings = {"name": ("pinyin",)}
    usual_ordering = "name"
    search_paths = ("",)
    filterset_class = OrganizationFilter

    @extend_schema(responses=OrganizationShape(many=True))
    def get(self, request: Request) -> Response:
        """List the organizations in sight, in the order of their pinyin."""
        return self.page(organizations_visible_to(self.actor).select_related("district"), organization_row)


def organization_row(organization: Organization) -> dict[str, Any]:
    """Return an organization as the list shows it."""
    return {
        "id": organization.pk,
        "kind": organization.kind,
        "kind_label": organization.get_kind_display(),
        "name": organization.name,
        "credit_code": organization.credit_code,
        "district_code": organization.district.code if organization.district else None,
        "parent": organization.parent_id,
        "is_active": organization.is_active,
    }
