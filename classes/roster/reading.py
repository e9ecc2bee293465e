"""Read a school's export: from bytes to a table of named cells.

Pure. Whatever the bytes are, the only error that leaves this module is `RosterUnreadable`, which carries a sentence
for the person who chose the file.
"""

import contextlib
import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import headers
from .files.encodings import decode
from .files.plain import bare, is_foot, plain
from .files.xlsx import NotASheet, Row, read_sheets
from .layouts.numbered import AdultColumns, adult_columns, reshape, unsaid
from .layouts.oneroster import read_one_roster
from .layouts.oneroster_files import is_one_roster
from .layouts.table import ColumnsMissing, RawRow, RosterUnreadable, Table
from .remarks import Remark, printable

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
HEADER_WITHIN = 10  # rows, because some systems print a title above the header
ENOUGH_TO_BE_A_HEADER = 4  # known columns

_ZIP = b"PK\x03\x04"
_NOT_TEXT = gettext_lazy(
    "This spreadsheet, zip or PDF file cannot be read. Please open it, take off a password, and save it as CSV (UTF-8)."
)
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


def read_table(data: bytes, columns: Mapping[str, str] | None = None, *, today: date | None = None) -> Table:
    """Decode, find delimiter and header, and name the cells.

    `columns`: as `headers.match` takes them. `today`: of a OneRoster zip, whose enrolments have days. Raises
    RosterUnreadable only.
    """
    if data.startswith(_ZIP) and len(data) <= MAX_BYTES and is_one_roster(data):
        return read_one_roster(data, today)
    delimiter, position, header, rows = _rows_of(data, columns)
    layout = _Layout(header, columns)
    layout.check()
    table = layout.table()
    for number, cells in rows:
        if number <= position or not any(cell.strip() for cell in cells):
            continue
        if is_foot(cells, header):
            table.passed_over.append(Remark("foot", number, {"value": " ".join(cells)}))
        else:
            table.rows.extend(layout.rows(number, cells, delimiter))
    if not table.rows:
        raise RosterUnreadable(_("The file has a header and no rows. Please export it again."))
    return table


def _rows_of(
    data: bytes, columns: Mapping[str, str] | None
) -> tuple[str, int, list[str], Iterable[tuple[int, list[str]]]]:
    """Return delimiter, number and cells of the header row, and all rows."""
    if not data.startswith(_ZIP) or len(data) > MAX_BYTES:
        text = _decode(data)
        delimiter, position, header = _find_header(text, columns)
        return delimiter, position, header, _numbered(text, delimiter)
    try:
        sheets = read_sheets(data)
    except NotASheet:
        raise RosterUnreadable(_NOT_TEXT) from None
    best = max((_best_row(sheet, columns) for sheet in sheets), key=lambda one: one[0])
    if best[0] < ENOUGH_TO_BE_A_HEADER:
        raise _no_header()
    width = len(best[2])
    return ",", best[1], best[2], [(n, cells + [""] * (width - len(cells))) for n, cells in best[3]]


def _best_row(sheet: list[Row], columns: Mapping[str, str] | None) -> tuple[int, int, list[str], list[Row]]:
    found = [(_known(cells, columns), n, cells, sheet) for n, cells in sheet[:HEADER_WITHIN]]
    return max(found, key=lambda one: one[0], default=(0, 0, [], sheet))


