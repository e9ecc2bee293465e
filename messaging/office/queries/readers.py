"""Find out whether anybody reads an answer to an enquiry (PA-7)."""

from classes.models.guardianships import Guardianship
from messaging.enums import NoReader
from messaging.models.enquiries import Enquiry


def why_no_reader(enquiry: Enquiry) -> NoReader | None:
    """Return why an answer would reach nobody, or None."""
    parent, origin = enquiry.parent, getattr(enquiry, "origin", None)
    if origin and origin.contact and origin.contact.user_id != parent.pk:
        return NoReader.NO_ACCOUNT
    if parent.removed_at or not parent.is_active:
        return NoReader.CLOSED
    live = Guardianship.objects.live_pairs({parent.pk})
    if any((parent.pk, child) not in live for child in enquiry.pupils.values_list("pk", flat=True)):
        return NoReader.NO_ACCESS
    return None


def number_of(enquiry: Enquiry) -> str:
    """Return a telephone number of who reported it; may be empty.

    The one given with the enquiry, else the one in the school's records.
    """
    origin = getattr(enquiry, "origin", None)
    contact = origin.contact if origin and origin.contact else getattr(enquiry.parent, "contact", None)
    return enquiry.phone or (contact.mobile if contact else "")
