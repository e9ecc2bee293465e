"""Change roles and end somebody's work, in one transaction."""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.services import reschedule_notices
from accounts.models.people import HEAD_STAYS, StaffMember, User
from accounts.notify.recheck import revoke_notifications
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.notifications import KINDS, notify_of_departed, notify_of_roles
from accounts.staff.rules import check_may_change
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours

ROLES = tuple(field.name for field in StaffMember._meta.concrete_fields if field.name.startswith("is_"))
log = logging.getLogger(__name__)


class OwnRole(RuleViolation):
    sentence = _("Another senior leader changes your roles, not you yourself.")


class OwnEnd(RuleViolation):
    sentence = _("Another senior leader enters your leaving date, not you yourself.")


class HeadStays(RuleViolation):
    sentence = HEAD_STAYS


class LastLeader(RuleViolation):
    sentence = _(
        "They are the only senior leader with an account of their own. Please make somebody else one first."
    )


class NotHead(RuleViolation):
    sentence = _("Only the head teacher hands this over.")


class HeadNeedsAccount(RuleViolation):
    sentence = _(
        "A head teacher stays at the school and signs in with an account of their own. Invite them first."
    )


class GovernorIsNoHead(RuleViolation):
    sentence = _(
        "The governor reads complaints about the head teacher, so nobody is both. "
        "Two senior leaders choose another governor first."
    )


class SuccessorChanged(RuleViolation):
    sentence = _(
        "Their account has changed since you opened the page. Nothing was done. Please check it again."
    )


def roles_of(staff: StaffMember) -> list[str]:
    """Return the names of this person's roles."""
    return [name for name in ROLES if getattr(staff, name)]


