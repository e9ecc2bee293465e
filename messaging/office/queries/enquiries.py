"""Find enquiries that a person may see, and read the office's lists."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember
from classes.hooks import FoundByReference
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil, pupil_here
from classes.queries import children_of
from malpas.lib.db.plain import Plain, having_words, words_of
from malpas.lib.hours import SchoolHours
from messaging.enums import EntryKind, Topic
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry, EnquiryPhoto
from messaging.models.entries import Entry
from messaging.office.queries.waiting import waiting
from messaging.office.rules.enquiries import (
    DAYS_BACK,
    covers,
    may_work_at_office,
    may_work_on,
    school_days_since,
    still_off_until,
)


def children_to_write_about(actor: Actor) -> list[Pupil]:
    """Return the children this person may write about, or 404.

    By name.
    """
    found = children_of(actor) if actor.is_personal else []
    if not found:
        raise Http404
    return found


def _reference(written: str) -> str:
    plain = "".join(written.split()).upper()
    return f"{plain[:1]} {plain[1:4]} {plain[4:]}"


def _own(actor: Actor) -> QuerySet[Enquiry]:
    """Filter the enquiries of this person.

    Not those recorded for an adult without an account, nor about a child whom they may no longer ask about,
    nor rerouted in these quiet hours (TE-4).
    """
    by_themselves = Q(origin__contact__isnull=True) | Q(origin__contact__user=F("parent"))
    lost = Pupil.objects.filter(enquiries=OuterRef("pk")).exclude(pk__in=Pupil.objects.of_parent(actor.user))
    mine = Enquiry.objects.filter(by_themselves, ~Exists(lost), parent=actor.user)
    return mine.exclude(origin__message__rerouted_at__gt=SchoolNow())


def get_own_enquiry(actor: Actor, reference: str) -> Enquiry:
    """Find this person's enquiry by its reference, or 404.

    With or without spaces. A reference alone gives access to nothing.
    """
    mine = _own(actor)
    mine = mine.select_related("absence", "complaint", "origin__contact").prefetch_related(
        "pupils__classroom"
    )
    return get_object_or_404(mine, reference=_reference(reference))


def entries_for_family(enquiry: Enquiry, now: datetime) -> list[Entry]:
    """Return what the family reads under its enquiry (TE-4).

    Its own entries and answers that have arrived; nothing else.
    """
    theirs = enquiry.entries.not_withdrawn().filter(kind__in=[EntryKind.FAMILY, EntryKind.ANSWER])
    entries = theirs.filter(release_at__lte=now)
    return list(entries.select_related("staff"))


def own_enquiries(actor: Actor) -> QuerySet[Enquiry]:
    """Return this person's enquiries, newest first; at most twenty."""
    mine = _own(actor)
    return mine.select_related("absence").prefetch_related("pupils").order_by("-sent_at", "-turn")[:20]


def still_off(actor: Actor, day: date) -> list[Absence]:
    """Return absences that 'still off' may repeat on `day`.

    The last report for each set of this parent's children.
    """
    recent = Absence.objects.filter(
        enquiry__parent=actor.user,
        first_day__lte=day,
        first_day__gte=day - timedelta(days=DAYS_BACK),
        cancelled_at__isnull=True,
    )
    recent = recent.exclude(enquiry__origin__message__rerouted_at__gt=SchoolNow())
    recent = (
        recent.select_related("enquiry").prefetch_related("enquiry__pupils").order_by("-enquiry__sent_at")
    )
    own = {child.pk for child in children_of(actor)}
    seen: set[int] = set()
    found = []
    for absence in recent:
        children = {pupil.pk for pupil in absence.enquiry.pupils.all()}
        if (
            children <= own
            and not children & seen
            and still_off_until(absence) >= day
            and not covers(absence, day)
        ):
            found.append(absence)
        seen |= children
    return found


def get_enquiry_by_key(actor: Actor, key: UUID) -> Enquiry | None:
    """Return the enquiry that an earlier request with this key submitted."""
    return Enquiry.objects.filter(parent=actor.user, key=key).first()


def enquiries_at_office(actor: Actor) -> QuerySet[Enquiry]:
    """Filter the enquiries that this person works on; 404 without any role."""
    if not may_work_at_office(actor):
        raise Http404
    return Enquiry.objects.worked_on_by(actor)


def get_enquiry_at_office(actor: Actor, pk: int) -> Enquiry:
    """Find an enquiry that this member of staff works on, or 404.

    404 also for a class, a parent, and SLT where it is no complaint.
    """
    found = enquiries_at_office(actor).select_related(
        "complaint", "absence", "parent", "taken_by", "origin__contact"
    )
    enquiry = get_object_or_404(found.prefetch_related("pupils__classroom"), pk=pk)
    if not may_work_on(enquiry, actor):
        raise Http404
    return enquiry


