"""Submit enquiries to the Main Office (PA-7, PA-13).

They are on its list at once, at any hour; only the notification waits.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from malpas.lib.idempotency import replay
from messaging.body import require_body
from messaging.enums import Alert, ComplaintAbout, Topic
from messaging.errors import TooManyMessages
from messaging.locks import lock_writer, locked_hours
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.office.notifications import notify_office
from messaging.office.rules.absences import is_on_coming_sheet
from messaging.office.rules.allergy import names_allergy
from messaging.office.rules.enquiries import MESSAGES_AN_HOUR
from messaging.office.services.complaints import open_complaint

LETTERS = "23456789BCDFGHJKMNPQRTVWXYZ"  # without vowels, which make words, and without look-alikes


class NotYourChild(RuleViolation):
    sentence = _("Please choose one of your own children.")


@dataclass(frozen=True)
class AbsenceFacts:
    """Hold the facts of an absence.

    `back_on` None: not known yet. `symptom`: empty unless the reason is 'ill'.
    """

    first_day: date
    part: str
    reason: str
    symptom: str = ""
    back_on: date | None = None


def new_reference(topic: str) -> str:
    """Return a random reference for the telephone, such as 'A 4K7 2MW'.

    One of 387 million; it gives access to nothing by itself.
    """
    drawn = "".join(secrets.choice(LETTERS) for _sign in range(6))
    return f"{Topic(topic).letter} {drawn[:3]} {drawn[3:]}"


def alert_of(*texts: str) -> str:
    """Return the alert that these texts give an enquiry.

    The database adds what its topic and form give.
    """
    return Alert.ALLERGY if names_allergy(*texts) else ""


def add_absence(enquiry: Enquiry, facts: AbsenceFacts, hours: SchoolHours) -> None:
    """Store an absence, and whether a coming sheet names it (PA-13)."""
    on_sheet = is_on_coming_sheet(Absence(**vars(facts)), enquiry.sent_at, hours)
    Absence.objects.create(enquiry=enquiry, on_sheet=on_sheet, **vars(facts))


def _own_children(pupils: Iterable[Pupil], by: Actor) -> list[Pupil]:
    chosen = {pupil.pk for pupil in pupils}
    own = list(Pupil.objects.of_parent(by.user).filter(pk__in=chosen))
    if not by.is_personal or len(own) != len(chosen):
        raise NotYourChild
    return own


def _limit_rate(by: Actor, at: datetime) -> None:
    if (
        Enquiry.objects.filter(parent=by.user, sent_at__gt=at - timedelta(hours=1)).count()
        >= MESSAGES_AN_HOUR
    ):
        raise TooManyMessages


def _replay_enquiry(first: Enquiry, absence: AbsenceFacts | None, **fields: object) -> Enquiry:
    """Return the first enquiry of this key if it says the same.

    Raises IdempotencyConflict.
    """
    enquiry = replay(first, **fields)
    if absence:
        replay(enquiry.absence, **vars(absence))
    return enquiry


@transaction.atomic
def submit_enquiry(
    *,
    topic: str,
    pupils: Iterable[Pupil],
    by: Actor,
    at: datetime,
    key: UUID,
    body: str = "",
    phone: str = "",
    absence: AbsenceFacts | None = None,
    facts: dict[str, str] | None = None,
    about: str = "",
) -> Enquiry:
    """Put an enquiry on the office's list now (PA-7, PA-13).

    Its notification waits.
    `pupils`: children of `by`. `body`: may be empty for an absence, and where `facts` (see enums.FACTS) say
    it all. `about`: of a complaint (see enums.ComplaintAbout); one about the head teacher goes to the
    governor alone. The same `key` again returns the first enquiry.

    Raises IdempotencyConflict, NotYourChild, NoGovernor, EmptyBody, BodyTooLong, TooManyMessages.
    """
    cleaned = require_body(body) if body.strip() or not (absence or facts) else ""
    lock_writer(by.user)
    first = Enquiry.objects.filter(parent=by.user, key=key).first()
    if first is not None:
        return _replay_enquiry(first, absence, topic=topic, body=cleaned, phone=phone, facts=facts or {})
    children = _own_children(pupils, by)
    _limit_rate(by, at)
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=by.user,
        body=cleaned,
        phone=phone,
        facts=facts or {},
        alert=alert_of(cleaned, *(facts or {}).values()),
        key=key,
        sent_at=at,
        is_sealed=about == ComplaintAbout.HEAD,
    )
    enquiry.pupils.set(children)
    hours = locked_hours()
    if absence:
        add_absence(enquiry, absence, hours)
    if topic == Topic.COMPLAINT:
        open_complaint(enquiry, about or ComplaintAbout.SCHOOL, at=at)
    notify_office(enquiry, release_at=hours.release(at))
    return enquiry
