"""Short forms in which rows mention other rows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.enums import OrganizationKind
from accounts.models import Organization
from nominations.models import Campaign, Community, Nomination


class OrganizationRef(serializers.Serializer[None]):
    """An office, briefly."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=OrganizationKind.choices)


class CampaignRef(serializers.Serializer[None]):
    """A campaign, briefly."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()


class CommunityRef(serializers.Serializer[None]):
    """A community, briefly."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    subdistrict = serializers.CharField()
    neighborhood = serializers.CharField()


class NominationRef(serializers.Serializer[None]):
    """A nomination, briefly."""

    id = serializers.UUIDField()
    number = serializers.CharField(allow_blank=True)
    community = serializers.CharField()


class PersonRef(serializers.Serializer[None]):
    """A person of the reader's own office."""

    id = serializers.IntegerField()
    name = serializers.CharField()


def picked(row: object, *names: str) -> dict[str, Any]:
    """Return the named fields of a row as they are."""
    return {name: getattr(row, name) for name in names}


def organization_ref(organization: Organization) -> dict[str, Any]:
    """Return an office, briefly."""
    return {"id": organization.pk, "name": organization.name, "kind": organization.kind}


def campaign_ref(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign, briefly."""
    return {"id": campaign.pk, "code": campaign.code, "title": campaign.title}


def community_ref(community: Community) -> dict[str, Any]:
    """Return a community, briefly."""
    return {
        "id": community.pk,
        "name": community.name,
        "subdistrict": community.subdistrict,
        "neighborhood": community.neighborhood,
    }


def nomination_ref(nomination: Nomination) -> dict[str, Any]:
    """Return a nomination, briefly; load it with its community."""
    return {"id": nomination.pk, "number": nomination.number, "community": nomination.community.name}
