"""Configure the app and register its hooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from accounts import hooks
        from classes import hooks as class_hooks
        from messaging.conversations.notifications import name_now
        from messaging.conversations.queries.parent_inbox import UNREAD
        from messaging.conversations.queries.pending import waits_longer
        from messaging.conversations.queries.recheck import lost_notices
        from messaging.conversations.services.closing import close_conversation, count_conversations
        from messaging.conversations.services.departed import withhold_messages_of
        from messaging.conversations.services.scheduling import reschedule_pending
        from messaging.office.queries.absences import away_from_class
        from messaging.office.queries.answers import answers_wait_longer
        from messaging.office.queries.enquiries import find_by_reference
        from messaging.office.recheck import lost_enquiry_notices
        from messaging.office.services.merged import move_calls
        from messaging.office.services.rescheduling import reschedule_answers

        hooks.reschedule.register(reschedule_pending)
        hooks.reschedule.register(reschedule_answers)
        hooks.waits_longer.register(waits_longer)
        hooks.waits_longer.register(answers_wait_longer)
        hooks.withdraw_pending.register(withhold_messages_of)
        class_hooks.end_access.register(close_conversation)
        class_hooks.count_conversations.register(count_conversations)
        class_hooks.contact_merged.register(move_calls)
        class_hooks.list_absent.register(away_from_class)
        class_hooks.find_by_reference.register(find_by_reference)
        hooks.recheck_access.register("message", lost_notices)
        hooks.recheck_access.register("enquiry", lost_enquiry_notices)
        hooks.name_now.register("message", name_now)
        hooks.WITH_ACCOUNT["unread_messages"] = UNREAD
