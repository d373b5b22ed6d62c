"""Several campaigns at once: each desk tells them apart, and leads from one to the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from nominations.models import Campaign
from tests.api.conftest import running_calendar
from tests.nominations import factories, stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in
from web.campaigns import short_names

pytestmark = pytest.mark.django_db
OTHER = "“文明楼院”选树活动"


@pytest.fixture
def programme(db: None) -> Programme:
    return stages.programme(**running_calendar())


def another(programme: Programme) -> Campaign:
    """Open a second campaign of the city, in which the first bureau takes part too."""
    made = factories.CampaignFactory.create(city=programme.campaign.city, title=OTHER, **running_calendar())
    factories.CampaignDistrictFactory.create(campaign=made, district=programme.bureau.office)
    return made


def page(client: Client, address: str) -> str:
    """Return what a page says, led on as a browser is."""
    return client.get(address, follow=True).content.decode()


def test_company_sees_for_each_community_what_it_can_be_nominated_for(programme: Programme) -> None:
    programme.community()
    client = signed_in(programme.company.admin.user_id)
    alone = page(client, reverse("web:company:communities"))
    second = another(programme)

    both = page(client, reverse("web:company:communities"))

    assert (alone.count('name="campaign"'), both.count('name="campaign"')) == (1, 2)
    assert both.count(OTHER) == 1 + 2  # the head, the row, and the button for who does not see it
    assert f'value="{second.pk}"' in both


@pytest.mark.parametrize("name", ["summaries", "work-reports"])
def test_district_comes_from_one_paper_to_that_of_the_other_campaign(programme: Programme, name: str) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)
    assert "jy-tabs" not in page(client, reverse(f"web:district:{name}"))
    other = replace(programme.bureau, campaign=another(programme))
    paper = {"summaries": ("summary", other.summary), "work-reports": ("work-report", other.work_report)}[name]

    shown = page(client, reverse(f"web:district:{name}"))

    address = reverse(f"web:district:{paper[0]}", args=[paper[1].pk])
    assert f'href="{address}"' in shown
    assert OTHER in page(client, address)


def test_navigation_of_the_city_stays_with_the_campaign(programme: Programme) -> None:
    second = another(programme)
    client = signed_in(programme.city_reviewer.user_id)

    shown = page(client, f"{reverse('web:city:panels')}?campaign={second.pk}")

    for name in ("overview", "cases", "papers", "visits", "ranking", "selections", "report-current", "settings"):
        assert f'href="{reverse(f"web:city:{name}")}?campaign={second.pk}"' in shown
    assert f'href="{reverse("web:city:panels")}"' in page(client, reverse("web:city:cases"))


def test_report_leads_to_that_of_the_other_campaign(programme: Programme) -> None:
    second = another(programme)
    client = signed_in(programme.city_reviewer.user_id)

    shown = page(client, f"{reverse('web:city:report-current')}?campaign={programme.campaign.pk}")

    assert f'href="{reverse("web:city:report-current")}?campaign={second.pk}"' in shown


def test_what_waits_names_its_campaign_where_there_are_several(programme: Programme) -> None:
    client = signed_in(programme.bureau.reviewer.user_id)
    alone = page(client, "/").partition("jy-rail")[0]  # beside the list stands the picture of one campaign
    another(programme)

    both = page(client, "/").partition("jy-rail")[0]

    assert (programme.campaign.title in alone, "工作报告" in alone) == (False, True)
    assert (both.count(programme.campaign.title), both.count(OTHER)) == (1, 1)


def test_queue_of_the_district_tells_its_campaigns_apart(programme: Programme) -> None:
    second = another(programme)

    shown = page(signed_in(programme.bureau.reviewer.user_id), reverse("web:district:queue"))

    names = short_names([second, programme.campaign])
    assert [f">{name}</option>" in shown for name in names] == [True, True]
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ([(2023, "a", "“美好家园”活动"), (2024, "b", "“美好家园”活动")], ["2023", "2024"]),
        ([(2023, "a", "“美好家园”活动"), (2023, "b", "“绿色社区”活动")], ["2023 美好家园", "2023 绿色社区"]),
        ([(2023, "a", "活动"), (2023, "b", "活动（续）")], ["2023 活动", "2023 （续）"]),
        ([(2023, "a", "活动"), (2023, "b", "活动")], ["2023 a", "2023 b"]),
        (
            [(2023, "a", "物业"), (2023, "b", "共建共治共享幸福和谐美好家园")],
            ["2023 物业", "2023 共建共治共享幸福和谐美…"],
        ),
    ],
)
def test_tab_says_the_year_and_what_tells_campaigns_of_one_year_apart(
    named: list[tuple[int, str, str]], words: list[str]
) -> None:
    campaigns = [Campaign(year=year, code=code, title=title) for year, code, title in named]

    assert short_names(campaigns) == words


def test_tab_keeps_the_whole_title_as_its_name(programme: Programme) -> None:
    second = another(programme)
    client = signed_in(programme.city_reviewer.user_id)

    shown = page(client, reverse("web:city:overview"))

    assert f'title="{second.year} {second.title}"' in shown
    assert f"> {second.year} {second.title}</span>" in shown
