from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("Points")

    def ready(self) -> None:
        from accounts.calendar.services import register_rescheduler
        from accounts.notify.recheck import register_recheck
        from points.queries.told import lost_notices
        from points.services import reschedule_pending

        register_rescheduler(reschedule_pending)
        register_recheck("points", lost_notices)
