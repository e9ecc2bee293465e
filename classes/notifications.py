"""Notify office and senior leaders of suspicious codes.

Never with the code or a birthday.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models.people import StaffMember, User
from accounts.notify.notify import NotificationText, notify
from classes.enums import Suspicion
from classes.models.guardianships import Guardianship
from classes.models.joining import ApprovalRequest, Invitation


def _office_and_leaders() -> QuerySet[User]:
    people = StaffMember.objects.office() | StaffMember.objects.leaders()
    return people.accounts_to_notify()


def notify_leaders_of_guessing(*, release_at: datetime) -> int:
    """Notify senior leaders that codes are being guessed (A15).

    Once an hour, and once for a night.
    """

    def text() -> NotificationText:
        said = _(
            "Somebody has typed many wrong codes, and cannot try more for now. No code was found. If it goes on, please ask whoever runs the portal to look."
        )
        return NotificationText(
            _("Somebody is guessing codes"), said, reverse("admin:classes_invitation_changelist")
        )

    key = f"alarm:codes:{release_at:%Y%m%dT%H}"
    leaders = StaffMember.objects.leaders().accounts_to_notify()
    return notify(leaders, kind="alarm", key=key, text=text, release_at=release_at)


def notify_office_of_code(invitation: Invitation, *, release_at: datetime) -> int:
    """Notify the office once of a suspicious code, and what to do.

    See A17.
    """
    guardianship = invitation.guardianship
    said = {
        Suspicion.GUESSED: _guessed,
        Suspicion.OTHER_ADULT: _other_adult,
    }[Suspicion(invitation.suspicion)]
    return notify(
        _office_and_leaders(),
        kind="alarm",
        key=f"code:{invitation.pk}:{invitation.suspicion}",
        text=lambda: said(guardianship),
        release_at=release_at,
    )


def _at(guardianship: Guardianship) -> str:
    return reverse("people_connection", args=[guardianship.pk])


def _guessed(guardianship: Guardianship) -> NotificationText:
    said = _(
        "Somebody had the code in the letter to %(adult)s and tried 10 birthdays. The code no longer works. Please telephone the family before you print a new one."
    )
    return NotificationText(
        _("A code was ended: somebody guessed birthdays"),
        said % {"adult": guardianship.contact},
        _at(guardianship),
    )


def _other_adult(guardianship: Guardianship) -> NotificationText:
    said = _(
        "Somebody who is signed in as another adult tried the code in the letter to %(adult)s. It was refused. "
        "Please ask the family where their letter is, and withdraw the code if it is lost."
    )
    return NotificationText(
        _("A code was tried by another adult"), said % {"adult": guardianship.contact}, _at(guardianship)
    )


def notify_office_of_order(*, release_at: datetime, key: str) -> int:
    """Notify the office of court orders for adults who use the portal.

    A person has to decide about them.
    """

    def text() -> NotificationText:
        said = _(
            "The school’s records name a court order for an adult who uses the portal. Please decide today."
        )
        return NotificationText(_("Decide now: a court order"), said, reverse("people_waiting"))

    return notify(_office_and_leaders(), kind="alarm", key=key, text=text, release_at=release_at)


def notify_leaders_of_added_adult(guardianship: Guardianship, *, by: str, release_at: datetime) -> int:
    """Notify senior leaders of an adult connected by hand.

    `by`: who did.
    """

    def text() -> NotificationText:
        said = _(
            "%(who)s has connected %(adult)s with %(child)s by hand. They see nothing yet: they need a letter first. Please check that it is right."
        )
        names = {"who": by, "adult": guardianship.contact, "child": guardianship.pupil}
        return NotificationText(_("An adult was added to a child"), said % names, _at(guardianship))

    leaders = StaffMember.objects.leaders().accounts_to_notify()
    key = f"added:{guardianship.pk}"
    return notify(leaders, kind="approval", key=key, text=text, release_at=release_at)


def notify_leaders_of_request(request: ApprovalRequest, *, release_at: datetime) -> int:
    """Notify senior leaders that somebody asks about an adult, without names."""

    def text() -> NotificationText:
        said = _("The office asks a senior leader about an adult who is to join for a child.")
        return NotificationText(_("An adult waits for your decision"), said, reverse("people_waiting"))

    leaders = StaffMember.objects.leaders().accounts_to_notify()
    return notify(leaders, kind="approval", key=f"approval:{request.pk}", text=text, release_at=release_at)