def get_enquiry_photo(actor: Actor, name: str) -> EnquiryPhoto:
    """Find a photo for its parent and the staff concerned, or 404."""
    seen = Q(enquiry__in=Enquiry.objects.worked_on_by(actor))
    if actor.is_parent:
        seen |= Q(enquiry__in=_own(actor))
    return get_object_or_404(EnquiryPhoto, seen, name=name)


def find_by_reference(actor: Actor, written: str) -> list[FoundByReference]:
    """Return this reference's enquiry if this person works on it (PA-7).

    With or without spaces; a sealed complaint exists for the governor alone.
    """
    rows = Enquiry.objects.worked_on_by(actor).filter(reference=_reference(written))
    return [
        FoundByReference(f"{one.get_topic_display()} · {one.parent}", reverse("enquiry", args=[one.pk]))
        for one in rows.select_related("parent")
    ]


def entries_for_staff(enquiry: Enquiry) -> list[Entry]:
    """Return all entries that were not withdrawn, in order."""
    return list(enquiry.entries.not_withdrawn().select_related("staff", "user"))


def colleagues_for(enquiry: Enquiry) -> list[StaffMember]:
    """Those to whom an enquiry may be handed over."""
    people = StaffMember.objects.reachable().select_related("user")
    return [one for one in people if one.user and may_work_on(enquiry, Actor(one.user, one))]


def contacts_named(actor: Actor, name: str) -> list[Contact]:
    """Find at most thirty adults by their own or a child's name.

    For a call; for the office alone.
    """
    if not actor.is_office:
        raise Http404
    if len(name.strip()) < 2:
        return []
    live = Guardianship.objects.filter(pupil_here("pupil__"), ended_at__isnull=True)
    of_child = ("preferred_forename", "legal_forename", "surname", "legal_surname")
    names = ("contact__forename", "contact__surname", *(f"pupil__{column}" for column in of_child))
    found = Contact.objects.filter(pk__in=having_words(live, names, words_of(name)).values("contact"))
    guardianships = Prefetch(
        "guardianships", live.select_related("pupil__classroom"), to_attr="live_guardianships"
    )
    return list(
        found.prefetch_related(guardianships).order_by(Plain("surname"), Plain("forename"), "pk")[:30]
    )


def get_contact_for_call(actor: Actor, pk: int) -> tuple[Contact, list[Pupil]]:
    """Find an adult who telephones, and their children here, or 404.

    For the office alone.
    """
    if not actor.is_office:
        raise Http404
    contact = get_object_or_404(Contact.objects.select_related("user"), pk=pk)
    guardianships = Guardianship.objects.filter(contact=contact, ended_at__isnull=True)
    children = (
        Pupil.objects.here()
        .filter(pk__in=guardianships.values("pupil"))
        .select_related("classroom")
        .by_name()
    )
    if not (own := list(children)):
        raise Http404
    return contact, own


@dataclass(frozen=True)
class TopicFigures:
    """Hold the figures of one topic over the last weeks.

    How many came, how many are open, the age of the oldest and the median time until done, in school days.
    """

    topic: Topic
    came: int
    open: int
    oldest: int
    median_days: float | None


class Times(NamedTuple):
    sent_at: datetime
    closed_at: datetime | None
    waits: bool


def topic_figures(actor: Actor, *, now: datetime, hours: SchoolHours, weeks: int = 6) -> list[TopicFigures]:
    """Return anonymous figures, the busiest topic first (PA-7).

    For senior leaders and the office.
    """
    if not (actor.is_slt or actor.is_office):
        raise Http404
    since = now - timedelta(weeks=weeks)
    rows: QuerySet[Any] = Enquiry.objects.filter(is_sealed=False)
    waits = waiting(Enquiry.objects.filter(pk=OuterRef("pk")).order_by())
    rows = rows.annotate(waits=Exists(waits)).filter(Q(sent_at__gte=since) | Q(waits=True))
    found: dict[str, list[Times]] = {}
    for topic, *times in rows.values_list("topic", "sent_at", "closed_at", "waits"):
        found.setdefault(topic, []).append(Times(*times))
    figures = [_figures(Topic(topic), times, since, now, hours) for topic, times in found.items()]
    return sorted(figures, key=lambda one: -one.came)


def _figures(
    topic: Topic,
    times: list[Times],
    since: datetime,
    now: datetime,
    hours: SchoolHours,
) -> TopicFigures:
    done = [school_days_since(one.sent_at, one.closed_at, hours) for one in times if one.closed_at]
    waits = [school_days_since(one.sent_at, now, hours) for one in times if one.waits]
    came = sum(one.sent_at >= since for one in times)
    return TopicFigures(topic, came, len(waits), max(waits, default=0), median(done) if done else None)
