"""Verbs of the notices: writing and reading them, relaying them, reminding of deadlines."""

from notifications.operations.notices import mark_all_read, mark_read, prefer, write_notices
from notifications.operations.relay import send_again
from notifications.operations.reminders import remind

__all__ = ["mark_all_read", "mark_read", "prefer", "remind", "send_again", "write_notices"]
