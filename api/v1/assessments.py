"""What the city decides about an evaluation: sheets far apart, and events that exclude a community."""

from __future__ import annotations

from rest_framework import serializers

from api.acts import Versioned


class DiscrepancyWish(Versioned):
    """How two sheets far apart were dealt with."""

    decision = serializers.CharField(max_length=2000)


class VetoWish(Versioned):
    """An event that excludes the community: what, who found it, by which document."""

    kind = serializers.CharField(max_length=200)
    authority = serializers.CharField(max_length=200)
    document = serializers.CharField(max_length=200)
