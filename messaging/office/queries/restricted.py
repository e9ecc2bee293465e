"""Mark adults with restricted access wherever the office meets them (PA-2)."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from classes.enums import Restriction
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from messaging.models.enquiries import Enquiry, Restricted


def restricted_children(contact: Contact, children: Collection[Pupil]) -> list[Pupil]:
    """Return those of the children to whom this adult has no access."""
    barred = Guardianship.objects.filter(
        contact=contact, pupil__in=children, ended_at__isnull=True, restriction=Restriction.NO_ACCESS
    )
    found = set(barred.values_list("pupil", flat=True))
    return [child for child in children if child.pk in found]


def mark_restricted(enquiries: Iterable[Enquiry]) -> None:
    """Set `restricted` on each enquiry: the mark of its adult, or None.

    One query for all.
    """
    rows = list(enquiries)
    adults = {_adult(row) for row in rows}
    contacts, users = ({key[1] for key in adults if key[0] == kind} for kind in ("contact", "user"))
    guardianships = Guardianship.objects.filter(Q(contact__in=contacts) | Q(contact__user__in=users))
    limits = (Restriction.NO_ACCESS, Restriction.MESSAGING_PAUSED)
    guardianships = guardianships.filter(ended_at__isnull=True, restriction__in=limits).select_related(
        "contact"
    )
    by_adult: dict[tuple[str, int], dict[int, str]] = {}
    for guardianship in guardianships:
        by_adult.setdefault(("contact", guardianship.contact_id), {})[guardianship.pupil_id] = (
            guardianship.restriction
        )
        if guardianship.contact.user_id:
            by_adult.setdefault(("user", guardianship.contact.user_id), {})[guardianship.pupil_id] = (
                guardianship.restriction
            )
    for row in rows:
        row.restricted = _mark(row, by_adult.get(_adult(row), {}))


def _adult(enquiry: Enquiry) -> tuple[str, int]:
    """Return who reported it: the adult who telephoned, else the parent's account."""
    origin = getattr(enquiry, "origin", None)
    if origin and origin.contact_id:
        return "contact", origin.contact_id
    return "user", enquiry.parent_id


def _mark(enquiry: Enquiry, restrictions: dict[int, str]) -> Restricted | None:
    found = [(child, restrictions[child.pk]) for child in enquiry.pupils.all() if child.pk in restrictions]
    if not found:
        return None
    barred = [child for child, restriction in found if restriction == Restriction.NO_ACCESS]
    children = ", ".join(child.first_name for child in barred or [child for child, _how in found])
    label = Restriction.NO_ACCESS.label if barred else Restriction.MESSAGING_PAUSED.label
    return Restricted(str(label), children, bool(barred))
