"""Which campaign the desk shows: the one in the address (``?campaign=``), else the one that opened last."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, QueryDict

from accounts.actors import Actor
from nominations.models import Campaign
from web.kit import Link
from workflow.errors import NotFound


@dataclass(frozen=True, slots=True)
class Chosen:
    """The campaign on the page, and the links to the others in sight, empty when there is only one."""

    campaign: Campaign
    others: list[Link]


def chosen(request: HttpRequest, actor: Actor) -> Chosen:
    """Return the campaign that is asked for; raises ``NotFound`` outside the actor's scope. One query."""
    campaigns = list(Campaign.objects.visible_to(actor).select_related("city").order_by("-application_opens_at", "pk"))
    wanted = request.GET.get("campaign")
    found = [one for one in campaigns if wanted is None or str(one.pk) == wanted]
    if not found:
        raise NotFound
    links = [
        Link(f"{one.year} {one.title}", _address(request, one), "zh-Hans", is_here=one == found[0]) for one in campaigns
    ]
    return Chosen(found[0], links if len(links) > 1 else [])


def campaign_named(campaign_id: UUID, actor: Actor) -> Campaign:
    """Return a campaign in the actor's scope; raises ``NotFound``."""
    found = Campaign.objects.visible_to(actor).select_related("city", "standard").filter(pk=campaign_id).first()
    if found is None:
        raise NotFound
    return found


def _address(request: HttpRequest, campaign: Campaign) -> str:
    query = QueryDict(mutable=True)
    query["campaign"] = str(campaign.pk)
    return f"{request.path}?{query.urlencode()}"
