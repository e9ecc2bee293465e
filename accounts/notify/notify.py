"""Telling people: one notification row for each person and key, and its e-mail, in the person's language."""

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
    """What a person is told. Never the words of a message: those stay behind sign-in."""

    title: str
    words: str
    path: str


class NewNotification(NamedTuple):
    """One person to be told one thing under one key; `words` is called in the person's language."""

    recipient: User
    key: str
    words: Callable[[], NotificationText]


def message_id(*parts: object) -> str:
    """The same for every attempt at the same e-mail."""
    digest = sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]
    return f"<{digest}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"


def _mail_body(told: NotificationText) -> str:
    closing = _("Please do not answer this e-mail: write to us in the portal.")
    return f"{told.words}\n\n{settings.PUBLIC_URL}{told.path}\n\n{closing}\n"


def notify(
    recipients: Iterable[User],
    *,
    kind: str,
    key: str,
    words: Callable[[], NotificationText],
    release_at: datetime | None = None,
    any_hour: bool = False,
    is_sealed: bool = False,
) -> int:
    """Tells each person once for this key, by a row and by e-mail; the number newly told.

    `words` is called once for each language. `release_at` (UTC): not before; None is now. `any_hour`: the
    e-mail passes the quiet hours (AU-7's risk to a child, and nothing else). `is_sealed`: about a complaint that only
    the governor reads; nobody else finds the row or its e-mail in any list or figure (PA-7).
    """
    people = {user.pk: user for user in recipients}.values()
    new_notifications = [NewNotification(user, key, words) for user in people]
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
    """As `notify`, for different words to different people in three queries, however many they are."""
    keys = {telling.key for telling in new_notifications}
    told_before = set(Notification.objects.filter(key__in=keys).values_list("recipient_id", "key"))
    fresh = [
        telling for telling in new_notifications if (telling.recipient.pk, telling.key) not in told_before
    ]
    when = release_at or SchoolNow()
    asked = {(words, user.language) for user, _key, words in fresh}
    said = {(words, language): _said(words, language) for words, language in asked}
    rows = Notification.objects.bulk_create(
        Notification(
            recipient=user,
            kind=kind,
            key=key,
            release_at=when,
            is_sealed=is_sealed,
            **said[words, user.language]._asdict(),
        )
        for user, key, words in fresh
    )
    mails = [_delivery(row, row.recipient, when) for row in rows if row.recipient.email]
    for mail in mails:
        mail.any_hour = any_hour
    Delivery.objects.bulk_create(mails)
    return len(rows)


def _said(words: Callable[[], NotificationText], language: str) -> NotificationText:
    with override(language):
        return words()


def _delivery(row: Notification, user: User, when: object) -> Delivery:
    with override(user.language):
        body = _mail_body(NotificationText(row.title, row.words, row.path))
    return Delivery(
        notification=row,
        user=user,
        address=user.email,
        subject=" ".join(row.title.split()),  # a line end would be a header of its own
        body=body,
        message_id=message_id(user.pk, row.key),
        next_attempt_at=when,
    )
