"""The administration keeps reference data, and no state is editable in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization, User
from nominations.models import Campaign, Community, Evaluator
from nominations.operations.campaign import CampaignInUse, change_terms, load_campaign
from nominations.operations.nomination import start_nomination
from nominations.presets import preset_content
from tests.nominations import city_stages, stages
from tests.nominations.factories import CommunityFactory, MembershipFactory, OrganizationFactory, UserFactory, actor
from workflow.models import Deadline, Event, WorkflowModel

pytestmark = pytest.mark.django_db
OPENS = datetime(2023, 7, 10, 1, tzinfo=UTC)
UNTOUCHABLE = {"state", "version", "sequence", "stream", "digest", "source_digest", "places_taken", "recommended_count"}


def administrator(role: Role = Role.SYSTEM_ADMIN, **user: Any) -> User:
    """Return a person who holds an administrator role and may enter the administration."""
    operator = OrganizationFactory.create(kind=OrganizationKind.OPERATOR)
    person: User = UserFactory.create(is_staff=True, **user)
    MembershipFactory.create(user=person, organization=operator, role=role)
    return person


def signed_in(person: User) -> Client:
    """Return a browser in which the person has signed in."""
    client = Client()
    client.force_login(person)
    return client


def request_of(person: User) -> HttpRequest:
    """Return a request of the person."""
    request = RequestFactory().get("/admin/")
    request.user = person
    return request


def loaded() -> Campaign:
    """Return a campaign in which nothing has happened yet."""
    return load_campaign(source=preset_content("luan_2023"), at=OPENS).campaign


def begin_work_in(campaign: Campaign) -> None:
    """Let a company start a nomination."""
    community: Community = CommunityFactory.create(authority=campaign.districts.order_by("pk")[0].district)
    company = actor(Role.COMPANY_ADMIN, community.company)
    start_nomination(campaign_id=campaign.pk, community_id=community.pk, actor=company, at=OPENS)


def terms_of(client: Client, campaign: Campaign) -> dict[str, Any]:
    """Return the fields of the campaign's page as a browser would send them back."""
    form = client.get(change_page(campaign)).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, datetime):
            local = value.astimezone(UTC) + timedelta(hours=8)
            sent |= {f"{name}_0": local.strftime("%Y-%m-%d"), f"{name}_1": local.strftime("%H:%M:%S")}
        elif value is not False:
            sent[name] = "" if value is None else value
    management = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    prefixes = ("requirements", "districts")
    return sent | {f"{prefix}-{name}": count for prefix in prefixes for name, count in management.items()}


def change_page(campaign: Campaign) -> str:
    """Return the address of the campaign's page."""
    return reverse("admin:nominations_campaign_change", args=[campaign.pk])


def test_no_flow_and_no_event_is_in_the_administration() -> None:
    flows = [model for model in admin.site._registry if issubclass(model, WorkflowModel | Event | Deadline)]

    assert flows == []


def forms_of(page: Any, request: HttpRequest) -> list[Any]:
    """Return the forms of a page, those of its inlines too."""
    inlines = page.get_inline_instances(request)
    return [page.get_form(request), *(inline.get_formset(request).form for inline in inlines)]


def test_no_form_of_the_administration_has_a_state() -> None:
    request = request_of(UserFactory.create(is_staff=True, is_superuser=True))

    offered = {
        f"{model.__name__}.{name}"
        for model, page in admin.site._registry.items()
        for form in forms_of(page, request)
        for name in form.base_fields
        if name in UNTOUCHABLE
    }

    assert offered == set()


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
def test_other_administrators_look_at_reference_data_only(role: Role) -> None:
    campaign = loaded()
    client = signed_in(administrator(role))

    page = client.get(change_page(campaign))
    sent = client.post(change_page(campaign), {"title": "x"})

    assert (page.status_code, sent.status_code) == (200, 403)


def test_a_person_without_a_role_sees_nothing() -> None:
    campaign = loaded()
    client = signed_in(UserFactory.create(is_staff=True))

    assert client.get(change_page(campaign)).status_code == 403


def test_an_officer_cannot_enter() -> None:
    person = UserFactory.create()
    MembershipFactory.create(user=person, organization=loaded().city, role=Role.CITY_APPROVER)

    answer = signed_in(person).get(reverse("admin:index"))

    assert answer.status_code == 302


