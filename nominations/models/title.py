"""The title that a nomination may end in: since when, until when, by which documents (row S-16).

The columns stand in the nomination itself, so that the move which gives or takes the title writes them in its own
statement and its event tells them: the register cannot say anything else than the moves.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nominations.enums import TitleStanding
from nominations.rules import title as rules

if TYPE_CHECKING:
    from workflow.moves import Move


class Titled(models.Model):
    """What a nomination says about its title; ``title_until`` is the last day, empty for a title without an end."""

    result_document = models.CharField(max_length=200, blank=True)
    title_from = models.DateField(_("title since"), null=True)
    title_until = models.DateField(_("title until"), null=True)
    revoked_on = models.DateField(_("title revoked on"), null=True)
    revocation_document = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def enter_title(self, move: Move, years: int | None) -> None:
        """Enter the title: from the day of the document until the day that it names, or as long as titles last."""
        self.result_document = rules.document_in(move)
        self.title_from = rules.day_in(move, rules.DECIDED_ON)
        self.title_until = rules.day_named(move, rules.VALID_UNTIL) or rules.last_day_of(self.title_from, years)

    def revoke_title(self, move: Move) -> None:
        """Enter that the title was taken back; what gave it stays on record."""
        self.revocation_document, self.revoked_on = rules.document_in(move), rules.day_in(move, rules.DECIDED_ON)

    def title_standing(self, today: date) -> TitleStanding:
        """Tell how the title stands on a day: an expired one is told by its date, not by a state."""
        subject: Any = self  # the state is the nomination's own column
        return rules.standing_of(subject.state, self.title_until, today)
