"""Find which values of a record were corrected by hand."""

from collections.abc import Sequence

from django.db.models.functions import Coalesce

from classes.corrections.values import as_text
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil

FACTS = ("relationship", "parental_responsibility", "court_order", "suggestion")


def corrected_fields(people: Sequence[Pupil] | Sequence[Contact]) -> dict[int, dict[str, RecordChange]]:
    """Return the values that somebody corrected by hand and that still stand.

    `people`: all children (with `classroom` selected) or all adults. The answer maps each one's id to column →
    newest change: `old` and `new` as `corrections.values.as_text` writes them, `at`, `by`, `staff`. People without
    a correction are left out; so is a value that an import or a later change has replaced. One query.
    """
    by_pk = {one.pk: one for one in people}
    about = "pupil" if any(isinstance(one, Pupil) for one in people) else "contact"
    changes = RecordChange.objects.filter(**{f"{about}__in": by_pk}).select_related("by", "staff")
    found: dict[int, dict[str, RecordChange]] = {}
    for change in changes.order_by("at", "pk"):
        pk = getattr(change, f"{about}_id")
        if hasattr(by_pk[pk], change.field):
            found.setdefault(pk, {})[change.field] = change
    in_force = {pk: _in_force(by_pk[pk], newest) for pk, newest in found.items()}
    return {pk: newest for pk, newest in in_force.items() if newest}


def _in_force(person: Pupil | Contact, newest: dict[str, RecordChange]) -> dict[str, RecordChange]:
    return {name: change for name, change in newest.items() if as_text(getattr(person, name)) == change.new}


def facts_set_by_hand() -> dict[tuple[int, int], dict[str, set[str]]]:
    """Return the values that somebody last gave each fact of a connection, by (child, adult). One query.

    Several where records were put together: what was set at either of them was set for the adult who stays.
    """
    last: dict[tuple[int, int, int, str], str] = {}
    rows = RecordChange.objects.filter(field__in=FACTS, pupil__isnull=False, contact__isnull=False)
    rows = rows.annotate(stays=Coalesce("contact__merged_into_id", "contact_id")).order_by("pk")
    for *about, new in rows.values_list("pupil_id", "contact_id", "stays", "field", "new"):
        last[tuple(about)] = new
    found: dict[tuple[int, int], dict[str, set[str]]] = {}
    for (pupil, _contact, stays, name), new in last.items():
        found.setdefault((pupil, stays), {}).setdefault(name, set()).add(new)
    return found
