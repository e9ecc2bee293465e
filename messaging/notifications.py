"""Who is told, in which words, under which key. Never the words of a message, never a reason of health."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import StaffMember, User
from accounts.notifications import Telling, Words, tell, tell_each
from classes.models import Classroom
from messaging.enums import Topic
from messaging.models import Enquiry, Message
from messaging.queries.owed import OFFICE_KEY

MESSAGE, ENQUIRY = "message", "enquiry"
KINDS = (MESSAGE, ENQUIRY)


def _words(message: Message) -> Callable[[], Words]:
    pupil = message.conversation.pupil
    path = f"{reverse('conversation', args=[message.conversation_id])}#newest"

    def said() -> Words:
        title = _("A message about %(child)s has arrived") % {"child": pupil.first_name}
        if message.from_class:
            return Words(title, _("The class has written to you. It waits for you in the portal."), path)
        return Words(title, _("A family has written to the class. It waits for you in the portal."), path)

    return said


def _readers_in(classroom_ids: set[int | None]) -> dict[int | None, list[User]]:
    """For each class: its account, and the personal accounts of its staff that have an address."""
    staff = StaffMember.objects.filter(
        left_on__isnull=True, user__isnull=False, user__removed_at__isnull=True, user__is_active=True
    )
    rows = Classroom.objects.filter(pk__in=classroom_ids).select_related("account")
    rows = rows.prefetch_related(Prefetch("staff", staff.select_related("user"), to_attr="readers"))
    return {
        row.pk: [
            *([row.account] if row.account else []),
            *(s.user for s in row.readers if s.user and s.user.email),
        ]
        for row in rows
    }


def tell_of_arrivals(messages: list[Message], *, release_at: datetime) -> int:
    """Tells the reader of each message once; the number of people newly told. `release_at` (UTC): not before."""
    written_to = {m.conversation.pupil.classroom_id for m in messages if not m.from_class}
    readers = _readers_in(written_to) if written_to else {}
    tellings = [
        Telling(reader, f"message:{message.pk}", _words(message))
        for message in messages
        for reader in (
            [message.conversation.parent]
            if message.from_class
            else readers.get(message.conversation.pupil.classroom_id, [])
        )
    ]
    return tell_each(tellings, kind=MESSAGE, release_at=release_at)


def tell_of(
    enquiry: Enquiry, people: Iterable[User], *, key: str, words: Callable[[], Words], release_at: datetime
) -> int:
    """Notify people about an enquiry; a sealed enquiry seals what is written (PA-7)."""
    return tell(
        people, kind=ENQUIRY, key=key, words=words, release_at=release_at, is_sealed=enquiry.is_sealed
    )


def tell_office(enquiry: Enquiry, *, release_at: datetime) -> int:
    """Tells the office that something new is on its list, and senior leaders of a complaint (PA-7).

    Of a complaint about the head teacher only the governor hears.
    """
    here = User.objects.filter(
        staff_member__left_on__isnull=True, removed_at__isnull=True, is_active=True, email__isnull=False
    )
    leaders = Q(staff_member__is_slt=True) if enquiry.topic == Topic.COMPLAINT else Q(pk__in=[])

    def said() -> Words:
        told = {"topic": enquiry.get_topic_display(), "reference": enquiry.reference}
        title = _("New for the office: %(topic)s") % told
        return Words(title, _("Its reference is %(reference)s. It is on the list.") % told, reverse("office"))

    people = here.filter(Q(staff_member__is_office=True) | leaders)
    if enquiry.is_about_head:
        people = here.filter(staff_member__is_governor=True)
    return tell_of(enquiry, people, key=f"{OFFICE_KEY}{enquiry.pk}", words=said, release_at=release_at)
