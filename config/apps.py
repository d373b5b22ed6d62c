"""The frame round the apps: what must hold before any of them starts."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class HouseConfig(AppConfig):
    """Refuse to start a process that could wait for ever."""

    name = "config"

    def ready(self) -> None:
        """Look at the time-outs; web, worker and beat run no system checks of their own."""
        from config.checks import every_wait_has_an_end

        if errors := every_wait_has_an_end():
            raise ImproperlyConfigured("\n".join(error.msg for error in errors))
