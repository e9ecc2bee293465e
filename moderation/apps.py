from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        from accounts.services import retime_with
        from moderation.services import retime

        retime_with(retime)
