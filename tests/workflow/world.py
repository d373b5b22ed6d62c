"""A small programme to move things in, everybody who acts in it, and one thing of every kind that moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from accounts.actors import SYSTEM, Actor
from accounts.enums import OrganizationKind, Role
from evaluation.models import Standard
from nominations.models import Nomination, Selection
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from workflow.models import WorkflowModel

AT = factories.OPENS + timedelta(days=3)
REASON = "理由充分。"


@dataclass(frozen=True)
class World:
    """A programme and, for each role, somebody who has it in sight."""

    programme: Programme

    @cached_property
    def people(self) -> dict[Role, Actor]:
        """Return one person per role, the machine included."""
        programme, office = self.programme, factories.OrganizationFactory.create
        operator, committee = office(kind=OrganizationKind.OPERATOR), office(kind=OrganizationKind.COMMITTEE)
        return {
            Role.COMPANY_ADMIN: programme.company.admin,
            Role.COMPANY_EDITOR: programme.company.editor,
            Role.COMMITTEE_CONFIRMER: factories.actor(Role.COMMITTEE_CONFIRMER, committee),
            Role.DISTRICT_REVIEWER: programme.bureau.reviewer,
            Role.DISTRICT_APPROVER: programme.bureau.approver,
            Role.CITY_REVIEWER: programme.city_reviewer,
            Role.CITY_APPROVER: programme.city_approver,
            Role.EVALUATOR: factories.actor(Role.EVALUATOR, office(kind=OrganizationKind.EVALUATORS)),
            Role.AUDITOR: programme.auditor,
            Role.PROVINCE_VIEWER: programme.province_viewer,
            Role.SYSTEM_ADMIN: factories.actor(Role.SYSTEM_ADMIN, operator),
            Role.SECURITY_ADMIN: factories.actor(Role.SECURITY_ADMIN, operator),
            Role.SYSTEM: SYSTEM,
        }

    def actor(self, role: Role | str) -> Actor:
        """Return who acts in this role."""
        return self.people[Role(role)]

    @property
    def company(self) -> Actor:
        return self.programme.company.admin

    @property
    def approver(self) -> Actor:
        return self.programme.bureau.approver

    def draft(self, *, bureau: int = 0) -> Nomination:
        """Return an empty draft that nothing is told about yet."""
        office, company = self.programme.bureaus[bureau], self.programme.company.office
        summary = office.summary
        return Nomination.objects.create(
            stream_id=summary.stream_id,
            campaign=self.programme.campaign,
            community=self.programme.community(bureau=bureau),
            company=company,
            district=office.office,
            summary=summary,
            created_at=AT,
            updated_at=AT,
        )

    def drafts(self, count: int, *, bureau: int = 0) -> list[Nomination]:
        """Return so many drafts."""
        return [self.draft(bureau=bureau) for _number in range(count)]

    def one_of(self, flow: str) -> WorkflowModel:
        """Return an object of the flow in its first state."""
        campaign, bureau = self.programme.campaign, self.programme.bureau
        makers: dict[str, Any] = {
            "nomination": self.draft,
            "recommendation_summary": lambda: bureau.summary,
            "work_report": lambda: bureau.work_report,
            "selection": self.selection,
            "provincial_report": lambda: campaign.provincial_report,
        }
        made: WorkflowModel = makers[flow]()
        return made

    def selection(self) -> Selection:
        """Return an empty selection that somebody prepared who has no other part in it."""
        campaign = self.programme.campaign
        preparer = factories.UserFactory.create()
        return Selection.objects.create(
            stream_id=campaign.stream_id, campaign=campaign, preparer=preparer, created_at=AT, updated_at=AT
        )


def build(**campaign: Any) -> World:
    """Return a new world; several can stand side by side."""
    bare = Standard.objects.create(code=f"bare_{Standard.objects.count()}", title="标准")
    return World(stages.programme(**{"standard": bare, **campaign}))


def reload(subject: WorkflowModel) -> Any:
    """Return the row as it stands now."""
    return type(subject)._base_manager.get(pk=subject.pk)


def state_of(subject: WorkflowModel) -> str:
    """Return the state of the row as it stands now."""
    return str(reload(subject).state)
