"""Notify readers and leaders of messages.

Never the text of a message, never health.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models.notifications import NAME, Notification
from accounts.models.people import StaffMember, User
from accounts.notify.notify import NewNotification, NotificationText, notify, notify_each
from classes.models.classrooms import Classroom
from classes.short_names import named, short_names_in
from messaging.models.conversations import Message

MESSAGE = "message"


def _notification_text(message: Message) -> Callable[[], NotificationText]:
    path = f"{reverse('conversation', args=[message.conversation_id])}#newest"

    def said() -> NotificationText:
        title = _("A message about %(child)s has arrived") % {"child": NAME}
        if message.from_class:
            return NotificationText(
                title, _("The class has written to you. It waits for you in the portal."), path
            )
        return NotificationText(
            title, _("A family has written to the class. It waits for you in the portal."), path
        )

    return said


def name_now(notice: Notification) -> str:
    """Return how the child is called now whom the message of this notification is about.

    A class reads the short name of its board.
    """
    pk = notice.key.removeprefix("message:")
    found = Message.objects.filter(pk=int(pk) if pk.isdecimal() else 0)
    message = found.select_related("conversation__pupil").first()
    if message is None:
        return ""
    pupil = message.conversation.pupil
    of_class = pupil.classroom_id if not message.from_class else None
    return named(pupil, short_names_in([of_class]) if of_class else {})


def _ids(classroom_ids: set[int | None]) -> set[int]:
    """Leave out the None of children in no class."""
    return {pk for pk in classroom_ids if pk is not None}


def _readers_in(classroom_ids: set[int | None]) -> dict[int | None, list[User]]:
    """Map each class to its account and its staff's personal accounts.

    Only staff with an e-mail address.
    """
    staff = StaffMember.objects.reachable().select_related("user")
    rows = Classroom.objects.filter(pk__in=_ids(classroom_ids)).select_related("account")
    rows = rows.prefetch_related(Prefetch("staff", staff, to_attr="readers"))
    return {
        row.pk: [
            *([row.account] if row.account else []),
            *(s.user for s in row.readers if s.user),
        ]
        for row in rows
    }


def notify_of_arrivals(messages: list[Message], *, release_at: datetime) -> int:
    """Notify the reader of each message once; return how many people.

    `release_at` (UTC): not before it.
    """
    written_to = {m.conversation.pupil.classroom_id for m in messages if not m.from_class}
    readers = _readers_in(written_to) if written_to else {}
    unread = {m.conversation.pupil.classroom_id for m in messages if not m.from_class} - _read(written_to)
    if unread:
        _notify_of_unread_classes(unread, release_at=release_at)
    new_notifications = [
        NewNotification(reader, f"message:{message.pk}", _notification_text(message))
        for message in messages
        for reader in (
            [message.conversation.parent]
            if message.from_class
            else readers.get(message.conversation.pupil.classroom_id, [])
        )
    ]
    return notify_each(new_notifications, kind=MESSAGE, release_at=release_at)


def _read(classroom_ids: set[int | None]) -> set[int | None]:
    if not classroom_ids:
        return set()
    rows = Classroom.objects.read_by_somebody().filter(pk__in=_ids(classroom_ids))
    return set(rows.values_list("pk", flat=True))


def _notify_of_unread_classes(classroom_ids: set[int | None], *, release_at: datetime) -> None:
    """Notify leaders and office of messages to a class that nobody reads.

    Once a day for each class.
    """
    people = (StaffMember.objects.leaders() | StaffMember.objects.office()).accounts_to_notify()
    names: dict[int | None, str] = dict(
        Classroom.objects.filter(pk__in=_ids(classroom_ids)).values_list("pk", "name")
    )
    for pk in sorted(classroom_ids, key=lambda pk: pk or 0):

        def said(name: str = names.get(pk, "–")) -> NotificationText:
            title = _("Nobody reads the messages of %(class)s") % {"class": name}
            return NotificationText(
                title,
                _("Families have written, and the class has no account or no staff. Please telephone them."),
                reverse("status_page"),
            )

        key = f"unread:{pk or 'none'}:{release_at:%Y-%m-%d}"
        notify(people, kind="alarm", key=key, text=said, release_at=release_at)


@transaction.atomic
def alarm_of_flood(writer: User, *, at: datetime, release_at: datetime) -> int:
    """Notify senior leaders that somebody exceeds the hourly limit (A12).

    Once a day for each writer.
    """
    leaders = StaffMember.objects.leaders().accounts_to_notify()

    def said() -> NotificationText:
        title = _("%(name)s wrote more messages than one hour allows") % {"name": writer.name}
        text = _(
            "The rest was refused. If somebody else writes in their name, stop all messages and telephone them."
        )
        return NotificationText(title, text, reverse("oversight"))

    key = f"flood:{writer.pk}:{at:%Y-%m-%d}"
    notified = notify(leaders, kind="alarm", key=key, text=said, release_at=release_at)
    if notified:
        record("messages.flood", by=None, about=writer)
    return notified
