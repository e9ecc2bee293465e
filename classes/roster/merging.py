"""Merge checked rows into children, adults and guardianships. Pure.

Finds what one row alone cannot show. Rows are taken in the order of the file and the first good one counts. A later
row that contradicts it is refused whole, by its own number. What the portal knows already is passed in (`Known`), so
that a row about somebody else under a known id is refused too and does not change who may see a child.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Protocol, TypeVar

from .cells import fits, folded
from .remarks import LABELS, Remark
from .rows import CheckedRow, ContactCells, GuardianshipCells, PupilCells

Cells = TypeVar("Cells", PupilCells, ContactCells)


class KnownPupil(Protocol):
    school_ref: str
    upn: str
    legal_forename: str
    preferred_forename: str
    legal_surname: str
    preferred_surname: str
    date_of_birth: date
    left_on: date | None


class KnownContact(Protocol):
    school_ref: str
    forename: str
    surname: str
    email: str
    user_id: int | None


@dataclass(frozen=True)
class Known:
    """What the portal holds, by the school system's ids."""

    pupils: Mapping[str, KnownPupil] = field(default_factory=dict)
    contacts: Mapping[str, KnownContact] = field(default_factory=dict)


@dataclass
class Roster:
    """What the file says once its rows agree.

    `refused` and `notes` are in the order of the rows. `mentions` and `pairs` (pupil's id, contact's id) name what
    refused rows are about as well.
    """

    pupils: dict[str, PupilCells] = field(default_factory=dict)
    contacts: dict[str, ContactCells] = field(default_factory=dict)
    guardianships: dict[tuple[str, str], GuardianshipCells] = field(default_factory=dict)
    refused: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)

    @property
    def refused_rows(self) -> list[int]:
        return sorted({remark.row for remark in self.refused})


def merge(rows: Iterable[CheckedRow], known: Known) -> Roster:
    """Merge the rows in order, and refuse those that contradict.

    Each address goes to one adult (AU-2).
    """
    merger = _Merger(known)
    for row in rows:
        merger.take(row)
    merger.share_out_addresses()
    return merger.roster


