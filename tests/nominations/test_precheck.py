"""S-10: the company sees how it stands to annex 1 while it types."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nominations.queries.company import precheck_of
from nominations.queries.requirement import findings_of, last_days
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from workflow.errors import NotFound


def verdicts(programme: Programme, nomination: Any, **sections: Any) -> dict[int, str]:
    found = precheck_of(nomination.pk, actor=programme.company.editor, sections=sections)
    return {requirement.number: finding.verdict.value for requirement, finding in found}


def test_stored_form_is_checked(programme: Programme) -> None:
    nomination = stages.filled_in(programme)

    found = verdicts(programme, nomination)

    assert found == {1: "met", 2: "open", 3: "open", 4: "met", 5: "open", 6: "met", 7: "open", 8: "open"}
    assert {number: finding.verdict for number, finding in findings_of(nomination).items()} == found


def test_what_is_being_typed_is_checked_and_not_saved(programme: Programme) -> None:
    nomination = stages.filled_in(programme)

    typed = verdicts(programme, nomination, figures={"satisfaction_rate": "90.00"}, committee={"kind": "none"})

    assert (typed[1], typed[4]) == ("not_met", "not_met")
    assert stages.reloaded(nomination).form == nomination.form


@pytest.mark.parametrize("value", ["abc", "", None, "101", 90.5])
def test_entry_that_cannot_be_taken_counts_as_not_given(programme: Programme, value: Any) -> None:
    nomination = stages.filled_in(programme)

    assert (
        verdicts(programme, nomination, figures={"satisfaction_rate": value}, weather={"rain": 1}, party="x")[1]
        == "open"
    )


def test_penalty_of_the_company_counts_for_each_of_its_communities(programme: Programme) -> None:
    nomination = stages.filled_in(programme)
    factories.PenaltyFactory.create(company=programme.company.office, decided_on=date(2022, 8, 1))

    assert verdicts(programme, nomination)[6] == "not_met"


def test_last_days_are_those_of_the_city(programme: Programme) -> None:
    assert last_days(programme.campaign) == {
        "application_closes": date(2023, 7, 31),
        "district_closes": date(2023, 8, 5),
        "evaluation_closes": date(2023, 8, 31),
        "work_report_closes": date(2023, 8, 31),
        "report_closes": date(2023, 9, 15),
    }


def test_form_of_another_company_is_not_found(programme: Programme) -> None:
    nomination = stages.filled_in(programme)

    with pytest.raises(NotFound):
        precheck_of(nomination.pk, actor=programme.companies[1].admin)
