"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import AUDITOR, CITY, CITY_APPROVER, CITY_READERS, CITY_REVIEWER, Roles

# Who might be asked to evaluate, and who was, is the city's own and its auditor's business.
CITY_AUDITED: Roles = CITY | AUDITOR

# What the reviewer enters too, about one case each; the other records are the districts' own.
OF_A_CASE = ("third-party", "honors")
RECORDS = ("publicity", "practices", *OF_A_CASE)

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
    "web:city:sheet": {"GET": CITY_READERS},
    "web:city:sheet-photo": {"GET": CITY_READERS},
    "web:city:sheet-unlock": {"GET": CITY_APPROVER, "POST": CITY_APPROVER},
    "web:city:pool": {"GET": CITY_AUDITED},
    "web:city:pool-table": {"GET": CITY_AUDITED, "POST": CITY_AUDITED},
    "web:city:evaluator": {"GET": CITY_AUDITED},
    "web:city:evaluator-new": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:evaluator-change": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:evaluator-suspend": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:evaluator-resume": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:evaluator-confirm": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:declaration-lift": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    **{f"web:city:{kind}": {"GET": CITY_READERS} for kind in RECORDS},
    **{f"web:city:{kind}-table": {"GET": CITY_READERS, "POST": CITY_READERS} for kind in RECORDS},
    **{f"web:city:{kind}-record": {"GET": CITY_READERS} for kind in RECORDS},
    **{f"web:city:{kind}-new": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER} for kind in OF_A_CASE},
    **{f"web:city:{kind}-change": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER} for kind in OF_A_CASE},
    "web:city:third-party-reports": {"POST": CITY_REVIEWER},
    "web:city:third-party-report": {"GET": CITY_READERS},
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
