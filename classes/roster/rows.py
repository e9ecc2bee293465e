"""Check a row of the file: return values, or every fault. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from classes.enums import Relationship, Suggestion

from . import cells
from .headers import CONTACT_FIELDS
from .reading import RawRow
from .remarks import Remark

INVITE_UP_TO = 2  # contacts of priority 3 and above are for telephone calls only


@dataclass(frozen=True)
class PupilCells:
    """A pupil as a row names it.

    None: the file does not say.
    """

    ref: str
    legal_surname: str
    date_of_birth: date
    year: str
    classroom: str
    legal_forename: str | None = None
    preferred_forename: str | None = None
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
    relationship: str
    priority: int
    parental_responsibility: bool
    court_order: bool

    @property
    def suggestion(self) -> str:
        """What the office might do: a court order comes before everything else."""
        if self.court_order:
            return Suggestion.HOLD
        if self.parental_responsibility and self.priority <= INVITE_UP_TO:
            return Suggestion.INVITE
        return Suggestion.CONTACT_ONLY


@dataclass(frozen=True)
class CheckedRow:
    """A checked row. `pupil` is None exactly when the row is refused.

    `contact` and `guardianship` are None for a child with no adult. `mentions` holds the id and UPN that the row
    names, even when it is refused: the child is in the file. So does `pair`: pupil's id and contact's id.
    """

    number: int
    pupil: PupilCells | None = None
    contact: ContactCells | None = None
    guardianship: GuardianshipCells | None = None
    remarks: list[Remark] = field(default_factory=list)
    mentions: frozenset[str] = frozenset()
    pair: tuple[str, str] = ("", "")


def check_row(row: RawRow, titles: dict[str, str], today: date) -> CheckedRow:
    """Return all faults and notes of one row.

    `titles`: our field → the file's header of the column.
    """
    named = _named(row)
    if row.problem:
        return CheckedRow(row.number, remarks=[Remark(row.problem, row.number)], **named)
    reader = _RowReader(row, titles, today)
    pupil = reader.pupil()
    contact, guardianship = (
        (reader.contact(), reader.guardianship()) if reader.names_an_adult() else (None, None)
    )
    if any(remark.is_fault for remark in reader.remarks):
        return CheckedRow(row.number, remarks=reader.remarks, **named)
    return CheckedRow(row.number, pupil, contact, guardianship, reader.remarks, **named)


def _named(row: RawRow) -> dict[str, Any]:
    ref, upn, adult = (cells.tidy(row.cells.get(name, "")) for name in ("pupil_ref", "upn", "contact_ref"))
    return {"mentions": frozenset({ref, upn.upper()} - {""}), "pair": (ref, adult)}


class _RowReader:
    """Read cell after cell and collect every fault of the row."""

    def __init__(self, row: RawRow, titles: dict[str, str], today: date):
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
        born = self.needed("date_of_birth", cells.read_birthday, self.today)
        left_on = self.left_on(born or None)
        has_left = left_on is not None and left_on <= self.today
        return PupilCells(
            ref=self.needed("pupil_ref", cells.read_text, 40),
            legal_surname=self.name("legal_surname", self.needed) or "",
            date_of_birth=born,
            year=self.read("year", cells.read_year) if not has_left else "",
            classroom=self.name("classroom", self.read if has_left else self.needed) or "",
            admission_number=self.optional("admission_number", cells.read_text, 20) or None,
            upn=self.optional("upn", cells.read_upn) or None,
            knows_departed="leaving_date" in self.titles,
            left_on=left_on,
            has_left=has_left,
            **self.forenames(),
        )

    def forenames(self) -> dict[str, str | None]:
        """Return legal and chosen forename; one of them is required."""
        legal = self.name("legal_forename", self.optional)
        chosen = self.name("preferred_forename", self.optional)
        if not legal and not chosen:
            self.remark(
                "empty",
                "legal_forename" if "legal_forename" in self.titles else "preferred_forename",
            )
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

    def contact(self) -> ContactCells:
        return ContactCells(
            ref=self.needed("contact_ref", cells.read_text, 40),
            forename=self.name("contact_forename", self.needed) or "",
            surname=self.name("contact_surname", self.needed) or "",
            title=self.optional("contact_title", cells.read_text, 20),
            email=self.optional("email", cells.read_email),
            mobile=self.mobile(),
        )

    def mobile(self) -> str | None:
        """Return the number; an unreadable one keeps the known one.

        The telephone is the last resort.
        """
        found = self.optional("mobile", cells.read_mobile)
        if found is None:
            return None
        number, note = found
        if note:
            self.remark(note, "mobile")
        return None if note == "telephone_unread" else number

    def guardianship(self) -> GuardianshipCells:
        return GuardianshipCells(
            relationship=self.relationship(),
            priority=self.read("priority", cells.read_priority, default=99),
            parental_responsibility=self.responsibility(),
            court_order=self.read("court_order", cells.read_yes_no, default=True),
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
