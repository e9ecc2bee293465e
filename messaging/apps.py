from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from accounts.services import retime_with
        from messaging.services import retime_waiting

        retime_with(retime_waiting)
