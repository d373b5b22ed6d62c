from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from api import throttles
from tests.api.people import Person, Program, make_person


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    throttles.forget()
    cache.clear()
    yield
    throttles.forget()


@pytest.fixture
def anonymous() -> Program:
    return Program()


@pytest.fixture
def person(db: None) -> Person:
    return make_person()
