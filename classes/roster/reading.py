"""Read a school's export: from bytes to a table of named cells.

Pure. Whatever the bytes are, the only error that leaves this module is `RosterUnreadable`, which carries a sentence
for the person who chose the file.
"""

import contextlib
import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from malpas.lib.errors import RuleViolation

from . import headers
from .files.encodings import decode
from .files.plain import is_foot, plain
from .files.xlsx import NotASheet, Row, read_sheets
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


class RosterUnreadable(RuleViolation):
    """The file as a whole cannot be imported. `sentence` says why."""


@dataclass(frozen=True)
class RawRow:
    """One row of the file.

    `number`: the number that a spreadsheet shows beside it. `problem`: '' or why the row's cells cannot be told
    apart: cut, wide, joined.
    """

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """The rows of a file.

    `titles` maps each of our fields that the file has to the file's own header. `unread`: headers of the columns that
    are passed over. `passed_over`: rows that are about nobody.
    """

    titles: dict[str, str]
    rows: list[RawRow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    passed_over: list[Remark] = field(default_factory=list)


class ColumnsMissing(RosterUnreadable):
    """Columns that the import needs have other names in this file. `unread`: those that might be meant."""

    def __init__(self, absent: Sequence[str], unread: list[str]) -> None:
        self.unread = unread
        said = _("These columns are missing: {columns}. Please add them to the export.")
        super().__init__(said.format(columns=", ".join(absent)))


def read_table(data: bytes, columns: Mapping[str, str] | None = None) -> Table:
    """Decode, find delimiter and header, and name the cells.

    `columns`: as `headers.match` takes them. Raises RosterUnreadable only.
    """
    delimiter, position, header, rows = _rows_of(data, columns)
    found = headers.match(header, columns)
    _check_header(header, found)
    table = Table(
        {name: header[index].strip() for name, index in found.items()}, unread=headers.unread(header, found)
    )
    for number, cells in rows:
        if number <= position or not any(cell.strip() for cell in cells):
            continue
        if is_foot(cells, header):
            table.passed_over.append(Remark("foot", number, {"value": " ".join(cells)}))
        else:
            table.rows.append(_raw_row(number, cells, len(header), found, delimiter))
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
    found = [(len(headers.match(cells, columns)), n, cells, sheet) for n, cells in sheet[:HEADER_WITHIN]]
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
            known = len(headers.match(cells, columns))
            if known > best[0]:
                best = (known, delimiter, number, cells)
    if best[0] < ENOUGH_TO_BE_A_HEADER:
        raise _no_header()
    return best[1:]


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


def _check_header(header: list[str], found: dict[str, int]) -> None:
    twice = headers.doubled(header)
    if twice:
        raise RosterUnreadable(
            _("Two columns are called “{column}”. Please name them apart.").format(column=printable(twice))
        )
    absent = headers.missing(found)
    if absent:
        raise ColumnsMissing(absent, headers.unread(header, found))


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


def _raw_row(number: int, cells: list[str], width: int, found: dict[str, int], delimiter: str) -> RawRow:
    named = {name: plain(cells[index], name) for name, index in found.items() if index < len(cells)}
    problem = ""
    if len(cells) < width:
        problem = "cut"
    elif any(cell.strip() for cell in cells[width:]):
        problem = "wide"
    elif any(("\n" in cell or "\r" in cell) and cell.count(delimiter) > 2 for cell in named.values()):
        problem = "joined"
    return RawRow(number, named, problem)
