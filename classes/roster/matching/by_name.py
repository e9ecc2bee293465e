"""Find who an adult without a number is, by name and what else the file and the portal know. Pure.

Where two fit nobody is guessed: the row's adult is left out, or kept apart with a note.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from classes.models.guardianships import Contact, Guardianship
from classes.roster.cells import folded
from classes.roster.remarks import Remark
from classes.roster.rows import CheckedRow, ContactCells

NAMED = "named-"  # begins the id of an adult to whom the file gives none


@dataclass
class _Adult:
    """An adult by name. `reached_by`: e-mail addresses and telephone numbers."""

    ref: str
    reached_by: set[str] = field(default_factory=set)


class NamedAdults:
    """Give each adult without an id the id of the contact that they are, or one of their own.

    First by the child's own adults, then by name with an address or number, then as somebody new.
    """

    def __init__(
        self,
        rows: Sequence[CheckedRow],
        contacts: Mapping[str, Contact],
        guardianships: Iterable[Guardianship],
    ) -> None:
        self.rows = list(rows)
        self.of_child: dict[tuple[str, tuple[str, str]], list[_Adult]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], list[_Adult]] = defaultdict(list)
        if not any(is_nameless(row) for row in rows):
            return
        known = {ref: _Adult(ref, _reached_by(contact)) for ref, contact in contacts.items()}
        for ref, contact in contacts.items():
            self.by_name[_name(contact)].append(known[ref])
        for guardianship in guardianships:
            adult, child = guardianship.contact, guardianship.pupil.school_ref
            here = self.of_child[child, _name(adult)]
            if adult.school_ref in known and known[adult.school_ref] not in here:
                here.append(known[adult.school_ref])
        for by_child in (True, False):
            self.rows = [self.named(row, by_child=by_child) if is_nameless(row) else row for row in self.rows]

    def named(self, row: CheckedRow, *, by_child: bool) -> CheckedRow:
        """Return the row with an id for its adult, unchanged where this turn finds nobody."""
        assert row.pupil is not None and row.contact is not None
        name, reached_by = _name(row.contact), _reached_by(row.contact)
        found = self.of_child[row.pupil.ref, name] if by_child else self.by_name[name]
        near = [adult for adult in found if adult.reached_by & reached_by]
        if len(near) > 1 or (by_child and len(found) > 1 and not near):
            return _left_out(row)
        if by_child and not found:
            return row
        adult = near[0] if near else found[0] if by_child else None
        if adult is None:
            return self.new(row, name, reached_by, apart=bool(found))
        adult.reached_by |= reached_by
        return _with_ref(row, adult.ref)

    def new(self, row: CheckedRow, name: tuple[str, str], reached_by: set[str], *, apart: bool) -> CheckedRow:
        assert row.pupil is not None and row.contact is not None
        said = "|".join((row.pupil.ref, *name, *sorted(reached_by)))
        ref = NAMED + sha256(said.encode()).hexdigest()[:24]
        if ref not in {adult.ref for adult in self.by_name[name]}:
            self.by_name[name].append(_Adult(ref, set(reached_by)))
        return _with_ref(row, ref, [_remark("adult_apart", row)] if apart else [])


def is_nameless(row: CheckedRow) -> bool:
    """Return whether the row names an adult without an id."""
    return row.pupil is not None and row.contact is not None and not row.contact.ref


def _with_ref(row: CheckedRow, ref: str, remarks: Sequence[Remark] = ()) -> CheckedRow:
    assert row.contact is not None
    contact = replace(row.contact, ref=ref)
    return replace(row, contact=contact, pair=(row.pair[0], ref), remarks=[*row.remarks, *remarks])


def _left_out(row: CheckedRow) -> CheckedRow:
    remark = replace(_remark("adult_unsure", row), spares_child=True)
    return replace(row, contact=None, guardianship=None, remarks=[*row.remarks, remark])


def _remark(code: str, row: CheckedRow) -> Remark:
    assert row.contact is not None
    who = f"{row.contact.forename} {row.contact.surname}".strip()
    return Remark(code, row.number, {"who": who})


def _name(adult: Contact | ContactCells) -> tuple[str, str]:
    return folded(adult.forename), folded(adult.surname)


def _reached_by(adult: Contact | ContactCells) -> set[str]:
    return {said for said in (adult.email, adult.mobile) if said}
