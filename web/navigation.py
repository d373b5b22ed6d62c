"""What a desk is made of: its pages in the navigation, its kinds of work, and its page about a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from accounts.actors import Actor
from common.refusals import Sentence
from web.kit import Bar
from web.roles import EVERYONE, Roles


@dataclass(frozen=True, slots=True)
class Item:
    """One page in the navigation: the name of its address, its icon, its label, and for whom it is there.

    ``below`` names the pages that belong to it: on them it is marked as where the reader is. A page ``of_campaign``
    shows one campaign at a time (``?campaign=``): the way to it stays with the campaign that the reader looks at.
    """

    page: str
    icon: str
    label: Sentence
    roles: Roles = EVERYONE
    below: tuple[str, ...] = ()
    of_campaign: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one heading."""

    title: Sentence
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work that waits (a key of `nominations.queries.waiting`): what to do, and on which page.

    The page takes the row's key as its only argument; without a page the row leads to its case.
    """

    label: Sentence
    page: str = ""


@dataclass(frozen=True, slots=True)
class Rail:
    """What stands beside 待办: how far the own office has come, as bars with their figures."""

    title: Sentence
    sub: str
    rows: Sequence[Bar]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a role works. ``case`` is the page about one nomination, empty as long as there is only the common one.

    ``own_part`` finds the page of somebody for whom a case is not one page, empty where they have no part in it.
    ``rail`` makes what stands beside 待办 for a reader, if there is something.
    """

    groups: tuple[Group, ...] = ()
    work: Mapping[str, Work] = field(default_factory=dict)
    case: str = ""
    own_part: Callable[[UUID, Actor], str] | None = None
    rail: Callable[[Actor], Rail | None] | None = None
