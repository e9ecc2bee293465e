"""Follow an adult whose two records became one."""

from classes.models.guardianships import Contact
from messaging.models.enquiries import Origin


def move_calls(gone: Contact, keep: Contact) -> int:
    """Give the calls of a merged record to the one that stays.

    Return how many.
    """
    return Origin.objects.filter(contact=gone).update(contact=keep)
