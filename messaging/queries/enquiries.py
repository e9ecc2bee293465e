"""The doors to what parents tell the office, and the office's lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from classes.models import Classroom, Pupil
from classes.queries import children_of
from malpas.lib.hours import SchoolHours
from messaging.enums import EnquiryState, Topic
from messaging.models import Absence, Enquiry
from messaging.rules import DAYS_UNKNOWN, covers, may_work_on, school_days_since


def children_to_write_about(actor: Actor) -> list[Pupil]:
    """The children whom this person may write about, by name; 404 for everybody without one."""
    found = children_of(actor) if actor.is_personal else []
    if not found:
        raise Http404
    return found


def get_own_enquiry(actor: Actor, reference: str) -> Enquiry:
    """What this person told the office, by its reference with or without spaces; or 404. A reference opens nothing."""
    plain = "".join(reference.split()).upper()
    mine = (
        Enquiry.objects.filter(parent=actor.user)
        .select_related("absence")
        .prefetch_related("pupils__classroom")
    )
    return get_object_or_404(mine, reference=f"{plain[:1]} {plain[1:4]} {plain[4:]}")


def own_enquiries(actor: Actor) -> QuerySet[Enquiry]:
    """What this person told the office, newest first; at most twenty."""
    mine = Enquiry.objects.filter(parent=actor.user).prefetch_related("pupils")
    return mine.order_by("-sent_at", "-pk")[:20]


def _at_office(actor: Actor) -> QuerySet[Enquiry]:
    if not (actor.is_office or actor.is_slt):
        raise Http404
    return Enquiry.objects.visible_to(actor)


def get_enquiry_at_office(actor: Actor, pk: int) -> Enquiry:
    """An enquiry that this member of staff works on, or 404: for a class, a parent, and SLT where it is no complaint."""
    enquiry = get_object_or_404(_at_office(actor), pk=pk)
    if not may_work_on(enquiry, actor):
        raise Http404
    return enquiry


@dataclass(frozen=True)
class Waiting:
    """One line of the queue; `age` in school days."""

    enquiry: Enquiry
    age: int


def queue(actor: Actor, *, now: datetime, hours: SchoolHours, topic: str = "") -> list[Waiting]:
    """What is not done yet, the urgent first, then the oldest; of one topic if given; at most two hundred."""
    rows = _at_office(actor).exclude(state=EnquiryState.CLOSED)
    rows = rows.filter(topic=topic) if topic else rows
    rows = rows.select_related("parent", "taken_by", "absence").prefetch_related("pupils__classroom")
    ordered = rows.order_by("sent_at", "pk")[:200]
    found = [Waiting(row, school_days_since(row.sent_at, now, hours)) for row in ordered]
    return sorted(found, key=lambda waiting: waiting.enquiry.topic != Topic.URGENT)


def topic_counts(actor: Actor) -> list[tuple[Topic, int]]:
    """How many are not done yet, for each topic that has some."""
    rows = _at_office(actor).exclude(state=EnquiryState.CLOSED).order_by("topic")
    found = dict(rows.values_list("topic").annotate(n=Count("pk")))
    return [(topic, found[topic]) for topic in Topic if topic in found]


@dataclass(frozen=True)
class Away:
    """One child on the absence sheet."""

    pupil: Pupil
    absence: Absence


def _by_class(rows: Iterable[Away]) -> list[tuple[Classroom | None, list[Away]]]:
    groups: dict[Classroom | None, list[Away]] = {}
    for row in sorted(rows, key=lambda row: (str(row.pupil.classroom or ""), str(row.pupil).lower())):
        groups.setdefault(row.pupil.classroom, []).append(row)
    return list(groups.items())


def absences_on(actor: Actor, day: date) -> list[tuple[Classroom | None, list[Away]]]:
    """Children away on `day`, by class; a child told of twice stands there once, as told last (PA-13).

    For the office alone: 404 for everybody else, senior leaders included, because it tells of health.
    """
    if not actor.is_office:
        raise Http404
    near = Absence.objects.filter(first_day__lte=day).filter(
        Q(back_on__gt=day) | Q(back_on__isnull=True, first_day__gt=day - timedelta(days=DAYS_UNKNOWN))
    )
    told = near.select_related("enquiry__parent").prefetch_related("enquiry__pupils__classroom")
    last: dict[int, Away] = {}
    for absence in told.order_by("enquiry__sent_at", "pk"):
        if covers(absence, day):
            last.update({pupil.pk: Away(pupil, absence) for pupil in absence.enquiry.pupils.all()})
    return _by_class(last.values())
