"""What people are told, in so many words: every event has its own sentences for each of its audiences."""

from collections.abc import Mapping

from notifications.enums import Audience
from notifications.words import city, district, filing, offices, panels, results
from notifications.words.invitation import INVITATION
from notifications.words.reminders import TASKS
from notifications.words.shape import Details, Task, Words

WORDS: Mapping[tuple[str, Audience], Words] = {
    **filing.WORDS,
    **district.WORDS,
    **city.WORDS,
    **panels.WORDS,
    **results.WORDS,
    **offices.WORDS,
}

__all__ = ["INVITATION", "TASKS", "WORDS", "Details", "Task", "Words"]
