"""Who may open which page, as sets of roles; the words of `web.access`."""

from __future__ import annotations

from accounts.enums import Role

Roles = frozenset[str]

PUBLIC: Roles = frozenset({"anybody"})
EVERYONE: Roles = frozenset(role.value for role in Role if role != Role.SYSTEM)
COMPANY: Roles = frozenset({Role.COMPANY_EDITOR.value, Role.COMPANY_ADMIN.value})
COMPANY_ADMIN: Roles = frozenset({Role.COMPANY_ADMIN.value})
DISTRICT: Roles = frozenset({Role.DISTRICT_REVIEWER.value, Role.DISTRICT_APPROVER.value})
DISTRICT_APPROVER: Roles = frozenset({Role.DISTRICT_APPROVER.value})
CITY: Roles = frozenset({Role.CITY_REVIEWER.value, Role.CITY_APPROVER.value})
CITY_REVIEWER: Roles = frozenset({Role.CITY_REVIEWER.value})
CITY_APPROVER: Roles = frozenset({Role.CITY_APPROVER.value})
CITY_READERS: Roles = CITY | {Role.AUDITOR.value, Role.PROVINCE_VIEWER.value}
EVALUATOR: Roles = frozenset({Role.EVALUATOR.value})
AUDITOR: Roles = frozenset({Role.AUDITOR.value})
