"""What follows when leaders change somebody's role, or somebody leaves: in the transaction of the change itself."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import StaffMember, User
from accounts.services.audit import record
from accounts.services.calendar import retime_notices
from accounts.services.owed import stop_telling
from accounts.staff_news import KINDS, tell_of_leaver, tell_of_roles
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from malpas.lib.saving import save_fields

ROLES = tuple(field.name for field in StaffMember._meta.concrete_fields if field.name.startswith("is_"))
HoldBack = Callable[[StaffMember, datetime, User | None], int]
_holders: list[HoldBack] = []


class OwnRole(RuleViolation):
    sentence = _("Another senior leader changes your roles, not you yourself.")


def hold_back_with(holder: HoldBack) -> None:
    """Registers an upper app's function that takes back what a leaver left waiting; it returns how many.

    It gets the person, the moment, and the class account that they leave; None: the school, so all of them.
    """
    if holder not in _holders:
        _holders.append(holder)


def still_here(staff: StaffMember | None) -> bool:
    """Whether this person works here as the transaction will end: it takes turns with the one in which they leave."""
    if staff is None:
        return False
    query = "SELECT id FROM accounts_staffmember WHERE id = %s AND left_on IS NULL FOR KEY SHARE"
    return bool(list(StaffMember.objects.raw(query, [staff.pk])))


@transaction.atomic
def change_staff(staff: StaffMember, changed: Collection[str], *, by: Actor, at: datetime) -> None:
    """Saves a member of staff whose fields `changed` are new, with what follows from it (AU-8, F36).

    Raises OwnRole when somebody changes a role of their own. The person and the head are told of a new role;
    what a leaver left waiting is held back, and their sign-ins end.
    """
    roles = [name for name in ROLES if name in changed]
    if roles and by.staff is not None and by.staff.pk == staff.pk:
        raise OwnRole
    if staff.pk:  # whoever writes as them just now ends first, and is then found waiting
        StaffMember.objects.select_for_update().filter(pk=staff.pk).values_list("pk").first()
    save_fields(staff, changed)
    if roles:
        _tell_roles(staff, roles, by=by, at=at)
    if "left_on" in changed and staff.left_on:
        _leave(staff, by=by, at=at)


def _tell_roles(staff: StaffMember, roles: list[str], *, by: Actor, at: datetime) -> None:
    given = [name for name in roles if getattr(staff, name)]
    taken = [name for name in roles if name not in given]
    record("roles.changed", by=by, about=staff, given=given, taken=taken)
    if given or taken:
        tell_of_roles(staff, given, taken, by=by.staff.signature if by.staff else by.user.name, at=at)


def hold_back_of(staff: StaffMember, at: datetime, account: User | None = None) -> int:
    """Takes back what this person left waiting, at one class account or at all; how many (F35, F36)."""
    return sum(holder(staff, at, account) for holder in _holders)


def _leave(staff: StaffMember, *, by: Actor, at: datetime) -> None:
    held = hold_back_of(staff, at)
    if staff.user_id:
        stop_telling([staff.user_id])
    User.objects.filter(pk=staff.user_id).update(access_epoch=F("access_epoch") + 1)
    # `classrooms` belongs to the app above: its accounts' names are what leaders know the classes by.
    accounts = User.objects.filter(classroom__staff=staff).order_by("name")
    record("staff.left", by=by, about=staff, held=held)
    tell_of_leaver(staff, held, [account.name for account in accounts], at=at)


def retime(hours: SchoolHours) -> int:
    """Gives what leaders have yet to be told its time by new hours; how many moved (F37)."""
    return retime_notices(KINDS, hours)
