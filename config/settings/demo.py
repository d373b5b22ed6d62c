"""A rehearsal on one machine: fictional data, a local mail inbox, no second factor. Never for real work."""

from config.settings.base import *
from config.settings.base import INSTALLED_APPS, STORAGES, VAR, env

DEMO = True
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-key-that-production-refuses-to-start-with")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
MFA_REQUIRED_FOR_STAFF = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys work at http://localhost:PORT, not at a bare address
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]

PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}")
# A command in another terminal finds the inbox of the demo that runs in this folder.
MAIL_PORT_FILE = VAR / "demo" / "smtp.port"
EMAIL_PORT = env.int("EMAIL_PORT", default=int(MAIL_PORT_FILE.read_text()) if MAIL_PORT_FILE.exists() else 8025)
STATIC_ROOT = VAR / "demo" / "static"
NOT_COLLECTED = ["admin", "drf_spectacular_sidecar", "rest_framework", "django_htmx"]  # see demo.delivery
STORAGES["staticfiles"] = {"BACKEND": "demo.delivery.Delivery"}
WHITENOISE_USE_FINDERS = True
