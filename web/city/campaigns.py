"""Which campaign the desk shows: the one in the address (``?campaign=``), else the one that opened last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.actors import Actor
from nominations.models import Campaign
from web.campaigns import tabs_of
from web.kit import Link
from workflow.errors import NotFound


@dataclass(frozen=True, slots=True)
class Chosen:
    """The campaign on the page, and the links to the others in sight, empty when there is only one."""

    campaign: Campaign
    others: list[Link]


def chosen(request: HttpRequest, actor: Actor) -> Chosen:
    """Return the campaign that is asked for; raises ``NotFound`` outside the actor's scope. One query."""
    campaigns = _in_sight(actor)
    wanted = request.GET.get("campaign")
    found = [one for one in campaigns if wanted is None or str(one.pk) == wanted]
    if not found:
        raise NotFound
    return Chosen(found[0], _links(campaigns, found[0], request.path))


def chosen_by(paper: Any, actor: Actor, page: str) -> Chosen:
    """Return the campaign of the paper on the page; ``page`` leads to the same paper of the others. One query."""
    return Chosen(paper.campaign, _links(_in_sight(actor), paper.campaign, reverse(page)))


def campaign_named(campaign_id: UUID, actor: Actor) -> Campaign:
    """Return a campaign in the actor's scope; raises ``NotFound``."""
    found = Campaign.objects.visible_to(actor).select_related("city", "standard").filter(pk=campaign_id).first()
    if found is None:
        raise NotFound
    return found


def _in_sight(actor: Actor) -> list[Campaign]:
    return list(Campaign.objects.visible_to(actor).select_related("city").order_by("-application_opens_at", "pk"))


def _links(campaigns: list[Campaign], here: Campaign, path: str) -> list[Link]:
    return tabs_of([(one, _address(path, one)) for one in campaigns], here)


def _address(path: str, campaign: Campaign) -> str:
    query = QueryDict(mutable=True)
    query["campaign"] = str(campaign.pk)
    return f"{path}?{query.urlencode()}"
