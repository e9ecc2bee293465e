from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Absence, Enquiry

__all__ = ["Absence", "Conversation", "Enquiry", "Message"]
