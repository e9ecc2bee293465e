from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from accounts.calendar.services import register_rescheduler
        from accounts.notify.recheck import register_recheck
        from accounts.staff.services import hold_back_with
        from classes.guardianship.services import when_access_ends
        from classes.hooks import ask_who_is_away
        from messaging.conversations.queries.recheck import lost_notices
        from messaging.conversations.services.closing import close_conversation
        from messaging.conversations.services.departed import hold_back
        from messaging.conversations.services.scheduling import reschedule_pending
        from messaging.office.queries.absences import away_from_class
        from messaging.office.recheck import lost_enquiry_notices
        from messaging.office.services.rescheduling import reschedule_answers

        register_rescheduler(reschedule_pending)
        register_rescheduler(reschedule_answers)
        hold_back_with(hold_back)
        when_access_ends(close_conversation)
        ask_who_is_away(away_from_class)
        register_recheck("message", lost_notices)
        register_recheck("enquiry", lost_enquiry_notices)
