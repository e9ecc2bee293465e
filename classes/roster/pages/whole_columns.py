"""Find faults that a whole column has, and say them once with a proposal. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classes.roster.remarks import Remark, printable

AT_LEAST = 10  # rows with the same remark
PERCENT = 60  # of the rows of the file

_DATES = gettext_lazy("Please let the export write dates like 31/01/2019, and upload the file again.")
_YES_NO = gettext_lazy("Please let the export write T or F there. Nobody can be asked safely without it.")
_UTF8 = gettext_lazy("Please save the export as CSV (UTF-8), and upload the file again.")
_TAKEN = gettext_lazy("The rows are taken. You need not do anything.")
_FILLED = gettext_lazy("Please choose a field of your system that is filled in, and upload the file again.")
PROPOSALS: dict[str, Promise] = {
    "empty": _FILLED,
    **dict.fromkeys(("not_a_date", "serial_date", "short_year", "impossible_date"), _DATES),
    **dict.fromkeys(("yes_no", "yes_no_empty"), _YES_NO),
    **dict.fromkeys(("garbled", "letter_lost"), _UTF8),
    **dict.fromkeys(("zero_lost", "relationship_unknown", "not_left", "same_row", "address_taken"), _TAKEN),
    "new_without_birthday": gettext_lazy("Please let the export write demographics.csv, and upload the file again."),
    "name_split": gettext_lazy("The rows are taken. Columns for forename and surname would be surer."),
    "year": gettext_lazy("Please let the export write N, R or 1 to 6 there, and upload the file again."),
    "priority": gettext_lazy("Please let the export write the order of the adults there: 1, 2, 3."),
    "upn_shape": gettext_lazy("Is this the column with the UPN? A file without it works, too."),
    "responsibility_empty": gettext_lazy(
        "If your system knows who has parental responsibility, please add it to the export: nobody is suggested "
        "for an invitation without it."
    ),
    "telephone_unread": gettext_lazy("The rows are taken without a number. Is this the column with the mobiles?"),
}  # fmt: skip
OTHERWISE = gettext_lazy("Please check this column in the export, and upload the file again.")


@dataclass(frozen=True)
class WholeColumn:
    """One fault of a whole column.

    What it is, in how many rows, and what to do.
    """

    code: str
    column: str
    rows: frozenset[int]
    sentence: str
    proposal: str


def whole_columns(remarks: Sequence[Remark], rows: int) -> list[WholeColumn]:
    """Return the faults and notes that most of the file's rows have in one column."""
    groups: dict[tuple[str, str], list[Remark]] = defaultdict(list)
    for remark in remarks:
        groups[remark.code, str(remark.params.get("column", ""))].append(remark)
    return [
        _whole(code, column, found, rows)
        for (code, column), found in groups.items()
        if len(found) >= AT_LEAST and len(found) * 100 >= rows * PERCENT
    ]


def _whole(code: str, column: str, found: list[Remark], rows: int) -> WholeColumn:
    numbers = frozenset(remark.row for remark in found)
    said = {"count": len(numbers), "rows": rows, "example": str(found[0]), "row": found[0].row}
    sentence = _("The same in %(count)s of %(rows)s rows. For example row %(row)s: %(example)s") % said
    return WholeColumn(code, printable(column), numbers, sentence, str(PROPOSALS.get(code, OTHERWISE)))


def covers(found: Sequence[WholeColumn], remark: Remark) -> bool:
    """Return whether one of these sentences has said this remark already."""
    column = printable(remark.params.get("column", ""))
    return any(each.code == remark.code and each.column == column for each in found)
