"""How the places of a selection are spread over districts and companies (row S-15). Pure, in exact arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

DISTRICT, COMPANY = "district", "company"
KINDS = (DISTRICT, COMPANY)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whose communities take places: a district or a company, by id and name."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Concentration:
    """How many of the places fall to one holder, in percent as well; ``is_above`` the campaign's limit."""

    holder: Holder
    places: int
    share: Decimal
    is_above: bool


def concentrations(held: Iterable[Holder], *, places: int, limit: Decimal | None) -> list[Concentration]:
    """Return the share of each holder in the campaign's places: districts, then companies, the largest first.

    ``held`` names the holders once for each place; a share is compared exactly, and rounded to two places to be shown.
    """
    counted = Counter(held)
    found = [_concentration(holder, taken, places, limit) for holder, taken in counted.items()]
    return sorted(found, key=lambda one: (KINDS.index(one.holder.kind), -one.places, one.holder.name, one.holder.id))


def _concentration(holder: Holder, taken: int, places: int, limit: Decimal | None) -> Concentration:
    exact = Fraction(100 * taken, places)
    above = limit is not None and exact > Fraction(limit)
    return Concentration(holder, taken, _shown(exact), above)


def _shown(exact: Fraction) -> Decimal:
    share = Decimal(exact.numerator) / Decimal(exact.denominator)
    return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
