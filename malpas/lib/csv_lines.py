"""Rows for a spreadsheet, as CSV that no spreadsheet takes for a program."""

import csv
from collections.abc import Iterable, Iterator

BOM = "\ufeff"  # without it a spreadsheet takes ŵ and ŷ for something else
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral_cell(text: str) -> str:
    """A spreadsheet must not take a cell for a formula: = + - @ and white space get an apostrophe before them."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


class _Line:
    """Gives each written row back in place of keeping it: a download of any length needs the memory of one."""

    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of a CSV file, one for each row, words neutralised; numbers stay numbers."""
    writer = csv.writer(_Line())
    yield BOM
    for row in rows:
        yield writer.writerow([cell if isinstance(cell, int) else neutral_cell(str(cell)) for cell in row])
