from messaging.models.cards import Card
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Absence, Enquiry
from messaging.models.oversight import Look, Stop
from messaging.models.words import Phrase, StandardReply

__all__ = [
    "Absence",
    "Card",
    "Conversation",
    "Enquiry",
    "Look",
    "Message",
    "Phrase",
    "StandardReply",
    "Stop",
]
