from messaging.services.arrival import announce_due, retime_waiting
from messaging.services.attachments import TooCostly, add_file, forget_unsent, scan_due
from messaging.services.cards import (
    answer_times,
    ask_for_meeting,
    note_held,
    offer_times,
    open_again,
    promise_call,
    set_done,
)
from messaging.services.enclosing import describe_unsent
from messaging.services.enquiries import AbsenceFacts, close_enquiry, take_enquiry, tell_the_office
from messaging.services.looking import look_into
from messaging.services.standing import close_conversation, hide_message, withdraw_waiting_of
from messaging.services.stopping import lift_stop, stop_messages
from messaging.services.writing import AskFirst, change_message, mark_read, send_message, withdraw_message

__all__ = [
    "AbsenceFacts",
    "AskFirst",
    "TooCostly",
    "add_file",
    "announce_due",
    "answer_times",
    "ask_for_meeting",
    "change_message",
    "close_conversation",
    "close_enquiry",
    "describe_unsent",
    "forget_unsent",
    "hide_message",
    "lift_stop",
    "look_into",
    "mark_read",
    "note_held",
    "offer_times",
    "open_again",
    "promise_call",
    "retime_waiting",
    "scan_due",
    "send_message",
    "set_done",
    "stop_messages",
    "take_enquiry",
    "tell_the_office",
    "withdraw_message",
    "withdraw_waiting_of",
]
