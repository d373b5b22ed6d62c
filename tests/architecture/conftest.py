"""Two scenes, of which neither knows the other; built once for a file, found by each test as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.architecture.routes import Scene, scene
from tests.kept import rows_kept


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with rows_kept(django_db_blocker):
        yield scene()


@pytest.fixture(scope="module")
def there(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with rows_kept(django_db_blocker):
        yield scene()
