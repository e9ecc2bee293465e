"""Define what every layout of a roster is read into.

Rows of one child and one adult. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from classes.roster.remarks import Remark
from malpas.lib.errors import RuleViolation


class RosterUnreadable(RuleViolation):
    """The file as a whole cannot be imported. `sentence` says why."""


class ColumnsMissing(RosterUnreadable):
    """Columns that the import needs have other names in this file.

    `unread`: those that might be meant.
    """

    def __init__(self, absent: Sequence[str], unread: list[str]) -> None:
        self.unread = unread
        said = _("These columns are missing: {columns}. Please add them to the export.")
        super().__init__(said.format(columns=", ".join(absent)))


@dataclass(frozen=True)
class RawRow:
    """One child and one adult of a row of the file.

    `number`: the number that a spreadsheet shows beside it. `problem`: '' or why the row's cells cannot be told
    apart: cut, wide, joined. `titles`: as the table's, where this adult has columns of their own.
    """

    number: int
    cells: dict[str, str]
    problem: str = ""
    titles: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """The rows of a file.

    `titles` maps each of our fields that the file has to the file's own header. `unread`: headers of the columns that
    are passed over. `passed_over`: rows that are about nobody. `unsaid`: fields about access that the file does not have.
    `names_adults_beside`: whether a row is a child with several adults.
    """

    titles: dict[str, str]
    rows: list[RawRow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    passed_over: list[Remark] = field(default_factory=list)
    unsaid: tuple[str, ...] = ()
    names_adults_beside: bool = False
