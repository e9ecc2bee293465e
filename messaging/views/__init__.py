from messaging.views.conversations import (
    conversation,
    conversation_news,
    conversation_read,
    conversations,
    families,
    family_conversation,
    message_change,
    message_withdraw,
)
from messaging.views.office import absences_csv, enquiry_done, enquiry_take, office
from messaging.views.writing import absence, done, enquiry, topics

__all__ = [
    "absence",
    "absences_csv",
    "conversation",
    "conversation_news",
    "conversation_read",
    "conversations",
    "done",
    "enquiry",
    "enquiry_done",
    "enquiry_take",
    "families",
    "family_conversation",
    "message_change",
    "message_withdraw",
    "office",
    "topics",
]
