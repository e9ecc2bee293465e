"""Set and check the PIN that names a person at a shared class account (TE-2)."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.audit import record
from accounts.codes.pin_rules import is_guessable, is_pin
from accounts.codes.throttled_pin import FRESH, PinPolicy, PinResult, hashed, try_pin
from accounts.models.people import StaffMember, User
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.notifications import notify_of_wrong_pins
from accounts.staff.rules import check_may_change, check_works_here, is_own_record
from malpas.lib.errors import RuleViolation

TRIES = 5
PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_DIGITS = 6  # of a PIN that the portal makes up


def _pause(wrong: int) -> timedelta | None:
    """Return how long the row is locked after this many wrong PINs.

    Five minutes after the fifth, doubled after each five more, at most an hour.
    """
    locks, rest = divmod(wrong, TRIES)
    return None if rest else min(PAUSE * 2 ** min(locks - 1, 9), LONGEST_PAUSE)


POLICY = PinPolicy(pause=_pause)


class WrongPin(RuleViolation):
    sentence = gettext_lazy("That is not the PIN. Please check the name you chose.")


class GuessableStaffPin(RuleViolation):
    sentence = gettext_lazy("Others could guess this PIN. Please choose one that is harder to guess.")


class PinChanged(RuleViolation):
    sentence = gettext_lazy(
        "This person’s PIN has changed since you opened the page. Nothing was done. Please check it again."
    )


class PinLocked(RuleViolation):
    def __init__(self, until: datetime) -> None:
        """Say in the school's time `until` when (UTC) this name is locked."""
        when = {"time": f"{localtime(until):%H:%M}"}
        super().__init__(_("Too many wrong PINs. Please wait until %(time)s, or ask a senior leader.") % when)


@transaction.atomic
def set_pin(staff: StaffMember, pin: str, *, by: Actor | None) -> None:
    """Store a new PIN, hashed, and end a lock (TE-2).

    A PIN that somebody else chose only serves to choose another: its owner alone knows what signs their name. `by`
    None is a command, which may set a guessable one (the demo school's). Raises RuleViolation unless it has four to
    eight digits, GuessableStaffPin, TakesTwo for the governor, NotLeader, HeadsRecord.
    """
    if not is_pin(pin):
        raise RuleViolation(_("A PIN has 4 to 8 digits."))
    if by is not None and is_guessable(pin):
        raise GuessableStaffPin
    own = by is None or is_own_record(by, staff)
    if by is not None and not own:
        _check_gives(staff, by)
    StaffMember.objects.filter(pk=staff.pk).update(**hashed(pin), pin_from_leader=not own)
    record("pin.set", by=by, about=staff)


def _check_gives(staff: StaffMember, by: Actor) -> None:
    """Check who may give or end the PIN of another. Raises NotLeader, HeadsRecord, TakesTwo."""
    check_may_change(by, staff)
    if staff.is_governor and not is_own_record(by, staff):
        raise TakesTwo


def pin_mark(staff: StaffMember) -> str:
    """Return a mark of the present PIN, by which a page knows that it has changed since."""
    return salted_hmac("accounts.staff.pin_mark", staff.pin, algorithm="sha256").hexdigest()[:16]


def _pin_of(staff: StaffMember, key: UUID) -> str:
    """Return the PIN of this key: always the same, and none that others would guess."""
    for turn in count():
        mixed = salted_hmac("accounts.staff.pin", f"{staff.pk}:{key}:{turn}", algorithm="sha256")
        pin = f"{int(mixed.hexdigest(), 16) % 10**GIVEN_DIGITS:0{GIVEN_DIGITS}}"
        if not is_guessable(pin):
            return pin
    raise AssertionError


@transaction.atomic
def give_pin(staff: StaffMember, *, key: UUID, seen: str, by: Actor, at: datetime) -> str:
    """Give somebody a first or a new PIN, and return it to be shown once (TE-2).

    `seen`: the `pin_mark` of the page. A repeated request returns the same PIN while it stands. Raises NotLeader,
    HeadsRecord, TakesTwo, StaffDeparted, PinChanged.
    """
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    _check_gives(row, by)
    check_works_here(row, localtime(at).date())
    pin = _pin_of(row, key)
    if pin_mark(row) == seen:
        set_pin(row, pin, by=by)
    elif not check_password(pin, row.pin):
        raise PinChanged
    return pin


@transaction.atomic
def end_pin(staff: StaffMember, *, by: Actor) -> None:
    """Take somebody's PIN away: they cannot work at a class account until they get another (TE-2).

    A repeat changes nothing. Raises NotLeader, HeadsRecord, TakesTwo.
    """
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    _check_gives(row, by)
    if row.pin:
        StaffMember.objects.filter(pk=row.pk).update(pin="", pin_from_leader=False, **FRESH)
        record("pin.ended", by=by, about=row)


def change_pin(*, old: str, new: str, by: Actor, at: datetime) -> None:
    """Replace somebody's own PIN after checking the old one, which counts as a try (TE-2).

    Raises WrongPin, PinLocked, RuleViolation.
    """
    assert by.staff is not None
    check_pin(by.staff, old, by=by, at=at)
    if old == new:
        raise RuleViolation(_("That is the PIN you have. Please choose another."))
    set_pin(by.staff, new, by=by)


def check_pin(staff: StaffMember, pin: str, *, by: Actor, at: datetime) -> StaffMember:
    """Return the member of staff when the PIN is right.

    Raises WrongPin, and PinLocked after five wrong ones in a row.
    """
    result, until = _try(staff, pin, by=by, at=at)  # committed before anything is raised
    if result == PinResult.RIGHT:
        return staff
    raise PinLocked(until) if until else WrongPin


@transaction.atomic
def _try(staff: StaffMember, pin: str, *, by: Actor, at: datetime) -> tuple[PinResult, datetime | None]:
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    result = try_pin(row, pin, policy=POLICY, at=at)
    if result == PinResult.JUST_LOCKED:
        record("pin.locked", by=by, about=row)
        notify_of_wrong_pins(by.user, row, at=at)
    return result, row.pin_locked_until


@transaction.atomic
def notify_of_shut_device(*, by: Actor, at: datetime) -> None:
    """Notify leaders, at most once in fifteen minutes, of a browser that tried several names (TE-2)."""
    User.objects.select_for_update(no_key=True).filter(pk=by.user.pk).values_list("pk").first()
    if notify_of_wrong_pins(by.user, at=at):
        record("pin.device_locked", by=by, about=by.user)
