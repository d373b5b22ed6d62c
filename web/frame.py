"""What stands round every page: whom the reader acts as, what waits, where else to go; read when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Membership
from accounts.queries import memberships_of
from common.refusals import Sentence
from nominations.enums import Pile
from nominations.queries.nomination import counts_on_desk
from nominations.queries.waiting import counts_waiting_for
from notifications.queries import unread_count
from web.access import allows, page_of
from web.acting import actor_of
from web.desks import desk_of
from web.display import Display, display_of, is_bare
from web.help import help_for
from web.navigation import Group, Item


@dataclass(frozen=True, slots=True)
class Place:
    """One page in the navigation as this reader sees it."""

    label: Sentence
    icon: str
    url: str
    is_here: bool
    count: int | None = None
    is_loud: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Pages under one heading."""

    title: Sentence
    places: list[Place]


class Frame:
    """The frame of one request; each property is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def at(self) -> datetime:
        """Return when the page is shown."""
        return timezone.now()

    @cached_property
    def actor(self) -> Actor | None:
        """Return as whom the reader acts, ``None`` for a stranger."""
        return None if is_bare(self.request) else actor_of(self.request, at=self.at)

    @property
    def reader(self) -> str:
        """Return whose pages this browser may keep: a person's number, nobody's (empty), or ``unknown`` in an error."""
        if is_bare(self.request):
            return "unknown"
        return str(self.request.user.pk) if self.request.user.is_authenticated else ""

    @cached_property
    def display(self) -> Display:
        """Return how the reader wants to read."""
        return display_of(self.request)

    @cached_property
    def capacities(self) -> list[Membership]:
        """Return everything that the reader may act as."""
        return memberships_of(self.request.user.pk, at=self.at) if self.request.user.pk else []

    @cached_property
    def help(self) -> str:
        """Return where the handbook tells of this page."""
        return help_for(self.actor.role if self.actor else None, page_of(self.request))

    @cached_property
    def waiting(self) -> int:
        """Return how many rows wait for the reader (待办)."""
        return sum(counts_waiting_for(self.actor).values()) if self.actor else 0

    @cached_property
    def unread(self) -> int:
        """Return how many notices the reader has not read."""
        return unread_count(self.actor) if self.actor else 0

    @cached_property
    def groups(self) -> list[Places]:
        """Return the navigation of the reader's desk, what the role may not open left out."""
        if self.actor is None:
            return []
        return [self._work(self.actor), *map(self._places, desk_of(self.actor.role).groups)]

    def _work(self, actor: Actor) -> Places:
        piles = counts_on_desk(actor)
        here = self.request.get_full_path()
        rows = [
            (_("To do"), "clipboard-check", reverse("web:home"), self.waiting, True),
            (_("In hand"), "hourglass", reverse("web:pile", args=[Pile.IN_HAND]), piles[Pile.IN_HAND], False),
            (_("Done"), "circle-check", reverse("web:pile", args=[Pile.DONE]), piles[Pile.DONE], False),
        ]
        places = [
            Place(label, icon, url, here.partition("?")[0] == url, count, loud and bool(count))
            for label, icon, url, count, loud in rows
        ]
        return Places(_("Work"), places)

    def _places(self, group: Group) -> Places:
        assert self.actor is not None  # only a member has a navigation
        role = self.actor.role
        return Places(group.title, [self._place(item) for item in group.items if self._is_for(item, role)])

    def _is_for(self, item: Item, role: str) -> bool:
        return role in item.roles and allows(item.page, "GET", role)

    def _place(self, item: Item) -> Place:
        url = reverse(item.page) + (self._campaign if item.of_campaign else "")
        return Place(item.label, item.icon, url, page_of(self.request) in {item.page, *item.below})

    @cached_property
    def _campaign(self) -> str:
        """Return what takes the campaign of this page along to the next, empty where the address names none."""
        campaign = self.request.GET.get("campaign", "")
        return f"?{urlencode({'campaign': campaign})}" if campaign else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template its frame, and tell whether this is the demonstration (context processor)."""
    return {"demo": settings.DEMO, "frame": Frame(request)}
