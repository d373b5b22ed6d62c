"""Who comes before whom, and why; pure and exact, on figures that others have worked out.

Order (S-06, S-12, S-15): total → resident satisfaction → lower complaint rate → fee collection → group three →
recorded decision. Figures are compared as they are handed in; hand in the published ones (a total rounded to two
places), so that nobody is placed by digits that nobody can see. Subjects equal in every criterion share a rank and the
next rank is left out (1, 2, 2, 4). A missing figure goes last, and the explanation says so. The machine never cuts a
tie: `cut_at` reports one that lies across the line, and a recorded decision is the only way to part it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError
from common.refusals import Sentence
from evaluation.enums import Criterion

Figure = Decimal | Fraction | int


class CannotRank(DomainError):
    """A subject is listed twice, or a figure is no finite exact number."""

    code = "cannot_rank"
    message = gettext_lazy("The ranking cannot be worked out: %(subject)s is listed twice or has an unusable figure.")


@dataclass(frozen=True, slots=True)
class Key:
    """One step of the tie-break chain: which figure, what it is called, and which end goes first."""

    code: str
    label: Sentence
    higher_first: bool = True


CHAIN: tuple[Key, ...] = (
    Key(Criterion.TOTAL.value, Criterion.TOTAL.label),
    Key(Criterion.SATISFACTION.value, Criterion.SATISFACTION.label),
    Key(Criterion.COMPLAINT_RATE.value, Criterion.COMPLAINT_RATE.label, higher_first=False),
    Key(Criterion.FEE_COLLECTION.value, Criterion.FEE_COLLECTION.label),
    Key(Criterion.GROUP_THREE.value, Criterion.GROUP_THREE.label),
    Key(Criterion.DECISION.value, Criterion.DECISION.label, higher_first=False),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject with its figures by the codes of the chain; a figure left out is a missing figure."""

    subject_kind: str
    subject_id: UUID
    figures: Mapping[str, Figure | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Why one subject stands above the next; ``key`` is ``None`` when they are equal throughout and share a rank.

    ``key`` is the first one in which they differ. Where both figures are missing the two count as equal.
    """

    above: Candidate
    below: Candidate
    key: Key | None

    @property
    def above_figure(self) -> Figure | None:
        """Return the deciding figure of the subject above."""
        return self.above.figures.get(self.key.code) if self.key else None

    @property
    def below_figure(self) -> Figure | None:
        """Return the deciding figure of the subject below, ``None`` when it is missing."""
        return self.below.figures.get(self.key.code) if self.key else None

    def sentence(self) -> str:
        """Return the reason in the active language."""
        if self.key is None:
            return _("Equal in every criterion: a shared rank.")
        figures = {"criterion": self.key.label, "above": self.above_figure, "below": self.below_figure}
        if self.below_figure is None:
            return _("%(criterion)s: %(above)s against no figure; a missing figure goes last.") % figures
        if self.key.higher_first:
            return _("%(criterion)s: %(above)s against %(below)s; the higher figure goes first.") % figures
        return _("%(criterion)s: %(above)s against %(below)s; the lower figure goes first.") % figures


@dataclass(frozen=True, slots=True)
class Place:
    """One row of a ranking; ``before`` compares it with the row above, ``after`` with the row below."""

    rank: int
    candidate: Candidate
    is_shared: bool
    before: Comparison | None
    after: Comparison | None


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the line falls: ``inside`` and ``outside`` are certain; ``tied`` share a rank that lies across the line.

    ``tied`` is empty when the line falls between two ranks; else ``places_left`` of them fit, and which ones is for
    people to decide.
    """

    places: int
    inside: tuple[Place, ...]
    tied: tuple[Place, ...]
    outside: tuple[Place, ...]

    @property
    def places_left(self) -> int:
        """Return how many places remain for the tied."""
        return self.places - len(self.inside)


def rank(candidates: Iterable[Candidate], chain: Sequence[Key] = CHAIN) -> tuple[Place, ...]:
    """Put the candidates in order, with shared ranks and the reason for every step from one to the next.

    The order in which they arrive does not matter: subjects that share a rank are listed by id.
    Raises ``CannotRank`` for a subject listed twice or a figure that is not a finite exact number.
    """
    given = list(candidates)
    _refuse_repeated(given)
    listed = sorted(given, key=lambda candidate: _sort_key(candidate, chain))
    return _places(listed, [compare(*pair, chain) for pair in pairwise(listed)])


def compare(above: Candidate, below: Candidate, chain: Sequence[Key] = CHAIN) -> Comparison:
    """Say by which key of the chain two neighbors, already in order, are told apart."""
    ours, theirs = above.figures.get, below.figures.get
    return Comparison(above, below, next((key for key in chain if ours(key.code) != theirs(key.code)), None))


def cut_at(ranking: Sequence[Place], places: int) -> Cut:
    """Draw the line after ``places`` places; a tie across it is reported, never cut (product reading of S-15).

    Raises ``ValueError`` for a negative number of places.
    """
    if places < 0:
        raise ValueError(f"the number of places cannot be {places}")
    crossing = _crossing_rank(ranking, places)
    return Cut(
        places=places,
        inside=tuple(place for place in ranking[:places] if place.rank != crossing),
        tied=tuple(place for place in ranking if place.rank == crossing),
        outside=tuple(place for place in ranking[places:] if place.rank != crossing),
    )


def _crossing_rank(ranking: Sequence[Place], places: int) -> int | None:
    if not 0 < places < len(ranking) or ranking[places - 1].rank != ranking[places].rank:
        return None
    return ranking[places].rank


def _refuse_repeated(candidates: Sequence[Candidate]) -> None:
    listed = Counter((candidate.subject_kind, candidate.subject_id) for candidate in candidates)
    for (kind, subject_id), times in listed.items():
        if times > 1:
            raise CannotRank(subject=f"{kind} {subject_id}")


def _sort_key(candidate: Candidate, chain: Sequence[Key]) -> tuple[object, ...]:
    """Return what sorts the candidates: their figures in the order of the chain, and their id where all are equal."""
    try:
        figures = [_sortable(candidate.figures.get(key.code), key.higher_first) for key in chain]
    except ValueError as error:
        raise CannotRank(subject=f"{candidate.subject_kind} {candidate.subject_id}") from error
    return (*figures, candidate.subject_kind, candidate.subject_id)


def _sortable(figure: Figure | None, higher_first: bool) -> tuple[bool, Figure]:
    """Return a pair that sorts missing figures last and puts the right end first, exactly."""
    if figure is None:
        return (True, 0)
    if isinstance(figure, Decimal):
        if not figure.is_finite():
            raise ValueError(figure)
        return (False, figure.copy_negate() if higher_first else figure)  # unary minus would round
    if not isinstance(figure, int | Fraction):
        raise ValueError(figure)  # a float; ValueError, for it comes from data
    return (False, -figure if higher_first else figure)


def _places(listed: Sequence[Candidate], steps: Sequence[Comparison]) -> tuple[Place, ...]:
    places: list[Place] = []
    for index, candidate in enumerate(listed):
        before = steps[index - 1] if index else None
        after = steps[index] if index < len(steps) else None
        shares_before = before is not None and before.key is None
        is_shared = shares_before or (after is not None and after.key is None)
        position = places[-1].rank if shares_before else index + 1
        places.append(Place(position, candidate, is_shared, before, after))
    return tuple(places)
