"""Who may open which page, by method: the one table that the decorators enforce and the tests walk through.

Every desk keeps the lines of its own pages in `web/<desk>/access.py`. They say which *roles* may ask; which *rows* they
find is the business of the scoped queries. A page without a line here answers nobody and fails the architecture tests.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from web.account.access import ACCESS as ACCOUNT
from web.audit.access import ACCESS as AUDIT
from web.city.access import ACCESS as CITY
from web.company.access import ACCESS as COMPANY
from web.district.access import ACCESS as DISTRICT
from web.evaluator.access import ACCESS as EVALUATOR
from web.public.access import ACCESS as PUBLIC_PAGES
from web.roles import EVERYONE, PUBLIC, Roles

Table = Mapping[str, Mapping[str, Roles]]

# The pages that everybody shares.
SHARED: Table = {
    "web:home": {"GET": PUBLIC},
    "web:pile": {"GET": EVERYONE},
    "web:case": {"GET": EVERYONE},
    "web:notice": {"GET": EVERYONE},
    "web:notices": {"GET": EVERYONE, "POST": EVERYONE},
    "web:deadlines": {"GET": EVERYONE},
    "web:account-notices": {"GET": PUBLIC},
    "web:confirmation": {"GET": PUBLIC, "POST": PUBLIC},
    "web:display": {"GET": PUBLIC, "POST": PUBLIC},
    "web:language": {"POST": PUBLIC},
    "web:acting": {"POST": EVERYONE},
    "web:help": {"GET": PUBLIC},
    "web:handbook": {"GET": PUBLIC},
}
ACCESS: Table = {
    **SHARED,
    **COMPANY,
    **DISTRICT,
    **CITY,
    **EVALUATOR,
    **AUDIT,
    **ACCOUNT,
    **PUBLIC_PAGES,
}


def page_of(request: HttpRequest) -> str:
    """Return the name of the page that was asked for, with its namespaces."""
    match = request.resolver_match
    return match.view_name if match else ""


def methods_for(page: str) -> list[str]:
    """Return the methods that a page takes; HEAD is a GET without its body."""
    declared = ACCESS.get(page, {})
    return [*declared, *(["HEAD"] if "GET" in declared else [])]


def roles_for(page: str, method: str) -> Roles:
    """Return who may use the method there; nobody where nothing is declared."""
    return ACCESS.get(page, {}).get("GET" if method == "HEAD" else method, frozenset())


def allows(page: str, method: str, role: str) -> bool:
    """Tell whether the role may use the method there."""
    roles = roles_for(page, method)
    return roles is PUBLIC or role in roles
