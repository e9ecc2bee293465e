"""Read the rows of an adult whom the school's system has under several ids as one. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from classes.models.guardianships import Contact
from classes.roster.rows import CheckedRow, ContactCells, GuardianshipCells


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
    found = [_as_one(row, others[row.pair[1]], speaking) if row.pair[1] in others else row for row in rows]
    return _strictest(found, {row.pair for row, before in zip(found, rows, strict=True) if row is not before})


def _strictest(rows: list[CheckedRow], pairs: Collection[tuple[str, str]]) -> list[CheckedRow]:
    """Give the rows about one of these pairs the same access.

    An order of any, responsibility only of all.
    """
    said: dict[tuple[str, str], GuardianshipCells] = {}
    for row in rows:
        if row.guardianship and row.pair in pairs:
            said[row.pair] = _both(said.get(row.pair, row.guardianship), row.guardianship)
    return [
        replace(row, guardianship=said[row.pair]) if row.guardianship and row.pair in said else row
        for row in rows
    ]


def _both(one: GuardianshipCells, other: GuardianshipCells) -> GuardianshipCells:
    orders = {one.court_order, other.court_order} - {None}
    responsible = {one.parental_responsibility, other.parental_responsibility} - {None}
    return replace(
        one,
        court_order=any(orders) if orders else None,
        parental_responsibility=all(responsible) if responsible else None,
    )


def _as_one(row: CheckedRow, ref: str, speaking: Mapping[str, ContactCells]) -> CheckedRow:
    contact = speaking[ref] if row.contact else None
    return replace(row, contact=contact, pair=(row.pair[0], ref))
