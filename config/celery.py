"""The Celery application and its static schedule; every tick may run twice, late or never without harm."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("jiayuan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A tick that waited longer than the next one is dropped: the next one sees to everything that is due.
    "sweep_deadlines": {"task": "workflow.tasks.sweep_deadlines", "schedule": 30.0, "options": {"expires": 30}},
}
__all__ = ["app"]
