from accounts.services.access import accept_terms, choose_language, remove_access, restore_access
from accounts.services.addresses import (
    AddressTaken,
    ChangeIsOver,
    Pending,
    WrongCodes,
    begin_address_change,
    finish_address_change,
    set_address,
)
from accounts.services.audit import record
from accounts.services.calendar import change_calendar, retime_notices, retime_with, school_held
from accounts.services.devices import (
    end_all_sessions,
    end_sessions,
    forget_other_devices,
    meet_device,
    move_session,
    note_session,
    touch_session,
)
from accounts.services.guesses import alarm_of_guesses, tell_owner_of_guesses
from accounts.services.mail import deliver_due, queue_mail
from accounts.services.owed import ask_before_telling, no_longer_theirs, stop_telling
from accounts.services.pins import PinLocked, WrongPin, check_pin, set_pin
from accounts.services.sweeps import note_late, note_sweep

__all__ = [
    "AddressTaken",
    "ChangeIsOver",
    "Pending",
    "PinLocked",
    "WrongCodes",
    "WrongPin",
    "accept_terms",
    "alarm_of_guesses",
    "ask_before_telling",
    "begin_address_change",
    "change_calendar",
    "check_pin",
    "choose_language",
    "deliver_due",
    "end_all_sessions",
    "end_sessions",
    "finish_address_change",
    "forget_other_devices",
    "meet_device",
    "move_session",
    "no_longer_theirs",
    "note_late",
    "note_session",
    "note_sweep",
    "queue_mail",
    "record",
    "remove_access",
    "restore_access",
    "retime_notices",
    "retime_with",
    "school_held",
    "set_address",
    "set_pin",
    "stop_telling",
    "tell_owner_of_guesses",
    "touch_session",
]
