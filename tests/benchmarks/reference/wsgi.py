"""Entry point of the references' server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.reference.settings")
application = get_wsgi_application()
