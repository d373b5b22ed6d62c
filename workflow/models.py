"""What the engine keeps: streams of chained events, the outbox, command keys, deadlines, the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.append_only import append_only
from common.identifiers import new_id
from workflow.enums import EventKind

if TYPE_CHECKING:
    from workflow.moves import Actor

GENESIS = "0" * 64


class Stream(models.Model):
    """Head of one hash chain, for instance of one district in one campaign; locked while an event is appended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    length = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return self.name


class WorkflowQuerySet(models.QuerySet[Any]):
    """Base of the querysets of workflow models; a model narrows and enriches it."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may know of; deny by default.

        The actor's capacity may decide which filter applies; ids of the actor are only compared with columns, for the
        filter is compiled once for all who act in the same capacity (``workflow.scoping``).
        """
        return self.none()

    def with_facts(self) -> Self:
        """Load along whatever the guards read, so that judging many rows costs no further query."""
        return self


class WorkflowModel(models.Model):
    """An object whose ``state`` is moved by the engine; subclasses declare ``flow``, ``state`` and transitions."""

    flow: ClassVar[str]
    # What is recorded of the object besides its moves: the names of the acts, in the words of a history.
    acts: ClassVar[type[models.TextChoices] | None] = None

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = WorkflowQuerySet.as_manager()

    # Fields that are no part of an event's list of changes: bookkeeping of the engine itself.
    untold: ClassVar[frozenset[str]] = frozenset(
        {"state", "version", "sequence", "created_at", "updated_at", "stream_id"}
    )

    if TYPE_CHECKING:
        state: Any

    class Meta:
        abstract = True


class Event(models.Model):
    """One link of a chain: who did what to which object, when, why, and what changed. Never altered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="events")
    position = models.BigIntegerField(help_text="place in the stream, from 1, without gaps")
    flow = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    sequence = models.PositiveIntegerField(help_text="place among the object's events, from 1, without gaps")
    kind = models.CharField(max_length=4, choices=EventKind.choices)
    name = models.CharField(max_length=60)
    from_state = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=24)
    organization_id = models.UUIDField(null=True, help_text="on whose behalf the actor acts")
    organization_name = models.CharField(max_length=120, blank=True)
    comment = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    documents = models.JSONField(default=dict)
    payload = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    declaration = models.CharField(max_length=64, help_text="digest of the flow's declaration in force")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the event's own content")
    hash = models.CharField(max_length=64, help_text="SHA-256 over the previous hash, the position and the digest")

    class Meta:
        triggers: ClassVar = append_only("event")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "position"], name="event_position_once"),
            models.UniqueConstraint(fields=["subject_id", "sequence"], name="event_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.subject_id} {self.sequence} {self.name}"


class OutboxEntry(models.Model):
    """An event whose consequences outside the database are still to be seen to; removed when they have been."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="+")
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = _("outbox entries")
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=Q(parked_at__isnull=True), name="outbox_waiting")
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class CommandKey(models.Model):
    """An idempotency key of one person: the same command again gets the first answer again.

    A move is answered with its events, which are never removed; any other command with what was said the first time.
    """

    owner = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    events = ArrayField(models.UUIDField(), help_text="the answer; events are never removed")
    answer = models.JSONField(null=True, help_text="the answer of a command that is no move, as it was sent")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "key"], name="command_key_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


class Deadline(models.Model):
    """An instant at which something must have been done; durable, swept by any number of sweepers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    flow = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    due_at = models.DateTimeField(help_text="exclusive: at this instant it is too late")
    next_try_at = models.DateTimeField(help_text="when the sweeper looks next: when it is due, later after a fault")
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject_id", "kind"], name="deadline_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at", "id"], condition=Q(settled_at__isnull=True), name="deadline_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.due_at:%Y-%m-%d %H:%M}"


class ChainCheck(models.Model):
    """What the last verification of one chain, or of one flow's objects, has found; who had it made, and when."""

    name = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_sound = models.BooleanField()
    position = models.BigIntegerField(default=0, help_text="of the first flaw, 0 without one")
    reason = models.CharField(max_length=300, blank=True)
    row = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {'sound' if self.is_sound else self.reason}"


class Heartbeat(models.Model):
    """When a periodic duty was last seen to; read by ``/readyz``."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class CalendarYear(models.Model):
    """A year of the working calendar: until its holidays have been announced, its days are an estimate."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    is_announced = models.BooleanField(_("announced"), help_text=_("The State Council's notice has been entered."))

    class Meta:
        ordering = ["-year"]
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a public holiday, or a weekend day worked instead."""

    day = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(_("occasion"), max_length=60, blank=True)
    is_seeded = models.BooleanField(default=False, editable=False, help_text="what people enter, seeding leaves alone")

    class Meta:
        ordering = ["day"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
