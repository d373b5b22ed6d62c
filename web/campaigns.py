"""What the campaigns side by side are called: the year, and where two share it, what tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from nominations.models import Campaign
from web.kit import Link

LONGEST_PART = 12


def tabs_of(campaigns: Iterable[tuple[Campaign, str]], here: Campaign) -> list[Link]:
    """Return a tab for each campaign and its address, none where there is only one; the whole title is its name."""
    pairs = list(campaigns)
    if len(pairs) < 2:
        return []
    words = short_names([one for one, _url in pairs])
    return [
        Link(label, url, "zh-Hans", is_here=one == here, title=f"{one.year} {one.title}")
        for (one, url), label in zip(pairs, words, strict=True)
    ]


def short_names(campaigns: Sequence[Campaign]) -> list[str]:
    """Return the year of each campaign, with a part of its title where it shares the year with another."""
    return [_name(one, [other for other in campaigns if other.year == one.year]) for one in campaigns]


def _name(campaign: Campaign, of_year: Sequence[Campaign]) -> str:
    if len(of_year) == 1:
        return str(campaign.year)
    titles = [one.title for one in of_year]
    if titles.count(campaign.title) > 1:
        return f"{campaign.year} {campaign.code}"
    before, after = _shared(titles), _shared([title[::-1] for title in titles])
    part = campaign.title[before : len(campaign.title) - after] if before + after < len(campaign.title) else ""
    part = part or campaign.title
    return f"{campaign.year} {part if len(part) <= LONGEST_PART else part[: LONGEST_PART - 1] + '…'}"


def _shared(titles: Sequence[str]) -> int:
    """Return how many characters all titles have in common from their beginning."""
    return sum(1 for _one in takewhile(lambda letters: len(set(letters)) == 1, zip(*titles, strict=False)))
