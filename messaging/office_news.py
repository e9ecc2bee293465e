"""What families and the office are told about enquiries. Never the words, never a reason of health."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Delivery, Notification, User
from accounts.notifications import Words, tell
from accounts.services import record
from messaging.models import Enquiry, Entry
from messaging.notifications import tell_of
from messaging.queries.owed import OFFICE_KEY

STAFF_HERE = {"staff_member__left_on__isnull": True, "removed_at__isnull": True, "is_active": True}


def enquiry_path(enquiry: Enquiry) -> str:
    """The page of an enquiry for the family."""
    return reverse("write_done", args=["".join(enquiry.reference.split())])


def _family(enquiry: Enquiry) -> list[User]:
    """The parent whose enquiry it is; nobody where it was told by telephone by somebody without an account."""
    origin = getattr(enquiry, "origin", None)
    if origin and origin.contact and origin.contact.user_id != enquiry.parent_id:
        return []
    return [enquiry.parent]


def _key_of(entry: Entry) -> str:
    return f"answer:{entry.pk}"


def withdraw_notice_of(entry: Entry, *, at: datetime) -> None:
    """Withdraw the notice of an answer, and its mail."""
    Delivery.objects.filter(notification__key=_key_of(entry)).cancel()
    Notification.objects.filter(key=_key_of(entry)).update(withdrawn_at=at)


def tell_family(entry: Entry) -> int:
    """Tells the family that the office has answered, when the answer reaches them.

    Without the topic: office and leaders see the subjects of mail, and one would name who complained of the head.
    """
    enquiry = entry.enquiry

    def said() -> Words:
        title = _("The office has answered")
        return Words(title, _("The answer waits for you in the portal."), enquiry_path(enquiry))

    return tell_of(enquiry, _family(enquiry), key=_key_of(entry), words=said, release_at=entry.release_at)


def tell_passed_on(enquiry: Enquiry, *, release_at: datetime) -> int:
    """Tells the parent that the class has handed their message to the office (PA-7)."""

    def said() -> Words:
        title = _("The class has passed your message to the office")
        told = {"reference": enquiry.reference}
        return Words(
            title, _("The office answers it. Its reference is %(reference)s.") % told, enquiry_path(enquiry)
        )

    key = f"passed:{enquiry.pk}"
    return tell_of(enquiry, [enquiry.parent], key=key, words=said, release_at=release_at)


def tell_who_works_on(enquiry: Enquiry, *, key: str, release_at: datetime) -> int:
    """Tells whoever has taken an enquiry, else the office or the governor, that the family has written again."""
    here = User.objects.filter(**STAFF_HERE, email__isnull=False)
    if enquiry.is_about_head:  # whoever took it may be the governor no longer
        here = here.filter(staff_member__is_governor=True)
    people = here.filter(staff_member=enquiry.taken_by_id) if enquiry.taken_by_id else here.none()
    if not people.exists():  # nobody has taken it, or who did has left
        people = here if enquiry.is_about_head else here.filter(staff_member__is_office=True)

    def said() -> Words:
        told = {"reference": enquiry.reference}
        title = _("A family has written again: %(reference)s") % told
        return Words(title, _("It is on the list."), reverse("enquiry", args=[enquiry.pk]))

    told = f"{OFFICE_KEY}{enquiry.pk}:{key}"
    return tell_of(enquiry, people, key=told, words=said, release_at=release_at)


def tell_taken_over(enquiry: Enquiry, *, key: str, release_at: datetime) -> int:
    """Tells a colleague that an enquiry was handed to them."""
    taker = enquiry.taken_by
    people = [taker.user] if taker and taker.user and taker.user.email else []

    def said() -> Words:
        title = _("Handed to you: %(reference)s") % {"reference": enquiry.reference}
        return Words(title, _("A colleague has handed it to you."), reverse("enquiry", args=[enquiry.pk]))

    told = f"{OFFICE_KEY}{enquiry.pk}:{key}"
    return tell_of(enquiry, people, key=told, words=said, release_at=release_at)


@transaction.atomic
def alarm_of_flood(writer: User, *, at: datetime, release_at: datetime) -> int:
    """Tells senior leaders that somebody wants to write more than the hour allows: once a day for each (A12)."""
    leaders = User.objects.filter(**STAFF_HERE, email__isnull=False, staff_member__is_slt=True)

    def said() -> Words:
        title = _("%(name)s wrote more messages than one hour allows") % {"name": writer.name}
        told = _(
            "The rest was refused. If somebody else writes in their name, stop all messages and telephone them."
        )
        return Words(title, told, reverse("oversight"))

    key = f"flood:{writer.pk}:{at:%Y-%m-%d}"
    told = tell(leaders, kind="alarm", key=key, words=said, release_at=release_at)
    if told:
        record("messages.flood", by=None, about=writer)
    return told
