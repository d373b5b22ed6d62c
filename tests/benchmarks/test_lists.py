"""Every list with ten thousand rows beside the same list with twenty-five: processor time of a page.

Lists that are as long as a campaign has nominations in its season (panels, visits, ranking, selection, the papers of a
district) have a thousand. What is measured is the processor time of this process and of its server of the database.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from accounts.actors import Actor
from tests.benchmarks.long_lists import Town
from tests.benchmarks.ratios import line
from tests.web.test_pages import signed_in

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
FEW, MANY, SEASON = 25, 10_000, 1_000
ROUNDS = 5
ROW = 'scope="row"'


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as its reader asks for it: its address, the ways in which it is asked, and how its rows are known."""

    page: str
    reader: Callable[[Town], Actor]
    ways: Mapping[str, str] = field(default_factory=lambda: {"": ""})
    about: Callable[[Town], list[Any]] = lambda _town: []
    campaign: Callable[[Town], Any] = lambda _town: ""
    row: str = ROW

    def address(self, town: Town, query: str) -> str:
        """Return the address with its query."""
        campaign = self.campaign(town)
        parts = [f"campaign={campaign}" if campaign else "", query]
        return f"{reverse(self.page, args=self.about(town))}?{quote('&'.join(filter(None, parts)), safe='&=')}"


def company(town: Town) -> Actor:
    return town.long.company.admin


def district(town: Town) -> Actor:
    return town.reader


def city(town: Town) -> Actor:
    return town.long.city_reviewer


def auditor(town: Town) -> Actor:
    return town.long.auditor


def long(town: Town) -> Any:
    return town.long.campaign.pk


def season(town: Town) -> Any:
    return town.season.campaign.pk


PAGES = {"first": "", "middle": "page=100", "last": "page=999999"}
SOUGHT = PAGES | {"searched": "q=示例"}
RECORDS = PAGES | {"searched": "q=记录"}
LISTS: tuple[Listing, ...] = (
    Listing("web:home", company),
    Listing("web:home", district),
    Listing("web:home", city),
    Listing("web:home", lambda town: town.evaluator),
    Listing("web:pile", company, PAGES, lambda _town: ["in_hand"]),
    Listing("web:pile", company, PAGES, lambda _town: ["done"]),
    Listing("web:pile", district, PAGES, lambda _town: ["in_hand"]),
    Listing("web:pile", district, PAGES, lambda _town: ["done"]),
    Listing("web:notices", district, PAGES | {"unread": "show=unread", "reminders": "show=reminder"}),
    Listing("web:deadlines", district),
    Listing("web:company:communities", company, PAGES),
    Listing("web:company:nominations", company, PAGES),
    Listing(
        "web:district:queue", district, SOUGHT | {"late": "due=late", "stage": "stage=to_take_up", "named": "sort=name"}
    ),
    Listing("web:district:publicity", district, PAGES),
    Listing("web:district:practices", district, PAGES),
    Listing("web:district:third-party", district, PAGES, lambda town: [town.case.pk]),
    Listing("web:district:honors", district, PAGES, lambda town: [town.case.pk]),
    Listing(
        "web:district:summary",
        lambda town: town.season.bureau.reviewer,
        about=lambda town: [town.season.bureau.summary.pk],
    ),
    Listing("web:city:overview", city, campaign=long),
    Listing(
        "web:city:cases",
        city,
        SOUGHT | {"state": "state=submitted", "score": "order=score", "district": "order=district"},
        campaign=long,
    ),
    Listing("web:city:papers", city, campaign=long),
    Listing("web:city:summary", city, about=lambda town: [town.season.bureau.summary.pk]),
    Listing("web:city:panels", city, campaign=season),
    Listing("web:city:proposal", city, about=lambda town: [town.proposal.pk]),
    Listing("web:city:visits", city, campaign=season),
    Listing("web:city:pool", city, PAGES | {"searched": "q=示例", "serving": "standing=serving"}, campaign=season),
    Listing("web:city:evaluator", city, about=lambda town: [town.profile.pk], campaign=season),
    *(
        Listing(f"web:city:{kind}", city, RECORDS, campaign=long)
        for kind in ("publicity", "practices", "third-party", "honors")
    ),
    Listing("web:city:ranking", city, campaign=season),
    Listing("web:city:selections", city, campaign=season),
    Listing("web:city:selection", city, about=lambda town: [town.selection.pk]),
    Listing("web:city:titles", city, PAGES | {"valid": "standing=valid"}),
    Listing("web:city:settings", city, campaign=season),
    Listing("web:evaluator:visits", lambda town: town.evaluator),
    Listing("api:calendar", lambda town: town.evaluator, about=lambda town: [town.feed], row="BEGIN:VEVENT"),
    Listing(
        "web:audit:events",
        auditor,
        {"first": "", "flow": "flow=nomination", "office": "office=示例", "named": "name=submit"},
    ),
    Listing("web:audit:verification", auditor),
    *(
        Listing(f"web:audit:{log}", auditor, PAGES | {"searched": "person=示例"})
        for log in ("sign-ins", "grants", "exports")
    ),
    Listing("web:account:tokens", district),
)


