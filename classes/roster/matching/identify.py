"""Find people whom the portal has under another id of the school's system. Pure.

A new system gives everybody a new id, and so does a child who comes back. Nobody is made twice, and no id is changed,
before somebody has said whether they are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.roster.cells import folded
from classes.roster.remarks import Remark, printable
from classes.roster.rows import CheckedRow, ContactCells, PupilCells

SAME, OTHERS = "same", "others"


@dataclass(frozen=True)
class Renumbered:
    """Somebody of the portal, and the id that the file has for them."""

    what: Pupil | Contact
    ref: str


class Finder:
    """Compare the file's unknown ids with people whom the file does not name by their known ids."""

    def __init__(
        self,
        rows: Sequence[CheckedRow],
        pupils: Mapping[str, Pupil],
        contacts: Mapping[str, Contact],
        guardianships: Iterable[Guardianship],
    ) -> None:
        named = {row.pair[0] for row in rows}, {row.pair[1] for row in rows}
        self.known = set(pupils), set(contacts)
        self.children = [pupil for ref, pupil in pupils.items() if ref not in named[0]]
        self.pupils, self.adults = pupils, {}
        for guardianship in guardianships:
            if guardianship.contact.school_ref not in named[1]:
                self.adults.setdefault(guardianship.pupil_id, []).append(guardianship.contact)
        self.found: dict[str, Renumbered] = {}
        self.of_adults: dict[str, Renumbered] = {}
        for row in rows:
            self.look_at(row)

    adults: dict[int, list[Contact]]

    def look_at(self, row: CheckedRow) -> None:
        if row.pupil is None:
            return
        if row.pupil.ref not in self.known[0] and row.pupil.ref not in self.found:
            same = [each for each in self.children if is_same_child(each, row.pupil)]
            if len(same) == 1:
                self.found[row.pupil.ref] = Renumbered(same[0], row.pupil.ref)
        child = (
            self.found[row.pupil.ref].what if row.pupil.ref in self.found else self.pupils.get(row.pupil.ref)
        )
        if child is None or row.contact is None or row.contact.ref in {""} | self.known[1]:
            return
        adults = [each for each in self.adults.get(child.pk, []) if is_same_adult(each, row.contact)]
        if len(adults) == 1:
            self.of_adults.setdefault(row.contact.ref, Renumbered(adults[0], row.contact.ref))

    @property
    def everybody(self) -> list[Renumbered]:
        return [*self.found.values(), *self.of_adults.values()]

    def decided(self, row: CheckedRow, decision: str) -> CheckedRow:
        """Return the row with the known ids, or held until there is a decision."""
        child, adult = self.found.get(row.pair[0]), self.of_adults.get(row.pair[1])
        if decision == OTHERS or row.pupil is None or not (child or adult):
            return row
        if decision != SAME:
            return self.set_aside(row, child, adult)
        pupil = replace(row.pupil, ref=child.what.school_ref) if child else row.pupil
        contact = replace(row.contact, ref=adult.what.school_ref) if adult and row.contact else row.contact
        pair = (pupil.ref, contact.ref if contact else row.pair[1])
        return replace(row, pupil=pupil, contact=contact, pair=pair, mentions=row.mentions | {pupil.ref})

    def set_aside(self, row: CheckedRow, child: Renumbered | None, adult: Renumbered | None) -> CheckedRow:
        if child:
            remark = _remark_of(row, child)
            mentions = row.mentions | {child.what.school_ref}
            return CheckedRow(row.number, remarks=[remark], mentions=mentions, pair=row.pair)
        assert adult is not None
        pair = (row.pair[0], adult.what.school_ref)
        remark = replace(_remark_of(row, adult), spares_child=True)
        return replace(row, contact=None, guardianship=None, remarks=[*row.remarks, remark], pair=pair)


def _remark_of(row: CheckedRow, found: Renumbered) -> Remark:
    params: dict[str, object] = {
        "who": printable(found.what),
        "known": found.what.school_ref,
        "ref": found.ref,
    }
    return Remark("known_otherwise", row.number, params)


def is_same_child(known: Pupil, found: PupilCells) -> bool:
    """Return whether birthday and UPN, or birthday and name, are the same.

    The UPN in a file without birthdays.
    """
    if found.date_of_birth is None:
        return bool(known.upn) and known.upn == found.upn
    if known.date_of_birth != found.date_of_birth:
        return False
    if known.upn and found.upn:
        return known.upn == found.upn
    here = {folded(name) for name in (found.legal_forename, found.preferred_forename) if name}
    forenames = {folded(known.legal_forename), folded(known.preferred_forename)}
    in_file = {folded(name) for name in (found.legal_surname, found.preferred_surname or found.legal_surname)}
    surnames = {folded(known.legal_surname), folded(known.last_name)}
    return bool(here & forenames) and bool(in_file & surnames)


def is_same_adult(known: Contact, found: ContactCells) -> bool:
    """Return whether an adult of the same child has the same name."""
    return (folded(known.forename), folded(known.surname)) == (folded(found.forename), folded(found.surname))
