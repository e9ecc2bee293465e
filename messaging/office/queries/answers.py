"""Find pending answers for their writer, and a family's stage (TE-4)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.models.school import School
from malpas.lib.hours import SchoolHours
from messaging.enums import EntryKind
from messaging.models.complaints import Stage
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry


def get_own_answer(actor: Actor, enquiry: Enquiry, key: UUID) -> Entry:
    """Find an answer that this member of staff wrote, or 404.

    Withdrawn ones are not found. By its key, because consecutive numbers would tell how much is written
    under enquiries that others may not see.
    """
    own = enquiry.entries.not_withdrawn().filter(kind=EntryKind.ANSWER, user=actor.user)
    return get_object_or_404(own.select_related("enquiry"), key=key)


def get_letter(enquiry: Enquiry, key: UUID) -> Entry:
    """Find a letter under this enquiry, or 404."""
    letters = enquiry.entries.filter(kind=EntryKind.LETTER).select_related("staff")
    return get_object_or_404(letters, key=key)


def stage_for_family(enquiry: Enquiry, now: datetime) -> Stage | None:
    """Find the stage of a complaint as its family knows it."""
    known = enquiry.stages.filter(Q(release_at__isnull=True) | Q(release_at__lte=now))
    return known.order_by("-number").first()


def answers_wait_longer(hours: SchoolHours) -> list[str]:
    """Say how many of the office's answers would wait longer.

    By new hours; the governor's are not counted (PA-7).
    """
    school = School.objects.here()
    assert school.now is not None
    later = Entry.objects.pending().filter(enquiry__is_sealed=False, release_at__lt=hours.release(school.now))
    number = later.count()
    said = ngettext(
        "%(number)d answer of the office to a family waits longer.",
        "%(number)d answers of the office to families wait longer.",
        number,
    )
    return [said % {"number": number}] if number else []