def _decode(data: bytes) -> str:
    _check_bytes(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text: str | None = data.decode("utf-16", errors="replace")  # what Excel calls Unicode text
    else:
        text = decode(data)
    if text is None:
        raise RosterUnreadable(
            _("The letters with accents in this file cannot be read. Please save it as CSV (UTF-8).")
        )
    return text if "\n" in text else text.replace("\r", "\n")


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise RosterUnreadable(_("The file is larger than 10 MB: this is not a school's roster."))
    if not data.strip(b"\xef\xbb\xbf \t\r\n;,"):
        raise RosterUnreadable(_("The file is empty."))
    if data.startswith(_MAGIC):
        raise RosterUnreadable(_NOT_TEXT)
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RosterUnreadable(_("This is not a text file. Please export it as CSV."))


def _find_header(text: str, columns: Mapping[str, str] | None) -> tuple[str, int, list[str]]:
    """Return delimiter, number and cells of the header row.

    The row in which the most columns are known.
    """
    best: tuple[int, str, int, list[str]] = (0, ",", 0, [])
    for delimiter in ",;\t":
        for number, cells in _first_rows(text, delimiter):
            known = _known(cells, columns)
            if known > best[0]:
                best = (known, delimiter, number, cells)
    if best[0] < ENOUGH_TO_BE_A_HEADER:
        raise _no_header()
    return best[1:]


def _known(cells: list[str], columns: Mapping[str, str] | None) -> int:
    """Return how many columns are known if this row is the header."""
    adults = sum(len(adult.columns) for adult in adult_columns(cells, columns))
    return len(headers.match(cells, columns)) + adults


def _no_header() -> RosterUnreadable:
    said = _("No row with the names of the columns was found. The first row has to name them.")
    wanted = _("Wanted are: %(columns)s.") % {"columns": ", ".join(headers.missing({}))}
    return RosterUnreadable(f"{said} {wanted}")


def _first_rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    # Rows before an error may hold the header; `_numbered` reports where the file breaks.
    with contextlib.suppress(csv.Error):
        found.extend(itertools.islice(enumerate(rows, 1), HEADER_WITHIN))
    return found


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with its spreadsheet row number.

    A record may span several lines of text.
    """
    number = 0
    try:
        # strict: an unclosed quotation mark must not silently swallow the rows after it.
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            if number > MAX_ROWS:
                raise RosterUnreadable(
                    _("The file has more than 50,000 rows: this is not a school's roster.")
                )
            yield number, cells
    except csv.Error:
        raise RosterUnreadable(
            _("From row {row} on the file cannot be read: a quotation mark may be missing there.").format(
                row=number + 1
            )
        ) from None


class _Layout:
    """Where the columns of a file are.

    One adult in each row, or several in numbered columns.
    """

    def __init__(self, header: list[str], columns: Mapping[str, str] | None) -> None:
        self.header, self.found = header, headers.match(header, columns)
        self.adults: list[AdultColumns] = []
        if headers.missing(self.found):
            self.adults = adult_columns(header, columns)

    def check(self) -> None:
        twice = headers.doubled(self.header) or self.doubled()
        if twice:
            raise RosterUnreadable(
                _("Two columns are called “{column}”. Please name them apart.").format(
                    column=printable(twice)
                )
            )
        absent = headers.missing(self.found, headers.OF_CHILD if self.adults else headers.NEEDED)
        if absent:
            raise ColumnsMissing(absent, self.unread())

    def doubled(self) -> str:
        """Return the first column of an adult whose very header occurs twice, or ''."""
        titles = [bare(cell) for cell in self.header]
        read = (index for adult in self.adults for index in adult.columns.values())
        return next((self.header[index] for index in read if titles.count(titles[index]) > 1), "")

    def unread(self) -> list[str]:
        of_adults = {index for adult in self.adults for index in adult.columns.values()}
        return headers.unread(self.header, of_adults | {self.found[name] for name in self.read()})

    def read(self) -> list[str]:
        """Return the fields that stand once in a row."""
        passed = {*headers.CONTACT_FIELDS, "parental_responsibility"} if self.adults else set()
        return [name for name in self.found if name not in passed]

    def table(self) -> Table:
        titles = {name: self.header[self.found[name]].strip() for name in self.read()}
        return Table(
            titles,
            unread=self.unread(),
            unsaid=unsaid(self.adults, self.found),
            names_adults_beside=bool(self.adults),
        )

    def rows(self, number: int, cells: list[str], delimiter: str) -> Iterator[RawRow]:
        """Yield a row for each adult, under the number that a spreadsheet shows."""
        named = {name: plain(cells[index], name) for name, index in self.found.items() if index < len(cells)}
        if problem := _problem(cells, len(self.header), named, delimiter):
            yield RawRow(number, named, problem)
        elif not self.adults:
            yield RawRow(number, named)
        else:
            for said, titles in reshape(cells, self.header, self.found, self.adults):
                yield RawRow(number, said, titles=titles)


def _problem(cells: list[str], width: int, named: dict[str, str], delimiter: str) -> str:
    if len(cells) < width:
        return "cut"
    if any(cell.strip() for cell in cells[width:]):
        return "wide"
    if any(("\n" in cell or "\r" in cell) and cell.count(delimiter) > 2 for cell in named.values()):
        return "joined"
    return ""
