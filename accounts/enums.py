"""Roles and kinds of organization, with the codes that the table of moves uses."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganizationKind(TextChoices):
    """What an organization is in the programme."""

    PROVINCE = "province", _("Provincial department")
    CITY = "city", _("City bureau")
    DISTRICT = "district", _("District bureau")
    COMPANY = "company", _("Property service company")
    COMMITTEE = "committee", _("Owners' committee")
    EVALUATORS = "evaluators", _("Pool of evaluators")
    OPERATOR = "operator", _("System operator")


class Role(TextChoices):
    """In which capacity a person acts for an organization."""

    COMPANY_EDITOR = "company_editor", _("Company editor")
    COMPANY_ADMIN = "company_admin", _("Company administrator")
    COMMITTEE_CONFIRMER = "committee_confirmer", _("Owners' committee")
    DISTRICT_REVIEWER = "district_reviewer", _("District reviewer")
    DISTRICT_APPROVER = "district_approver", _("District approver")
    CITY_REVIEWER = "city_reviewer", _("City reviewer")
    CITY_APPROVER = "city_approver", _("City approver")
    EVALUATOR = "evaluator", _("Evaluator")
    PROVINCE_VIEWER = "province_viewer", _("Provincial viewer")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    SYSTEM = "system", _("System")


# The three powers that no person may hold together: settings, grants, audit (GB/T 22239-2019, 8.1.5).
EXCLUSIVE_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)

ROLES_OF_KIND: dict[OrganizationKind, frozenset[Role]] = {
    OrganizationKind.PROVINCE: frozenset({Role.PROVINCE_VIEWER}),
    OrganizationKind.CITY: frozenset({Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.AUDITOR}),
    OrganizationKind.DISTRICT: frozenset({Role.DISTRICT_REVIEWER, Role.DISTRICT_APPROVER}),
    OrganizationKind.COMPANY: frozenset({Role.COMPANY_EDITOR, Role.COMPANY_ADMIN}),
    OrganizationKind.COMMITTEE: frozenset({Role.COMMITTEE_CONFIRMER}),
    OrganizationKind.EVALUATORS: frozenset({Role.EVALUATOR}),
    OrganizationKind.OPERATOR: frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}),
}

STAFF_ROLES = frozenset(set(Role) - {Role.COMPANY_EDITOR, Role.COMPANY_ADMIN, Role.COMMITTEE_CONFIRMER, Role.SYSTEM})


class GrantAction(TextChoices):
    """What the log of grants records."""

    GRANTED = "granted", _("Granted")
    REVOKED = "revoked", _("Revoked")


class SignInOutcome(TextChoices):
    """How an attempt to sign in ended."""

    SIGNED_IN = "signed_in", _("Signed in")
    WRONG_PASSWORD = "wrong_password", _("Name or password not right")
    WRONG_CODE = "wrong_code", _("Second factor not right")
    HELD_BACK = "held_back", _("Held back after too many attempts")


class ExportKind(TextChoices):
    """How something left the product: as a file, or as a number that is usually masked."""

    FILE = "file", _("File")
    REVEAL = "reveal", _("Shown unmasked")
