"""The last step of a selection at once: thirty places wanted, ten to be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from nominations.models import Campaign, Nomination, Selection
from tests.api.people import Answer, program_of
from tests.api.test_city_papers import WIDE, refusal_codes
from tests.nominations import stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.workflow.races import at_once, elsewhere
from tests.workflow.tampering import place

PLACES, CONTESTED = 10, 30


@pytest.mark.usefixtures("committed")
def test_thirty_parallel_approvals_for_ten_places_make_ten() -> None:
    def scene() -> tuple[list[Callable[[], Answer]], Campaign]:
        world = stages.programme(places=PLACES, **WIDE)
        cases = [place(stages.drafted(world), "evaluated") for _ in range(CONTESTED)]
        chosen = Selection.objects.create(
            campaign=world.campaign,
            preparer_id=world.city_reviewer.person_id,
            stream=world.campaign.stream,
            created_at=EVALUATING_AT,
            updated_at=EVALUATING_AT,
        )
        for rank, case in enumerate(cases, start=1):
            chosen.rows.create(nomination=case, rank=rank, outcome="shortlist")
        place(chosen, "approved", approved_at=EVALUATING_AT)
        head = program_of(world.city_approver)
        calls: list[Callable[[], Answer]] = [
            partial(head.post, f"nominations/{case.pk}/transitions/", {"name": "shortlist", "comment": "同意。"})
            for case in cases
        ]
        return calls, world.campaign

    calls, campaign = elsewhere(scene)

    answers = at_once(calls)

    campaign.refresh_from_db()
    held = Nomination.objects.filter(state="shortlisted").count()
    statuses = Counter(answer.status if isinstance(answer, Answer) else repr(answer) for answer in answers)
    reasons = [code for answer in answers if isinstance(answer, Answer) for code in refusal_codes(answer)]
    assert statuses == {200: PLACES, 422: CONTESTED - PLACES}
    assert Counter(reasons) == {"places_exhausted": CONTESTED - PLACES}
    assert (campaign.places_taken, held) == (PLACES, PLACES)
