"""Send e-mail from rows.

Outside transactions, under a lease, ending in the row's state.
"""

import logging
import smtplib
import time
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from accounts import hooks
from accounts.calendar.hours import school_hours
from accounts.clock import SchoolNow
from accounts.enums import DeliveryState
from accounts.models.notifications import NAME, Delivery, DeliveryQuerySet
from accounts.models.people import User
from accounts.models.school import School
from accounts.notify.notify import message_id
from accounts.notify.nudge import nudge_mail
from accounts.notify.recheck import lost_access
from malpas.lib.failpoints import failpoint

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than one mail can take at ten seconds for each answer of the server
BATCH_SECONDS = 10  # no mail is begun later: a slow server must not keep the workers from announcing
BACK_OFF_MINUTES = (1, 2, 5, 15, 60)
LAST_ATTEMPT = 76  # with the last step repeated hourly this is 72 hours
LAST_REFUSAL = 6  # 83 minutes: an hour in which a server refuses everybody loses nothing (F25)
# No mail server answers these for somebody who is away.
BY_A_PROGRAM = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
DIED = "whoever sent it died, again and again"


def queue_mail(
    *, address: str, subject: str, body: str, user: User | None = None, not_before: datetime | None = None
) -> Delivery:
    """Queue one e-mail.

    It goes now at any hour, as a code must whose reader is waiting, or not before `not_before` (UTC) and in school
    time.
    """
    when = {"next_attempt_at": not_before} if not_before else {"any_hour": True}
    if not not_before:
        transaction.on_commit(nudge_mail, robust=True)
    return Delivery.objects.create(
        address=address, subject=subject, body=body, user=user, message_id=message_id(uuid4()), **when
    )


def may_go_now() -> DeliveryQuerySet:
    """Return due mail; in quiet hours only what may pass them (TE-4).

    So mail that a dead server delayed does not leave at night.
    """
    due, school = Delivery.objects.due(), School.objects.here()
    return due if school.now and school_hours(school).is_open(school.now) else due.for_any_hour()


def _end_hopeless() -> None:
    """End mail whose reader was removed, or whose every sender died (F28)."""
    gone = Delivery.objects.due().filter(user__removed_at__isnull=False)
    gone.update(state=DeliveryState.CANCELLED, body="")
    deadly = Delivery.objects.due().filter(state=DeliveryState.SENDING, attempts__gte=LAST_REFUSAL)
    ended = deadly.update(state=DeliveryState.FAILED, lease_until=None, error=DIED, unsure=F("unsure") + 1)
    if ended:
        log.error("%s mails are given up: %s", ended, DIED)


@transaction.atomic
def _claim(limit: int) -> list[Delivery]:
    """Return rows to send, each under a lease.

    A row whose sender died may have been sent already, and is counted in `unsure`.
    """
    due = may_go_now().filter(Q(user__isnull=True) | Q(user__removed_at__isnull=True))
    due = due.select_for_update(skip_locked=True, of=("self",))
    claimed = list(due.order_by("next_attempt_at", "pk")[:limit])
    died = Case(When(state=DeliveryState.SENDING, then=Value(1)), default=Value(0))
    Delivery.objects.filter(pk__in=[row.pk for row in claimed]).update(
        state=DeliveryState.SENDING,
        lease_until=SchoolNow() + LEASE,
        attempts=F("attempts") + 1,
        unsure=F("unsure") + died,
    )
    return claimed


def _is_taken_back(row: Delivery) -> bool:
    """Cancel mail whose reader lost access since; return whether (I6)."""
    if row.notification is None or not lost_access([row.notification]):
        return False
    Delivery.objects.filter(pk=row.pk).cancel()
    return True


def _still_ours(row: Delivery) -> bool:
    """Return whether the row is still claimed.

    A cancelled one is not sent (F34).
    """
    return Delivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING, attempts=row.attempts + 1).exists()


def _fill_in_name(row: Delivery) -> None:
    """Say the name of now in a mail that is about to go; the row keeps the place of the name until then."""
    if NAME not in row.subject + row.body:
        return
    about = row.notification
    name = hooks.name_now.call(about.kind, about) if about and about.kind in hooks.name_now.kinds else ""
    name = " ".join(name.split())  # of a subject: one line
    row.subject, row.body = row.subject.replace(NAME, name), row.body.replace(NAME, name)


def _mark_sent(row: Delivery) -> None:
    # Unconditional: the mail went, whatever happened to the row meanwhile.
    Delivery.objects.filter(pk=row.pk).update(
        state=DeliveryState.SENT,
        subject=row.subject,
        sent_at=SchoolNow(),
        lease_until=None,
        body="",
        error="",
    )


def _is_final(error: Exception, attempt: int) -> bool:
    """Return whether to give up.

    A permanently refused address or a malformed mail is tried for 83 minutes, a server that is down for
    three days.
    """
    refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _reason in error.recipients.values()
    )
    return attempt >= (LAST_REFUSAL if refused or not isinstance(error, OSError) else LAST_ATTEMPT)


def _is_certain(error: Exception) -> bool:
    """Return whether the mail certainly did not go.

    A refusal does, silence after sending does not (F27).
    """
    answered = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
    return answered or not isinstance(error, OSError)


def _mark_failed(row: Delivery, error: Exception, *, certain: bool) -> None:
    attempt = row.attempts + 1
    step = BACK_OFF_MINUTES[min(attempt, len(BACK_OFF_MINUTES)) - 1]
    # Only while claimed: a row cancelled meanwhile stays cancelled.
    ours = Delivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING, attempts=attempt)
    ours.update(
        state=DeliveryState.FAILED if _is_final(error, attempt) else DeliveryState.PENDING,
        next_attempt_at=SchoolNow() + timedelta(minutes=step),
        lease_until=None,
        unsure=F("unsure") + (0 if certain else 1),
        error=f"{type(error).__name__}: {error}"[:300],
    )
    log.warning("mail %s was not sent (%s), attempt %s", row.pk, type(error).__name__, attempt)


def _send(row: Delivery) -> bool:
    """Try once; return whether the server took it.

    The row's state says the rest.
    """
    begun, connection = False, None
    try:
        failpoint(f"mail.to.{row.address}")
        connection = get_connection()
        connection.open()
        begun = True
        _fill_in_name(row)
        headers = {"Message-ID": row.message_id, **BY_A_PROGRAM}
        EmailMessage(row.subject, row.body, to=[row.address], connection=connection, headers=headers).send()
    except SoftTimeLimitExceeded:  # this process must end; the lease returns the row
        raise
    except (
        Exception
    ) as error:  # a mail server may fail in any way; the row records it and the next mail goes on
        _mark_failed(row, error, certain=not begun or _is_certain(error))
        return False
    finally:
        with suppress(Exception):  # a failing QUIT changes nothing about the mail
            if connection is not None:
                connection.close()
    failpoint("mail.after_send")
    _mark_sent(row)
    return True


def deliver_due(*, limit: int = 500) -> int:
    """Send what is due; return how many.

    One failing mail does not delay the others. A process that dies between sending and marking leaves a
    lease: the mail goes again with the same Message-ID, so a reader gets at most one more (I5). Each row is
    claimed just before it is sent.
    """
    _end_hopeless()
    sent, end = 0, time.monotonic() + BATCH_SECONDS
    for _turn in range(limit):
        claimed = _claim(1)
        for row in claimed:
            failpoint("mail.after_claim")
            sent += not _is_taken_back(row) and _still_ours(row) and _send(row)
        if not claimed or time.monotonic() > end:
            break
    return sent
