"""Re-check whether an enquiry's notification is still for its reader (I6)."""

from collections.abc import Collection

from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from classes.models.guardianships import Guardianship
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry

ENQUIRY = "enquiry"  # the kind of notifications about enquiries
OFFICE_KEY = "enquiry:"  # prefix of the keys of notifications to the office


def lost_enquiry_notices(notices: Collection[Notification]) -> set[int]:
    """Return the ids of notifications whose reader has lost access.

    A parent has lost a child that the enquiry is about; a member of staff, for the office's own, works here
    no more. Five queries.
    """
    answers, passed = _numbers(notices, "answer:"), _numbers(notices, "rerouted:")
    of_entry = dict(Entry.objects.filter(pk__in=answers.values()).values_list("pk", "enquiry"))
    about = passed | {pk: of_entry[entry] for pk, entry in answers.items() if entry in of_entry}
    children = Enquiry.objects.filter(pk__in=about.values(), pupils__isnull=False).values_list("pk", "pupils")
    pairs: dict[int, set[int]] = {}
    for enquiry, child in children:
        pairs.setdefault(enquiry, set()).add(child)
    readers = {notice.pk: notice.recipient_id for notice in notices}
    live = Guardianship.objects.live_pairs(set(readers.values()))
    here = StaffMember.objects.here().filter(user__in=readers.values())
    works = dict(here.values_list("user", "is_governor"))
    offices = [each for each in notices if each.key.startswith(OFFICE_KEY)]
    # Sealed notifications were for the governor; a former governor gets no more of them (PA-7).
    lost = {
        each.pk
        for each in offices
        if each.recipient_id not in works or (each.is_sealed and not works[each.recipient_id])
    }
    return lost | {
        pk
        for pk, enquiry in about.items()
        if any((readers[pk], child) not in live for child in pairs.get(enquiry, ()))
    }


def _numbers(notices: Collection[Notification], prefix: str) -> dict[int, int]:
    """Map notifications with this key prefix to the number after it."""
    keys = {each.pk: each.key.removeprefix(prefix) for each in notices if each.key.startswith(prefix)}
    return {pk: int(number) for pk, number in keys.items() if number.isdecimal()}
