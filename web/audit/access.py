"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import AUDITOR, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:audit:events": {"GET": AUDITOR},
    "web:audit:events-table": {"GET": AUDITOR, "POST": AUDITOR},
    "web:audit:export": {"POST": AUDITOR},
    "web:audit:event": {"GET": AUDITOR},
    "web:audit:verification": {"GET": AUDITOR, "POST": AUDITOR},
    "web:audit:sign-ins": {"GET": AUDITOR},
    "web:audit:sign-ins-table": {"GET": AUDITOR, "POST": AUDITOR},
    "web:audit:grants": {"GET": AUDITOR},
    "web:audit:grants-table": {"GET": AUDITOR, "POST": AUDITOR},
    "web:audit:exports": {"GET": AUDITOR},
    "web:audit:exports-table": {"GET": AUDITOR, "POST": AUDITOR},
}
