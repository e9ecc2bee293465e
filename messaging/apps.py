from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from accounts.calendar.services import retime_with
        from accounts.notify.recheck import ask_before_telling
        from accounts.staff.services import hold_back_with
        from classes.guardianship.services import when_tie_closes
        from classes.hooks import ask_who_is_away
        from messaging.conversations.queries.recheck import lost_notices
        from messaging.conversations.services.closing import close_conversation
        from messaging.conversations.services.departed import hold_back
        from messaging.conversations.services.scheduling import retime_waiting
        from messaging.office.queries.absences import away_from_class
        from messaging.office.recheck import lost_enquiry_notices
        from messaging.office.services.rescheduling import reschedule_answers

        retime_with(retime_waiting)
        retime_with(reschedule_answers)
        hold_back_with(hold_back)
        when_tie_closes(close_conversation)
        ask_who_is_away(away_from_class)
        ask_before_telling("message", lost_notices)
        ask_before_telling("enquiry", lost_enquiry_notices)
