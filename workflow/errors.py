"""Why a move was refused, in the order in which the engine looks (see the REST contract)."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NotFound(DomainError):
    """The object does not exist, or lies outside the actor's scope; the two look alike on purpose."""

    code = "not_found"
    message = _("Not found.")


class UnknownMove(DomainError):
    """The flow has no move of this name."""

    code = "unknown_transition"
    message = _("There is no move called “%(name)s”.")


class KeyReused(DomainError):
    """The idempotency key was used for another command."""

    code = "idempotency_key_reused"
    message = _("This idempotency key was used for a different command. Use a new key.")


class RefusedBefore(DomainError):
    """The same command was carried out before, and left this object where it was."""

    code = "refused_before"
    message = _("This was refused when the command was first carried out. Send it again with a new key.")


class StaleVersion(DomainError):
    """Somebody changed the object since it was read."""

    code = "stale_version"
    message = _("This has been changed meanwhile (you saw version %(seen)s, it is now %(current)s). Load it again.")


class WrongState(DomainError):
    """The move does not start from the object's present state."""

    code = "wrong_state"
    message = _("“%(label)s” is not possible now: the present state is “%(state)s”.")


class WrongRole(DomainError):
    """Another role makes this move."""

    code = "wrong_role"
    message = _("“%(label)s” is for another role: %(role)s.")


class MoveRefused(DomainError):
    """One or more conditions do not hold; all of them are reported at once."""

    code = "refused"
    message = _("“%(label)s” is not possible yet.")


class Busy(DomainError):
    """Somebody else is working on the same object; waiting for the lock took too long."""

    code = "busy"
    message = _("Somebody else is working on this at the moment. Try again shortly.")
