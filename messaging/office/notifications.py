"""Notify families and the office of enquiries.

Never the text, never a reason of health.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember, User
from accounts.notify.notify import DigestText, NotificationText, notify
from messaging.enums import Topic
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.recheck import ENQUIRY, OFFICE_KEY


def enquiry_path(enquiry: Enquiry) -> str:
    """Return the URL of an enquiry's page for the family."""
    return reverse("write_done", args=["".join(enquiry.reference.split())])


def _family(enquiry: Enquiry) -> list[User]:
    """Return the parent whose enquiry it is.

    Nobody where it was reported by telephone by an adult without an account.
    """
    origin = getattr(enquiry, "origin", None)
    if origin and origin.contact and origin.contact.user_id != enquiry.parent_id:
        return []
    return [enquiry.parent]


def _key_of(entry: Entry) -> str:
    return f"answer:{entry.pk}"


def withdraw_notice_of(entry: Entry, *, at: datetime) -> None:
    """Withdraw the notification of an answer, and its e-mail."""
    Delivery.objects.filter(notification__key=_key_of(entry)).cancel()
    Notification.objects.filter(key=_key_of(entry)).update(withdrawn_at=at)


def notify_family(entry: Entry) -> int:
    """Notify the family that the office has answered, when the answer arrives.

    Without the topic: office and leaders see the subjects of e-mails, and one would name who complained of
    the head.
    """
    enquiry = entry.enquiry

    def said() -> NotificationText:
        title = _("The office has answered")
        return NotificationText(title, _("The answer waits for you in the portal."), enquiry_path(enquiry))

    return notify_of(enquiry, _family(enquiry), key=_key_of(entry), text=said, release_at=entry.release_at)


def notify_rerouted(enquiry: Enquiry, *, release_at: datetime) -> int:
    """Notify the parent that the class has rerouted their message (PA-7)."""

    def said() -> NotificationText:
        title = _("The class has passed your message to the office")
        names = {"reference": enquiry.reference}
        return NotificationText(
            title, _("The office answers it. Its reference is %(reference)s.") % names, enquiry_path(enquiry)
        )

    key = f"rerouted:{enquiry.pk}"
    return notify_of(enquiry, [enquiry.parent], key=key, text=said, release_at=release_at)


def notify_who_works_on(enquiry: Enquiry, *, key: str, release_at: datetime) -> int:
    """Notify who has taken an enquiry that the family has written again.

    Else the office, or the governor for a complaint about the head.
    """
    staff = StaffMember.objects.all()
    group = staff.governors() if enquiry.is_about_head else staff.office()
    # Who took a complaint about the head hears of it only while they are the governor (PA-7).
    able = group if enquiry.is_about_head else staff
    people = able.filter(pk=enquiry.taken_by_id or 0).accounts_to_notify()
    if not people.exists():  # nobody has taken it, or who did has left
        people = group.accounts_to_notify()

    def said() -> NotificationText:
        names = {"reference": enquiry.reference}
        title = _("A family has written again: %(reference)s") % names
        return NotificationText(title, _("It is on the list."), reverse("enquiry", args=[enquiry.pk]))

    notice_key = f"{OFFICE_KEY}{enquiry.pk}:{key}"
    return notify_of(
        enquiry, people, key=notice_key, text=said, release_at=release_at, digest=_digest(enquiry)
    )


def _digest(enquiry: Enquiry) -> DigestText | None:
    """Return the text of the office's digest.

    None where the e-mail goes alone and at once.
    That is what stands first on the list, and what only the governor reads.
    """
    rows = Enquiry.objects.filter(pk=enquiry.pk)  # the database may have marked it
    return None if rows.exclude(alert="", is_sealed=False).exists() else many_for_office


def many_for_office(number: int) -> NotificationText:
    """Return the text of a digest of so many notifications."""
    title = ngettext("%(number)d new for the office", "%(number)d new for the office", number)
    return NotificationText(title % {"number": number}, _("They are on the list."), reverse("office"))


def notify_taken_over(enquiry: Enquiry, *, key: str, release_at: datetime) -> int:
    """Notify a colleague that an enquiry was handed to them."""
    taker = enquiry.taken_by
    people = StaffMember.objects.filter(pk=taker.pk if taker else 0).accounts_to_notify()

    def said() -> NotificationText:
        title = _("Handed to you: %(reference)s") % {"reference": enquiry.reference}
        return NotificationText(
            title, _("A colleague has handed it to you."), reverse("enquiry", args=[enquiry.pk])
        )

    notice_key = f"{OFFICE_KEY}{enquiry.pk}:{key}"
    return notify_of(enquiry, people, key=notice_key, text=said, release_at=release_at)


def notify_of(
    enquiry: Enquiry,
    people: Iterable[User],
    *,
    key: str,
    text: Callable[[], NotificationText],
    release_at: datetime,
    digest: DigestText | None = None,
) -> int:
    """Notify people about an enquiry; a sealed one seals the notification (PA-7)."""
    return notify(
        people,
        kind=ENQUIRY,
        key=key,
        text=text,
        release_at=release_at,
        is_sealed=enquiry.is_sealed,
        digest=digest,
    )


def notify_office(enquiry: Enquiry, *, release_at: datetime) -> int:
    """Notify the office of a new enquiry (PA-7).

    One e-mail gathers what comes within a quarter of an hour; what is urgent or about an allergy goes alone
    and at once. Also senior leaders of a complaint; only the governor of one about the head teacher.
    """
    staff = StaffMember.objects.office()
    if enquiry.is_about_head:
        staff = StaffMember.objects.governors()
    elif enquiry.topic == Topic.COMPLAINT:
        staff = staff | StaffMember.objects.leaders()

    def said() -> NotificationText:
        names = {"topic": enquiry.get_topic_display(), "reference": enquiry.reference}
        title = _("New for the office: %(topic)s") % names
        return NotificationText(
            title, _("Its reference is %(reference)s. It is on the list.") % names, reverse("office")
        )

    people = staff.accounts_to_notify()
    return notify_of(
        enquiry,
        people,
        key=f"{OFFICE_KEY}{enquiry.pk}",
        text=said,
        release_at=release_at,
        digest=_digest(enquiry),
    )
