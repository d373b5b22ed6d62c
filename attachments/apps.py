from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "attachments"

    def ready(self) -> None:
        from attachments.inspection.pdf import set_parser_limits

        set_parser_limits()
