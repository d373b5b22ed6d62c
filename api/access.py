"""Who may use which address, by method: the one table that the permission enforces and the tests walk through.

It says which *roles* may ask. Which *rows* they find is the business of the scoped queries, and which moves are open to
them is the business of the flow's declaration; both stand below this layer and hold without it.
"""

from __future__ import annotations

from collections.abc import Mapping

from rest_framework.request import Request

from accounts.enums import Role

Roles = frozenset[str]

PUBLIC: Roles = frozenset({"anybody"})
EVERYONE: Roles = frozenset(role.value for role in Role if role != Role.SYSTEM)
COMPANY: Roles = frozenset({Role.COMPANY_EDITOR.value, Role.COMPANY_ADMIN.value})

COMPANY_ADMIN: Roles = frozenset({Role.COMPANY_ADMIN.value})
DISTRICT: Roles = frozenset({Role.DISTRICT_REVIEWER.value, Role.DISTRICT_APPROVER.value})
DISTRICT_APPROVER: Roles = frozenset({Role.DISTRICT_APPROVER.value})
EVALUATOR: Roles = frozenset({Role.EVALUATOR.value})
CITY_APPROVER: Roles = frozenset({Role.CITY_APPROVER.value})
CITY: Roles = frozenset({Role.CITY_REVIEWER.value, Role.CITY_APPROVER.value})
CITY_REVIEWER: Roles = frozenset({Role.CITY_REVIEWER.value})
CITY_READERS: Roles = CITY | {Role.AUDITOR.value, Role.PROVINCE_VIEWER.value}
SHEET_READERS: Roles = CITY_READERS | EVALUATOR
CITY_AND_AUDITOR: Roles = CITY | {Role.AUDITOR.value}
POOL_READERS: Roles = CITY_AND_AUDITOR | EVALUATOR
REVIEW_READERS: Roles = CITY_READERS | DISTRICT
RECORDERS: Roles = DISTRICT | CITY_REVIEWER
MAIL_KEEPERS: Roles = CITY | {Role.SYSTEM_ADMIN.value}

