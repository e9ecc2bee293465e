from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from accounts.calendar.services import register_rescheduler
        from accounts.notify.recheck import register_recheck
        from accounts.staff.services import hold_back_with
        from stories.queries import lost_notices
        from stories.services import hold_back, reschedule_pending

        register_rescheduler(reschedule_pending)
        hold_back_with(hold_back)
        register_recheck("post", lost_notices)
