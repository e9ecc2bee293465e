"""Write CSV whose cells no spreadsheet reads as formulas."""

import csv
import re
from collections.abc import Iterable, Iterator

BOM = "\ufeff"  # without it a spreadsheet misreads ŵ and ŷ
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


TELEPHONE = re.compile(r"(\+|00)?[0-9]{7,15}")
UK = "44"
SHORTEST = 5  # digits after the zero; what has fewer, such as +44 00000, is left as it was typed


def telephone_cell(number: str) -> str:
    """Return a telephone number as a spreadsheet shows it whole: '07700 900123', '00353 861234567'.

    Without a space it would be a number there, and lose its zeros; a plus would begin a formula. What is no number
    stays as it is.
    """
    plain = re.sub(r"[\s().-]", "", number)
    if not TELEPHONE.fullmatch(plain):
        return number
    abroad = re.fullmatch(r"(?:\+|00)([0-9]+)", plain)
    national = abroad[1].removeprefix(UK).lstrip("0") if abroad and abroad[1].startswith(UK) else ""
    if len(national) >= SHORTEST:
        plain, abroad = f"0{national}", None
    return f"00{abroad[1][:3]} {abroad[1][3:]}" if abroad else f"{plain[:5]} {plain[5:]}"


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
