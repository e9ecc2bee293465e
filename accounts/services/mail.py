"""The outbox: mail is a row first. Sending happens outside transactions, under a lease, and ends in the row's state."""

import logging
import smtplib
from datetime import timedelta
from uuid import uuid4

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F

from accounts.clock import SchoolNow
from accounts.enums import DeliveryState
from accounts.models import Delivery, School, User
from accounts.models.notifications import DeliveryQuerySet
from accounts.notifications import message_id
from accounts.queries import school_hours

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
BACK_OFF_MINUTES = (1, 2, 5, 15, 60)
LAST_ATTEMPT = 76  # with the last step repeated hourly this is 72 hours


def queue_mail(*, address: str, subject: str, body: str, user: User | None = None) -> Delivery:
    """Puts one e-mail into the outbox; the sweep sends it."""
    return Delivery.objects.create(
        address=address, subject=subject, body=body, user=user, message_id=message_id(uuid4())
    )


def _may_go_now() -> DeliveryQuerySet:
    """What is due; in quiet hours only what may pass them, so that what a dead mail server held back does not
    come at night (TE-4)."""
    due, school = Delivery.objects.due(), School.objects.here()
    return due if school.now and school_hours(school).is_open(school.now) else due.for_any_hour()


@transaction.atomic
def _claim(limit: int) -> list[Delivery]:
    due = _may_go_now().select_related("user").select_for_update(skip_locked=True, of=("self",))
    rows = list(due.order_by("next_attempt_at", "pk")[:limit])
    gone = [row.pk for row in rows if row.user and row.user.removed_at]
    Delivery.objects.filter(pk__in=gone).update(state=DeliveryState.CANCELLED, body="")
    claimed = [row for row in rows if row.pk not in gone]
    Delivery.objects.filter(pk__in=[row.pk for row in claimed]).update(
        state=DeliveryState.SENDING, lease_until=SchoolNow() + LEASE, attempts=F("attempts") + 1
    )
    return claimed


def _still_ours(row: Delivery) -> bool:
    """Renews the lease just before sending; False when it ran out meanwhile and another worker has the row."""
    ours = Delivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING, attempts=row.attempts + 1)
    return bool(ours.update(lease_until=SchoolNow() + LEASE))


def _mark_sent(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(
        state=DeliveryState.SENT, sent_at=SchoolNow(), lease_until=None, body="", error=""
    )


def _mark_failed(row: Delivery, error: Exception) -> None:
    attempt = row.attempts + 1
    step = BACK_OFF_MINUTES[min(attempt, len(BACK_OFF_MINUTES)) - 1]
    refused = isinstance(error, smtplib.SMTPRecipientsRefused)
    last = refused or attempt >= LAST_ATTEMPT
    Delivery.objects.filter(pk=row.pk).update(
        state=DeliveryState.FAILED if last else DeliveryState.PENDING,
        next_attempt_at=SchoolNow() + timedelta(minutes=step),
        lease_until=None,
        error=f"{type(error).__name__}: {error}"[:300],
    )
    log.warning("mail %s was not sent (%s), attempt %s", row.pk, type(error).__name__, attempt)


def deliver_due(*, limit: int = 50) -> int:
    """Sends what is due; the number sent. One that fails does not hold up the others.

    A process that dies between sending and marking leaves a lease: the mail goes again with the same
    Message-ID, so a reader sees at most one more (I5).
    """
    sent = 0
    for row in _claim(limit):
        if not _still_ours(row):  # a slow server has held up the ones before it
            continue
        try:
            connection = get_connection()
            EmailMessage(
                row.subject,
                row.body,
                to=[row.address],
                connection=connection,
                headers={"Message-ID": row.message_id},
            ).send()
        except Exception as error:  # whatever a mail server does, the row says so and the next one goes on
            _mark_failed(row, error)
        else:
            _mark_sent(row)
            sent += 1
    return sent