@dataclass(slots=True)
class Found:
    """What the rounds of one page came to."""

    rows: int
    processor: list[float]


class Meter:
    """Asks for pages within this process, and reads how long it and its server of the database were at work."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.database = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        self.cookies: dict[int, str] = {}

    def found(self, listing: Listing, town: Town, query: str) -> Found:
        """Ask for a page again and again; it must be answered each time."""
        environ = RequestFactory().get("/").environ | self._request(listing, town, query)
        status, body = self._asked(environ)
        assert status == 200, (listing.page, query, status)
        spent = []
        gc.collect()
        for _round in range(ROUNDS):
            began = self._spent()
            assert self._asked(environ)[0] == status
            spent.append(1000 * (self._spent() - began))
        return Found(body.count(listing.row.encode()), spent)

    def _spent(self) -> float:
        return time.process_time() + int(self.database.read_text().split()[0]) / 1e9

    def _asked(self, environ: dict[str, Any]) -> tuple[int, bytes]:
        # Asked without the signals of a request: they would close the connection in whose transaction the rows are.
        response = self.handler.get_response(WSGIRequest({**environ, "wsgi.input": BytesIO()}))
        return response.status_code, b"".join(response)

    def _request(self, listing: Listing, town: Town, query: str) -> dict[str, Any]:
        path, _mark, asked = listing.address(town, query).partition("?")
        user = listing.reader(town).person_id
        if user not in self.cookies:
            self.cookies[user] = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookies[user]}"
        return {"PATH_INFO": path, "QUERY_STRING": asked, "HTTP_COOKIE": cookie}


def test_long_list_beside_one_of_twenty_five(many: int, capsys: pytest.CaptureFixture[str]) -> None:
    town, meter, rows = Town(), Meter(), min(many, MANY)
    town.grow(FEW, FEW)
    few = {name: meter.found(listing, town, query) for name, listing, query in asked_of(town)}
    town.grow(rows, min(rows, SEASON))
    for name, listing, query in asked_of(town):
        found = meter.found(listing, town, query)
        assert found.rows >= few[name].rows, name
        with capsys.disabled():
            print(line(f"{name}:", found.processor, few[name].processor, "<= 1.5, <= 300 ms", unit="ms of processor"))


def asked_of(town: Town) -> Iterator[tuple[str, Listing, str]]:
    """Yield every list in each of the ways in which it is asked for, under a name."""
    for listing in LISTS:
        kept = [str(one) for one in listing.about(town) if isinstance(one, str) and one != town.feed]
        for way, query in listing.ways.items():
            words = [listing.page.removeprefix("web:"), *kept, listing.reader(town).role, way]
            yield " ".join(filter(None, words)), listing, query
