from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("Points")

    def ready(self) -> None:
        from accounts.calendar.services import retime_with
        from accounts.notify.recheck import ask_before_telling
        from points.queries.told import lost_notices
        from points.services import retime_waiting

        retime_with(retime_waiting)
        ask_before_telling("points", lost_notices)
