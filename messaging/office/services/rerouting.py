"""Reroute a misdirected message from a class to the office (PA-7)."""

from datetime import datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from malpas.lib.errors import RuleViolation
from messaging.enums import AbsenceReason, ComplaintAbout, DayPart, Topic
from messaging.locks import locked_hours
from messaging.models.absences import Absence
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry, Origin
from messaging.office.notifications import (
    notify_office,
    notify_rerouted,
)
from messaging.office.rules.enquiries import (
    may_reroute,
    next_school_day,
)
from messaging.office.services.complaints import open_complaint
from messaging.office.services.enquiries import alert_of, new_reference


class AlreadyRerouted(RuleViolation):
    sentence = _("This message is at the office already.")


@transaction.atomic
def reroute_message(message: Message, *, topic: str, by: Actor, at: datetime) -> Enquiry:
    """Turn a misdirected message into an enquiry, once (PA-7).

    The parent is notified; the class sees it no more. In quiet hours the parent sees it at the next
    opening: nobody learns that staff looked at night (TE-4). An absence counts from the day it was written
    for, without a reason; the day is a guess, so the queue keeps it. Raises AlreadyRerouted.
    """
    hours = locked_hours()
    row = Message.objects.select_for_update(of=("self",)).select_related(
        "conversation__parent", "conversation__pupil__classroom"
    )
    locked = row.get(pk=message.pk)
    if not may_reroute(locked, by, now=at) or not _is_in_class_of(locked, by) or by.staff is None:
        raise PermissionDenied
    if locked.rerouted_at:
        raise AlreadyRerouted
    conversation = locked.conversation
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=conversation.parent,
        body=locked.body,
        alert=alert_of(locked.body),
        key=uuid4(),
        sent_at=locked.sent_at,
    )
    enquiry.pupils.set([conversation.pupil])
    Origin.objects.create(enquiry=enquiry, message=locked, recorded_by=by.staff)
    Message.objects.filter(pk=locked.pk).update(rerouted_at=hours.release(at))
    _add_topic_rows(enquiry, locked, hours, at=at)
    notify_rerouted(enquiry, release_at=hours.release(at))
    notify_office(enquiry, release_at=hours.release(at))
    record("message.rerouted", by=by, about=enquiry, message=locked.pk)
    return enquiry


def _is_in_class_of(message: Message, by: Actor) -> bool:
    room = message.conversation.pupil.classroom
    return room is not None and room.account_id == by.user.pk


def _add_topic_rows(enquiry: Enquiry, message: Message, hours, *, at: datetime) -> None:
    if enquiry.topic == Topic.ABSENCE:
        first = next_school_day(message.sent_at, hours) or hours.local_date(message.sent_at)
        Absence.objects.create(
            enquiry=enquiry, first_day=first, part=DayPart.WHOLE, reason=AbsenceReason.OTHER
        )
    if enquiry.topic == Topic.COMPLAINT:
        open_complaint(enquiry, ComplaintAbout.SCHOOL, at=at)
