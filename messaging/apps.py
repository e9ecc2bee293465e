from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from accounts.services import ask_before_telling, retime_with
        from accounts.services.staff import hold_back_with
        from classes.hooks import ask_who_is_away
        from classes.services import when_tie_closes
        from messaging.queries.absences import away_from_class
        from messaging.queries.owed import lost_enquiry_notices, lost_notices
        from messaging.services import retime_waiting
        from messaging.services.leavers import hold_back
        from messaging.services.standing import close_conversation

        retime_with(retime_waiting)
        hold_back_with(hold_back)
        when_tie_closes(close_conversation)
        ask_who_is_away(away_from_class)
        ask_before_telling("message", lost_notices)
        ask_before_telling("enquiry", lost_enquiry_notices)
