"""Tell what waits for somebody at the office (PA-7, PA-13)."""

from django.db.models import Exists, OuterRef, QuerySet

from messaging.enums import EnquiryState, EntryKind, Topic
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry


def waiting(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """Filter what somebody still has to see to.

    All that is not done, but no absence that its sheet takes care of: it was told in time for a sheet, has
    no alert, nobody has taken it, and the family has written nothing since the last answer.
    """
    on_sheet = Absence.objects.filter(enquiry=OuterRef("pk"), on_sheet=True)
    rows = rows.exclude(state=EnquiryState.CLOSED)
    return rows.exclude(
        Exists(on_sheet), ~Exists(unanswered()), topic=Topic.ABSENCE, alert="", taken_by__isnull=True
    )


def unanswered() -> QuerySet[Entry]:
    """Filter what the outer enquiry's family wrote after the last answer."""
    answers = Entry.objects.not_withdrawn().filter(enquiry=OuterRef("enquiry"), kind=EntryKind.ANSWER)
    later = answers.filter(at__gte=OuterRef("at"), pk__gt=OuterRef("pk"))
    return Entry.objects.filter(~Exists(later), enquiry=OuterRef("pk"), kind=EntryKind.FAMILY)
