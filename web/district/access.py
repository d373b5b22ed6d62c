"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import DISTRICT, DISTRICT_APPROVER, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:district:queue": {"GET": DISTRICT},
    "web:district:queue-export": {"GET": DISTRICT},
    "web:district:queue-print": {"GET": DISTRICT},
    "web:district:queue-filters": {"POST": DISTRICT},
    "web:district:bulk": {"POST": DISTRICT},
    "web:district:case": {"GET": DISTRICT},
    "web:district:case-claim": {"POST": DISTRICT},
    "web:district:case-release": {"POST": DISTRICT},
    "web:district:case-hand-over": {"POST": DISTRICT_APPROVER},
    "web:district:case-save": {"POST": DISTRICT},
    "web:district:case-evidence": {"POST": DISTRICT},
    "web:district:inspection-photo": {"POST": DISTRICT},
    "web:district:case-scores": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:case-scores-print": {"GET": DISTRICT},
    "web:district:case-complete": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:case-reopen": {"GET": DISTRICT_APPROVER, "POST": DISTRICT_APPROVER},
    "web:district:case-move": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:case-file": {"GET": DISTRICT},
    "web:district:case-look": {"GET": DISTRICT},
    "web:district:third-party": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:third-party-record": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:honors": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:honors-record": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:publicity": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:publicity-record": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:practices": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:practices-record": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:summaries": {"GET": DISTRICT},
    "web:district:summary": {"GET": DISTRICT},
    "web:district:summary-rank": {"POST": DISTRICT},
    "web:district:summary-order": {"POST": DISTRICT},
    "web:district:summary-prepare": {"POST": DISTRICT},
    "web:district:summary-seal": {"POST": DISTRICT},
    "web:district:summary-move": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:summary-print": {"GET": DISTRICT},
    "web:district:summary-row": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:summary-describe": {"POST": DISTRICT},
    "web:district:summary-file": {"GET": DISTRICT},
    "web:district:work-reports": {"GET": DISTRICT},
    "web:district:work-report": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:work-report-files": {"POST": DISTRICT},
    "web:district:work-report-file": {"GET": DISTRICT},
    "web:district:work-report-move": {"GET": DISTRICT, "POST": DISTRICT},
    "web:district:work-report-print": {"GET": DISTRICT},
}
