"""A nomination: the self-recommendation form (form 3) of one community, and every move it can make."""

from nominations.models.nomination.moves import Nomination

__all__ = ["Nomination"]
