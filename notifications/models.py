"""What people are told, what became of the mails, what they want to be told, and when they were reminded."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.identifiers import new_id
from notifications.enums import Audience, Bundle, Category, Channel, DeliveryState, Mode, Step

INVITATION = "nomination.invite_committee"
WAITING = (DeliveryState.PENDING, DeliveryState.RETRY)
TROUBLED = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.PARKED)


class Reminder(models.Model):
    """One rung of the ladder for one deadline, as it stood, and one person; never repeated."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deadline = models.ForeignKey("workflow.Deadline", models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField(help_text="as it stood: a deadline that was moved is reminded of anew")
    step = models.CharField(max_length=8, choices=Step.choices)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deadline", "due_at", "step", "recipient"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.deadline_id} {self.recipient_id}"


class Notice(models.Model):
    """What one person is told about one event or one deadline; written in the same transaction, read in the product."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Their constraints and the inbox have indexes that begin with these columns.
    event = models.ForeignKey("workflow.Event", models.PROTECT, null=True, related_name="notices", db_index=False)
    reminder = models.OneToOneField(Reminder, models.CASCADE, null=True, related_name="notice")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", db_index=False)
    membership = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+", db_index=False)
    audience = models.CharField(max_length=24, choices=Audience.choices)
    topic = models.CharField(max_length=80, help_text="which words: flow.move, or reminder.kind.step")
    category = models.CharField(max_length=10, choices=Category.choices)
    wants_mail = models.BooleanField(default=True)
    params = models.JSONField(default=dict)
    city_id = models.UUIDField(null=True, help_text="the city bureau whose programme this belongs to")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "recipient"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(event__isnull=True, reminder__isnull=False) | Q(event__isnull=False, reminder__isnull=True),
                name="notice_has_one_source",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} → {self.recipient_id}"


class Delivery(models.Model):
    """The copy of one notice by one channel; with the notice's own key, one per event, recipient and channel.

    An invitation to the owners' committee, which has no account, hangs on its event instead of a notice.

    Whoever sends claims the row and commits before talking to the network. ``begun_at`` is set before the text of the
    mail is handed over: a claimed row without it was certainly not sent, one with it perhaps was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Every mail is written several times: an index that nobody needs costs more here than anywhere else.
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="deliveries", db_index=False)
    event = models.ForeignKey("workflow.Event", models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    bundle = models.CharField(max_length=10, choices=Bundle.choices, blank=True, default=Bundle.NONE)
    carrier = models.ForeignKey("self", models.CASCADE, null=True, related_name="riders", db_index=False)
    message_id = models.CharField(max_length=120, help_text="made of the delivery's own id, so never twice the same")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    is_repeat = models.BooleanField(default=False)
    smtp_code = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    city_id = models.UUIDField(null=True, help_text="the city bureau whose officers look after the mail")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.UniqueConstraint(
                fields=["event", "channel"], condition=Q(event__isnull=False), name="delivery_of_invitation_once"
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=True, notice__isnull=False) | Q(event__isnull=False, notice__isnull=True),
                name="delivery_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values),
                name="delivery_state_known",
                violation_error_message=_("This state of a delivery does not exist."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.CLAIMED) | Q(claim__isnull=False, claimed_at__isnull=False),
                name="delivery_claim_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["attempts", "next_at"], condition=Q(state__in=WAITING), name="delivery_waiting"),
            models.Index(fields=["next_at"], condition=Q(state=DeliveryState.HELD), name="delivery_held"),
            models.Index(fields=["carrier"], condition=Q(carrier__isnull=False), name="delivery_riders"),
            models.Index(fields=["claimed_at"], condition=Q(state=DeliveryState.CLAIMED), name="delivery_claimed"),
            models.Index(fields=["-id"], condition=Q(state__in=TROUBLED), name="delivery_troubled"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"

    @property
    def topic(self) -> str:
        """Return what the mail is about: flow and move, or the reminder's kind and step."""
        return self.notice.topic if self.notice else INVITATION


class Preference(models.Model):
    """How one person wants the mails of one category; without a row they come at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    category = models.CharField(max_length=10, choices=Category.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ON)

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "category"], name="preference_once"),
            models.CheckConstraint(
                condition=~Q(category=Category.LEGAL),
                name="preference_legal_minimum",
                violation_error_message=_("Decisions with legal effect are always sent."),
            ),
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values),
                name="preference_mode_known",
                violation_error_message=_("This way of telling does not exist."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.category} {self.mode}"
