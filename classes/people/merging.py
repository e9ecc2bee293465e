"""Make two records of one adult one record, with their access (AU-2, PA-2)."""

from copy import copy
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.notify.recheck import revoke_notifications
from classes import hooks
from classes.corrections.services import note_changes, note_merged
from classes.enums import Restriction
from classes.guardianship.services import end_access, withdraw_pending_messages
from classes.joining.invitations import withdraw_invitation
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import SlotApproval
from classes.models.pupils import Pupil
from classes.models.same_people import NotSame
from classes.own_children import refuse_own_child
from classes.people.services import OwnRecord, follow_contact
from classes.people.strictest import COLUMNS, RESTRICTIONS, stricter, strictest
from classes.roster.apply import one_at_a_time
from classes.rules import may_run_joining
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation

DETAILS = ("title", "email", "mobile")  # filled in from the other record where the one that stays has none


class TwoAccounts(RuleViolation):
    sentence = _("Both use the portal with an account of their own. Please choose which account stays.")


class RemovedStays(RuleViolation):
    sentence = _("Senior leaders have ended the access of one of these accounts. That account has to stay.")


class MergedAlready(RuleViolation):
    sentence = _("One of these records was joined with another one in the meantime. Please check again.")


@transaction.atomic
def merge_contacts(*, keep: Contact, gone: Contact, account: int | None, by: Actor, at: datetime) -> Contact:
    """Give everything of `gone` to `keep`, and return `keep`.

    Repeated, it does nothing.

    Connections, codes, the account, and what the record that stays lacks. Two connections with one child become one:
    the strictest facts stay, and a second place is free. `account`: the id of the account that stays where both have
    one; the other account loses its access. The id of `gone` stays known to imports. It cannot be undone. Raises
    TwoAccounts, RemovedStays, MergedAlready, OwnRecord, OwnChild, ImportIsRunning.
    """
    if not may_run_joining(by) or keep.pk == gone.pk:
        raise PermissionDenied
    one_at_a_time()
    keep, gone = _locked(keep, gone)
    if gone.merged_into_id == keep.pk:
        return keep
    if keep.merged_into_id or gone.merged_into_id:
        raise MergedAlready
    connections = list(_connections(keep, gone))
    _refuse_own(connections, keep, gone, by)
    stays, dropped = _accounts(keep, gone, account)
    if dropped:
        _close(connections, dropped, at)
    for contact in (keep, gone):
        contact.user_id = None
        contact.save(update_fields=["user"])
    stricter_now = _move_connections(connections, keep, gone, by, at)
    _move_details(keep, gone, stays, by)
    _move_record(keep, gone)
    for guardianship in stricter_now:
        _restrict(guardianship, keep, by, at)
    if dropped:
        _cancel_mail(dropped)
    note_merged(keep, gone, by=by)
    record("contact.merged", by=by, about=keep, gone=gone.pk, account=stays, dropped=dropped)
    return keep


def _locked(*contacts: Contact) -> list[Contact]:
    """Lock children, connections, records and accounts, in the order of every path."""
    pks = [contact.pk for contact in contacts]
    children = Pupil.objects.filter(guardianships__contact__in=pks).values("pk")
    list(
        Pupil.objects.select_for_update(no_key=True).filter(pk__in=children).order_by("pk").values_list("pk")
    )
    rows = Guardianship.objects.filter(contact__in=pks).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    found = {one.pk: one for one in Contact.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    users = [one.user_id for one in found.values() if one.user_id]
    list(User.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=users).order_by("pk"))
    return [found[pk] for pk in pks]


def _connections(keep: Contact, gone: Contact) -> list[Guardianship]:
    rows = Guardianship.objects.filter(contact__in=(keep, gone)).select_related("contact", "pupil")
    return list(rows.order_by("pk"))


def _refuse_own(connections: list[Guardianship], keep: Contact, gone: Contact, by: Actor) -> None:
    if by.user.pk in (keep.user_id, gone.user_id):
        raise OwnRecord
    for guardianship in connections:
        refuse_own_child(guardianship, by=by)


def _accounts(keep: Contact, gone: Contact, account: int | None) -> tuple[int | None, int | None]:
    """Return the account that stays and the one that is dropped.

    Never one whose removal would be forgotten (PA-9).
    """
    here = [one.user_id for one in (keep, gone) if one.user_id]
    if len(here) < 2:
        return (here[0] if here else None), None
    if account not in here:
        raise TwoAccounts
    stays, dropped = sorted(
        (one.user for one in (keep, gone) if one.user), key=lambda user: user.pk != account
    )
    if dropped.removed_at and not stays.removed_at:
        raise RemovedStays
    return stays.pk, dropped.pk


def _close(connections: list[Guardianship], dropped: int, at: datetime) -> None:
    """Withdraw what waits between the dropped account and the classes, in both directions (I6)."""
    for guardianship in connections:
        if guardianship.contact.user_id == dropped and guardianship.joined_at:
            ended = copy(guardianship)
            ended.ended_at = guardianship.ended_at or at
            withdraw_pending_messages(ended, at)


