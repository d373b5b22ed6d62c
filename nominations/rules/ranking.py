"""Guards about the ranking (row S-15): what went into a frozen one does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal

if TYPE_CHECKING:
    from workflow.moves import Move


def ranking_not_frozen(nomination: Any, move: Move) -> Refusal | None:
    """Require that no ranking is in force that this community's score went into."""
    if not nomination.has_frozen_ranking:
        return None
    return Refusal("ranking_frozen", _("The ranking is frozen; the scores in it can no longer change."))
