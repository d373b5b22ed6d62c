from django.apps import AppConfig


class NominationsConfig(AppConfig):
    name = "nominations"

    def ready(self) -> None:
        """Tell the sweeper what happens when a deadline of the programme has passed."""
        import nominations.operations.deadlines  # noqa: F401
