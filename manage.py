#!/usr/bin/env python
"""Run a management command; the embedded services are used when no address is given."""

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from common import embedded, services

    try:
        with services.running_for(sys.argv, settings.VAR):
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, embedded.ServiceMissing) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
