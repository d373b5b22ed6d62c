"""A move in the making: who wants what, when, with which words; bodies and guards read and enrich it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from workflow.models import WorkflowModel


class Actor(Protocol):
    """What the engine must know about whoever acts; the accounts room provides it."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def organization_id(self) -> UUID | None: ...
    @property
    def organization_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sequel:
    """A move of another object that belongs to the same transaction."""

    subject: WorkflowModel
    name: str
    comment: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Move:
    """One wish to move one object; the body of a transition adds documents, deadlines and sequels to it.

    ``payload`` is what the actor sent along, ``known`` what the operation worked out beforehand, such as a date in
    working days: it is no part of the command, so the same command sent later is still the same.
    """

    name: str
    actor: Actor
    at: datetime
    comment: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    sequels: list[Sequel] = field(default_factory=list)
    due: dict[str, datetime | None] = field(default_factory=dict)

    def then(self, subject: WorkflowModel, name: str, *, comment: str = "", **payload: Any) -> None:
        """Let ``subject`` make the move ``name`` afterwards, in the same transaction, bound by its own guards."""
        self.sequels.append(Sequel(subject, name, comment or self.comment, payload))

    def follow(self, sequel: Sequel) -> Move:
        """Return the move of a sequel: by the same actor, at the same instant."""
        return Move(sequel.name, self.actor, self.at, sequel.comment, dict(sequel.payload), self.known)

    def cite(self, name: str, digest: str) -> None:
        """Record in the event that the document ``name`` had this SHA-256 when the move was made."""
        self.documents[name] = digest

    def schedule(self, kind: str, due_at: datetime) -> None:
        """Set the deadline ``kind`` of the object to ``due_at``; one per kind, a later call replaces it."""
        self.due[kind] = due_at

    def settle(self, *kinds: str) -> None:
        """Close the deadlines of these kinds: what they asked for has been done."""
        self.due.update(dict.fromkeys(kinds))
