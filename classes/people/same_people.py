"""Show two records side by side, and keep that they are two people."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from classes.models.guardianships import Contact
from classes.models.same_people import NotSame
from classes.people.queries import PersonRow, adults_named, rows_of_adults
from classes.rules import may_run_joining


def others_named(q: str, contact: Contact) -> list[PersonRow]:
    """Return at most thirty other adults of this name."""
    return [row for row in adults_named(q) if row.person.pk != contact.pk]


def side_by_side(*contacts: Contact) -> list[PersonRow]:
    """Return these adults with their children, in this order."""
    return rows_of_adults([contact.pk for contact in contacts])


@transaction.atomic
def say_not_same(*, one: Contact, other: Contact, by: Actor) -> None:
    """Keep that these are two people, so that nobody is asked again.

    Repeated, it does nothing.
    """
    if not may_run_joining(by) or one.pk == other.pk:
        raise PermissionDenied
    first, second = sorted((one, other), key=lambda contact: contact.pk)
    _row, is_new = NotSame.objects.get_or_create(
        one=first, other=second, defaults={"by": by.user, "staff": by.staff}
    )
    if is_new:
        record("contact.not_same", by=by, about=first, other=second.pk)
