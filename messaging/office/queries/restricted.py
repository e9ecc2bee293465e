"""Mark adults with restricted access wherever the office meets them (PA-2)."""

from collections.abc import Collection, Iterable, Mapping

from classes.enums import Restriction
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.queries import records_of_accounts
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

    Of the adult who telephoned, or of the one whose account wrote it, also where it is theirs no more. Two queries
    for all.
    """
    rows = list(enquiries)
    records = records_of_accounts({row.parent_id for row in rows if _caller(row) is None})
    adults = {row: _adults(row, records) for row in rows}
    limits = (Restriction.NO_ACCESS, Restriction.MESSAGING_PAUSED)
    limited = Guardianship.objects.filter(ended_at__isnull=True, restriction__in=limits)
    by_adult: dict[int, list[Guardianship]] = {}
    for guardianship in limited.filter(contact__in=set().union(*adults.values())):
        by_adult.setdefault(guardianship.contact_id, []).append(guardianship)
    for row in rows:
        here = [one for adult in adults[row] for one in by_adult.get(adult, [])]
        # Of several records of one adult the strictest counts: no access comes last.
        here.sort(key=lambda one: one.restriction == Restriction.NO_ACCESS)
        row.restricted = _mark(row, {one.pupil_id: one.restriction for one in here})


def _caller(enquiry: Enquiry) -> int | None:
    """Return the id of the adult who telephoned, or None."""
    origin = getattr(enquiry, "origin", None)
    return origin.contact_id if origin else None


def _adults(enquiry: Enquiry, records: Mapping[int, set[int]]) -> set[int]:
    """Return the ids of the records of whoever reported it."""
    caller = _caller(enquiry)
    return {caller} if caller else records.get(enquiry.parent_id, set())


def _mark(enquiry: Enquiry, restrictions: dict[int, str]) -> Restricted | None:
    found = [(child, restrictions[child.pk]) for child in enquiry.pupils.all() if child.pk in restrictions]
    if not found:
        return None
    barred = [child for child, restriction in found if restriction == Restriction.NO_ACCESS]
    children = ", ".join(child.first_name for child in barred or [child for child, _how in found])
    label = Restriction.NO_ACCESS.label if barred else Restriction.MESSAGING_PAUSED.label
    return Restricted(str(label), children, bool(barred))
