"""Check a row of the file: return values, or every fault. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from classes.enums import Relationship, Suggestion

from . import cells
from .headers import CONTACT_FIELDS
from .layouts.table import RawRow
from .remarks import Remark

INVITE_UP_TO = 2  # contacts of priority 3 and above are for telephone calls only


@dataclass(frozen=True)
class PupilCells:
    """A pupil as a row names it.

    None: the file does not say. `preferred_surname`: '' where it is the legal one.
    """

    ref: str
    legal_surname: str
    date_of_birth: date | None
    year: str
    classroom: str
    legal_forename: str | None = None
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    admission_number: str | None = None
    upn: str | None = None
    knows_departed: bool = False
    left_on: date | None = None
    has_left: bool = False


@dataclass(frozen=True)
class ContactCells:
    """An adult as a row names them.

    None: the file has no such column. '': its cell is empty.
    """

    ref: str
    forename: str
    surname: str
    title: str | None = None
    email: str | None = None
    mobile: str | None = None


@dataclass(frozen=True)
class GuardianshipCells:
    """What a row says of an adult and a child.

    None: the file has no such column.
    """

    relationship: str | None = None
    priority: int | None = None
    parental_responsibility: bool | None = None
    court_order: bool | None = None

    @property
    def suggestion(self) -> str:
        """What the office might do: a court order comes before everything else.

        Nobody is suggested for an invitation by a file that is silent about orders or responsibility.
        """
        if self.court_order:
            return Suggestion.HOLD
        is_near = self.priority is None or self.priority <= INVITE_UP_TO
        if self.parental_responsibility and self.court_order is False and is_near:
            return Suggestion.INVITE
        return Suggestion.CONTACT_ONLY

    @property
    def values(self) -> dict[str, object]:
        """Return the columns that the file has; a suggestion only where it knows enough for one."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        if self.court_order or None not in (self.court_order, self.parental_responsibility):
            said["suggestion"] = self.suggestion
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class CheckedRow:
    """A checked row. `pupil` is None exactly when the row is refused.

    `contact` and `guardianship` are None for a child with no adult, or one whose cells have a fault. `mentions` holds
    the id and UPN that the row names, even when it is refused: the child is in the file. So does `pair`: pupil's id
    and contact's id, '' for an adult without one.
    """

    number: int
    pupil: PupilCells | None = None
    contact: ContactCells | None = None
    guardianship: GuardianshipCells | None = None
    remarks: list[Remark] = field(default_factory=list)
    mentions: frozenset[str] = frozenset()
    pair: tuple[str, str] = ("", "")


def check_row(row: RawRow, titles: Mapping[str, str], today: date) -> CheckedRow:
    """Return all faults and notes of one row.

    `titles`: our field → the file's header of the column.
    """
    named = _named(row)
    if row.problem:
        return CheckedRow(row.number, remarks=[Remark(row.problem, row.number)], **named)
    reader = _RowReader(row, row.titles or titles, today)
    pupil = reader.pupil()
    if any(remark.is_fault for remark in reader.remarks):
        reader.adult()  # so that every fault of the row is named at once
        return CheckedRow(row.number, remarks=reader.remarks, **named)
    own, reader.remarks = reader.remarks, []
    contact, guardianship = reader.adult()
    if any(remark.is_fault for remark in reader.remarks):
        # The adult's cells cost the adult and never the child.
        contact = guardianship = None
    adults = [replace(remark, spares_child=remark.is_fault) for remark in reader.remarks]
    return CheckedRow(row.number, pupil, contact, guardianship, own + adults, **named)


def _named(row: RawRow) -> dict[str, Any]:
    ref, upn, adult = (cells.tidy(row.cells.get(name, "")) for name in ("pupil_ref", "upn", "contact_ref"))
    return {"mentions": frozenset({ref, upn.upper()} - {""}), "pair": (ref, adult)}


