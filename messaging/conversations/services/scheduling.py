"""Announce arrivals, and reschedule pending messages when the calendar changes.

No worker makes a message visible: only the database's clock does.
"""

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Value
from django.db.models.functions import Greatest

from accounts.calendar.hours import school_hours
from accounts.calendar.services import reschedule_notices
from accounts.clock import SchoolNow, ThisInstant
from accounts.models.school import School
from accounts.notify.heartbeat import note_late
from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from malpas.lib.failpoints import failpoint
from malpas.lib.hours import SchoolHours
from messaging.conversations.notifications import MESSAGE, notify_of_arrivals
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Message

ALONE = """
    SELECT *, school_now() AS now FROM accounts_school
    WHERE id = 1 AND pg_try_advisory_xact_lock(hashtext('messaging.announce')) FOR KEY SHARE
"""


def _lock_school_alone() -> School | None:
    """Lock the school for one run; None for a second.

    A second run would announce the later half of a conversation first (I7) and has nothing to do (F16).
    Messaging is neither suspended nor resumed before this transaction ends (F34). The school is locked
    before the messages, as everywhere (F15).
    """
    return next(iter(School.objects.raw(ALONE)), None)


def _claim(limit: int) -> list[Message]:
    """Lock the messages to announce, oldest arrival first.

    Rows that another run holds are skipped (F16).
    """
    guardianships = Guardianship.objects.live().filter(
        pupil=OuterRef("conversation__pupil"),
        contact__user=OuterRef("conversation__parent"),
    )
    due = Message.objects.to_announce().annotate(  # type: ignore[no-redef]  # declared at the model
        has_access=Exists(guardianships), may_write=Exists(guardianships.filter(restriction=Restriction.NONE))
    )
    due = due.select_related("author", "conversation__parent", "conversation__pupil__classroom__account")
    return list(due.select_for_update(skip_locked=True, of=("self",)).order_by("release_at", "pk")[:limit])


def _why_barred(message: Message) -> str:
    """Return why this message may not arrive; '' when it may (I6).

    By the rights of this moment.
    """
    if message.author.removed_at or (not message.from_class and not message.may_write):
        return WithdrawnBecause.WRITER_REMOVED
    return "" if message.has_access else WithdrawnBecause.READER_REMOVED


def _withdraw(messages: list[Message]) -> None:
    for because in WithdrawnBecause:
        barred = [message.pk for message in messages if _why_barred(message) == because]
        if barred:
            Message.objects.filter(pk__in=barred).update(withdrawn_at=SchoolNow(), withdrawn_because=because)


@transaction.atomic
def announce_due(*, limit: int = 500) -> int:
    """Notify readers of arrived messages, once for each and however late.

    The notifications wait for the next opening if school has closed since (F19). Nothing is announced while
    messaging is suspended (F34). Returns how many were announced.
    """
    school = _lock_school_alone()
    claimed = _claim(limit) if school and not school.messaging_suspended_at else []
    if not school or not claimed:
        return 0
    failpoint("release.claimed")
    _withdraw([message for message in claimed if _why_barred(message)])
    arrived = [message for message in claimed if not _why_barred(message)]
    assert school.now is not None
    goes_at = school_hours(school).release(school.now)
    notify_of_arrivals(arrived, release_at=goes_at)
    if arrived:
        note_late(len(arrived), oldest=arrived[0].release_at, at=school.now, goes_at=goes_at)
    failpoint("release.half")
    Message.objects.filter(pk__in=[message.pk for message in arrived]).update(announced_at=SchoolNow())
    return len(arrived)


def reschedule_pending(hours: SchoolHours) -> int:
    """Reschedule pending messages by new hours (F37).

    Never into the past. What staff read or rerouted in quiet hours shows when the new ones end (PA-6).
    While messaging is suspended only that moves. Returns how many messages moved.
    """
    school = School.objects.here()
    assert school.now is not None
    release = hours.release(school.now)
    for column in ("read_at", "rerouted_at"):
        Message.objects.filter(from_class=False, **{f"{column}__gt": ThisInstant()}).update(
            **{column: release}
        )
    if school.messaging_suspended_at:
        return 0
    # A message sent while this waited for the school's row may have a `sent_at` after the new time.
    new = Greatest(Value(release, DateTimeField()), F("sent_at"))
    moved = Message.objects.pending().exclude(release_at=new).update(release_at=new)
    reschedule_notices((MESSAGE,), hours)
    return moved
