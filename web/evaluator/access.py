"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import EVALUATOR, PUBLIC, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:evaluator:worker": {"GET": PUBLIC},
    "web:evaluator:device": {"GET": EVALUATOR},
    "web:evaluator:visits": {"GET": EVALUATOR},
    "web:evaluator:calendar": {"GET": EVALUATOR, "POST": EVALUATOR},
    "web:evaluator:revoke-calendar": {"GET": EVALUATOR, "POST": EVALUATOR},
    "web:evaluator:assignment": {"GET": EVALUATOR},
    "web:evaluator:accept": {"POST": EVALUATOR},
    "web:evaluator:decline": {"GET": EVALUATOR, "POST": EVALUATOR},
    "web:evaluator:conflict": {"GET": EVALUATOR, "POST": EVALUATOR},
    "web:evaluator:item": {"GET": EVALUATOR, "POST": EVALUATOR},
    "web:evaluator:photo": {"GET": EVALUATOR},
    "web:evaluator:hand-in": {"GET": EVALUATOR, "POST": EVALUATOR},
    "web:evaluator:paper": {"GET": EVALUATOR},
}