class _Merger:
    def __init__(self, known: Known):
        self.known, self.roster = known, Roster()
        self.known_upns = {pupil.upn: ref for ref, pupil in known.pupils.items() if pupil.upn}
        self.upns: dict[str, str] = {}
        self.first_row: dict[object, int] = {}
        self.said: set[tuple[int, str]] = set()

    def take(self, row: CheckedRow) -> None:
        remarks = [*row.remarks, *self.contradictions(row)]
        faults = [remark for remark in remarks if remark.is_fault]
        self.roster.pairs.add(row.pair)
        if not any(fault.code == "another_child" for fault in faults):
            self.roster.mentions |= row.mentions  # another child under this id does not count as the child
        self.roster.refused += self.said_first(faults)
        if not all(fault.spares_child for fault in faults):
            return
        self.roster.notes += self.said_first(remark for remark in remarks if not remark.is_fault)
        self.keep(row)

    def said_first(self, remarks: Iterable[Remark]) -> list[Remark]:
        """Return what was not said before.

        A row with several adults names its child once.
        """
        new = [remark for remark in remarks if (remark.row, str(remark)) not in self.said]
        self.said |= {(remark.row, str(remark)) for remark in new}
        return new

    # -- contradictions of a row ------------------------------------------------------------------

    def contradictions(self, row: CheckedRow) -> list[Remark]:
        found: list[Remark | None] = []
        if row.pupil:
            found += [
                self.about_known_pupil(row.number, row.pupil),
                self.about_pupil(row.number, row.pupil),
                self.about_upn(row.number, row.pupil),
            ]
        if row.contact:
            found += [
                self.about_known_contact(row.number, row.contact),
                self.about_contact(row.number, row.contact),
            ]
        if row.pupil and row.contact and row.guardianship:
            found.append(
                self.about_guardianship(row.number, (row.pupil.ref, row.contact.ref), row.guardianship)
            )
        return [remark for remark in found if remark]

    def about_known_pupil(self, number: int, pupil: PupilCells) -> Remark | None:
        """Refuse an id that now means another child, and a new child of a file without birthdays.

        Another child: two of three facts differ.
        """
        known = self.known.pupils.get(pupil.ref)
        if known is None:
            return (
                None
                if pupil.date_of_birth
                else Remark("new_without_birthday", number, {"column": "birthDate"})
            )
        here = [name for name in (pupil.legal_forename, pupil.preferred_forename) if name]
        forenames = (known.legal_forename, known.preferred_forename)
        surnames = {known.legal_surname, known.preferred_surname or known.legal_surname}
        in_file = {pupil.legal_surname, pupil.preferred_surname or pupil.legal_surname}
        differences = (
            not any(_same(one, other) for one in forenames for other in here),
            not any(_same(one, other) for one in surnames for other in in_file),
            pupil.date_of_birth is not None and known.date_of_birth != pupil.date_of_birth,
        )
        return Remark("another_child", number, {"ref": pupil.ref}) if sum(differences) > 1 else None

    def about_pupil(self, number: int, pupil: PupilCells) -> Remark | None:
        earlier = self.roster.pupils.get(pupil.ref)
        if earlier is None:
            return None
        # Left in one row and here in another: neither is safe to believe.
        differing = "left_on" if earlier.left_on != pupil.left_on else _difference(earlier, pupil)
        if not differing:
            return None
        params = {
            "ref": pupil.ref,
            "column": LABELS[differing],
            "row": self.first_row["pupil", pupil.ref],
        }
        return Remark("pupil_differs", number, params)

    def about_upn(self, number: int, pupil: PupilCells) -> Remark | None:
        upn, ref = pupil.upn or "", pupil.ref
        other = self.upns.get(upn, ref)
        if other != ref:
            params = {"value": upn, "ref": other, "row": self.first_row["pupil", other]}
            return Remark("upn_of_another", number, params)
        other = self.known_upns.get(upn, ref)
        return Remark("upn_known", number, {"value": upn, "ref": other}) if other != ref else None

    def about_known_contact(self, number: int, contact: ContactCells) -> Remark | None:
        """Refuse an id that now means another adult.

        People change one of their names; both at once, or the forename of one who has joined, is somebody else.
        """
        known = self.known.contacts.get(contact.ref)
        if known is None or _same(known.forename, contact.forename):
            return None
        if known.user_id is None and _same(known.surname, contact.surname):
            return None
        return Remark("another_adult", number, {"ref": contact.ref})

    def about_contact(self, number: int, contact: ContactCells) -> Remark | None:
        earlier = self.roster.contacts.get(contact.ref)
        if earlier is None or (
            _same(earlier.forename, contact.forename) and _same(earlier.surname, contact.surname)
        ):
            return None
        params = {"ref": contact.ref, "row": self.first_row["contact", contact.ref]}
        return Remark("contact_differs", number, params)

    def about_guardianship(
        self, number: int, pair: tuple[str, str], guardianship: GuardianshipCells
    ) -> Remark | None:
        if self.roster.guardianships.get(pair, guardianship) == guardianship:
            return None
        return Remark("guardianship_differs", number, {"row": self.first_row[pair]})

    # -- what a good row adds ---------------------------------------------------------------------

    def keep(self, row: CheckedRow) -> None:
        if row.pupil:
            self.keep_pupil(row.number, row.pupil)
        if row.pupil and not row.pupil.has_left and row.contact and row.guardianship:
            pair = (row.pupil.ref, row.contact.ref)
            if not self.keep_contact(row.number, row.contact) and pair in self.roster.guardianships:
                self.roster.notes.append(Remark("same_row", row.number, {"row": self.first_row[pair]}))
            self.roster.guardianships.setdefault(pair, row.guardianship)
            self.first_row.setdefault(pair, row.number)

    def keep_pupil(self, number: int, pupil: PupilCells) -> None:
        earlier = self.roster.pupils.get(pupil.ref)
        self.roster.pupils[pupil.ref] = _filled(earlier, pupil) if earlier else pupil
        self.first_row.setdefault(("pupil", pupil.ref), number)
        if pupil.upn:
            self.upns[pupil.upn] = pupil.ref

    def keep_contact(self, number: int, contact: ContactCells) -> bool:
        """Add the adult; return whether it contradicts an earlier row.

        The earlier one counts.
        """
        earlier = self.roster.contacts.get(contact.ref)
        row = self.first_row.setdefault(("contact", contact.ref), number)
        if earlier is None:
            self.roster.contacts[contact.ref] = contact
            return False
        differing = _difference(earlier, contact)
        if differing:
            params = {"ref": contact.ref, "column": LABELS[differing], "row": row}
            self.roster.notes.append(Remark("contact_detail_differs", number, params))
        self.roster.contacts[contact.ref] = _filled(earlier, contact)
        return bool(differing)

    def share_out_addresses(self) -> None:
        """Give each address to one adult.

        First to its owner in the portal who keeps it, then in the order of the file.
        """
        owners: dict[str, str] = {}
        for ref, known in self.known.contacts.items():
            here = self.roster.contacts.get(ref)
            if known.email and (here is None or here.email in (None, known.email)):
                owners.setdefault(known.email, ref)
        for ref, contact in list(self.roster.contacts.items()):
            owner = owners.setdefault(contact.email, ref) if contact.email else ref
            if owner != ref:
                params: dict[str, object] = {"value": contact.email, "ref": owner, "other": ref}
                self.roster.notes.append(Remark("address_taken", self.first_row["contact", ref], params))
                self.roster.contacts[ref] = replace(contact, email="")


def _same(one: str, other: str) -> bool:
    return folded(one) == folded(other) or fits(one, other) or fits(other, one)


def _difference(earlier: Cells, later: Cells) -> str:
    """Return the first field in which both have different values, or ''."""
    for each in fields(earlier):
        one, other = getattr(earlier, each.name), getattr(later, each.name)
        if one and other and not (one == other or (isinstance(one, str) and _same(one, str(other)))):
            return each.name
    return ""


def _filled(earlier: Cells, later: Cells) -> Cells:
    """Return the earlier cells, with gaps filled from the later ones."""
    gaps = {
        each.name: getattr(later, each.name)
        for each in fields(earlier)
        if getattr(earlier, each.name) in (None, "") and getattr(later, each.name)
    }
    return replace(earlier, **gaps) if gaps else earlier
