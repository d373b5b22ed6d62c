"""S-10: the gate of annex 1, as far as the notice gives figures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from nominations.enums import CheckVerdict
from nominations.rules import requirement as rules
from nominations.rules.requirement import Complaints, Evidence, Finding, PenaltyFact
from tests.nominations.factories import REQUIREMENTS
from tests.nominations.stages import form

LAST_DAY = date(2023, 7, 31)
KNOWN = Evidence(
    form=form(),
    last_days={"application_closes": LAST_DAY},
    complaints=Complaints(5, 500),
    complaint_rate_limit=Decimal("0.01"),
)


@dataclass(frozen=True)
class Asked:
    number: int = 1
    check_kind: str = "judged"
    parameters: dict[str, Any] = field(default_factory=dict)


def requirement(number: int) -> Asked:
    return Asked(number, *REQUIREMENTS[number])


def check(number: int, **changes: Any) -> Finding:
    return rules.check(requirement(number), replace(KNOWN, **changes))


def told(finding: Finding) -> list[tuple[str, str]]:
    return [(reason.code, reason.fix) for reason in finding.reasons]


def test_figures_above_the_limits_meet_the_requirement() -> None:
    finding = check(1)

    assert finding.verdict == "met"
    assert finding.reasons == ()
    assert [row["verdict"] for row in finding.facts["figures"]] == ["met", "met", "met"]


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [("90.00", "not_met"), ("90.01", "met"), ("89.99", "not_met"), ("100.00", "met"), ("0", "not_met")],
)
@pytest.mark.parametrize("figure", ["satisfaction_rate", "fee_collection_rate"])
def test_rate_must_lie_above_ninety(figure: str, rate: str, verdict: str) -> None:
    finding = check(1, form=form(figures={figure: rate}))

    assert finding.verdict == verdict
    assert told(finding) == ([] if verdict == "met" else [("figure_not_reached", f"form.figures.{figure}")])


def test_exactly_ninety_fails_the_gate_and_passes_the_item() -> None:
    assert not rules.meets(Decimal("90.00"), ">", Decimal(90))
    assert rules.meets(Decimal("90.00"), ">=", Decimal(90))
    assert not rules.meets(Decimal("89.99"), ">=", Decimal(90))


def test_operator_is_data() -> None:
    asked = Asked(1, "figures", {"figures": [{"figure": "fee_collection_rate", "operator": ">=", "limit": "90"}]})

    at_limit = rules.check(asked, replace(KNOWN, form=form(figures={"fee_collection_rate": "90.00"})))
    below = rules.check(asked, replace(KNOWN, form=form(figures={"fee_collection_rate": "89.99"})))

    assert (at_limit.verdict, below.verdict) == ("met", "not_met")
    with translation.override("en"):
        assert [reason.sentence() for reason in below.reasons] == [
            "“Fee collection (%)” must be at least 90; the form says 89.99."
        ]


def test_missing_figure_leaves_the_requirement_open() -> None:
    finding = check(1, form=form(figures={"satisfaction_rate": None}))

    assert finding.verdict == "open"
    assert told(finding) == [("figure_missing", "form.figures.satisfaction_rate")]


def test_figure_that_the_form_does_not_know_is_called_by_its_code() -> None:
    asked = Asked(1, "figures", {"figures": [{"figure": "renewal_rate", "operator": ">", "limit": "1"}]})

    finding = rules.check(asked, KNOWN)

    assert finding.verdict == "open"
    assert [reason.params for reason in finding.reasons] == [{"figure": "renewal_rate"}]


def test_every_figure_that_falls_short_is_named() -> None:
    finding = check(1, form=form(figures={"satisfaction_rate": "80", "fee_collection_rate": "90.00"}))

    assert told(finding) == [
        ("figure_not_reached", "form.figures.satisfaction_rate"),
        ("figure_not_reached", "form.figures.fee_collection_rate"),
    ]


@pytest.mark.parametrize("lacking", [{"complaints": None}, {"complaint_rate_limit": None}])
def test_complaint_rate_without_the_citys_figures_is_never_met(lacking: dict[str, None]) -> None:
    finding = check(1, **lacking)

    assert finding.verdict == "needs_city_figures"
    assert told(finding) == [("city_figures_missing", "")]


def test_figure_not_reached_weighs_more_than_missing_city_figures() -> None:
    finding = check(1, complaints=None, form=form(figures={"satisfaction_rate": "90.00"}))

    assert finding.verdict == "not_met"


@pytest.mark.parametrize(
    ("complaints", "households", "limit", "verdict"),
    [
        (5, 500, "0.01", "met"),
        (6, 500, "0.01", "not_met"),
        (1, 3, "0.333333333333334", "met"),  # the limit is a third, kept rounded up
        (0, 1, "0", "met"),
        (334, 1000, "0.333333333333334", "not_met"),
    ],
)
def test_complaint_rate_is_compared_exactly(complaints: int, households: int, limit: str, verdict: str) -> None:
    finding = check(1, complaints=Complaints(complaints, households), complaint_rate_limit=Decimal(limit))

    assert finding.verdict == verdict
    assert told(finding) == ([] if verdict == "met" else [("complaint_rate_too_high", "")])


@pytest.mark.parametrize("kind", ["owners_committee", "property_management_committee"])
@pytest.mark.parametrize(
    ("begins", "ends", "verdict"),
    [
        ("2021-06-01", "2026-05-31", "met"),
        ("2023-07-31", "2028-07-30", "met"),
        ("2018-08-01", "2023-07-31", "met"),
        ("2023-08-01", "2028-07-31", "not_met"),
        ("2018-07-31", "2023-07-30", "not_met"),
        (None, "2026-05-31", "open"),
    ],
)
def test_committee_must_be_in_term_on_the_last_day(kind: str, begins: str | None, ends: str, verdict: str) -> None:
    finding = check(4, form=form(committee={"kind": kind, "term_from": begins, "term_until": ends}))

    assert finding.verdict == verdict
    assert told(finding) == ([("committee_out_of_term", "form.committee.term_until")] if verdict == "not_met" else [])


def test_community_without_a_committee_does_not_meet_the_requirement() -> None:
    finding = check(4, form=form(committee={"kind": "none"}))

    assert finding.verdict == "not_met"
    assert told(finding) == [("committee_missing", "form.committee.kind")]


@pytest.mark.parametrize(
    ("days_before", "verdict"), [(364, "not_met"), (365, "not_met"), (366, "met"), (0, "not_met"), (-1, "met")]
)
def test_penalty_counts_for_a_year_back_from_the_last_day(days_before: int, verdict: str) -> None:
    penalty = PenaltyFact(LAST_DAY - timedelta(days=days_before), "示城管罚决字〔2022〕1号")

    finding = check(6, penalties=(penalty,))

    assert finding.verdict == verdict
    assert told(finding) == ([] if verdict == "met" else [("penalty_on_record", "form.company.has_penalty")])
    assert finding.facts["from"] == "2022-07-31"


def test_reason_spells_its_days_out() -> None:
    found = check(
        4, form=form(committee={"kind": "owners_committee", "term_from": "2018-05-01", "term_until": "2020-04-30"})
    )

    with translation.override("zh-hans"):
        assert found.reasons[0].sentence() == "2023年7月31日不在业委会任期内（任期2018年5月1日至2020年4月30日）。"


def test_penalty_declared_by_the_company_counts_without_a_record() -> None:
    finding = check(6, form=form(company={"has_penalty": True}))

    assert told(finding) == [("penalty_declared", "form.company.has_penalty")]


def test_penalty_not_declared_yet_leaves_the_requirement_open() -> None:
    finding = check(6, form=form(company={"has_penalty": None}))

    assert finding.verdict == "open"


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 7, 31), 12, date(2023, 7, 31)),
        (date(2023, 3, 31), 1, date(2023, 2, 28)),
        (date(2023, 1, 15), 1, date(2022, 12, 15)),
        (date(2023, 7, 31), 24, date(2021, 7, 31)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, earlier: date) -> None:
    assert rules.months_before(day, months) == earlier


def test_requirement_without_a_figure_is_for_people() -> None:
    assert rules.check(Asked(), KNOWN) == Finding(CheckVerdict.OPEN)


def test_precheck_answers_for_every_requirement() -> None:
    found = rules.precheck([requirement(number) for number in REQUIREMENTS], KNOWN)

    assert {number: finding.verdict for number, finding in found.items()} == {
        1: "met", 2: "open", 3: "open", 4: "met", 5: "open", 6: "met", 7: "open", 8: "open",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "computed", "judged", "verdict", "source"),
    [
        ("figures", "met", "", "met", "computed"),
        ("figures", "met", "met", "met", "judged"),
        ("figures", "met", "not_met", "not_met", "judged"),
        ("figures", "not_met", "met", "not_met", "computed"),
        ("figures", "needs_city_figures", "met", "needs_city_figures", "computed"),
        ("figures", "needs_city_figures", "not_met", "not_met", "judged"),
        ("figures", "open", "", "open", "computed"),
        ("no_penalty", "met", "", "open", "judged"),
        ("no_penalty", "met", "met", "met", "judged"),
        ("no_penalty", "not_met", "met", "not_met", "computed"),
        ("judged", "open", "", "open", "judged"),
        ("judged", "open", "not_met", "not_met", "judged"),
    ],
)
def test_nobody_judges_away_what_the_figures_say(
    kind: str, computed: str, judged: str, verdict: str, source: str
) -> None:
    assert rules.verdict_of(kind, computed, judged) == (verdict, source)
