"""Write CSV whose cells no spreadsheet reads as formulas."""

import csv
from collections.abc import Iterable, Iterator

BOM = "\ufeff"  # without it a spreadsheet misreads ŵ and ŷ
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral_cell(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would read as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


class _Line:
    """A file that returns each written row, so that a download needs the memory of one row."""

    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a CSV file; integers stay numbers, all other cells are neutralised."""
    writer = csv.writer(_Line())
    yield BOM
    for row in rows:
        yield writer.writerow([cell if isinstance(cell, int) else neutral_cell(str(cell)) for cell in row])
