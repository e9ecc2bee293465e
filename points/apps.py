from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("Points")

    def ready(self) -> None:
        from accounts import hooks
        from points.notifications import name_now
        from points.queries.recheck import lost_notices
        from points.services import reschedule_pending

        hooks.reschedule.register(reschedule_pending)
        hooks.recheck_access.register("points", lost_notices)
        hooks.name_now.register("points", name_now)
