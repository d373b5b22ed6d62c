"""A district has one paper of a kind in each campaign: the newest first, and the way from one to the others."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from accounts.actors import Actor
from web.campaigns import tabs_of
from web.kit import Link


def papers_of(model: type[Model], actor: Actor) -> QuerySet[Any]:
    """Return the papers of the actor's own district, that of the campaign opened last at the head."""
    visible = model._default_manager.visible_to(actor)  # type: ignore[attr-defined]  # a scoped manager
    own = visible.filter(district=actor.organization_id).select_related("campaign")
    return own.order_by("-campaign__year", "-campaign__application_opens_at", "pk")  # type: ignore[no-any-return]


def beside(paper: Any, actor: Actor, page: str) -> list[Link]:
    """Return links to the same paper of every campaign, none where there is only one. One query."""
    return tabs_of(
        [(one.campaign, reverse(page, args=[one.pk])) for one in papers_of(type(paper), actor)], paper.campaign
    )
