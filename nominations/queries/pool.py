"""What the keeper of the pool looks up: who could join it, what keeps whom from which community (row S-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization, User
from common.refusals import Refusal
from nominations.errors import InvalidInput
from nominations.models import Campaign, Community, Evaluator, Nomination
from nominations.queries.conflict import conflicts_between
from nominations.queries.panel import ON_THE_BOARD
from nominations.rules.conflict import Conflict

SHOWN = ("community__name", "community__company", "company__name", "district__name")
Barred = Mapping[int, list[tuple[Nomination, list[Conflict]]]]


def candidates(actor: Actor, at: datetime) -> QuerySet[User]:
    """Return who holds the role of an evaluator below the actor's city and is not in its pool yet, by name."""
    holding = Membership.objects.valid_at(at).filter(role=Role.EVALUATOR, organization__parent=actor.organization_id)
    pooled = Evaluator.objects.filter(city=actor.organization_id).values("user")
    return User.objects.filter(pk__in=holding.values("user")).exclude(pk__in=pooled).order_by("name", "pk")


def barred(campaign: Campaign, user_ids: Collection[int], *, actor: Actor, at: datetime) -> Barred:
    """Return by person which communities of the board a conflict of interest keeps them from, and why.

    Seven queries, however many people and communities there are.
    """
    rows = Nomination.objects.visible_to(actor).filter(campaign=campaign, state__in=ON_THE_BOARD)
    named = rows.select_related("community", "company", "district").only(*SHOWN).order_by("pinyin", "pk")
    board = {row.pk: row for row in named}
    found: dict[int, list[tuple[Nomination, list[Conflict]]]] = defaultdict(list)
    for (nomination_id, user), why in conflicts_between(campaign, board.values(), user_ids, at=at).items():
        found[user].append((board[nomination_id], why))
    return found


def employer_named(text: str) -> UUID | None:
    """Return the office or the company of this name, ``None`` for no name; raises ``InvalidInput``."""
    return _named(Organization.objects.exclude(kind=OrganizationKind.OPERATOR), text, "employer")


def home_named(text: str, city_id: UUID | None) -> UUID | None:
    """Return the community of the city by its name, or by name and bureau as ``spell_home`` writes them.

    ``None`` for no name; raises ``InvalidInput`` for a name that no community bears, or several do.
    """
    rows = Community.objects.filter(authority__parent=city_id).select_related("authority")
    name, _opening, bureau = text.strip().removesuffix("）").rpartition("（")
    if name and rows.filter(name=name, authority__name=bureau).count() == 1:
        return rows.get(name=name, authority__name=bureau).pk
    return _named(rows, text, "home")


def spell_home(home: Community | None) -> str:
    """Return a community with its bureau, so that it is one of its kind."""
    return f"{home.name}（{home.authority.name}）" if home else ""


def _named(rows: QuerySet[Any], text: str, field: str) -> UUID | None:
    name = text.strip()
    found = list(rows.filter(name=name)[:5]) if name else []
    if name and not found:
        unknown = _("Nothing of the name “%(name)s” is in the register. Write the full name.")
        raise InvalidInput(refusals=[Refusal("unknown", unknown, {"name": name}, fix=field)])
    if len(found) > 1:
        names = [spell_home(one) if isinstance(one, Community) else one.name for one in found]
        several = _("There are several of this name; write one of: %(choices)s.")
        raise InvalidInput(refusals=[Refusal("several", several, {"choices": names}, fix=field)])
    return found[0].pk if found else None
