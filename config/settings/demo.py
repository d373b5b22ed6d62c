"""A rehearsal on one machine: fictional data, a local mail inbox, no second factor. Never for real work."""

from config.settings.base import *
from config.settings.base import INSTALLED_APPS, env

DEMO = True
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-key-that-production-refuses-to-start-with")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
MFA_REQUIRED_FOR_STAFF = False
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
EMAIL_PORT = env.int("EMAIL_PORT", default=8025)
