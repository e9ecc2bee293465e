from messaging.models.attachments import Attachment
from messaging.models.cards import Card
from messaging.models.circulars import Circular, CircularMessage
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import (
    Absence,
    AbsenceCode,
    Complaint,
    Enquiry,
    EnquiryPhoto,
    Entry,
    Origin,
    Stage,
)
from messaging.models.oversight import Look, Stop
from messaging.models.words import Clue, Phrase, StandardReply, TopicWords

__all__ = [
    "Absence",
    "AbsenceCode",
    "Attachment",
    "Card",
    "Circular",
    "CircularMessage",
    "Clue",
    "Complaint",
    "Conversation",
    "Enquiry",
    "EnquiryPhoto",
    "Entry",
    "Look",
    "Message",
    "Origin",
    "Phrase",
    "Stage",
    "StandardReply",
    "Stop",
    "TopicWords",
]
