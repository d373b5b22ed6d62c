"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import AUDITOR, CITY, CITY_APPROVER, CITY_READERS, CITY_REVIEWER, Roles

# Who might be asked to evaluate, and who was, is the city's own and its auditor's business.
CITY_AUDITED: Roles = CITY | AUDITOR

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:city:overview": {"GET": CITY_READERS},
    "web:city:overview-table": {"GET": CITY_READERS, "POST": CITY_READERS},
    "web:city:cases": {"GET": CITY_READERS},
    "web:city:cases-table": {"GET": CITY_READERS, "POST": CITY_READERS},
    "web:city:case": {"GET": CITY_READERS},
    "web:city:case-move": {"GET": CITY, "POST": CITY},
    "web:city:case-file": {"GET": CITY_READERS},
    "web:city:visit-record": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:discrepancy": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:veto": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:papers": {"GET": CITY_READERS},
    "web:city:papers-table": {"GET": CITY_READERS, "POST": CITY_READERS},
    "web:city:summary": {"GET": CITY_READERS},
    "web:city:summary-move": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:summary-file": {"GET": CITY_READERS},
    "web:city:work-report": {"GET": CITY_READERS},
    "web:city:work-report-move": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:work-report-file": {"GET": CITY_READERS},
    "web:city:panels": {"GET": CITY_AUDITED},
    "web:city:panels-table": {"GET": CITY_AUDITED, "POST": CITY_AUDITED},
    "web:city:panels-propose": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:proposal": {"GET": CITY_AUDITED, "POST": CITY_REVIEWER},
    "web:city:proposal-deploy": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:assignment-release": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:visits": {"GET": CITY_AUDITED, "POST": CITY_REVIEWER},
    "web:city:visits-table": {"GET": CITY_AUDITED, "POST": CITY_AUDITED},
    "web:city:visit-move": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:visit-cancel": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:visit-findings": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:finding": {"GET": CITY, "POST": CITY_REVIEWER},
    "web:city:sheet-unlock": {"GET": CITY_APPROVER, "POST": CITY_APPROVER},
    "web:city:ranking": {"GET": CITY_READERS},
    "web:city:ranking-freeze": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:ranking-table": {"GET": CITY_READERS, "POST": CITY_READERS},
    "web:city:ranking-export": {"POST": CITY_READERS},
    "web:city:ranking-explained": {"GET": CITY_READERS},
    "web:city:diagnostics": {"GET": CITY_READERS},
    "web:city:selections": {"GET": CITY_READERS},
    "web:city:selection-begin": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:selection": {"GET": CITY_READERS, "POST": CITY_REVIEWER},
    "web:city:selection-table": {"GET": CITY_READERS, "POST": CITY_READERS},
    "web:city:selection-move": {"GET": CITY, "POST": CITY},
    "web:city:report-current": {"GET": CITY_READERS},
    "web:city:report": {"GET": CITY_READERS, "POST": CITY_REVIEWER},
    "web:city:report-move": {"GET": CITY_APPROVER, "POST": CITY_APPROVER},
    "web:city:report-file": {"GET": CITY_READERS},
    "web:city:titles": {"GET": CITY_READERS},
    "web:city:titles-table": {"GET": CITY_READERS, "POST": CITY_READERS},
    "web:city:terms": {"GET": CITY_APPROVER, "POST": CITY_APPROVER},
    "web:city:settings": {"GET": CITY_READERS},
    "web:city:extension-new": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:extension": {"GET": CITY, "POST": CITY_APPROVER},
    "web:city:complaints": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
}
