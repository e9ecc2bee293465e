from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "stories"

    def ready(self) -> None:
        from accounts.services import retime_with
        from stories.services import retime_waiting

        retime_with(retime_waiting)
