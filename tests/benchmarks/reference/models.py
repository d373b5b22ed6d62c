"""The smallest honest tables of a guarded move: row, audit, outbox."""

from django.db import models
from django.utils import timezone
from django_fsm import FSMField, transition
from django_fsm_log.decorators import fsm_log_by, fsm_log_description


class Case(models.Model):
    """A row that is recommended and taken back."""

    district = models.IntegerField()
    state = FSMField(default="submitted")
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "reference"
        db_table = "ref_case"

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @fsm_log_by
    @fsm_log_description
    @transition(field=state, source="submitted", target="recommended")
    def recommend(self, by: object = None, description: str = "") -> None:
        """Recommend."""
        self._touch()

    @fsm_log_by
    @fsm_log_description
    @transition(field=state, source="recommended", target="submitted")
    def rescind(self, by: object = None, description: str = "") -> None:
        """Take the recommendation back."""
        self._touch()

    def _touch(self) -> None:
        self.version += 1
        self.updated_at = timezone.now()


class Audit(models.Model):
    """A line of LEAN's audit trail."""

    case = models.ForeignKey(Case, models.PROTECT)
    actor_id = models.IntegerField()
    from_state = models.TextField()
    to_state = models.TextField()
    comment = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "reference"
        db_table = "ref_audit"

    def __str__(self) -> str:
        return f"{self.case_id} {self.to_state}"


class Outbox(models.Model):
    """A line of LEAN's outbox."""

    topic = models.TextField()
    payload = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        app_label = "reference"
        db_table = "ref_outbox"

    def __str__(self) -> str:
        return self.topic
