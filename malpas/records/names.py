"""Name the rows that the audit log is about.

A query for each kind of row.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from classes.people.history import EMPTY

# What a row's name reads besides itself.
ALONG = {
    "classes.guardianship": ("contact", "pupil"),
    "classes.invitation": ("guardianship__contact", "guardianship__pupil"),
    "classes.slotapproval": ("contact", "pupil"),
    "classes.approvalrequest": ("guardianship__contact", "guardianship__pupil"),
    "classes.card": ("pupil",),
    "messaging.conversation": ("pupil",),
    "messaging.message": ("conversation__pupil",),
    "moderation.decision": ("subject", "report__author_staff"),
    "moderation.report": ("author", "author_staff"),
}
# A row that is named by what it belongs to, never by what people wrote in it.
NAMED: dict[str, Callable[[Any], str]] = {
    "classes.guardianship": lambda row: _pair(row),
    "classes.invitation": lambda row: _pair(row.guardianship),
    "classes.slotapproval": lambda row: _pair(row),
    "classes.approvalrequest": lambda row: _pair(row.guardianship),
    "moderation.decision": lambda row: row.report.about if row.report else str(row.subject),
    "moderation.report": lambda row: row.about,
    "messaging.conversation": lambda row: _("a conversation about %(child)s") % {"child": row.pupil},
    "messaging.message": lambda row: _("a message about %(child)s") % {"child": row.conversation.pupil},
}
LARGEST = 2**63 - 1


def _pair(row: Any) -> str:
    """Return the adult and the child of a row."""
    return _("%(adult)s (child: %(child)s)") % {"adult": row.contact, "child": row.pupil}


def kind_of(about: str) -> str:
    """Return what kind of row it is, as lists name it.

    Such as 'term' or 'standard reply'.
    """
    try:
        return str(apps.get_model(about.split(":", 1)[0])._meta.verbose_name)
    except (LookupError, ValueError):
        return EMPTY


def names_of(abouts: Iterable[str]) -> dict[str, str]:
    """Return the name of each row ('classes.pupil:97').

    Rows that are gone are left out.
    """
    by_label: dict[str, set[int]] = {}
    for label, pk in (about.split(":", 1) for about in set(abouts) if ":" in about):
        if pk.isascii() and pk.isdecimal() and int(pk) <= LARGEST:
            by_label.setdefault(label, set()).add(int(pk))
    found: dict[str, str] = {}
    for label, pks in by_label.items():
        name = NAMED.get(label, str)
        found |= {f"{label}:{row.pk}": name(row) for row in _rows(label, pks).values()}
    return found


def _rows(label: str, pks: set[int]) -> dict[int, Model]:
    try:
        rows = apps.get_model(label)._base_manager.all()
    except LookupError:
        return {}
    along = ALONG.get(label, ())
    return (rows.select_related(*along) if along else rows).in_bulk(pks)


def columns_of(about: str, names: Iterable[str]) -> str:
    """Return the names of a row's columns as forms show them.

    Such as 'first day, last day'.
    """
    try:
        model = apps.get_model(about.split(":", 1)[0])
    except (LookupError, ValueError):
        return ", ".join(names)
    labels = {field.name: getattr(field, "verbose_name", field.name) for field in model._meta.get_fields()}
    return ", ".join(str(labels.get(name, name)) for name in names)


def value_of(about: str, name: str, text: str | None) -> str:
    """Return a column's value as people read it.

    A choice by its name, a day in words, yes or no.
    """
    try:
        field = apps.get_model(about.split(":", 1)[0])._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return text or EMPTY
    if text in ("True", "False"):
        return _("yes") if text == "True" else _("no")
    choices = {str(value): str(label) for value, label in getattr(field, "flatchoices", ())}
    if text in choices:
        return choices[text]
    try:
        return date_format(date.fromisoformat(text or ""), "j F Y")
    except ValueError:
        return text or EMPTY
