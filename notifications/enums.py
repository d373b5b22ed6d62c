"""Codes of the notices: who, what kind, how, and what became of a mail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(TextChoices):
    """In which capacity somebody is told; resolved to people when the event is written."""

    ACTOR = "actor", _("Who acted")
    COMPANY = "company", _("Company")
    CASE_REVIEWER = "case_reviewer", _("District reviewer of the case")
    DISTRICT_REVIEWERS = "district_reviewers", _("District reviewers")
    DISTRICT_APPROVERS = "district_approvers", _("District approvers")
    DISTRICT_PAIR = "district_pair", _("District reviewers and approvers")
    DISTRICTS_CONCERNED = "districts_concerned", _("Districts concerned")
    CITY_REVIEWERS = "city_reviewers", _("City reviewers")
    CITY_APPROVERS = "city_approvers", _("City approvers")
    CITY_PAIR = "city_pair", _("City reviewers and approvers")
    EVALUATOR = "evaluator", _("Evaluator")


class Category(TextChoices):
    """What a person may choose a way for; ``legal`` is the minimum that always goes out."""

    LEGAL = "legal", _("Decisions with legal effect")
    WORK = "work", _("Work that waits for me")
    DECISION = "decision", _("Decisions about my matters")
    PROGRESS = "progress", _("Progress, for information")
    REMINDER = "reminder", _("Reminders of deadlines")


class Mode(TextChoices):
    """How e-mail of one category is wanted."""

    ON = "on", _("At once")
    DIGEST = "digest", _("Once a day")
    OFF = "off", _("Not by e-mail")


class Channel(TextChoices):
    """By which way a notice leaves the building."""

    EMAIL = "email", _("E-mail")


class DeliveryState(TextChoices):
    """What became of one mail; only ``retry`` and ``pending`` are taken up by a courier."""

    PENDING = "pending", _("Waiting to be sent")
    HELD = "held", _("Kept for a mail of several notices")
    CLAIMED = "claimed", _("Being sent")
    RETRY = "retry", _("Will be tried again")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    UNKNOWN = "unknown", _("Perhaps sent")
    FAILED = "failed", _("Not accepted")
    PARKED = "parked", _("Given up for now")
    DROPPED = "dropped", _("No longer needed")


class Bundle(TextChoices):
    """Which notices travel together in one mail."""

    NONE = "", _("Alone")
    DIGEST = "digest", _("Daily digest")
    REMINDERS = "reminders", _("Reminders of one day")


class Step(TextChoices):
    """Rungs of the reminder ladder, counted in calendar days before the last day."""

    SEVEN_DAYS = "t7", _("Seven days before")
    THREE_DAYS = "t3", _("Three days before")
    ONE_DAY = "t1", _("The day before")
    LAST_DAY = "t0", _("On the last day")
    OVERDUE = "overdue", pgettext_lazy("reminder", "Overdue")


class UnknownPolicy(TextChoices):
    """What is done about a mail of which nobody knows whether it arrived."""

    RESEND = "resend", _("Send once more, marked as a possible repeat")
    PARK = "park", _("Wait for a person to decide")
