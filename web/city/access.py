"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import CITY, CITY_READERS, CITY_REVIEWER, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:city:overview": {"GET": CITY_READERS},
    "web:city:cases": {"GET": CITY_READERS},
    "web:city:cases-export": {"GET": CITY_READERS},
    "web:city:case": {"GET": CITY_READERS},
    "web:city:case-move": {"GET": CITY, "POST": CITY},
    "web:city:case-file": {"GET": CITY_READERS},
    "web:city:visit-record": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:discrepancy": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:veto": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:papers": {"GET": CITY_READERS},
    "web:city:summary": {"GET": CITY_READERS},
    "web:city:summary-move": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:summary-file": {"GET": CITY_READERS},
    "web:city:work-report": {"GET": CITY_READERS},
    "web:city:work-report-move": {"GET": CITY_REVIEWER, "POST": CITY_REVIEWER},
    "web:city:work-report-file": {"GET": CITY_READERS},
}
