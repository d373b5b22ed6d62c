"""Whatever is sent: an answer that the schema knows, and never a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core import NotSet

from accounts.enums import Role
from tests.api import contract
from tests.api.people import Program
from tests.architecture.routes import SEES, Scene, scene

EXAMPLES = 3  # one by each of the three people
# Uploads have a corpus of their own.
LEFT_OUT = {"multipart/form-data"}
STATUSES = {200, 201, 204, 400, 403, 404, 405, 409, 412, 413, 415, 422, 429}


def operations(method: str) -> Iterator[Any]:
    """Yield every operation of the schema by this method that takes JSON or parameters."""
    described: Any = schemathesis.openapi.from_dict(contract.schema())
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.method == method and not LEFT_OUT & {body.media_type for body in operation.body}:
            yield operation


def address(case: Any, here: Scene) -> str:
    """Return where a case is sent: to an object of the scene where there is one of its kind."""
    parameters = {name: str(value) for name, value in (case.path_parameters or {}).items()}
    route = re.sub(r"^/api/v1/(\w+?)s?/.*", r"\1", case.operation.path)
    kind = next((kind for kind in SEES if kind.startswith(route[:8])), "")
    if "id" in parameters and kind in here.objects:
        parameters["id"] = str(here.objects[kind])
    path = case.operation.path.format(**parameters)
    return f"{path}?{urlencode(case.query or {}, doseq=True)}"


def faults_of(operation: Any, here: Scene) -> list[str]:
    """Send cases of one operation in turns by three people; return what was answered amiss."""
    roles = (Role.COMPANY_ADMIN, Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER)
    programs = [here.people[role].program for role in roles]
    faults: list[str] = []
    sent = count()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        program: Program = programs[next(sent) % len(programs)]
        body = None if isinstance(case.body, NotSet) else case.body
        path = address(case, here)
        try:
            status = program.call(case.method, path, body).status
            faults.extend([] if status in STATUSES else [f"{case.method} {path} {body!r}: {status}"])
        except Exception as error:  # noqa: BLE001  # whatever it is, the other cases are tried as well
            faults.append(f"{case.method} {path} {body!r}: {error!r}")

    send()
    return faults


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_nothing_that_is_sent_is_a_fault_of_ours(method: str) -> None:
    here = scene()

    faults = [fault for operation in operations(method) for fault in faults_of(operation, here)]

    assert faults == []
