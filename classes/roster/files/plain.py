"""Take off a cell what a spreadsheet or a report has put around it. Pure."""

import re
import unicodedata
from collections.abc import Sequence

# Matched or parsed letter by letter: nothing unseen belongs into them.
EXACT = frozenset(
    {"pupil_ref", "admission_number", "upn", "date_of_birth", "leaving_date", "year", "contact_ref", "priority"}
    | {"email", "mobile"}
)  # fmt: skip
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_NOWHERE = str.maketrans("", "", _UNSEEN)
_PROTECTED = re.compile(r'="([^"]*)"')
_MOST_IN_A_FOOT = 2  # cells


def plain(cell: str, name: str) -> str:
    """Return what stands inside.

    Without ="…", an apostrophe before figures, and unseen characters around it.

    Within a name unseen characters stay, and are a fault.
    """
    cell = cell.strip(_UNSEEN + " \t\r\n\u00a0")
    if found := _PROTECTED.fullmatch(cell):
        cell = found[1]
    if name not in EXACT:
        return cell
    return cell.translate(_NOWHERE).removeprefix("'")


def is_foot(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Return whether a row is part of a printed report.

    The header again, a total, a page's foot.
    """
    said = [cell.strip() for cell in cells if cell.strip()]
    if said == [cell.strip() for cell in header if cell.strip()]:
        return True
    return len(said) <= _MOST_IN_A_FOOT and not (len(said) > 1 and said[0].isdigit())


def bare(text: str) -> str:
    """Return a header without case, accents, spaces and punctuation.

    `Date of Birth` and `date_of_birth` are one, and so are `Grŵp Blwyddyn` and `Grwp blwyddyn`.
    """
    letters = unicodedata.normalize("NFKD", text.translate(_NOWHERE))
    return re.sub(r"[\W_]+", "", "".join(c for c in letters if not unicodedata.combining(c))).casefold()
