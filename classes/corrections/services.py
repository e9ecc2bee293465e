"""Write what somebody changed by hand into the history."""

from collections.abc import Mapping
from uuid import UUID

from accounts.actor import Actor
from classes.corrections.values import as_text
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil

ADDED, CONNECTED, MERGED = "added", "connected", "put_together"  # beside the names of columns


def _about(person: Pupil | Contact | Guardianship) -> dict[str, Pupil | Contact]:
    if isinstance(person, Guardianship):
        return {"pupil": person.pupil, "contact": person.contact}
    return {"pupil" if isinstance(person, Pupil) else "contact": person}


def note_changes(person: Pupil | Contact | Guardianship, before: Mapping[str, object], *, by: Actor) -> None:
    """Note each column whose value differs from `before` (name → earlier value).

    Of a child, an adult, or the connection of both. In the transaction that changes the row.
    """
    values = {name: (as_text(old), as_text(getattr(person, name))) for name, old in before.items()}
    who = {"by": by.user, "staff": by.staff}
    RecordChange.objects.bulk_create(
        RecordChange(**_about(person), **who, field=name, old=old, new=new)
        for name, (old, new) in values.items()
        if old != new
    )


def note_added(person: Pupil | Contact, *, by: Actor, key: UUID) -> None:
    """Note that this person was added by hand.

    `key` makes a repeat find them.
    """
    RecordChange.objects.create(**_about(person), by=by.user, staff=by.staff, field=ADDED, key=key)


def note_connected(pupil: Pupil, contact: Contact, *, by: Actor) -> None:
    RecordChange.objects.create(pupil=pupil, contact=contact, by=by.user, staff=by.staff, field=CONNECTED)


def note_merged(keep: Contact, gone: Contact, *, by: Actor) -> None:
    """Note that `gone` is the same person's second record.

    `old` its name, `new` its id.
    """
    said = {"field": MERGED, "old": gone.full_name, "new": gone.school_ref}
    RecordChange.objects.create(contact=keep, by=by.user, staff=by.staff, **said)
