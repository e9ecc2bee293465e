from accounts.services.access import accept_terms, choose_language, remove_access, restore_access
from accounts.services.audit import record
from accounts.services.calendar import change_calendar, retime_notices, retime_with
from accounts.services.mail import deliver_due, queue_mail
from accounts.services.pins import PinLocked, WrongPin, check_pin, set_pin

__all__ = [
    "PinLocked",
    "WrongPin",
    "accept_terms",
    "change_calendar",
    "check_pin",
    "choose_language",
    "deliver_due",
    "queue_mail",
    "record",
    "remove_access",
    "restore_access",
    "retime_notices",
    "retime_with",
    "set_pin",
]
