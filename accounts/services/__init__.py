from accounts.services.access import accept_terms, choose_language, remove_access, restore_access
from accounts.services.audit import record
from accounts.services.calendar import change_calendar, retime_notices, retime_with
from accounts.services.mail import deliver_due, queue_mail
from accounts.services.owed import ask_before_telling, no_longer_theirs, stop_telling
from accounts.services.pins import PinLocked, WrongPin, check_pin, set_pin

__all__ = [
    "PinLocked",
    "WrongPin",
    "accept_terms",
    "ask_before_telling",
    "change_calendar",
    "check_pin",
    "choose_language",
    "deliver_due",
    "no_longer_theirs",
    "queue_mail",
    "record",
    "remove_access",
    "restore_access",
    "retime_notices",
    "retime_with",
    "set_pin",
    "stop_telling",
]