# Which role makes which move stands in the declaration of the flow.
MOVES: Mapping[str, Roles] = {"GET": EVERYONE, "POST": EVERYONE}

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "schema": {"GET": PUBLIC},
    "docs": {"GET": PUBLIC},
    "problems": {"GET": PUBLIC},
    "problem": {"GET": PUBLIC},
    "me": {"GET": EVERYONE, "PATCH": EVERYONE},
    "tokens": {"GET": EVERYONE, "POST": EVERYONE},
    "token": {"GET": EVERYONE, "DELETE": EVERYONE},
    "organizations": {"GET": EVERYONE},
    "campaigns": {"GET": EVERYONE},
    "campaign": {"GET": EVERYONE},
    "campaign-standard": {"GET": EVERYONE},
    "campaign-standard-refinement": {"GET": DISTRICT, "PUT": DISTRICT_APPROVER},
    "campaign-requirements": {"GET": EVERYONE},
    "campaign-progress": {"GET": EVERYONE},
    "campaign-complaint-figures": {"POST": CITY_REVIEWER},
    "communities": {"GET": EVERYONE, "POST": COMPANY},
    "community": {"GET": EVERYONE, "PATCH": COMPANY},
    "community-inspections": {"GET": REVIEW_READERS, "POST": DISTRICT},
    "nominations": {"GET": EVERYONE, "POST": COMPANY},
    "nomination": {"GET": EVERYONE, "PATCH": COMPANY},
    "nomination-precheck": {"GET": COMPANY | REVIEW_READERS, "POST": COMPANY | DISTRICT},
    "nomination-transitions": MOVES,
    "nomination-history": {"GET": EVERYONE},
    "nomination-bulk-transitions": {"POST": EVERYONE},
    "nomination-attachments": {"GET": EVERYONE, "POST": COMPANY},
    "nomination-attachment": {"GET": EVERYONE, "DELETE": COMPANY},
    "nomination-attachment-content": {"GET": EVERYONE},
    "nomination-confirmation": {"GET": EVERYONE, "POST": COMPANY},
    "nomination-confirmation-substitute": {"POST": COMPANY_ADMIN},
    "nomination-claim": {"POST": DISTRICT},
    "nomination-release": {"POST": DISTRICT},
    "nomination-hand-over": {"POST": DISTRICT_APPROVER},
    "nomination-district-review": {"GET": REVIEW_READERS, "PUT": DISTRICT},
    "nomination-district-review-complete": {"POST": DISTRICT},
    "nomination-district-review-reopen": {"POST": DISTRICT_APPROVER},
    "nomination-district-review-attachments": {"GET": REVIEW_READERS, "POST": DISTRICT},
    "nomination-district-review-attachment-content": {"GET": REVIEW_READERS},
    "nomination-assignments": {"GET": CITY_READERS, "POST": CITY_REVIEWER},
    "nomination-visits": {"GET": CITY_READERS, "POST": CITY_REVIEWER},
    "nomination-discrepancy": {"POST": CITY_REVIEWER},
    "nomination-veto": {"POST": CITY_REVIEWER},
    "assignments": {"GET": CITY_READERS | EVALUATOR},
    "assignment": {"GET": CITY_READERS | EVALUATOR},
    "assignment-accept": {"POST": EVALUATOR},
    "assignment-decline": {"POST": EVALUATOR},
    "assignment-release": {"POST": CITY_REVIEWER},
    "assignment-conflict": {"POST": EVALUATOR},
    "assignment-score-sheet": {"POST": EVALUATOR},
    "score-sheet": {"GET": SHEET_READERS},
    "score-sheet-scores": {"PUT": EVALUATOR},
    "score-sheet-sync": {"POST": EVALUATOR},
    "score-sheet-hand-in": {"POST": EVALUATOR},
    "score-sheet-unlock": {"POST": CITY_APPROVER},
    "score-sheet-versions": {"GET": SHEET_READERS},
    "score-sheet-photos": {"GET": SHEET_READERS, "POST": EVALUATOR},
    "score-sheet-photo-content": {"GET": SHEET_READERS},
    "evaluators": {"GET": POOL_READERS, "POST": CITY_REVIEWER},
    "evaluator": {"GET": POOL_READERS, "PATCH": CITY_REVIEWER},
    "declarations": {"GET": POOL_READERS, "POST": EVALUATOR},
    "declaration-lift": {"POST": CITY_REVIEWER},
    "my-calendar": {"POST": EVALUATOR, "DELETE": EVALUATOR},
    "calendar": {"GET": PUBLIC},
    "panels": {"GET": CITY_AND_AUDITOR, "POST": CITY_REVIEWER},
    "panel": {"GET": CITY_AND_AUDITOR, "PATCH": CITY_REVIEWER},
    "panel-deploy": {"POST": CITY_REVIEWER},
    "campaign-panel-board": {"GET": CITY_AND_AUDITOR},
    "visits": {"GET": CITY_READERS | EVALUATOR, "POST": CITY_REVIEWER},
    "visit": {"GET": CITY_READERS | EVALUATOR},
    "visit-cancel": {"POST": CITY_REVIEWER},
    "visit-findings": {"POST": CITY_REVIEWER},
    "finding-dismiss": {"POST": CITY_REVIEWER},
    "campaign-extensions": {"GET": REVIEW_READERS, "POST": CITY_REVIEWER},
    "extension-approve": {"POST": CITY_APPROVER},
    "recommendation-summaries": {"GET": EVERYONE},
    "recommendation-summary": {"GET": EVERYONE, "PATCH": DISTRICT},
    "recommendation-summary-rank": {"POST": DISTRICT},
    "recommendation-summary-prepare": {"POST": DISTRICT},
    "recommendation-summary-order": {"POST": DISTRICT},
    "recommendation-summary-descriptions": {"POST": DISTRICT},
    "recommendation-summary-description": {"DELETE": DISTRICT},
    "recommendation-summary-description-content": {"GET": REVIEW_READERS},
    "recommendation-summary-sealed-copy": {"GET": REVIEW_READERS, "POST": DISTRICT},
    "recommendation-summary-transitions": MOVES,
    "recommendation-summary-history": {"GET": EVERYONE},
    "work-reports": {"GET": EVERYONE},
    "work-report": {"GET": EVERYONE, "PATCH": DISTRICT},
    "work-report-attachments": {"GET": REVIEW_READERS, "POST": DISTRICT},
    "work-report-attachment": {"GET": REVIEW_READERS, "DELETE": DISTRICT},
    "work-report-attachment-content": {"GET": REVIEW_READERS},
    "work-report-transitions": MOVES,
    "work-report-history": {"GET": EVERYONE},
    "campaign-ranking": {"GET": CITY_READERS, "POST": CITY_REVIEWER},
    "campaign-ranking-explained": {"GET": CITY_READERS},
    "campaign-ranking-export": {"POST": CITY_READERS},
    "campaign-ranking-diagnostics": {"GET": CITY_READERS},
    "selections": {"GET": EVERYONE, "POST": CITY_REVIEWER},
    "selection": {"GET": EVERYONE, "PATCH": CITY_REVIEWER},
    "selection-refresh": {"POST": CITY_REVIEWER},
    "selection-preview": {"GET": CITY_READERS},
    "selection-transitions": MOVES,
    "selection-history": {"GET": EVERYONE},
    "provincial-reports": {"GET": EVERYONE},
    "provincial-report": {"GET": EVERYONE, "PATCH": CITY_REVIEWER},
    "provincial-report-sealed-copy": {"GET": CITY_READERS, "POST": CITY_REVIEWER},
    "provincial-report-completeness": {"GET": CITY_READERS},
    "provincial-report-transitions": MOVES,
    "provincial-report-history": {"GET": EVERYONE},
    "publicity": {"GET": EVERYONE, "POST": DISTRICT},
    "publicity-entry": {"GET": REVIEW_READERS, "PATCH": DISTRICT, "DELETE": DISTRICT},
    "good-practices": {"GET": EVERYONE, "POST": DISTRICT},
    "good-practice": {"GET": REVIEW_READERS, "PATCH": DISTRICT, "DELETE": DISTRICT},
    "third-party-assessments": {"GET": EVERYONE, "POST": RECORDERS},
    "third-party-assessment": {"GET": REVIEW_READERS, "PATCH": RECORDERS, "DELETE": RECORDERS},
    "third-party-assessment-attachments": {"GET": REVIEW_READERS, "POST": RECORDERS},
    "third-party-assessment-attachment": {"GET": REVIEW_READERS, "DELETE": RECORDERS},
    "third-party-assessment-attachment-content": {"GET": REVIEW_READERS},
    "honors": {"GET": EVERYONE, "POST": COMPANY | RECORDERS},
    "honor": {"GET": COMPANY | REVIEW_READERS, "PATCH": COMPANY | RECORDERS, "DELETE": COMPANY | RECORDERS},
    "titles": {"GET": EVERYONE},
    "titles-verification": {"GET": PUBLIC},
    "notices": {"GET": EVERYONE},
    "notice-read": {"POST": EVERYONE},
    "notices-read": {"POST": EVERYONE},
    "notice-preferences": {"GET": EVERYONE, "PUT": EVERYONE},
    "deliveries": {"GET": MAIL_KEEPERS},
    "delivery-send-again": {"POST": MAIL_KEEPERS},
}


def route_of(request: Request) -> str:
    """Return the name of the address that the request was sent to."""
    match = request.resolver_match
    return (match.url_name if match else None) or ""


def roles_for(route: str, method: str) -> Roles:
    """Return who may use the method there; nobody where nothing is declared. HEAD is a GET without its body."""
    return ACCESS.get(route, {}).get("GET" if method == "HEAD" else method, frozenset())


def allows(route: str, method: str, role: str) -> bool:
    """Tell whether the role may use the method there."""
    roles = roles_for(route, method)
    return roles is PUBLIC or role in roles
