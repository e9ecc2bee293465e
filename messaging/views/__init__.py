from messaging.views.changing import message_change, message_withdraw
from messaging.views.conversations import (
    conversation,
    conversation_news,
    conversation_read,
    conversations,
    families,
    family_conversation,
)
from messaging.views.meetings import (
    child_meeting,
    conversation_call,
    conversation_done,
    conversation_held,
    conversation_meet,
    conversation_reopen,
    meeting_answer,
)
from messaging.views.office import absences_csv, enquiry_done, enquiry_take, office
from messaging.views.oversight import look, look_begin, messages_lift, messages_stop, oversight
from messaging.views.writing import absence, done, enquiry, topics

__all__ = [
    "absence",
    "absences_csv",
    "child_meeting",
    "conversation",
    "conversation_call",
    "conversation_done",
    "conversation_held",
    "conversation_meet",
    "conversation_news",
    "conversation_read",
    "conversation_reopen",
    "conversations",
    "done",
    "enquiry",
    "enquiry_done",
    "enquiry_take",
    "families",
    "family_conversation",
    "look",
    "look_begin",
    "meeting_answer",
    "message_change",
    "message_withdraw",
    "messages_lift",
    "messages_stop",
    "office",
    "oversight",
    "topics",
]
