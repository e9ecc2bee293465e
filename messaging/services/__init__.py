from messaging.services.arrival import announce_due, retime_waiting
from messaging.services.enquiries import AbsenceFacts, close_enquiry, take_enquiry, tell_the_office
from messaging.services.standing import close_conversation, hide_message, withdraw_waiting_of
from messaging.services.writing import change_message, mark_read, send_message, withdraw_message

__all__ = [
    "AbsenceFacts",
    "announce_due",
    "change_message",
    "close_conversation",
    "close_enquiry",
    "hide_message",
    "mark_read",
    "retime_waiting",
    "send_message",
    "take_enquiry",
    "tell_the_office",
    "withdraw_message",
    "withdraw_waiting_of",
]
