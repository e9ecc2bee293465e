"""Notify leaders and staff of PINs, roles, accounts and departures.

In school hours.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.calendar.hours import school_hours
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from accounts.notify.notify import NotificationText, notify

PIN, ROLES, DEPARTED, ACCOUNT = "staff_pin", "staff_roles", "staff_departed", "staff_account"
KINDS = (PIN, ROLES, DEPARTED, ACCOUNT)
ROLE_FIELDS = [field for field in StaffMember._meta.concrete_fields if field.name.startswith("is_")]
QUARTER = timedelta(minutes=15)


def leaders() -> QuerySet[User]:
    """Return the accounts of the senior leaders who may be notified."""
    return StaffMember.objects.leaders().accounts_to_notify()


def _notify(
    people: Iterable[User], kind: str, key: str, text: Callable[[], NotificationText], at: datetime
) -> int:
    return notify(people, kind=kind, key=key, text=text, release_at=school_hours().release(at))


def notify_of_wrong_pins(account: User, staff: StaffMember | None = None, *, at: datetime) -> int:
    """Notify leaders once of a locked name, or of a browser (`staff` None) (TE-2)."""
    about = f"pin:{account.pk}:{staff.pk if staff else 'device'}:"
    earlier = Notification.objects.filter(kind=PIN, key__startswith=about, created_at__gt=at - QUARTER)
    if staff is None and earlier.exists():
        return 0

    def text() -> NotificationText:
        where = {"account": account.name}
        title = _("Wrong PINs at %(account)s") % where
        if staff:
            first = _("Too many wrong PINs were entered for %(name)s at the class account %(account)s.")
            first = first % {**where, "name": staff.signature}
        else:
            first = _("Too many wrong PINs were entered for several names at %(account)s.") % where
        rest = _(
            "It was shut for some minutes and opens again by itself. If nobody there knows why, give new PINs "
            "and change the password of the class account."
        )
        return NotificationText(title, f"{first} {rest}", reverse("home"))

    return _notify(leaders(), PIN, f"{about}{at:%Y%m%d%H%M%S}", text, at)


def _roles_text(given: list[str], taken: list[str]) -> str:
    fields = {field.name: str(field.verbose_name) for field in StaffMember._meta.concrete_fields}
    lines = [_("Now %(role)s.") % {"role": fields[name]} for name in given]
    lines += [_("No longer %(role)s.") % {"role": fields[name]} for name in taken]
    return " ".join(lines)


def name_of(by: StaffMember | None) -> str:
    """Return a leader's signature; None is a command on the server."""
    return by.signature if by else _("Whoever runs the portal’s server")


def notify_of_roles(
    row: StaffMember, given: list[str], taken: list[str], *, by: StaffMember | None, at: datetime
) -> int:
    """Notify the person concerned and the head teacher of a changed role."""
    key = f"roles:{row.pk}:{at.isoformat()}"

    def to_them() -> NotificationText:
        body = _("%(leader)s has changed your role in the portal.") % {"leader": name_of(by)}
        return NotificationText(_("Your role has changed"), f"{body} {_roles_text(given, taken)}", "/")

    def to_heads() -> NotificationText:
        who = {"leader": name_of(by), "name": row.signature}
        body = _("%(leader)s has changed the role of %(name)s in the portal.") % who
        path = reverse("staff_member", args=[row.pk])
        title = _("The role of %(name)s has changed") % {"name": row.signature}
        return NotificationText(title, f"{body} {_roles_text(given, taken)}", path)

    own = StaffMember.objects.filter(pk=row.pk).accounts_to_notify()
    heads = StaffMember.objects.exclude(pk=row.pk).heads().accounts_to_notify()
    return _notify(own, ROLES, key, to_them, at) + _notify(heads, ROLES, key, to_heads, at)


def notify_of_proposal(row: StaffMember, change: str, *, key: str, by: StaffMember, at: datetime) -> int:
    """Notify the other leaders of a proposed change of the governor (PA-7)."""

    def text() -> NotificationText:
        title = _("A change of the governor waits for a second leader")
        body = _("%(leader)s proposes: %(name)s %(change)s.")
        facts = {"leader": by.signature, "name": row.signature, "change": change}
        return NotificationText(title, body % facts, reverse("staff_governor", args=[row.pk]))

    others = leaders().exclude(staff_member__in=[by, row])
    return _notify(others, ROLES, f"governor:{key}", text, at)


def notify_of_departed(row: StaffMember, withdrawn: int, classes: list[str], *, at: datetime) -> int:
    """Notify leaders of a departure (F36).

    Who left, what was withdrawn, and which passwords they know.
    """

    def text() -> NotificationText:
        lines = [_("%(name)s has left and signs nothing any more.") % {"name": row.signature}]
        if withdrawn:
            lines.append(
                ngettext(
                    "%(n)s thing of theirs waited and was held back.",
                    "%(n)s things of theirs waited and were held back.",
                    withdrawn,
                )
                % {"n": withdrawn}
            )
            lines.append(
                _(
                    "A colleague finds messages on the class’s page of messages and can send them in their own "
                    "name. Stories stand in the records."
                )
            )
        if classes:
            known = {"classes": ", ".join(classes)}
            lines.append(_("They know the password of %(classes)s: please give it a new one.") % known)
        title = _("%(name)s has left") % {"name": row.signature}
        return NotificationText(title, " ".join(lines), reverse("staff_member", args=[row.pk]))

    return _notify(leaders(), DEPARTED, f"departed:{row.pk}:{at.isoformat()}", text, at)


def notify_of_account(row: StaffMember, *, at: datetime) -> int:
    """Notify leaders that somebody accepted an invitation, and of its roles (AU-8)."""

    def text() -> NotificationText:
        known = {"name": row.signature, "address": row.user.email if row.user else ""}
        title = _("%(name)s has an account of their own") % known
        sentence = _("%(name)s has accepted the invitation with the account %(address)s.") % known
        roles = [str(field.verbose_name) for field in ROLE_FIELDS if getattr(row, field.name)]
        rest = _("Roles: %(roles)s.") % {"roles": ", ".join(roles) or _("none")}
        path = reverse("staff_member", args=[row.pk])
        return NotificationText(title, f"{sentence} {rest}", path)

    others = leaders().exclude(staff_member=row)
    return _notify(others, ACCOUNT, f"account:{row.pk}:{at.isoformat()}", text, at)
