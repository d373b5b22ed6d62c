"""A score sheet, item by item: where every figure of a ranking leads, once the whole panel has handed in."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attachments import operations as attachments
from attachments.models import Attachment
from evaluation import operations as evaluation
from evaluation.models import ScoreSheet
from evaluation.queries import outline_of
from evaluation.scoring import Mark
from nominations.models import Assignment, Nomination
from nominations.operations import assignment as assignments
from nominations.operations.ranking import freeze_ranking
from nominations.operations.sheets import attach_photo
from tests.nominations import city_stages, stages
from tests.nominations.city_stages import EVALUATING_AT
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, read

pytestmark = pytest.mark.django_db


def handed_in(programme: Programme) -> Nomination:
    """Return a community of which everybody on the panel has handed in."""
    case = city_stages.recommended(programme)
    city_stages.received(programme)
    return city_stages.assessed(programme, case, [Decimal(points) for points in ("9", "8", "7.5")])


def sheet_of(case: Nomination) -> ScoreSheet:
    sheet = Assignment.objects.filter(nomination=case.pk).order_by("pk")[0].sheet
    assert sheet is not None
    return sheet


def at_work(programme: Programme, *, remark: str = "一般") -> tuple[Nomination, Assignment, Attachment]:
    """Return a community on whose panel one has begun, with a photo for the first item."""
    case = city_stages.recommended(programme)
    city_stages.received(programme)
    person = city_stages.evaluator(programme)
    made = assignments.assign_evaluator(
        nomination_id=case.pk, evaluator_id=person.person_id, actor=programme.city_reviewer, at=EVALUATING_AT
    )
    assignments.accept_assignment(assignment_id=made.pk, actor=person, at=EVALUATING_AT)
    sheet = assignments.open_panel_sheet(assignment_id=made.pk, actor=person, at=EVALUATING_AT)
    shot, _is_new = attach_photo(
        sheet_id=sheet.pk, label="现场", upload=city_stages.photo(), actor=person, at=EVALUATING_AT
    )
    entries = [
        evaluation.Entry(leaf.item.id, Mark(Decimal("5.5"), remark=remark, photo_id=shot.pk))
        for leaf in outline_of(sheet.standard_id).leaves()
    ]
    evaluation.save_scores(sheet_id=sheet.pk, scorer_id=person.person_id, entries=entries, at=EVALUATING_AT)
    made.refresh_from_db()
    return case, made, shot


def test_sheet_shows_every_item_with_its_points_and_the_arithmetic(programme: Programme) -> None:
    case = handed_in(programme)
    sheet = sheet_of(case)

    page = read(desk(programme.city_approver), "web:city:sheet", sheet.pk)

    assert page.count('<th scope="row">') == 25
    assert [f"{sheet.total}" in page, "与摘要相符" in page, case.community.name in page] == [True] * 3
    assert 'id="group-4"' in page


def test_every_figure_of_an_explanation_leads_on(programme: Programme) -> None:
    case = handed_in(programme)
    freeze_ranking(campaign_id=programme.campaign.pk, actor=programme.city_reviewer, at=timezone.now())
    client = desk(programme.province_viewer)

    page = read(client, "web:city:ranking-explained", programme.campaign.pk, case.pk).partition("<main")[2]

    figures = re.findall(r"<td[^>]*jy-num[^>]*>(.*?)</td>", page, re.DOTALL)
    own = page.partition('class="is-selected"')[2].partition("</tr>")[0]
    plain = [figure for figure in figures if "<a " not in figure and figure not in own]
    assert (plain, len(figures) > 20) == ([], True)
    for sheet_id in Assignment.objects.filter(nomination=case.pk).values_list("sheet", flat=True):
        address = reverse("web:city:sheet", args=[sheet_id])
        assert f'href="{address}#group-3"' in page
        assert "排名依据" in client.get(address).content.decode()


def test_no_sheet_is_shown_before_the_whole_panel_has_handed_in(programme: Programme) -> None:
    case, made, shot = at_work(programme)
    city_stages.scored(programme, case, city_stages.NINE)
    other = Assignment.objects.filter(nomination=case.pk).exclude(pk=made.pk).get()
    client = desk(programme.city_approver)

    sheets = [client.get(reverse("web:city:sheet", args=[one])) for one in (made.sheet_id, other.sheet_id)]
    photo = client.get(reverse("web:city:sheet-photo", args=[made.sheet_id, shot.pk]))

    assert [answer.status_code for answer in (*sheets, photo)] == [404] * 3


def test_photo_of_an_item_is_shown_once_it_has_passed_its_check(programme: Programme) -> None:
    _case, made, shot = at_work(programme, remark=HOSTILE)
    attachments.inspect(attachment_id=shot.pk, at=timezone.now())
    evaluation.hand_in(sheet_id=made.sheet_id, scorer_id=made.evaluator_id, at=EVALUATING_AT)
    client, address = desk(programme.city_reviewer), reverse("web:city:sheet-photo", args=[made.sheet_id, shot.pk])

    page = read(client, "web:city:sheet", made.sheet_id)
    taken: Any = client.get(address)
    content = b"".join(taken.streaming_content)

    assert (page.count(f'src="{address}"'), HOSTILE in page, content[:2]) == (25, False, b"\xff\xd8")


def test_sheet_of_another_city_is_not_found(programme: Programme) -> None:
    foreign = sheet_of(handed_in(stages.programme()))

    answer = desk(programme.city_reviewer).get(reverse("web:city:sheet", args=[foreign.pk]))

    assert answer.status_code == 404


def test_sheet_takes_one_number_of_queries_however_long_the_ranking(programme: Programme) -> None:
    counts = []
    cases = [city_stages.recommended(programme) for _number in range(3)]
    city_stages.received(programme)
    client = desk(programme.city_reviewer)
    for number, case in enumerate(cases):
        city_stages.assessed(programme, case, [Decimal(9)] * 3)
        if number in {0, 2}:
            client.get(reverse("web:city:sheet", args=[sheet_of(case).pk]))
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("web:city:sheet", args=[sheet_of(case).pk]))
            counts.append(len(asked))

    assert counts[0] == counts[1]