def test_a_right_that_ended_is_gone_at_the_next_request() -> None:
    campaign, person = loaded(), administrator()
    client = signed_in(person)
    before = client.get(change_page(campaign)).status_code

    Membership.objects.filter(user=person).update(valid_until=datetime(2023, 1, 2, tzinfo=UTC))

    assert (before, client.get(change_page(campaign)).status_code) == (200, 403)


def test_changing_an_unused_campaign_moves_its_deadlines() -> None:
    campaign, client = loaded(), signed_in(administrator())
    terms = terms_of(client, campaign) | {"report_closes_at_0": "2023-09-20", "places": 12}

    answer = client.post(change_page(campaign), terms)

    campaign.refresh_from_db()
    assert answer.status_code == 302, answer.context["errors"] if answer.context else ""
    assert (campaign.places, campaign.source_digest) == (12, "")
    assert campaign.report_closes_at == datetime(2023, 9, 19, 16, tzinfo=UTC)
    assert Deadline.objects.get(kind="report_closes").due_at == campaign.report_closes_at


def test_loading_again_brings_back_what_the_file_says() -> None:
    campaign = change_terms(campaign_id=loaded().pk, terms={"places": 12})

    again = load_campaign(source=preset_content("luan_2023"), at=OPENS)

    assert (again.outcome, again.campaign.pk, again.campaign.places) == ("updated", campaign.pk, 10)


def test_a_campaign_in_use_is_read_only() -> None:
    campaign, client = loaded(), signed_in(administrator())
    terms = terms_of(client, campaign) | {"places": 12}
    begin_work_in(campaign)

    answer = client.post(change_page(campaign), terms)

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.places) == (403, 10)
    with pytest.raises(CampaignInUse):
        change_terms(campaign_id=campaign.pk, terms={"places": 12})


def test_nothing_is_deleted_and_no_campaign_is_added() -> None:
    campaign, client = loaded(), signed_in(administrator())

    deleted = client.post(reverse("admin:nominations_campaign_delete", args=[campaign.pk]), {"post": "yes"})
    added = client.get(reverse("admin:nominations_campaign_add"))

    assert (deleted.status_code, added.status_code) == (403, 403)


@pytest.mark.parametrize("page", ["campaign", "community", "penalty", "complaintfigure"])
def test_every_list_of_the_programme_is_shown(page: str) -> None:
    begin_work_in(loaded())

    answer = signed_in(administrator()).get(reverse(f"admin:nominations_{page}_changelist"))

    assert answer.status_code == 200


@pytest.mark.parametrize("page", ["standard", "standardgroup"])
def test_standards_are_shown_whole_and_changed_by_nobody(page: str) -> None:
    standard, client = loaded().standard, signed_in(administrator())
    row = standard if page == "standard" else standard.groups.all()[2]
    address = reverse(f"admin:evaluation_{page}_change", args=[row.pk])

    listed = client.get(reverse(f"admin:evaluation_{page}_changelist"))
    shown, sent = client.get(address), client.post(address, {"title": "x"})

    text = standard.groups.all()[2].title if page == "standard" else row.items.all()[0].text
    assert (listed.status_code, text in shown.content.decode(), sent.status_code) == (200, True, 403)


def test_pool_is_shown_without_where_a_person_lives() -> None:
    programme = stages.programme()
    case = city_stages.recommended(programme)
    person = city_stages.evaluator(programme, home=case.community)
    profile = Evaluator.objects.get(user=person.user_id)
    client, address = signed_in(administrator()), reverse("admin:nominations_evaluator_change", args=[profile.pk])

    listed = client.get(reverse("admin:nominations_evaluator_changelist")).content.decode()
    shown, sent = client.get(address).content.decode(), client.post(address, {"organization": "x"})

    assert [person.name in listed, person.name in shown, case.community.name in shown] == [True, True, False]
    assert sent.status_code == 403


def test_a_community_is_entered_with_its_bureau_and_company() -> None:
    campaign = loaded()
    bureau = campaign.districts.select_related("district__district").order_by("pk")[0].district
    company: Organization = OrganizationFactory.create()
    entry = {
        "name": "栖云雅苑",
        "authority": bureau.pk,
        "district": bureau.district_id,
        "subdistrict": "南塘街道",
        "neighborhood": "南塘社区",
        "company": company.pk,
    }

    answer = signed_in(administrator()).post(reverse("admin:nominations_community_add"), entry)

    assert answer.status_code == 302
    assert Community.objects.get().pinyin == "qi yun ya yuan"
