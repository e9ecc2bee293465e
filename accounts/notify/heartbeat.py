"""Record when periodic tasks ran, and raise an alarm about late ones."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.clock import SchoolNow
from accounts.models.notifications import Sweep
from accounts.models.people import StaffMember
from accounts.notify.notify import NotificationText, notify

log = logging.getLogger(__name__)
LATE = timedelta(minutes=5)


def note_sweep(name: str) -> None:
    """Record that the periodic task of this name has just run."""
    Sweep.objects.bulk_create(
        [Sweep(name=name, done_at=SchoolNow())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["done_at"],
    )


def note_late(number: int, *, oldest: datetime, at: datetime, goes_at: datetime) -> bool:
    """Raise the alarm that `number` arrivals were announced late.

    Return False when none is. Late is more than five minutes after `oldest`, or `goes_at` after `at` (all
    UTC). It writes an audit entry and notifies leaders once a day (F18, F19). Call it in the transaction
    that announces.
    """
    is_delayed = goes_at > at
    if at - oldest <= LATE and not is_delayed:
        return False
    minutes = int((at - oldest).total_seconds() // 60)
    until: dict[str, Any] = {"held_until": goes_at.isoformat()} if is_delayed else {}
    record("arrivals.announced_late", by=None, messages=number, minutes=minutes, **until)
    log.error("%s arrivals are announced %s minutes late", number, minutes)
    leaders = StaffMember.objects.leaders().accounts_to_notify()
    day = school_hours().local_date(at)
    notify(leaders, kind="late", key=f"late:{day}", text=_late, release_at=goes_at)
    return True


def _late() -> NotificationText:
    title = _("The portal told people late")
    body = _("Everything was in the portal at its time; only the notices of it came late.")
    return NotificationText(title, body, reverse("status_page"))