def check_leader_stays(staff: StaffMember) -> None:
    """Raise LastLeader when nobody else would lead the school.

    Concurrent calls are serialised.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('staff_one_leader_stays'))")
    leaders = StaffMember.objects.lasting_leaders().values_list("pk", flat=True)
    if list(leaders) == [staff.pk]:
        raise LastLeader


def still_works_here(staff: StaffMember | None) -> bool:
    """Return whether this person still works here; serialised with their departure."""
    if staff is None:
        return False
    query = "SELECT id FROM accounts_staffmember WHERE id = %s AND left_on IS NULL"
    query += (
        " AND coalesce(leaves_on > (school_now() AT TIME ZONE 'Europe/London')::date, true) FOR KEY SHARE"
    )
    return bool(list(StaffMember.objects.raw(query, [staff.pk])))


@transaction.atomic
def change_staff(staff: StaffMember, changed: Collection[str], *, by: Actor, at: datetime) -> None:
    """Save the fields `changed` of a staff member, with what follows (AU-8, F36).

    `left_on` of today or before ends their work now, a later one on that day. The person and the head are
    notified of a new role. What a departed person left pending is withdrawn, their sign-ins and an open
    invitation end. Raises NotLeader, HeadsRecord, OwnRole and OwnEnd for oneself, HeadStays, LastLeader,
    TakesTwo for the governor.
    """
    _check_change(staff, changed, by)
    roles = [name for name in ROLES if name in changed]
    own, ends = by.staff is not None and by.staff.pk == staff.pk, "left_on" in changed
    if own and roles:
        raise OwnRole
    if own and ends:
        raise OwnEnd
    if "is_governor" in changed or (staff.is_governor and "left_on" in changed):
        raise TakesTwo
    if ends:
        _plan_end(staff, at)
    if staff.pk and not staff.leads_on:
        check_leader_stays(staff)
    save_fields(staff, [*changed, "leaves_on"])
    if roles:
        _notify_roles(staff, roles, by=by, at=at)
    if ends and staff.left_on:
        _leave(staff, by=by, at=at)


def _check_change(staff: StaffMember, changed: Collection[str], by: Actor) -> None:
    """Lock the stored row and check who may change it. Raises NotLeader, HeadStays, HeadsRecord.

    A concurrent write in that person's name commits first, and is then withdrawn.
    """
    stored = StaffMember.objects.select_for_update().filter(pk=staff.pk).first() if staff.pk else None
    if by.is_slt and stored and stored.is_head and "left_on" in changed:
        raise HeadStays
    check_may_change(by, stored or staff)


def _plan_end(staff: StaffMember, at: datetime) -> None:
    """Turn a future date in `left_on` into `leaves_on`. Raises HeadStays."""
    if staff.left_on and staff.is_head:
        raise HeadStays
    staff.leaves_on = None
    if staff.left_on and staff.left_on > localtime(at).date():
        staff.leaves_on, staff.left_on = staff.left_on, None


def depart_due(*, at: datetime) -> int:
    """End the work of everybody whose last day has come.

    Return how many. One transaction for each person; one that fails is logged and tried again in the next
    minute.
    """
    due = StaffMember.objects.filter(leaves_on__lte=localtime(at).date())
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            done += _depart(due, pk, at)
        except Exception:
            log.exception("the work of a member of staff could not be ended")
    return done


@transaction.atomic
def _depart(due: QuerySet[StaffMember], pk: int, at: datetime) -> bool:
    staff = due.select_for_update(skip_locked=True).filter(pk=pk).first()
    if staff is None:
        return False
    staff.left_on, staff.leaves_on = staff.leaves_on, None
    staff.save(update_fields=["left_on", "leaves_on"])
    _leave(staff, by=None, at=at)
    return True


def check_successor(staff: StaffMember) -> None:
    """Raise HeadNeedsAccount or GovernorIsNoHead for somebody who cannot become the head.

    An account that was removed or closed opens nothing, so it makes no head.
    """
    if staff.leaves_on or not StaffMember.objects.reachable().filter(pk=staff.pk).exists():
        raise HeadNeedsAccount
    if staff.is_governor:
        raise GovernorIsNoHead


@transaction.atomic
def hand_over_head(
    successor: StaffMember, *, by: Actor | None, at: datetime, seen: int | None = None
) -> None:
    """Make this person the head.

    The former head stays a senior leader (AU-11). `by` None is the command on the server; `seen`: id of the account
    that a page named. Raises NotHead, HeadNeedsAccount, GovernorIsNoHead, SuccessorChanged.
    """
    both = StaffMember.objects.filter(pk=successor.pk) | StaffMember.objects.heads()
    rows = {row.pk: row for row in both.select_for_update().order_by("pk")}
    before = next((row for row in rows.values() if row.is_head and row.pk != successor.pk), None)
    if by is not None and (before is None or by.staff is None or by.staff.pk != before.pk):
        raise NotHead
    head = rows[successor.pk]
    check_successor(head)
    if by is not None and head.user_id != seen:
        raise SuccessorChanged
    if before:
        before.is_head = False
        before.save(update_fields=["is_head"])
        _notify_roles(before, ["is_head"], by=by, at=at)
    given = [name for name in ("is_slt", "is_head") if not getattr(head, name)]
    head.is_slt = head.is_head = True
    head.save(update_fields=["is_slt", "is_head"])
    _notify_roles(head, given, by=by, at=at)


def _notify_roles(staff: StaffMember, roles: list[str], *, by: Actor | None, at: datetime) -> None:
    given = [name for name in roles if getattr(staff, name)]
    taken = [name for name in roles if name not in given]
    record("roles.changed", by=by, about=staff, given=given, taken=taken)
    if given or taken:
        notify_of_roles(staff, given, taken, by=by.staff if by else None, at=at)


def withdraw_pending_of(staff: StaffMember, at: datetime, account: User | None = None) -> int:
    """Withdraw what this person left pending, at one class account or all.

    Return how many (F35, F36).
    """
    return sum(hooks.withdraw_pending.call_all(staff, at, account))


def _leave(staff: StaffMember, *, by: Actor | None, at: datetime) -> None:
    withdrawn = withdraw_pending_of(staff, at)
    if staff.user_id:
        revoke_notifications([staff.user_id])
    User.objects.filter(staff_member=staff).update(access_epoch=F("access_epoch") + 1)
    staff.invitations.unanswered().update(withdrawn_at=at)
    # `classrooms` belongs to the app above: its accounts' names are what leaders know the classes by.
    accounts = User.objects.filter(classroom__staff=staff).order_by("name")
    record("staff.left", by=by, about=staff, withdrawn=withdrawn)
    notify_of_departed(staff, withdrawn, [account.name for account in accounts], at=at)


def reschedule(hours: SchoolHours) -> int:
    """Reschedule pending notices to leaders by new hours; return how many (F37)."""
    return reschedule_notices(KINDS, hours)