class _RowReader:
    """Read cell after cell and collect every fault of the row."""

    def __init__(self, row: RawRow, titles: Mapping[str, str], today: date):
        self.row, self.titles, self.today = row, titles, today
        self.remarks: list[Remark] = []

    def remark(self, code: str, name: str, **params: object) -> None:
        params = {
            "column": self.titles.get(name, name),
            "value": self.row.cells.get(name, ""),
            **params,
        }
        self.remarks.append(Remark(code, self.row.number, params))

    def read(self, name: str, how: Callable[..., Any], *args: object, default: Any = "") -> Any:
        try:
            return how(self.row.cells.get(name, ""), *args)
        except cells.CellFault as fault:
            self.remark(fault.code, name, **fault.params)
            return default

    def needed(self, name: str, how: Callable[..., Any], *args: object) -> Any:
        if cells.tidy(self.row.cells.get(name, "")):
            return self.read(name, how, *args)
        self.remark("empty", name)
        return ""

    def optional(self, name: str, how: Callable[..., Any], *args: object) -> Any:
        """Return None when the file has no such column."""
        return self.read(name, how, *args) if name in self.titles else None

    def name(self, name: str, how: Callable[..., Any]) -> str | None:
        """Return a name; note a letter lost on the way."""
        value = how(name, cells.read_name, 60)
        if value and cells.lost_letter(value):
            self.remark("letter_lost", name)
        return value

    def pupil(self) -> PupilCells:
        has_birthdays = "date_of_birth" in self.titles  # a OneRoster zip may have none
        born = self.needed("date_of_birth", cells.read_birthday, self.today) if has_birthdays else None
        left_on = self.left_on(born or None)
        has_left = left_on is not None and left_on <= self.today
        forenames = self.forenames()
        surname = self.name("legal_surname", self.read) or ""
        used = self.name("preferred_surname", self.optional)
        forename = forenames["legal_forename"] or forenames["preferred_forename"] or ""
        self.one_name(forename, surname, "legal_forename", "legal_surname")
        return PupilCells(
            ref=self.needed("pupil_ref", cells.read_id, 40),
            legal_surname=surname,
            preferred_surname="" if used == surname else used,
            date_of_birth=born,
            year=self.read("year", cells.read_year) if not has_left else "",
            classroom=self.classroom(has_left),
            admission_number=self.optional("admission_number", cells.read_text, 20) or None,
            upn=self.optional("upn", cells.read_upn) or None,
            knows_departed="leaving_date" in self.titles,
            left_on=left_on,
            has_left=has_left,
            **forenames,
        )

    def classroom(self, has_left: bool) -> str:
        found = (self.read if has_left else self.needed)("classroom", cells.read_class, 60)
        if found and cells.lost_letter(found):
            self.remark("letter_lost", "classroom")
        return str(found)

    def forenames(self) -> dict[str, str | None]:
        """Return legal and chosen forename."""
        legal = self.name("legal_forename", self.optional)
        chosen = self.name("preferred_forename", self.optional)
        if chosen == "":
            chosen = legal
        return {"legal_forename": legal or None, "preferred_forename": chosen or None}

    def left_on(self, born: date | None) -> date | None:
        """Return the leaving date, past or future.

        One that stands for 'none', or lies before the birth, is noted.
        """
        if not cells.tidy(self.row.cells.get("leaving_date", "")):
            return None
        before = len(self.remarks)
        left_on = self.read("leaving_date", cells.read_leaving_date, default=None)
        if left_on and not (born and left_on < born):
            return left_on
        if len(self.remarks) == before:
            self.remark("not_left", "leaving_date")
        return None

    def names_an_adult(self) -> bool:
        return any(cells.tidy(self.row.cells.get(name, "")) for name in CONTACT_FIELDS)

    def adult(self) -> tuple[ContactCells | None, GuardianshipCells | None]:
        return (self.contact(), self.guardianship()) if self.names_an_adult() else (None, None)

    def contact(self) -> ContactCells:
        forename, surname = (
            self.name(name, self.read) or "" for name in ("contact_forename", "contact_surname")
        )
        self.one_name(forename, surname, "contact_forename", "contact_surname")
        if forename and self.row.cells.get("contact_name"):
            self.remark("name_split", "contact_name", forename=forename, surname=surname)
        return ContactCells(
            ref=self.needed("contact_ref", cells.read_id, 40) if "contact_ref" in self.titles else "",
            forename=forename,
            surname=surname,
            title=self.optional("contact_title", cells.read_text, 20),
            email=self.without_unread("email", cells.read_email),
            mobile=self.without_unread("mobile", cells.read_mobile),
        )

    def one_name(self, forename: str, surname: str, *columns: str) -> None:
        """Note a person with one name; nobody has none."""
        empty = [column for column, said in zip(columns, (forename, surname), strict=True) if not said]
        for column in empty:
            # A cell that could not be read has been remarked on already.
            if not any(
                remark.params.get("column") == self.titles.get(column, column) for remark in self.remarks
            ):
                self.remark("one_name" if len(empty) == 1 else "empty", column)

    def without_unread(self, name: str, how: Callable[[str], tuple[str, str]]) -> str | None:
        """Return an address or number; an unreadable one keeps the known one, with a note."""
        found = self.optional(name, how)
        if found is None:
            return None
        value, note = found
        if note:
            self.remark(note, name)
        return None if note and not value else value

    def guardianship(self) -> GuardianshipCells:
        has = self.titles.keys()
        return GuardianshipCells(
            relationship=self.relationship() if "relationship" in has else None,
            priority=self.read("priority", cells.read_priority, default=99) if "priority" in has else None,
            parental_responsibility=self.responsibility() if "parental_responsibility" in has else None,
            court_order=self.read("court_order", cells.read_yes_no, default=True)
            if "court_order" in has
            else None,
        )

    def responsibility(self) -> bool:
        """Return whether the adult has responsibility; an empty cell means no.

        That is the safe reading. An empty court order has no safe reading: it is a fault.
        """
        if cells.tidy(self.row.cells.get("parental_responsibility", "")):
            return self.read("parental_responsibility", cells.read_yes_no, default=False)
        self.remark("responsibility_empty", "parental_responsibility")
        return False

    def relationship(self) -> str:
        text = self.read("relationship", cells.read_text, 60)
        found = cells.RELATIONSHIPS.get(cells.folded(text))
        if text and found is None:
            self.remark("relationship_unknown", "relationship")
        return found or Relationship.OTHER
