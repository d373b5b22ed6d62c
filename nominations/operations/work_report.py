"""The district's verbs on its work report (notice, section four, 3; row S-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from common.refusals import Refusal
from nominations.enums import WorkReportState
from nominations.errors import InvalidInput, NotAllowed, NotEditable
from nominations.models import WorkReport
from nominations.rules.form import Field, clean_value
from nominations.rules.reporting import WORK_REPORT_SECTIONS
from workflow import engine

EDITABLE = frozenset({WorkReportState.DRAFT, WorkReportState.RETURNED})
LONGEST_SECTION = 20_000


@transaction.atomic
def save_sections(
    *, report_id: UUID, sections: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> WorkReport:
    """Save any of the three sections of a draft or returned report; who writes last is its preparer.

    Raises ``NotFound``, ``StaleVersion``, ``NotAllowed``, ``NotEditable``, ``InvalidInput`` with a reason per section.
    """
    report: WorkReport = engine.take(WorkReport, report_id, actor=actor, version=version)
    if actor.role not in {Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER}:
        raise NotAllowed
    if report.state not in EDITABLE:
        raise NotEditable(state=report.get_state_display())
    faults: list[Refusal] = []
    for name, value in sections.items():
        if name not in WORK_REPORT_SECTIONS:
            faults.append(Refusal("unknown_field", _("There is no such field."), fix=name))
            continue
        field = Field(name, WORK_REPORT_SECTIONS[name], longest=LONGEST_SECTION)
        cleaned, fault = clean_value(field, value, name)
        faults += [fault] if fault else []
        setattr(report, name, cleaned or "")
    if faults:
        raise InvalidInput(refusals=faults)
    report.preparer_id = actor.person_id
    engine.save_quietly(report, at=at)
    return report
