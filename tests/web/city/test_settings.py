"""The campaign's terms, extensions by two people, and the import of complaint figures."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.instants import local_date
from nominations.enums import Window
from nominations.models import ComplaintFigure, Extension
from tests.api.conftest import running_calendar
from tests.nominations import stages
from tests.nominations.stages import Programme
from tests.web.city.offices import HOSTILE, desk, queries_with_more, read

pytestmark = pytest.mark.django_db
LIST = "小区名称,户数,投诉件数\n栖云雅苑,1000,2\n桂香里,500,1\n"


@pytest.fixture
def running(db: None) -> Programme:
    """Return a programme whose periods are still open."""
    return stages.programme(**running_calendar())


def wish(**changed: str) -> dict[str, str]:
    """Return the form of an extension."""
    day = local_date(timezone.now() + timedelta(days=300))
    return {"window": "district", "whom": "", "until": day.isoformat(), "reason": "防汛应急。"} | changed


def prepared(programme: Programme) -> Extension:
    """Return an extension that waits for approval."""
    return Extension.objects.create(
        campaign=programme.campaign,
        window=Window.DISTRICT,
        district=programme.bureau.office,
        until=programme.campaign.district_closes_at + timedelta(days=3),
        reason="防汛应急。",
        prepared_by_id=programme.city_reviewer.person_id,
        prepared_at=timezone.now(),
    )


def listing(text: str = LIST) -> SimpleUploadedFile:
    """Return a list of complaints."""
    return SimpleUploadedFile("投诉.csv", text.encode(), content_type="text/csv")


@pytest.mark.parametrize("who", ["city_reviewer", "city_approver", "auditor", "province_viewer"])
def test_settings_show_the_terms_to_every_reader(programme: Programme, who: str) -> None:
    page = read(desk(getattr(programme, who)), "web:city:settings")

    assert [text in page for text in (programme.campaign.legal_basis, programme.bureau.office.name)] == [True, True]


def test_settings_take_one_number_of_queries(programme: Programme) -> None:
    few, many = queries_with_more(
        desk(programme.city_reviewer), reverse("web:city:settings"), lambda: prepared(programme)
    )

    assert few == many


def test_extension_is_prepared_by_one_and_approved_by_another(running: Programme) -> None:
    whom = f"district:{running.bureau.office.pk}"

    answer = desk(running.city_reviewer).post(reverse("web:city:extension-new"), wish(whom=whom))
    [extension] = Extension.objects.all()
    asked = read(desk(running.city_approver), "web:city:extension", extension.pk)
    desk(running.city_approver).post(reverse("web:city:extension", args=[extension.pk]))

    extension.refresh_from_db()
    assert answer.headers["Location"] == reverse("web:city:extension", args=[extension.pk])
    assert "相应顺延 1 件的办理时限" in asked
    assert extension.approved_by_id == running.city_approver.user_id


@pytest.mark.parametrize(
    ("field", "value"),
    [("window", ""), ("until", "2020-01-01"), ("until", "明天"), ("reason", " "), ("whom", "district:x")],
)
def test_extension_that_cannot_be_comes_back_with_the_words_at_the_field(
    running: Programme, field: str, value: str
) -> None:
    answer = desk(running.city_reviewer).post(reverse("web:city:extension-new"), wish(**{field: value}))

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.content.decode()
    assert not Extension.objects.exists()


def test_extension_for_a_foreign_district_is_not_found(running: Programme) -> None:
    foreign = stages.programme().bureau.office.pk

    answers = [
        desk(running.city_reviewer).post(reverse("web:city:extension-new"), wish(whom=f"district:{pk}"))
        for pk in (foreign, uuid4())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_extension_of_another_city_is_not_found(programme: Programme) -> None:
    extension = prepared(stages.programme())
    client, address = desk(programme.city_approver), reverse("web:city:extension", args=[extension.pk])

    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_extension_is_not_approved_twice(programme: Programme) -> None:
    extension = prepared(programme)
    client, address = desk(programme.city_approver), reverse("web:city:extension", args=[extension.pk])
    client.post(address)

    answer = client.post(address)

    assert answer.status_code == 422


def test_reason_is_shown_as_text(programme: Programme) -> None:
    extension = prepared(programme)
    Extension.objects.filter(pk=extension.pk).update(reason=HOSTILE)

    page = read(desk(programme.city_reviewer), "web:city:extension", extension.pk)

    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_complaints_are_tried_first_and_nothing_is_written(programme: Programme) -> None:
    programme.community(name="栖云雅苑")
    address = reverse("web:city:complaints", args=[programme.campaign.pk])

    answer = desk(programme.city_reviewer).post(address, {"file": listing()})

    page = answer.content.decode()
    told = ("清单可以导入，尚未写入", "已匹配小区", "计入，本系统无此小区", "栖云雅苑", "桂香里")
    assert [text in page for text in told] == [True] * len(told)
    assert not ComplaintFigure.objects.filter(community_name="桂香里").exists()


def test_lines_that_were_tried_are_written_without_choosing_the_file_again(programme: Programme) -> None:
    client, address = desk(programme.city_reviewer), reverse("web:city:complaints", args=[programme.campaign.pk])
    tried = client.post(address, {"file": listing()}).context["tried"]

    answer = client.post(address, {"tried": tried.replace("\n", "\r\n")})

    assert answer.headers["Location"] == f"{address}?written=2"
    assert ComplaintFigure.objects.filter(campaign=programme.campaign).count() == 2


def test_lines_that_were_altered_on_the_way_are_judged_again(programme: Programme) -> None:
    client, address = desk(programme.city_reviewer), reverse("web:city:complaints", args=[programme.campaign.pk])
    tried = client.post(address, {"file": listing()}).context["tried"]

    answer = client.post(address, {"tried": tried + "桂香里,零,1\n"})

    assert (answer.status_code, "未写入" in answer.content.decode()) == (422, True)
    assert not ComplaintFigure.objects.filter(community_name="桂香里").exists()


def test_line_that_cannot_be_taken_keeps_everything_out(programme: Programme) -> None:
    address = reverse("web:city:complaints", args=[programme.campaign.pk])

    answer = desk(programme.city_reviewer).post(address, {"file": listing(LIST + f"{HOSTILE},零,1\n")})

    page = answer.content.decode()
    assert (answer.status_code, HOSTILE in page, "未写入" in page) == (422, False, True)
    assert not ComplaintFigure.objects.filter(community_name="桂香里").exists()


@pytest.mark.parametrize("sent", [{}, {"file": listing("没有表头")}])
def test_list_that_cannot_be_read_is_told_at_the_field(
    programme: Programme, sent: dict[str, SimpleUploadedFile]
) -> None:
    address = reverse("web:city:complaints", args=[programme.campaign.pk])

    answer = desk(programme.city_reviewer).post(address, sent)

    assert answer.status_code == 422
    assert 'href="#f-file"' in answer.content.decode()


def test_terms_are_previewed_before_they_change(programme: Programme) -> None:
    client = desk(programme.city_approver)
    address = reverse("web:city:terms", args=[programme.campaign.pk])
    before = programme.campaign.places

    shown = client.post(address, {"places": str(before + 1)})
    programme.campaign.refresh_from_db()
    untouched = programme.campaign.places
    changed = client.post(address, {"places": str(before + 1), "reason": "名额增加。", "step": "change"})

    programme.campaign.refresh_from_db()
    assert ["以下规则将变更" in shown.content.decode(), untouched] == [True, before]
    assert (changed.status_code, programme.campaign.places) == (302, before + 1)
    assert "名额增加。" in read(client, "web:city:settings")


@pytest.mark.parametrize("value", ["", "-1", "1.5", "１２", "99999", "x"])
def test_term_that_is_no_number_is_told_at_its_field(programme: Programme, value: str) -> None:
    answer = desk(programme.city_approver).post(
        reverse("web:city:terms", args=[programme.campaign.pk]), {"places": value}
    )

    assert answer.status_code == 422
    assert 'href="#f-places"' in answer.content.decode()


def test_terms_of_another_city_are_not_found(programme: Programme) -> None:
    foreign = stages.programme().campaign

    assert desk(programme.city_approver).get(reverse("web:city:terms", args=[foreign.pk])).status_code == 404
