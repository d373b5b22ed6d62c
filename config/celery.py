"""The Celery application and its static schedule; every tick may run twice, late or never without harm."""

import os

from celery import Celery
from celery.schedules import crontab

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

broker.install()
app = Celery("jiayuan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A tick that waited longer than the next one is dropped: the next one sees to everything that is due.
    "sweep_deadlines": {"task": "workflow.tasks.sweep_deadlines", "schedule": 30.0, "options": {"expires": 30}},
    # The net under the hint that every move gives: what a lost hint or a dead worker left is found within ten seconds.
    "relay": {"task": "notifications.tasks.relay", "schedule": 10.0, "options": {"expires": 10}},
    # Nobody is reminded at night.
    "send_reminders": {
        "task": "notifications.tasks.send_reminders",
        "schedule": crontab(hour="8-21", minute="*/15"),
        "options": {"expires": 900},
    },
    # What a lost hint left in quarantine, and what no row or no file belongs to any more.
    "inspect_quarantined": {
        "task": "attachments.tasks.inspect_quarantined",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    # The net under the looks that every declaration, grant and change of a profile take: what came in otherwise.
    "recheck_conflicts": {
        "task": "nominations.tasks.recheck_conflicts",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "sweep_orphans": {"task": "attachments.tasks.sweep_orphans", "schedule": crontab(hour="3", minute="20")},
    "purge_sign_ins": {"task": "accounts.tasks.purge_sign_ins", "schedule": crontab(hour="4", minute="10")},
    "purge_command_keys": {"task": "workflow.tasks.purge_command_keys", "schedule": crontab(minute="40")},
}
__all__ = ["app"]
