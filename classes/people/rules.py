"""Decide who keeps the records, and which values make sense. Pure.

Values typed by hand are read as the import reads its cells: what it refuses, a page refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classes.enums import PARENTS_AND_GUARDIANS, Relationship, Suggestion
from classes.roster import cells
from classes.roster.remarks import FAULTS, LABELS
from malpas.lib.errors import RuleViolation


class Nonsense(RuleViolation):
    """Raised for a value that cannot be one. `field`: the column."""

    def __init__(self, sentence: str, field: str) -> None:
        self.field = field
        super().__init__(sentence)


def _read_year(text: str) -> str:
    return cells.read_year(text) if text.strip() else ""


def _read_mobile(text: str) -> str:
    number, _note = cells.read_mobile(text)
    if text.strip() and not number:
        raise Nonsense(_("A telephone number has nine to fifteen digits, like 07700 900123."), "mobile")
    return number


def _read_email(text: str) -> str:
    address, note = cells.read_email(text)
    if note:
        params = {"column": str(LABELS["email"]).capitalize(), "value": text}
        raise Nonsense(_("%(column)s is not one e-mail address: %(value)s") % params, "email")
    return address


def _text(limit: int) -> Callable[[str], str]:
    return lambda text: cells.read_text(text, limit)


def _name(text: str) -> str:
    return cells.read_name(text, 60)


READERS: dict[str, Callable[[str], object]] = {
    "preferred_forename": _name,
    "legal_forename": _name,
    "legal_surname": _name,
    "preferred_surname": _name,
    "year": _read_year,
    "admission_number": _text(20),
    "upn": cells.read_upn,
    "school_ref": _text(40),
    "title": _text(20),
    "forename": _name,
    "surname": _name,
    "email": _read_email,
    "mobile": _read_mobile,
}
NEEDED = frozenset({"preferred_forename", "date_of_birth"})  # one name is enough: some people have one
NAMES = frozenset(
    {"preferred_forename", "legal_forename", "legal_surname", "preferred_surname", "forename", "surname"}
)
NO_NAME = gettext_lazy("Please write a forename or a surname.")


def read_value(name: str, text: str, today: date) -> object:
    """Return the column's value for what somebody typed. Raises Nonsense."""
    try:
        if name in NEEDED and not text.strip():
            raise cells.CellFault("empty")
        value = cells.read_birthday(text, today) if name == "date_of_birth" else READERS[name](text)
        if name in NEEDED and value == "":  # what stands for no name, such as a full stop
            raise cells.CellFault("empty")
        return value
    except cells.CellFault as fault:
        column = str(LABELS.get(name, name)).capitalize()
        params = {"column": column, "value": text, **fault.params}
        raise Nonsense(str(FAULTS[fault.code]) % params, name) from None


def suggested(relationship: str, *, parental_responsibility: bool, court_order: bool) -> Suggestion:
    """Return what the records suggest for an adult connected by hand (PA-2)."""
    if court_order:
        return Suggestion.HOLD
    if parental_responsibility or Relationship(relationship) in PARENTS_AND_GUARDIANS:
        return Suggestion.INVITE
    return Suggestion.CONTACT_ONLY