def _move_connections(
    connections: list[Guardianship], keep: Contact, gone: Contact, by: Actor, at: datetime
) -> list[Guardianship]:
    """Give the connections of `gone` to `keep`.

    Return those whose restriction is stricter than before.
    """
    of_keep = {one.pupil_id: one for one in connections if one.contact_id == keep.pk and not one.ended_at}
    ended, record_of = (
        [one for one in connections if one.ended_at],
        {one.pk: one.contact_id for one in connections},
    )
    changed: list[Guardianship] = []
    for guardianship in [one for one in connections if one.contact_id == gone.pk]:
        other = of_keep.get(guardianship.pupil_id)
        if other is not None and not guardianship.ended_at:
            guardianship, other = _staying_first(guardianship, other)
            changed += _combine(guardianship, other, by, at)
            _move(other, keep)
        _move(guardianship, keep)
    for guardianship in Guardianship.objects.filter(contact=keep, ended_at__isnull=True):
        # Of its own record the school has decided since, when it opened the connection again.
        others = [one for one in ended if record_of[one.pk] != record_of[guardianship.pk]]
        changed += _as_strict_as_ended(guardianship, others)
    return changed


def _staying_first(one: Guardianship, other: Guardianship) -> tuple[Guardianship, Guardianship]:
    """Return the connection that stays, then the one that ends.

    A joined one stays, or else that of `keep`.
    """
    return (one, other) if one.joined_at and not other.joined_at else (other, one)


def _combine(stays: Guardianship, ends: Guardianship, by: Actor, at: datetime) -> list[Guardianship]:
    before = stays.restriction
    values = strictest(stays, ends)
    ends.ended_at = at
    ends.save(update_fields=["ended_at"])
    withdraw_invitation(guardianship=ends, by=by, at=at)
    for name, value in values.items():
        setattr(stays, name, value)
    save_fields(stays, COLUMNS)
    record("guardianship.merged", by=by, about=stays, ended=ends.pk)
    return [stays] if stays.restriction != before else []


def _as_strict_as_ended(guardianship: Guardianship, ended: list[Guardianship]) -> list[Guardianship]:
    """Keep a restriction under which the school had ended a connection of the same pair."""
    before = guardianship.restriction
    for other in [one for one in ended if one.pupil_id == guardianship.pupil_id]:
        if RESTRICTIONS.index(Restriction(other.restriction)) > RESTRICTIONS.index(
            Restriction(guardianship.restriction)
        ):
            guardianship.restriction = stricter(guardianship, other)
            guardianship.restriction_note = other.restriction_note
    if guardianship.restriction == before:
        return []
    guardianship.save(update_fields=["restriction", "restriction_note"])
    return [guardianship]


def _move(guardianship: Guardianship, keep: Contact) -> None:
    """Make a connection one of `keep`.

    A leader's approval is written down for that record, too.
    """
    if guardianship.contact_id == keep.pk:
        return
    approval = guardianship.approval
    if approval:
        guardianship.approval = SlotApproval.objects.create(
            pupil_id=approval.pupil_id,
            contact=keep,
            reason=approval.reason,
            approved_by_id=approval.approved_by_id,
            approved_at=approval.approved_at,
        )
    guardianship.contact = keep
    guardianship.save(update_fields=["contact", "approval"])


def _move_details(keep: Contact, gone: Contact, account: int | None, by: Actor) -> None:
    before = {
        name: getattr(keep, name) for name in DETAILS if getattr(gone, name) and not getattr(keep, name)
    }
    for name in before:
        setattr(keep, name, getattr(gone, name))
    keep.user_id = account
    save_fields(keep, [*before, "user"])
    note_changes(keep, before, by=by)
    follow_contact(keep, ("forename",))


def _move_record(keep: Contact, gone: Contact) -> None:
    """Point `gone` at `keep`, and give `keep` its approvals and calls.

    `gone` retains its name and its id, by which the next import finds `keep`.
    """
    Contact.objects.filter(merged_into=gone).update(merged_into=keep)
    gone.merged_into, gone.email, gone.mobile = keep, "", ""
    gone.save(update_fields=["merged_into", "email", "mobile"])
    unused = SlotApproval.objects.filter(contact=gone, guardianship__isnull=True)
    SlotApproval.objects.bulk_create(
        SlotApproval(pupil_id=one.pupil_id, contact=keep, reason=one.reason, approved_by_id=one.approved_by_id,
                     approved_at=one.approved_at)
        for one in unused
    )  # fmt: skip
    NotSame.objects.filter(one__in=(keep, gone), other__in=(keep, gone)).delete()
    hooks.contact_merged.call_all(gone, keep)


def _restrict(guardianship: Guardianship, keep: Contact, by: Actor, at: datetime) -> None:
    """End at once what a stricter restriction forbids."""
    guardianship.contact = keep
    if guardianship.restriction == Restriction.NO_ACCESS:
        end_access(guardianship, by=by, at=at)
    else:
        withdraw_pending_messages(guardianship, at)


def _cancel_mail(account: int) -> None:
    """Withdraw notices and unsent mail of the account that lost its children."""
    revoke_notifications([account])
    if not StaffMember.objects.here().filter(user=account).exists():
        Delivery.objects.filter(user=account).cancel()
