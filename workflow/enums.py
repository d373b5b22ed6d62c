"""Codes of the engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Comment(TextChoices):
    """Whether a move is explained by its actor."""

    NONE = "none", _("No comment")
    OPTIONAL = "optional", _("Comment possible")
    REQUIRED = "required", _("Comment required")
    BY_SELECTION = "by_selection", _("Reason taken from the selection")


class EventKind(TextChoices):
    """What an event records: a change of state, or an act that leaves the state as it is."""

    MOVE = "move", _("Move")
    ACT = "act", _("Act")


# The role in which the machine itself acts (flow rule 6).
SYSTEM_ROLE = "system"
