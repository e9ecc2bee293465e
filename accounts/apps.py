from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.calendar.services import register_rescheduler
        from accounts.staff.services import reschedule

        register_rescheduler(reschedule)
