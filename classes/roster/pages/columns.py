"""Name what a column can be.

A field of the child, of the row's adult, or of one of several adults.
"""

from typing import Any

from django.utils.translation import gettext as _

from classes.roster.headers import CONTACT_FIELDS, OF_ACCESS, SPELLINGS
from classes.roster.layouts.numbered import BY_HAND, NAME, OF_AN_ADULT, numbered, split_numbered

OF_THE_ADULT = (*CONTACT_FIELDS, *OF_ACCESS)


def what_a_column_is(said: str) -> str:
    """Return in words what somebody has said of a column.

    `said`: as it is stored.
    """
    if beside := split_numbered(said):
        field, number = beside
        return _("Parent %(number)s: %(field)s") % {"number": number, "field": _name(field)}
    return _name(said) if said in SPELLINGS else _("Not needed")


def choices_of_columns(*, beside: bool) -> list[tuple[str, Any]]:
    """Return the choices for a column, by whom it is about.

    `beside`: whether a row may name several adults.
    """
    child = [name for name in SPELLINGS if name not in OF_THE_ADULT]
    groups = [(_("The child"), child), (_("The adult of the row"), OF_THE_ADULT)]
    if beside:
        groups += [(_("Parent %(number)s") % {"number": n}, _of_parent(n)) for n in BY_HAND]
    return [
        ("", _("Not needed")),
        *((title, [(said, what_a_column_is(said)) for said in group]) for title, group in groups),
    ]


def _of_parent(number: str) -> list[str]:
    return [numbered(field, number) for field in OF_AN_ADULT]


def _name(field: str) -> str:
    return _("Forename and surname in one cell") if field == NAME else SPELLINGS[field][0]
