"""Who acts: a person in one capacity for one organization, read afresh at each request."""

from dataclasses import dataclass
from uuid import UUID

from accounts.enums import OrganizationKind, Role


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
    def is_system(self) -> bool:
        """Tell whether the machine acts, for instance when a deadline has passed."""
        return self.role == Role.SYSTEM


SYSTEM = Actor(user_id=None, name="system", role=Role.SYSTEM)
