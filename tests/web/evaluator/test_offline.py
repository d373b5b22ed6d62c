"""S-09: what the evaluator's pages give a device to work with, and to whom; the address of the calendar."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from common.delivery import Delivery
from nominations.models import Assignment, CalendarFeed
from tests.nominations import city_stages
from tests.nominations.stages import Programme
from tests.web.evaluator.test_visits import page
from tests.web.test_pages import signed_in
from web.evaluator import offline

CALENDAR, REVOKE = "web:evaluator:calendar", "web:evaluator:revoke-calendar"


def data(content: bytes) -> dict[str, Any]:
    """Return what a page tells its script."""
    [told] = re.findall(r'<script id="desk-data" type="application/json">(.*?)</script>', content.decode(), re.DOTALL)
    return dict(json.loads(told))


def test_page_of_an_item_carries_the_whole_sheet(phone: Client, scoring: Assignment, evaluator: Actor) -> None:
    phone.post(page("item", scoring, 2), {"score": "8", "half": "0.5", "version": "0", "remark": "较好"})

    told = data(phone.get(page("item", scoring, 1)).content)

    assert (told["reader"], told["sheet"], told["writable"]) == (str(evaluator.person_id), str(scoring.sheet_id), True)
    marks = [(line["points"], line["remark"], line["version"]) for line in told["lines"]]
    assert marks == [(None, "", 0), ("8.5", "较好", 1), *[(None, "", 0)] * 23]


def test_hostile_wording_stays_inside_the_data(phone: Client, scoring: Assignment) -> None:
    hostile = "</script><script>alert(1)</script>"
    phone.post(page("item", scoring, 1), {"score": "8", "version": "0", "remark": hostile})

    shown = phone.get(page("item", scoring, 2))

    assert hostile not in shown.content.decode()
    assert data(shown.content)["lines"][0]["remark"] == hostile


def test_pages_name_the_reader_for_whom_they_may_be_kept(phone: Client, scoring: Assignment, evaluator: Actor) -> None:
    addresses = [reverse("web:evaluator:visits"), page("assignment", scoring), page("item", scoring, 1)]

    kept = [phone.get(address).headers.get(offline.READER) for address in addresses]
    editions = {phone.get(address).headers.get(offline.EDITION) for address in addresses}
    others = [phone.get(page(name, scoring)).headers.get(offline.READER) for name in ("hand-in", "paper", "conflict")]

    assert (kept, others) == ([str(evaluator.person_id)] * 3, [None] * 3)
    assert editions == {offline.edition()}


def test_visits_list_the_sheets_to_be_kept_until_they_are_handed_in(phone: Client, scoring: Assignment) -> None:
    told = data(phone.get(reverse("web:evaluator:visits")).content)

    assert told["keep"] == [page("assignment", scoring), page("item", scoring, 1)]


def test_service_worker_is_ours_and_names_files_that_are_there(client: Client) -> None:
    answer = client.get(reverse("web:evaluator:worker"))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.content.decode().startswith('const SHELL = {"edition": ')
    assert [name for name in offline.SHELL if finders.find(name) is None] == []


def test_worker_keeps_every_file_that_a_kept_page_is_drawn_with(phone: Client, scoring: Assignment) -> None:
    pages = [reverse("web:evaluator:visits"), page("assignment", scoring), page("item", scoring, 1)]

    drawn = {name for address in pages for name in files_in(phone.get(address).content.decode())}
    wanted = {one for name in offline.SHELL for one in wanted_by(name)}

    assert drawn - set(offline.SHELL) == set()
    assert wanted - set(offline.SHELL) == set()


def files_in(content: str) -> list[str]:
    """Return the static files that a page names."""
    return re.findall(r'(?:href|src)="/static/([^"?#]+)', content)


def wanted_by(name: str) -> list[str]:
    """Return the files that a module imports or a style sheet names."""
    text = Path(str(finders.find(name))).read_text(encoding="utf-8")
    found = re.findall(r'from "\./([^"]+)"|url\(["\']?([\w./-]+)["\']?\)', text)
    return [str(PurePosixPath(name).parent / one) for pair in found for one in pair if one]


@pytest.fixture
def collected(tmp_path: Path) -> Callable[[Mapping[str, str]], dict[str, str]]:
    """Return how to collect the shell with some files changed: the delivered name of each, and what it holds."""

    def collect(added: Mapping[str, str]) -> dict[str, str]:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        for name in offline.SHELL:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            text = Path(str(finders.find(name))).read_text(encoding="utf-8")
            (folder / name).write_text(text + added.get(name, ""), encoding="utf-8")
        storage = Delivery(location=str(folder), base_url="/static/")
        processed = list(storage.post_process({name: (storage, name) for name in offline.SHELL}))
        assert [fault for _name, _hashed, fault in processed if isinstance(fault, Exception)] == []
        names = {name: storage.stored_name(name) for name in offline.SHELL}
        return {name: f"{stored}\n{(folder / stored).read_text(encoding='utf-8')}" for name, stored in names.items()}

    return collect


def test_delivered_modules_import_each_other_by_their_delivered_names(
    collected: Callable[[Mapping[str, str]], dict[str, str]],
) -> None:
    files = collected({})

    names = {text.partition("\n")[0] for text in files.values()}
    imported = {f"web/evaluator/{one}" for text in files.values() for one in re.findall(r'from "\./([^"]+)"', text)}
    assert len(imported) > 3
    assert imported - names == set()
    assert names & set(offline.SHELL) == set()


def test_changed_module_changes_the_names_of_all_that_import_it(
    collected: Callable[[Mapping[str, str]], dict[str, str]],
) -> None:
    before, after = collected({}), collected({"web/evaluator/store.js": "\n/* changed */\n"})

    changed = {name for name in before if before[name].partition("\n")[0] != after[name].partition("\n")[0]}
    importing = ("sending", "settling", "card", "banner", "desk")
    assert changed == {f"web/evaluator/{name}.js" for name in ("store", *importing)}


def test_device_is_told_who_is_signed_in(programme: Programme, phone: Client, evaluator: Actor) -> None:
    colleague = city_stages.evaluator(programme)
    address = reverse("web:evaluator:device")

    readers = [client.get(address).json()["reader"] for client in (phone, signed_in(colleague.user_id))]

    assert readers == [str(evaluator.person_id), str(colleague.person_id)]
    assert Client().get(address).status_code == 302


def test_every_page_says_whose_pages_this_browser_may_keep(phone: Client, evaluator: Actor) -> None:
    own = phone.get(reverse("web:evaluator:visits")).content.decode()
    strangers = Client().get(reverse("account_login")).content.decode()

    assert f'data-reader="{evaluator.person_id}"' in own
    assert 'data-reader=""' in strangers


def test_address_of_the_calendar_is_shown_once_and_works(phone: Client, evaluator: Actor, scoring: Assignment) -> None:
    made = phone.post(reverse(CALENDAR)).content.decode()
    later = phone.get(reverse(CALENDAR)).content.decode()

    [path] = re.findall(r'value="[^"]*?(/api/v1/calendars/[^"]+)"', made)
    assert (path in later, Client().get(path).status_code) == (False, 200)
    assert "订阅地址使用中" in later


def test_address_of_the_calendar_is_renewed_and_revoked(phone: Client, evaluator: Actor) -> None:
    phone.post(reverse(CALENDAR))
    phone.post(reverse(CALENDAR))
    in_force = CalendarFeed.objects.filter(user=evaluator.person_id, revoked_at__isnull=True)
    assert (in_force.count(), CalendarFeed.objects.count()) == (1, 2)

    asked = phone.get(reverse(REVOKE))
    answered = phone.post(reverse(REVOKE))

    assert (asked.status_code, answered.headers["Location"], in_force.count()) == (200, reverse(CALENDAR), 0)
