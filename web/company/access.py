"""Who may open the company's pages, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import COMPANY, COMPANY_ADMIN, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:company:communities": {"GET": COMPANY},
    "web:company:communities-table": {"GET": COMPANY, "POST": COMPANY},
    "web:company:new-community": {"GET": COMPANY, "POST": COMPANY},
    "web:company:start": {"POST": COMPANY},
    "web:company:nominations": {"GET": COMPANY},
    "web:company:nominations-table": {"GET": COMPANY, "POST": COMPANY},
    "web:company:case": {"GET": COMPANY},
    "web:company:section": {"GET": COMPANY, "POST": COMPANY},
    "web:company:evidence": {"GET": COMPANY, "POST": COMPANY},
    "web:company:file": {"GET": COMPANY},
    "web:company:remove-file": {"POST": COMPANY},
    "web:company:committee": {"GET": COMPANY, "POST": COMPANY},
    "web:company:substitute": {"POST": COMPANY_ADMIN},
    "web:company:seal": {"GET": COMPANY, "POST": COMPANY},
    "web:company:check": {"GET": COMPANY, "POST": COMPANY_ADMIN},
    "web:company:receipt": {"GET": COMPANY},
    "web:company:print": {"GET": COMPANY},
    "web:company:compare": {"GET": COMPANY},
    "web:company:move": {"GET": COMPANY_ADMIN, "POST": COMPANY_ADMIN},
}
