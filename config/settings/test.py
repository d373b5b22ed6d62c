"""Settings of the test suite: the demo's, on services of its own."""

import os
import secrets
from pathlib import Path

# A run names its own folder, database and keys before the addresses are computed; xdist's workers inherit the names.
if "TEST_RUN" not in os.environ:
    os.environ["TEST_RUN"] = f"{os.getpid()}_{secrets.token_hex(3)}"
    var = Path(os.environ.get("VAR") or Path(__file__).resolve().parents[2] / "var")
    os.environ["VAR"] = str(var.resolve() / f"test-{os.environ['TEST_RUN']}")

from common import services
from config.settings.demo import *

RUN = os.environ["TEST_RUN"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
DATABASES["default"]["TEST"] = {"NAME": f"test_jiayuan_{RUN}"}  # pytest-django adds the worker's name
REDIS_URL = services.with_redis_database(REDIS_URL, int(WORKER.removeprefix("gw") or 0))
REDIS_KEY_PREFIX = f"test-{RUN}-{WORKER}:"
CACHES["default"] |= {"LOCATION": REDIS_URL, "KEY_PREFIX": REDIS_KEY_PREFIX}
CELERY_BROKER_URL = services.celery_broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = REDIS_KEY_PREFIX

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files of the pages are found where they lie; nothing has to be collected first.
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
