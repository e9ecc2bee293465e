"""Open a OneRoster zip.

Its files as rows of named cells, and nothing that is to be deleted. Pure.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classes.roster.files.encodings import decode
from classes.roster.files.plain import bare, plain
from classes.roster.files.zips import ZipRefused, names_of, read_files
from classes.roster.layouts.table import RosterUnreadable
from classes.roster.remarks import printable

MOST_ROWS = 200_000  # of one file: enrolments are several for each child
USERS, ROLES, CLASSES = "users.csv", "roles.csv", "classes.csv"
ENROLLMENTS, DEMOGRAPHICS, ORGS, MANIFEST = "enrollments.csv", "demographics.csv", "orgs.csv", "manifest.csv"
FILES = (USERS, ROLES, CLASSES, ENROLLMENTS, DEMOGRAPHICS, ORGS, MANIFEST)
# What each file has to have, as version 1.1 and 1.2 of the specification name it; demographics.csv may be missing.
NEEDED: dict[str, tuple[str, ...]] = {
    USERS: ("sourcedId", "givenName", "familyName"),
    CLASSES: ("sourcedId", "title", "schoolSourcedId"),
    ENROLLMENTS: ("classSourcedId", "userSourcedId", "role"),
    DEMOGRAPHICS: ("sourcedId", "birthDate"),
}
GONE = ("tobedeleted", "inactive")
TOO_LARGE = gettext_lazy("This zip holds more than a school’s roster can. Nothing of it was read.")
_REFUSED: dict[str, Promise] = {
    "broken": gettext_lazy("This zip is damaged. Please export it again."),
    "locked": gettext_lazy("This zip has a password. Please export it without one."),
    "large": TOO_LARGE,
    "paths": gettext_lazy("The files of this zip lie in odd folders. Please export it again."),
    "twice": gettext_lazy("This zip holds a file of the same name twice. Please export it again."),
}


@dataclass(frozen=True)
class Line:
    """One row of a file.

    `number`: as a spreadsheet shows it; `cells`: bare column → cell.
    """

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(bare(column), "")

    def list(self, column: str) -> list[str]:
        return [part.strip() for part in self.get(column).split(",") if part.strip()]

    @property
    def is_gone(self) -> bool:
        return self.get("status").casefold() in GONE


@dataclass
class File:
    """The rows of one file.

    `columns`: bare headers; `is_here`: False where the zip has no such file.
    """

    is_here: bool = False
    columns: set[str] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)

    def has(self, column: str) -> bool:
        return bare(column) in self.columns

    @property
    def present(self) -> list[Line]:
        return [line for line in self.lines if not line.is_gone]


def is_one_roster(data: bytes) -> bool:
    return USERS in names_of(data)


def open_files(data: bytes) -> dict[str, File]:
    """Return each file of the zip. Raises RosterUnreadable."""
    try:
        contents = read_files(data, FILES)
    except ZipRefused as refused:
        raise RosterUnreadable(str(_REFUSED[refused.code])) from None
    files = {name: _file(name, contents.get(name)) for name in FILES}
    _check(files)
    return files


def _file(name: str, content: bytes | None) -> File:
    if content is None:
        return File()
    text = None if b"\x00" in content else decode(content)
    if text is None:
        raise RosterUnreadable(
            _("The letters of {file} cannot be read. It has to be UTF-8.").format(file=name)
        )
    rows = _rows(name, text)
    header = [bare(cell) for cell in next(rows, (0, []))[1]]
    lines = [Line(number, _cells(header, cells)) for number, cells in rows if any(map(str.strip, cells))]
    return File(True, set(header) - {""}, lines)


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {title: plain(cell, "") for title, cell in zip(header, cells, strict=False)}


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if number > MOST_ROWS:
                raise RosterUnreadable(str(TOO_LARGE))
            yield number, cells
    except csv.Error:
        said = _("From row {row} on {file} cannot be read: a quotation mark may be missing there.")
        raise RosterUnreadable(said.format(row=number + 1, file=name)) from None


def _check(files: dict[str, File]) -> None:
    """Refuse what says only what has changed, and what lacks a file or column."""
    for line in files[MANIFEST].lines:
        name = f"{line.get('propertyName').removeprefix('file.')}.csv"
        if name in FILES and line.get("value").casefold() == "delta":
            raise RosterUnreadable(
                _("This OneRoster file holds only what has changed (delta). Please export everything (bulk).")
            )
    for name, columns in NEEDED.items():
        if not files[name].is_here and name == DEMOGRAPHICS:
            continue
        if not files[name].is_here:
            raise RosterUnreadable(
                _("{file} is missing from this OneRoster file. Please let the export write it, too.").format(
                    file=name
                )
            )
        absent = [column for column in columns if not files[name].has(column)]
        if absent:
            said = _("{file} lacks these columns: {columns}.")
            raise RosterUnreadable(said.format(file=name, columns=printable(", ".join(absent))))
