"""What the tests of the district's pages ask again and again."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nominations.models import Nomination
from tests.nominations import stages
from tests.nominations.stages import Programme

# A committee whose term runs on the day of the test, whenever that is.
IN_TERM = {"committee": {"term_from": "2021-06-01", "term_until": "2099-05-31"}}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def text_of(client: Client, page: str, *arguments: Any, query: str = "") -> str:
    """Return what a page shows."""
    answer = client.get(address(page, *arguments) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def address(page: str, *arguments: Any) -> str:
    """Return the address of one of the district's pages."""
    return reverse(f"web:district:{page}", args=arguments)


def queries(client: Client, url: str) -> int:
    """Return how many queries a page takes; the session is warmed up first."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def submitted(programme: Programme, name: str = "栖云雅苑", **how: Any) -> Nomination:
    """Return a case that was submitted just now."""
    where = {"bureau": how.pop("bureau", 0), "company": how.get("company", 0)}
    community = programme.community(name=name, **where)
    return stages.submitted(programme, community=community, at=timezone.now(), changes=IN_TERM, **how)


def claimed(programme: Programme, name: str = "栖云雅苑", **how: Any) -> Nomination:
    """Return a case that the reviewer has taken up just now."""
    return stages.claimed(programme, **_usual(programme, name), **how)


def written(programme: Programme, name: str = "栖云雅苑", **how: Any) -> Nomination:
    """Return a case whose review can be handed to the approver."""
    return stages.written(programme, **_usual(programme, name), **how)


def reviewed(programme: Programme, name: str = "栖云雅苑", **how: Any) -> Nomination:
    """Return a case that lies with the approver."""
    return stages.reviewed(programme, **_usual(programme, name), **how)


def recommended(programme: Programme, name: str = "栖云雅苑", **how: Any) -> Nomination:
    """Return a case that the district has recommended."""
    return stages.recommended(programme, **_usual(programme, name), **how)


def _usual(programme: Programme, name: str) -> dict[str, Any]:
    return {"community": programme.community(name=name), "at": timezone.now(), "changes": IN_TERM}
