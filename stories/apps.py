from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from accounts.calendar.services import retime_with
        from accounts.notify.recheck import ask_before_telling
        from accounts.staff.services import hold_back_with
        from stories.queries import lost_notices
        from stories.services import hold_back, retime_waiting

        retime_with(retime_waiting)
        hold_back_with(hold_back)
        ask_before_telling("post", lost_notices)
