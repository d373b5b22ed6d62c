"""The desks: which pages a role works on, told once for navigation, 待办 and the links in mails."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.enums import Role
from web.account.desk import DESK as ACCOUNT
from web.audit.desk import DESK as AUDIT
from web.city.desk import DESK as CITY
from web.city.desk import PROVINCE
from web.company.desk import DESK as COMPANY
from web.district.desk import DESK as DISTRICT
from web.evaluator.desk import DESK as EVALUATOR
from web.navigation import Desk

DESKS: Mapping[Role, Desk] = {
    Role.COMPANY_ADMIN: COMPANY,
    Role.COMPANY_EDITOR: COMPANY,
    Role.DISTRICT_REVIEWER: DISTRICT,
    Role.DISTRICT_APPROVER: DISTRICT,
    Role.CITY_REVIEWER: CITY,
    Role.CITY_APPROVER: CITY,
    Role.EVALUATOR: EVALUATOR,
    Role.AUDITOR: AUDIT,
    Role.PROVINCE_VIEWER: PROVINCE,
}


def desk_of(role: str) -> Desk:
    """Return the desk of a role; whoever only looks on has the pages that everybody shares."""
    return DESKS.get(Role(role), ACCOUNT)
