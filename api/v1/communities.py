"""Residential communities, entered by the company that manages them."""

from __future__ import annotations

from typing import Any

from django_filters.rest_framework import CharFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import Filters
from api.v1.refs import OrganizationRef, organization_ref, picked
from api.views import ListView
from nominations.models import Community


class CommunityShape(serializers.Serializer[None]):
    """A community (小区) in a neighborhood (社区) of a subdistrict (街道)."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    pinyin = serializers.CharField()
    district_code = serializers.CharField()
    subdistrict = serializers.CharField()
    neighborhood = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    authority = OrganizationRef()
    company = OrganizationRef()


class CommunityFilter(Filters):
    """What the list may be narrowed by."""

    authority = UUIDFilter()
    company = UUIDFilter()
    subdistrict = CharFilter()
    neighborhood = CharFilter()


class CommunitiesView(ListView):
    """Communities."""

    queryset = Community.objects.none()
    orderings = {"name": ("pinyin",)}
    usual_ordering = "name"
    search_paths = ("",)
    filterset_class = CommunityFilter

    @extend_schema(responses=CommunityShape(many=True))
    def get(self, request: Request) -> Response:
        """List the communities in scope, in the order of their pinyin."""
        communities = Community.objects.visible_to(self.actor).select_related("district", "authority", "company")
        return self.page(communities, community_row)


def community_row(community: Community) -> dict[str, Any]:
    """Return a community as it is shown."""
    offices = {
        "district_code": community.district.code,
        "authority": organization_ref(community.authority),
        "company": organization_ref(community.company),
    }
    return picked(community, "id", "name", "pinyin", "subdistrict", "neighborhood", "address") | offices
