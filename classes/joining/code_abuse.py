"""Count, end and report codes that somebody guesses at or has found.

What the visitor reads stays the same.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, F, TextField, Value, When

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.clock import SchoolNow
from accounts.models.school import School
from classes.enums import Suspicion
from classes.joining.codes import code_hash
from classes.models.joining import Invitation
from classes.notifications import notify_leaders_of_guessing, notify_office_of_code

WRONG_BIRTHDAYS = 10


def count_refusal(code: str) -> None:
    """Count a wrong birthday; the tenth ends the code (A17).

    Counts only where the code is right. One update, whatever was typed and whether or not there is such a code, so
    that every refusal costs the same and gives nothing away. The office is notified later, by a periodic task.
    """
    last = When(wrong_birthdays__gte=WRONG_BIRTHDAYS - 1, then=Value(Suspicion.GUESSED))
    Invitation.objects.open().filter(code_hash=code_hash(code)).update(
        wrong_birthdays=F("wrong_birthdays") + 1,
        suspicion=Case(last, default=F("suspicion"), output_field=TextField()),
        office_notified_at=Case(
            When(wrong_birthdays__gte=WRONG_BIRTHDAYS - 1, then=None), default=F("office_notified_at")
        ),
        withdrawn_at=Case(When(wrong_birthdays__gte=WRONG_BIRTHDAYS - 1, then=SchoolNow())),
    )


@transaction.atomic
def note_other_adult(invitation_id: int, *, by: Actor) -> None:
    """Record once that a signed-in adult tried somebody else's code (A17).

    The code stays valid.
    """
    fresh = Invitation.objects.open().filter(pk=invitation_id, suspicion="")
    if fresh.update(suspicion=Suspicion.OTHER_ADULT, tried_by=by.user):
        record("invitation.tried_by_another", by=by, invitation=invitation_id)


@transaction.atomic
def notify_of_codes_due(*, limit: int = 50) -> int:
    """Notify the office of suspicious codes, each once, at the next opening.

    Returns how many.
    """
    rows = Invitation.objects.to_notify().select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    claimed = list(rows.select_related("guardianship__contact")[:limit])
    if not claimed:
        return 0
    school = School.objects.here()
    assert school.now is not None
    release_at = school_hours(school).release(school.now)
    for invitation in claimed:
        notify_office_of_code(invitation, release_at=release_at)
    Invitation.objects.filter(pk__in=[row.pk for row in claimed]).update(office_notified_at=SchoolNow())
    return len(claimed)


def sound_alarm(at: datetime) -> None:
    """Notify senior leaders that a limit of tries at codes was reached.

    The limit of an address or of everybody together. Two processes may do so in the same instant: the second finds
    the first's row and stops. See A15.
    """
    try:
        with transaction.atomic():
            if notify_leaders_of_guessing(release_at=school_hours().release(at)):
                record("alarm.codes", by=None)
    except IntegrityError:
        return
