"""The company's desk in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from web.navigation import Desk, Group, Item, Work

OF_A_CASE = tuple(
    f"web:company:{name}"
    for name in (
        "case", "section", "evidence", "committee", "substitute", "seal", "check", "receipt", "compare", "move",
    )
)  # fmt: skip

DESK = Desk(
    groups=(
        Group(
            _("Company"),
            (
                Item(
                    "web:company:communities",
                    "building-community",
                    _("My communities"),
                    below=("web:company:new-community",),
                ),
                Item("web:company:nominations", "file-text", _("Nominations"), below=OF_A_CASE),
            ),
        ),
    ),
    work={
        "to_fill_in": Work(_("Fill in and submit the form"), "web:company:case"),
        "to_correct": Work(_("Correct the form and submit it again"), "web:company:case"),
    },
    case="web:company:case",
)
