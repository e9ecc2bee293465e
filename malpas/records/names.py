"""Name the rows that the audit log is about, a query for each kind of row."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext as _

# What a row's name reads besides itself.
ALONG = {
    "classes.guardianship": ("contact", "pupil"),
    "classes.invitation": ("guardianship__contact", "guardianship__pupil"),
    "classes.slotapproval": ("contact", "pupil"),
    "classes.card": ("pupil",),
    "messaging.conversation": ("pupil",),
    "messaging.message": ("conversation__pupil",),
    "moderation.decision": ("subject",),
}
# A row that is named by what it belongs to, never by what people wrote in it.
NAMED: dict[str, Callable[[Any], str]] = {
    "messaging.conversation": lambda row: _("a conversation about %(child)s") % {"child": row.pupil},
    "messaging.message": lambda row: _("a message about %(child)s") % {"child": row.conversation.pupil},
}
LARGEST = 2**63 - 1


def names_of(abouts: Iterable[str]) -> dict[str, str]:
    """Return the name of each row ('classes.pupil:97'); rows that are gone are left out."""
    by_label: dict[str, set[int]] = {}
    for label, pk in (about.split(":", 1) for about in set(abouts) if ":" in about):
        if pk.isascii() and pk.isdecimal() and int(pk) <= LARGEST:
            by_label.setdefault(label, set()).add(int(pk))
    found: dict[str, str] = {}
    for label, pks in by_label.items():
        for pk, row in _rows(label, pks).items():
            found[f"{label}:{pk}"] = NAMED.get(label, str)(row)
    return found


def _rows(label: str, pks: set[int]) -> dict[int, Model]:
    try:
        rows = apps.get_model(label)._base_manager.all()
    except LookupError:
        return {}
    along = ALONG.get(label, ())
    return (rows.select_related(*along) if along else rows).in_bulk(pks)


def columns_of(about: str, names: Iterable[str]) -> str:
    """Return the names of a row's columns as forms show them: 'first day, last day'."""
    try:
        model = apps.get_model(about.split(":", 1)[0])
    except (LookupError, ValueError):
        return ", ".join(names)
    labels = {field.name: getattr(field, "verbose_name", field.name) for field in model._meta.get_fields()}
    return ", ".join(str(labels.get(name, name)) for name in names)
