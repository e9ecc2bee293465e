from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from accounts import hooks
        from moderation.queries import abouts_not_for
        from moderation.services.rescheduling import reschedule

        hooks.reschedule.register(reschedule)
        hooks.not_to_read.register(abouts_not_for)
