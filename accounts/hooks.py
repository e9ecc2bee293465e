"""Define what `accounts` asks of the apps above it. They register their functions in `AppConfig.ready`."""

from collections.abc import Collection
from datetime import datetime

from accounts.actor import Actor
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from malpas.lib.hooks import Hook, HookByKind
from malpas.lib.hours import SchoolHours

# Give pending rows their release time by new hours, in the transaction of the change; return how many changed.
reschedule: Hook[[SchoolHours], int] = Hook()

# Say in words what that waits now would wait longer by such hours; nothing is moved.
waits_longer: Hook[[SchoolHours], list[str]] = Hook()

# Withdraw what a departed member of staff left pending: at one class account, or everywhere (None); return how many.
withdraw_pending: Hook[[StaffMember, datetime, User | None], int] = Hook()

# Return the ids of those notifications of one kind whose recipient has lost access to their object (I6).
recheck_access: HookByKind[[Collection[Notification]], set[int]] = HookByKind()

# Return how the child or class that a notification of one kind is about is called now; its text may wait for days.
name_now: HookByKind[[Notification], str] = HookByKind()

# Return the names of the classes for which each of these members of staff works, by their ids.
classes_of_staff: Hook[[Collection[int]], dict[int, list[str]]] = Hook()

# Return whether this departed member of staff may still sign in as somebody else, such as a parent (F36).
has_other_access: Hook[[User], bool] = Hook()

# Return what entries of the audit log are about that this reader may not read: reports and decisions about themselves.
not_to_read: Hook[[Actor], Collection[str]] = Hook()


# SQL of one value each, by a name, about the account `u` that a request belongs to. It is read with the account, in the
# statement of every request: what stands here must find its rows by an index.
WITH_ACCOUNT: dict[str, str] = {}


def unreadable_for(actor: Actor | None) -> list[str]:
    """Return what of the audit log the head may not read; all others read no report or decision at all."""
    if actor is None or actor.staff is None or not actor.staff.is_head:
        return []
    return [about for each in not_to_read.call_all(actor) for about in each]
