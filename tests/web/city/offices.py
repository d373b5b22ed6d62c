"""Browsers of the city's officers, and what the tests of their pages count and look for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Actor
from nominations.models import Nomination
from tests.nominations import city_stages, stages
from tests.nominations.stages import Programme
from tests.web.test_pages import signed_in

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def desk(actor: Actor) -> Client:
    """Return the browser of an officer."""
    return signed_in(actor.user_id)


def read(client: Client, page: str, *arguments: Any, query: str = "") -> str:
    """Return the text of a page that must be there."""
    answer = client.get(reverse(page, args=arguments) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def queries_with_more(client: Client, address: str, add: Callable[[], object]) -> tuple[int, int]:
    """Return the number of queries that an address takes with one row and with three."""
    counts = []
    for more in (1, 2):
        for _number in range(more):
            add()
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    return counts[0], counts[1]


def received(programme: Programme, **how: Any) -> Nomination:
    """Return a nomination that the city has received with its district's summary."""
    nomination = city_stages.recommended(programme, **how)
    city_stages.received(programme)
    return stages.reloaded(nomination)
