"""Read the rows of an adult whom the school's system has under several ids as one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from classes.models.guardianships import Contact
from classes.roster.rows import CheckedRow, ContactCells


def other_ids(contacts: Iterable[Contact]) -> dict[str, str]:
    """Return the id of each record that was put together with another → the id of the one that stays."""
    rows = list(contacts)
    refs = {contact.pk: contact.school_ref for contact in rows}
    return {one.school_ref: refs[one.merged_into_id] for one in rows if one.merged_into_id}


def under_one_id(rows: Sequence[CheckedRow], others: Mapping[str, str]) -> list[CheckedRow]:
    """Return the rows with the id that stays.

    One record speaks for the person: that of the id that stays if the file has it, or else the first one. The others
    say only which children they are connected with.
    """
    speaking: dict[str, ContactCells] = {}
    for row in sorted(rows, key=lambda row: row.pair[1] in others):
        if row.contact and row.contact.ref:
            stays = others.get(row.contact.ref, row.contact.ref)
            speaking.setdefault(stays, replace(row.contact, ref=stays))
    return [_as_one(row, others[row.pair[1]], speaking) if row.pair[1] in others else row for row in rows]


def _as_one(row: CheckedRow, ref: str, speaking: Mapping[str, ContactCells]) -> CheckedRow:
    contact = speaking[ref] if row.contact else None
    return replace(row, contact=contact, pair=(row.pair[0], ref))
