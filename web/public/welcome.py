"""What the product is, for whoever comes without having signed in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from web.kit import Step

# The spine of the table of moves, with whose turn it is.
STEPS = (
    Step("is-future", _("Self-recommendation")),
    Step("is-future", _("District review")),
    Step("is-future", _("Recommendation to the city")),
    Step("is-future", _("Evaluation in the communities")),
    Step("is-future", _("Selection")),
    Step("is-future", _("Report to the province")),
)
OFFICES = (
    (_("Property service company"), _("fills in the form, has it sealed, submits it and corrects it where asked")),
    (_("Owners' committee"), _("confirms the text of the form on a telephone, or says why not")),
    (_("District bureau"), _("checks, scores, recommends and sends one sealed table to the city")),
    (_("City bureau"), _("has panels evaluate on site, ranks, selects, reports to the province")),
    (_("Evaluators"), _("score 25 items on site, each for themselves")),
    (_("Auditors"), _("read everything and verify that nothing was altered")),
)


def welcome() -> dict[str, Any]:
    """Return what the first page shows a stranger."""
    return {"steps": STEPS, "offices": OFFICES}
