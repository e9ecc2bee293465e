"""Notify people: one row for each person and key, and its e-mail, in the person's language."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import SchoolNow
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import User


class NotificationText(NamedTuple):
    """The text of a notification. It never quotes a message: messages are read behind sign-in."""

    title: str
    body: str
    path: str


class NewNotification(NamedTuple):
    """One notification to write; `text` is called in the recipient's language."""

    recipient: User
    key: str
    text: Callable[[], NotificationText]


def message_id(*parts: object) -> str:
    """Return a Message-ID that is the same for every attempt at the same e-mail."""
    digest = sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]
    return f"<{digest}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"


def notify(
    recipients: Iterable[User],
    *,
    kind: str,
    key: str,
    text: Callable[[], NotificationText],
    release_at: datetime | None = None,
    any_hour: bool = False,
    is_sealed: bool = False,
) -> int:
    """Notify each person once for this key, by a row and an e-mail; return how many are new.

    `text` is called once for each language. `release_at` (UTC): not before; None is now. `any_hour`: the e-mail
    passes the quiet hours (AU-7's risk to a child, and nothing else). `is_sealed`: about a complaint that only the
    governor reads; nobody else finds the row or its e-mail in any list or count (PA-7).
    """
    people = {user.pk: user for user in recipients}.values()
    new_notifications = [NewNotification(user, key, text) for user in people]
    return notify_each(
        new_notifications, kind=kind, release_at=release_at, any_hour=any_hour, is_sealed=is_sealed
    )


def notify_each(
    new_notifications: list[NewNotification],
    *,
    kind: str,
    release_at: datetime | None = None,
    any_hour: bool = False,
    is_sealed: bool = False,
) -> int:
    """Write notifications with different texts in three queries; return how many are new.

    The arguments are those of `notify`.
    """
    keys = {new.key for new in new_notifications}
    known = set(Notification.objects.filter(key__in=keys).values_list("recipient_id", "key"))
    fresh = [new for new in new_notifications if (new.recipient.pk, new.key) not in known]
    when = release_at or SchoolNow()
    wanted = {(new.text, new.recipient.language) for new in fresh}
    texts = {(text, language): _in_language(text, language) for text, language in wanted}
    rows = Notification.objects.bulk_create(
        Notification(
            recipient=user,
            kind=kind,
            key=key,
            release_at=when,
            is_sealed=is_sealed,
            **texts[text, user.language]._asdict(),
        )
        for user, key, text in fresh
    )
    mails = [_delivery(row, row.recipient, when, any_hour) for row in rows if row.recipient.email]
    Delivery.objects.bulk_create(mails)
    return len(rows)


def _in_language(text: Callable[[], NotificationText], language: str) -> NotificationText:
    with override(language):
        return text()


def _delivery(row: Notification, user: User, when: "datetime | SchoolNow", any_hour: bool) -> Delivery:
    with override(user.language):
        closing = _("Please do not answer this e-mail: write to us in the portal.")
    return Delivery(
        notification=row,
        user=user,
        address=user.email or "",
        subject=" ".join(row.title.split()),  # a line end would be a header of its own
        body=f"{row.body}\n\n{settings.PUBLIC_URL}{row.path}\n\n{closing}\n",
        message_id=message_id(user.pk, row.key),
        next_attempt_at=when,
        any_hour=any_hour,
    )
