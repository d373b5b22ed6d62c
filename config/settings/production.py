"""Settings of a real installation; it does not start until it has been told everything."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.preconditions import missing_or_unsafe

if problems := missing_or_unsafe(os.environ):
    raise ImproperlyConfigured(
        "\n  ".join(["Jiayuan does not start; missing or unsafe in the environment:", *problems])
    )

from config import logs
from config.settings.base import *
from config.settings.base import REST_FRAMEWORK, SITE_URL, env

# TLS ends at a proxy, which must overwrite X-Forwarded-Proto and X-Forwarded-For; nobody else may reach the port.
NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = REST_FRAMEWORK["NUM_PROXIES"] = env.int("NUM_PROXIES", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Whether a domain goes on the browsers' own list is for its owner to decide, and hard to take back.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logs.to_standard_output(as_json=True, level=LOG_LEVEL)
