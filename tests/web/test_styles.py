"""The style sheets hold what the pages use: a rule that nothing asks for any more is taken out with its last user."""

from __future__ import annotations

import re
from pathlib import Path

from common.services import ROOT

SHEETS = sorted((ROOT / "web" / "static" / "web").glob("*.css"))
ENDINGS = {".html", ".py", ".js", ".svg"}


def classes_in(sheet: Path) -> set[str]:
    return set(re.findall(r"\.((?:jy|is)-[a-z0-9-]+)", sheet.read_text(encoding="utf-8")))


def words_of_pages() -> set[str]:
    """Return every word with a hyphen that a template, a module or a script of the pages holds."""
    files = [path for path in (ROOT / "web").rglob("*") if path.suffix in ENDINGS]
    return {word for path in files for word in re.findall(r"(?:jy|is)-[a-z0-9-]+", path.read_text(encoding="utf-8"))}


def test_no_rule_stands_for_a_class_that_no_page_has() -> None:
    assert sorted(set().union(*map(classes_in, SHEETS)) - words_of_pages()) == []


def test_totals_of_a_printed_table_stand_once_below_its_last_row() -> None:
    rules = (ROOT / "web" / "static" / "web" / "print.css").read_text(encoding="utf-8")

    assert ".jy-print-table tfoot { display: table-row-group; }" in rules


def test_edge_of_a_table_that_goes_on_casts_a_shadow() -> None:
    rules = (ROOT / "web" / "static" / "web" / "kit.css").read_text(encoding="utf-8")

    [layers] = re.findall(r"\.jy-scroll, \.jy-tabs \{\s*background:(.*?);", rules, re.DOTALL)
    assert (layers.count(" local"), layers.count(" scroll"), layers.count("var(--jy-edge)")) == (2, 2, 2)
