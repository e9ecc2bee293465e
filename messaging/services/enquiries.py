"""What parents tell the Main Office: on its list at once, at any hour; only the notice waits (PA-7, PA-13)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.services import record
from classes.models import Pupil
from malpas.lib.errors import RuleViolation
from messaging.enums import EnquiryState, Topic
from messaging.models import Absence, Enquiry
from messaging.notifications import tell_office
from messaging.rules import MESSAGES_AN_HOUR, may_work_on
from messaging.services.writing import TooMany, hours_held, lock_writer, words_of

LETTERS = "23456789BCDFGHJKMNPQRTVWXYZ"  # no vowel makes a word, nothing looks like something else


class NotYourChild(RuleViolation):
    sentence = _("Please choose one of your own children.")


class TakenByAnother(RuleViolation):
    sentence = _("Somebody else has already taken this.")


@dataclass(frozen=True)
class AbsenceFacts:
    """`back_on` None: not known yet. `symptom` is empty unless the reason is 'ill'."""

    first_day: date
    part: str
    reason: str
    symptom: str = ""
    back_on: date | None = None


def new_reference(topic: str) -> str:
    """Short, to be said over the telephone, one of 387 million: 'A 4K7 2MW'. It opens nothing by itself."""
    drawn = "".join(secrets.choice(LETTERS) for _sign in range(6))
    return f"{Topic(topic).letter} {drawn[:3]} {drawn[3:]}"


def _own_children(pupils: Iterable[Pupil], by: Actor) -> list[Pupil]:
    chosen = {pupil.pk for pupil in pupils}
    own = list(Pupil.objects.of_parent(by.user).filter(pk__in=chosen))
    if not by.is_personal or len(own) != len(chosen):
        raise NotYourChild
    return own


def _refuse_a_flood(by: Actor, at: datetime) -> None:
    if (
        Enquiry.objects.filter(parent=by.user, sent_at__gt=at - timedelta(hours=1)).count()
        >= MESSAGES_AN_HOUR
    ):
        raise TooMany


@transaction.atomic
def tell_the_office(
    *,
    topic: str,
    pupils: Iterable[Pupil],
    by: Actor,
    at: datetime,
    key: UUID,
    words: str = "",
    phone: str = "",
    absence: AbsenceFacts | None = None,
) -> Enquiry:
    """Puts an enquiry on the office's list now; the office's notice waits for its hours (PA-7, PA-13).

    `pupils` are children of `by`; `words` may be empty only for an absence. The same `key` again gives the
    first enquiry. Raises NotYourChild, NoWords, TooManyWords, TooMany.
    """
    kept = words_of(words) if words.strip() or absence is None else ""
    lock_writer(by.user)
    first = Enquiry.objects.filter(parent=by.user, key=key).first()
    if first is not None:
        return first
    children = _own_children(pupils, by)
    _refuse_a_flood(by, at)
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=by.user,
        words=kept,
        phone=phone,
        key=key,
        sent_at=at,
    )
    enquiry.pupils.set(children)
    if absence:
        Absence.objects.create(enquiry=enquiry, **vars(absence))
    tell_office(enquiry, release_at=hours_held().release(at))
    return enquiry


@transaction.atomic
def take_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Somebody at the office looks after it from now on. Raises TakenByAnother."""
    if not may_work_on(enquiry, by):
        raise PermissionDenied
    fresh = Enquiry.objects.filter(pk=enquiry.pk, state=EnquiryState.NEW)
    if fresh.update(state=EnquiryState.TAKEN, taken_by=by.staff):
        record("enquiry.taken", by=by, about=enquiry)
    elif not Enquiry.objects.filter(pk=enquiry.pk, taken_by=by.staff).exists():
        raise TakenByAnother


@transaction.atomic
def close_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """It is done. A second press changes nothing."""
    if not may_work_on(enquiry, by):
        raise PermissionDenied
    undone = Enquiry.objects.filter(pk=enquiry.pk).exclude(state=EnquiryState.CLOSED)
    if undone.update(state=EnquiryState.CLOSED, closed_at=at):
        record("enquiry.closed", by=by, about=enquiry)
