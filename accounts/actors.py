"""Who acts: a person in one capacity for one organization, read afresh at each request."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind, Role
from common.errors import DomainError


class PersonNeeded(DomainError):
    """The machine was asked to do what only a person may answer for."""

    code = "person_needed"
    message = _("This can only be done by a person who has signed in.")


@dataclass(frozen=True, slots=True)
class Actor:
    """One membership of one person, as it stood when the request arrived."""

    user_id: int | None
    name: str
    role: Role
    language: str = "zh-hans"
    membership_id: int | None = None
    organization_id: UUID | None = None
    organization_kind: OrganizationKind | None = None
    organization_name: str = ""
    city_id: UUID | None = None
    token_id: int | None = None

    @property
    def person_id(self) -> int:
        """Return the number of the person who acts; only people prepare, record and upload."""
        if self.user_id is None:
            raise PersonNeeded
        return self.user_id

    @property
    def is_system(self) -> bool:
        """Tell whether the machine acts, for instance when a deadline has passed."""
        return self.role == Role.SYSTEM


SYSTEM = Actor(user_id=None, name="system", role=Role.SYSTEM)
