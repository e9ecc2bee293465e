"""Notify people: one row for each person and key, and its e-mail, in the person's language."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import SchoolNow
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery, DeliveryQuerySet, Notification
from accounts.models.people import User

DIGEST_EVERY = timedelta(minutes=15)


class NotificationText(NamedTuple):
    """The text of a notification. It never quotes a message: messages are read behind sign-in."""

    title: str
    body: str
    path: str


DigestText = Callable[[int], NotificationText]  # for so many notifications


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
    digest: DigestText | None = None,
) -> int:
    """Notify each person once for this key, by a row and an e-mail; return how many are new.

    `text` is called once for each language. `release_at` (UTC): not before; None is now. `any_hour`: the e-mail
    passes the quiet hours (AU-7's risk to a child, and nothing else). `is_sealed`: about a complaint that only the
    governor reads; nobody else finds the row or its e-mail in any list or count (PA-7).
    """
    people = {user.pk: user for user in recipients}.values()
    new_notifications = [NewNotification(user, key, text) for user in people]
    return notify_each(
        new_notifications,
        kind=kind,
        release_at=release_at,
        any_hour=any_hour,
        is_sealed=is_sealed,
        digest=digest,
    )


def notify_each(
    new_notifications: list[NewNotification],
    *,
    kind: str,
    release_at: datetime | None = None,
    any_hour: bool = False,
    is_sealed: bool = False,
    digest: DigestText | None = None,
) -> int:
    """Write notifications with different texts in three queries; return how many are new.

    The arguments are those of `notify`.
    """
    if digest:
        _lock_digests()
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
    if digest:
        gather(mails, kind=kind, text=digest)
    else:
        Delivery.objects.bulk_create(mails)
    return len(rows)


def _in_language(text: Callable[[], NotificationText], language: str) -> NotificationText:
    with override(language):
        return text()


def _mail_of(title: str, body: str, path: str, language: str) -> dict[str, str]:
    """Return the subject and body of an e-mail."""
    with override(language):
        closing = _("Please do not answer this e-mail: write to us in the portal.")
    return {
        "subject": " ".join(title.split()),  # a line end would be a header of its own
        "body": f"{body}\n\n{settings.PUBLIC_URL}{path}\n\n{closing}\n",
    }


def _delivery(row: Notification, user: User, when: "datetime | SchoolNow", any_hour: bool) -> Delivery:
    return Delivery(
        notification=row,
        user=user,
        address=user.email or "",
        **_mail_of(row.title, row.body, row.path, user.language),
        message_id=message_id(user.pk, row.key),
        next_attempt_at=when,
        any_hour=any_hour,
    )


def gather(mails: list[Delivery], *, kind: str, text: DigestText) -> None:
    """Put these e-mails into each person's digest of this kind.

    One that waits counts them; else a new one goes when due, but DIGEST_EVERY after the one before. `text` is called
    in the person's language.
    """
    _lock_digests()
    for mail in sorted(mails, key=lambda mail: mail.user_id or 0):
        theirs = Delivery.objects.filter(user=mail.user, digest=kind)
        waiting = theirs.filter(state=DeliveryState.PENDING).select_for_update().order_by("-pk").first()
        if waiting is None:
            mail.digest, mail.next_attempt_at = kind, _after_the_last(theirs, mail.next_attempt_at)
            Delivery.objects.bulk_create([mail])
            continue
        language = mail.user.language if mail.user else settings.LANGUAGE_CODE
        set_digest(waiting, waiting.notices + 1, text=text, language=language)


def _lock_digests() -> None:
    """Let one transaction at a time write what digests gather, so that ids stand in the order of digests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('notify.digest'))")


def set_digest(waiting: Delivery, number: int, *, text: DigestText, language: str) -> None:
    """Let this digest, which waits, tell of so many notifications. The caller has locked its row."""
    with override(language):
        said = text(number)
    Delivery.objects.filter(pk=waiting.pk).update(notices=number, **_mail_of(*said, language))


def _after_the_last(theirs: DeliveryQuerySet, due: "datetime | SchoolNow") -> "datetime | SchoolNow":
    """Return when the next digest goes: when it is due, but not too soon after the last."""
    went = theirs.exclude(state=DeliveryState.CANCELLED)
    last = went.aggregate(last=Max(Coalesce("sent_at", "next_attempt_at")))["last"]
    if last is None:
        return due
    earliest = last + DIGEST_EVERY
    return max(due, earliest) if isinstance(due, datetime) else earliest
