"""Decide whether a file's dates are written day first. Pure.

One cell by its shape, a column by all of its cells together. A birthday with day and month swapped is a wrong fact
that nobody sees, and somebody joins with it. So the order of day and month is proved or the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from malpas.lib.errors import RuleViolation

from .remarks import printable

if TYPE_CHECKING:
    from .layouts.table import Table

COLUMNS = ("date_of_birth", "leaving_date")
MANY = 6  # ambiguous cells and no clear one: by chance in one file of three hundred
OUTWEIGHS = 9  # at this ratio the minority counts as typing errors
_TIME = r"(?P<time>[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:[^\W\d_]{2,9}\.?,? +)?"
NUMERIC = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
NAMED = re.compile(rf"{_WEEKDAY}(\d{{1,2}})[ -]([^\W\d_]{{3,9}})\.?[ -](\d{{4}}|\d{{2}}){_TIME}")
SERIAL = re.compile(r"\d{1,5}(?:\.0+)?", re.ASCII)
_DAYS_AND_MONTHS = re.compile(
    r"(\d{1,4})[ -]([^\W\d_]{3,9})\.?(?:[ -]\d{2,4})?|([^\W\d_]{3,9})\.?[ -](\d{1,4})"
)
_MONTHS = (
    "january ionawr", "february chwefror", "march mawrth", "april ebrill", "may mai", "june mehefin",
    "july gorffennaf", "august awst", "september medi", "october hydref", "november tachwedd", "december rhagfyr",
)  # fmt: skip
MONTHS = {
    form: number
    for number, names in enumerate(_MONTHS, 1)
    for name in names.split()
    for form in (name, name[:3], "sept" if number == 9 else name[:3])
}
# In Welsh 'Meh' is June and 'Mai' is May; 'Maw' and 'Mar' are March; 'Gor' is July: no short form is two months.


def is_a_day(text: str) -> bool:
    """Return whether a cell reads as a day, or as the number of one."""
    if NUMERIC.fullmatch(text) or ISO.fullmatch(text) or NAMED.fullmatch(text):
        return True
    if found := _DAYS_AND_MONTHS.fullmatch(text):
        return (found[2] or found[3]).casefold() in MONTHS
    return bool(re.fullmatch(r"[34]\d{4}(\.0)?", text, re.ASCII))  # the number of a day from 1982 to 2036


class DatesUnclear(RuleViolation):
    """The file's dates cannot be read with certainty, so nothing is imported.

    `sentence` says what to do.
    """


@dataclass(frozen=True)
class Written:
    """A cell of two numbers and a year, and its style."""

    first: int
    second: int
    year: int
    style: tuple[str, bool]
    padded: bool | None  # with leading zeros; None where both numbers have two digits

    @property
    def is_day_first(self) -> bool:
        return self.first > 12 >= self.second >= 1

    @property
    def is_month_first(self) -> bool:
        return self.second > 12 >= self.first >= 1 and self.second <= 31

    @property
    def is_open(self) -> bool:
        """Return whether either number could be the day, and it matters."""
        return 1 <= self.first <= 12 and 1 <= self.second <= 12 and self.first != self.second

    def looks_like(self, other: Written) -> bool:
        alike = self.padded is None or other.padded is None or self.padded == other.padded
        return self.style == other.style and alike


def written(text: str) -> Written | None:
    """Return the cell as written, or None for other text.

    An ISO date counts as day first where its day shows it.
    """
    text = " ".join(text.split())
    if found := NUMERIC.fullmatch(text):
        first, separator, second, year = found[1], found[2], found[3], found[4]
        small = [part for part in (first, second) if int(part) < 10]
        padded = all(len(part) == 2 for part in small) if small else None
        return Written(int(first), int(second), int(year), (separator, bool(found["time"])), padded)
    if found := ISO.fullmatch(text):
        return Written(int(found[3]), int(found[2]), int(found[1]), ("iso", bool(found["time"])), True)
    return None


def check_order(table: Table, today: date) -> bool:
    """Return whether the file's dates are surely day first.

    False where nothing speaks against it, and nothing for it. Raises DatesUnclear where they are month first, where
    two orders are mixed, or where many cells leave it open.
    """
    surely = False
    for name in (name for name in COLUMNS if name in table.titles):
        cells = [_real(row.cells.get(name, "")) for row in table.rows]
        found = [cell for cell in cells if cell is not None]
        by_age = _votes(table, today) if name == "date_of_birth" else (0, 0)
        surely = _check_column(found, by_age, table.titles[name]) or surely
    open_cells = [
        cell
        for row in table.rows
        for name in COLUMNS
        if (cell := _real(row.cells.get(name, ""))) and cell.is_open
    ]
    plain = [cell for cell in open_cells if cell.style[0] != "iso"]
    if not surely and len(plain) >= MANY:
        raise DatesUnclear(
            _("Nothing was taken in: no date in this file shows whether the day or the month stands first. "
              "Please export the dates as 2019-10-14.")
        )  # fmt: skip
    return surely or not plain


def _real(text: str) -> Written | None:
    """Return the cell as `written`, without days that stand for 'none'.

    They say nothing of the order.
    """
    cell = written(text)
    return cell if cell and (cell.year < 100 or 1901 <= cell.year < 2100) else None


def _check_column(cells: Sequence[Written], by_age: tuple[int, int], title: str) -> bool:
    plain = [cell for cell in cells if cell.style[0] != "iso"]
    day_first = sum(cell.is_day_first for cell in plain) + by_age[0]
    month_first = sum(cell.is_month_first for cell in plain) + by_age[1]
    said = {"column": printable(title)}
    if month_first and day_first < month_first * OUTWEIGHS:
        if month_first >= day_first * OUTWEIGHS:
            raise DatesUnclear(
                _("Nothing was taken in: the dates in “%(column)s” stand month first. "
                  "Please export them day first, like 31/01/2019.") % said
            )  # fmt: skip
        raise DatesUnclear(_two_ways() % said)
    if _swapped_by_a_spreadsheet(cells):
        raise DatesUnclear(_two_ways() % said)
    return bool(day_first)


def _two_ways() -> str:
    return _(
        "Nothing was taken in: the dates in “%(column)s” are written in two ways, and a spreadsheet may have "
        "swapped day and month in some of them. Please export the file again without opening it in a spreadsheet."
    )


def _swapped_by_a_spreadsheet(cells: Sequence[Written]) -> bool:
    """Return whether a spreadsheet has swapped day and month in some cells.

    A spreadsheet of another country converts what it can read, 04/05, and leaves 14/10 as it is: two styles.
    """
    proof = [cell for cell in cells if cell.is_day_first]
    open_cells = [cell for cell in cells if cell.is_open]
    text = [cell for cell in proof if cell.style[0] != "iso"]
    apart = [cell for cell in open_cells if not any(cell.looks_like(other) for other in proof)]
    return bool(text and apart) and len(apart) == len(open_cells)


def _votes(table: Table, today: date) -> tuple[int, int]:
    """Count birthdays that fit their year group in one order only.

    Returns (day first, month first).
    """
    best = (0, 0)
    for began in (today.year - (today.month < 9), today.year + (today.month >= 9)):
        votes = list(_votes_in(table, began))
        counted = votes.count(True), votes.count(False)
        best = max(best, counted, key=sum)
    return best


def _votes_in(table: Table, began: int) -> Iterable[bool]:
    for row in table.rows:
        cell, year = _real(row.cells.get("date_of_birth", "")), _age_of(row.cells.get("year", ""))
        if cell is None or year is None or not cell.is_open or cell.style[0] == "iso":
            continue
        first = date(began - year - 5, 9, 1)
        last = date(began - year - 4, 8, 31)
        born = cell.year + (2000 if cell.year < 100 else 0)
        by_day = first <= date(born, cell.second, cell.first) <= last
        by_month = first <= date(born, cell.first, cell.second) <= last
        if by_day != by_month:
            yield by_day


def _age_of(text: str) -> int | None:
    """Return the age group: reception is 0, Year 6 is 6.

    None for nursery, where ages differ, and for what is no year.
    """
    word = text.casefold().split()[-1:] or [""]
    if word[0] in ("r", "reception", "derbyn"):
        return 0
    return int(word[0]) if re.fullmatch(r"0?[0-6]", word[0], re.ASCII) else None
