"""Suspend all messaging while reading goes on, and resume it (F34).

Nothing is written, and pending messages do not arrive.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember
from accounts.models.school import School
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import NOT_YET_KNOWN
from malpas.lib.text import clean_line
from messaging.conversations.notifications import MESSAGE
from messaging.conversations.rules import may_oversee
from messaging.conversations.services.scheduling import reschedule_pending
from messaging.models.conversations import Message
from messaging.models.oversight import Suspension


class ReasonNeeded(RuleViolation):
    sentence = _("Please write down why.")


def reason_of(text: str) -> str:
    """Return the cleaned reason.

    Raises ReasonNeeded when it has no letter or digit.
    """
    reason = clean_line(text)[:300]
    if not any(sign.isalnum() for sign in reason):
        raise ReasonNeeded
    return reason


def _leader(by: Actor) -> StaffMember:
    if not may_oversee(by) or by.staff is None:
        raise PermissionDenied
    return by.staff


def _unsent_mail():
    return Delivery.objects.filter(notification__kind=MESSAGE, state=DeliveryState.PENDING)


@transaction.atomic
def suspend_messaging(*, by: Actor, at: datetime, reason: str) -> Suspension:
    """Suspend writing, changing and arriving of all messages (A12).

    The office's forms go on. Pending messages, and e-mails about arrived ones, are held without a time. A
    repeated request returns the first suspension. Raises ReasonNeeded.
    """
    leader = _leader(by)
    cleaned = reason_of(reason)
    School.objects.select_for_update().filter(pk=1).first()  # waits for transactions that are sending now
    running = Suspension.objects.filter(lifted_at__isnull=True).first()
    if running is not None:
        return running
    School.objects.filter(pk=1).update(messaging_suspended_at=at)
    pending = Message.objects.pending().update(release_at=NOT_YET_KNOWN)
    Notification.objects.filter(kind=MESSAGE, release_at__gt=at).update(release_at=NOT_YET_KNOWN)
    _unsent_mail().update(next_attempt_at=NOT_YET_KNOWN)
    suspension = Suspension.objects.create(reason=cleaned, by=leader, at=at)
    record("messaging.suspended", by=by, about=suspension, pending=pending)
    return suspension


@transaction.atomic
def lift_suspension(*, by: Actor, at: datetime) -> bool:
    """Resume messaging; False when it was not suspended.

    What was held arrives at the next opening, in working hours at once.
    """
    _leader(by)
    school = School.objects.select_for_update().filter(pk=1).first()
    running = Suspension.objects.filter(lifted_at__isnull=True).first()
    if school is None or running is None:
        return False
    School.objects.filter(pk=1).update(messaging_suspended_at=None)
    Suspension.objects.filter(pk=running.pk).update(lifted_at=at, lifted_by=by.staff)
    hours = school_hours(school)
    moved = reschedule_pending(hours)
    _unsent_mail().filter(next_attempt_at=NOT_YET_KNOWN).update(next_attempt_at=hours.release(at))
    record("messaging.lifted", by=by, about=running, moved=moved)
    return True
