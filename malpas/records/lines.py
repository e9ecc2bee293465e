"""Turn entries of the audit log into lines for people.

Who, when, what, old and new values.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.enums import ClosureKind, GovernorChangeKind
from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember
from accounts.models.school import WorkingHours
from classes.enums import Restriction
from classes.models.changes import RecordChange
from classes.people.history import EMPTY, who, words_of_change
from malpas.records.counts import numbers_of
from malpas.records.names import columns_of, kind_of, names_of, value_of
from malpas.records.sentences import SENTENCES

NEAR = timedelta(hours=1)  # acts of one kind by one person, this near to each other, are one line
MOST_NAMES = 20
CORRECTED = {"classes.pupil": "pupil_id", "classes.contact": "contact_id"}


@dataclass
class Line:
    """One act, or several of one kind.

    `values`: old and new ones; `more`: the names of the others.
    """

    entries: list[AuditEntry]
    who: str = ""
    words: str = ""
    values: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return self.entries[0].at

    @property
    def others(self) -> int:
        return len(self.entries) - 1


def fold(entries: Iterable[AuditEntry]) -> list[Line]:
    """Put successive acts of one kind by one person together."""
    lines: list[Line] = []
    for entry in entries:
        if lines and _belongs(lines[-1].entries[-1], entry):
            lines[-1].entries.append(entry)
        else:
            lines.append(Line([entry]))
    return lines


def _belongs(newer: AuditEntry, older: AuditEntry) -> bool:
    same = (newer.verb, newer.user_id, newer.staff_id) == (older.verb, older.user_id, older.staff_id)
    return same and newer.at - older.at <= NEAR and not _has_values(older)


def _has_values(entry: AuditEntry) -> bool:
    """Return whether the act has old and new values.

    Such acts are not folded.
    """
    return entry.verb.endswith((".corrected", ".restricted", ".changed", ".left"))


def fill_in(lines: Sequence[Line]) -> None:
    """Fill in the words of a page's lines.

    A query for each kind of row, and one for the values.
    """
    shown = [entry for line in lines for entry in line.entries[: MOST_NAMES + 1]]
    names = names_of(entry.about for entry in shown)
    values = _corrections([line.entries[0] for line in lines])
    for line in lines:
        entry = line.entries[0]
        line.who = who(entry.user, entry.staff)
        line.words = words_of(entry, names)
        said = [*_plain(entry), *_calendar(entry), *numbers_of(entry), *_reason(entry)]
        line.values = [*values.get(entry.pk, []), *said]
        line.more = [names[other.about] for other in line.entries[1 : MOST_NAMES + 1] if other.about in names]


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return EMPTY


def _roles(detail: dict) -> Iterator[str]:
    """Say which roles were given and which taken.

    Nothing of what was neither.
    """
    for name, said in (("given", _("given %(roles)s")), ("taken", _("taken %(roles)s"))):
        roles = columns_of(StaffMember._meta.label_lower, detail.get(name) or ())
        if roles:
            yield said % {"roles": roles}


def words_of(entry: AuditEntry, names: dict[str, str]) -> str:
    """Return the sentence of an entry, names in place of ids."""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    params = _Params({name: value for name, value in detail.items() if isinstance(value, str | int)})
    params["about"] = names.get(entry.about) or _("something that is no longer on record")
    params["what"] = kind_of(entry.about)
    params["provider"] = str(detail.get("provider", "")).capitalize()
    params["day"] = _word(str(detail.get("day", "")), {}) or EMPTY
    if "fields" in detail:
        params["fields"] = columns_of(entry.about, detail["fields"]) or EMPTY
    for name in ("before", "after"):
        params[name] = dict(Restriction.choices).get(str(detail.get(name)), EMPTY)
    params["roles"] = "; ".join(_roles(detail)) or EMPTY
    params["change"] = dict(GovernorChangeKind.choices).get(str(detail.get("kind")), EMPTY)
    return str(SENTENCES.get(entry.verb, entry.verb)) % params


def _corrections(entries: Iterable[AuditEntry]) -> dict[int, list[str]]:
    """Return old and new values by entry.

    A correction writes both in one transaction, so at one time.
    """
    wanted: dict[tuple[str, int, datetime], int] = {}
    for entry in entries:
        label, _colon, pk = entry.about.partition(":")
        if entry.verb.endswith((".corrected", ".changed")) and label in CORRECTED and pk.isdecimal():
            wanted[CORRECTED[label], int(pk), entry.at] = entry.pk
    if not wanted:
        return {}
    about = Q()
    for column, person, at in wanted:
        about |= Q(**{column: person, "at": at})
    found: dict[int, list[str]] = {}
    for change in RecordChange.objects.filter(about).order_by("pk"):
        for column in CORRECTED.values():
            entry_pk = wanted.get((column, getattr(change, column), change.at))
            if entry_pk is not None:
                found.setdefault(entry_pk, []).append(words_of_change(change))
    return found


def _plain(entry: AuditEntry) -> list[str]:
    """Return old and new values of a row changed in the records.

    Numbers, days, choices, yes or no.
    """
    values = entry.detail.get("values") if isinstance(entry.detail, dict) else None
    if not isinstance(values, dict):
        return []
    return [
        _became(columns_of(entry.about, [name]), *(value_of(entry.about, name, each) for each in (old, new)))
        for name, (old, new) in values.items()
    ]


def _became(what: str, old: str, new: str) -> str:
    """Say what a value was and is.

    What was empty, or is empty now, has words of its own.
    """
    if EMPTY not in (old, new):
        return f"{what}: {old} → {new}"
    if old == new:
        return f"{what}: {EMPTY}"
    said = _("%(what)s: now %(value)s") if old == EMPTY else _("%(what)s: no longer %(value)s")
    return said % {"what": what, "value": new if old == EMPTY else old}


def _reason(entry: AuditEntry) -> list[str]:
    reason = entry.detail.get("reason") if isinstance(entry.detail, dict) else None
    return [_("Reason: %(reason)s") % {"reason": reason}] if reason else []


def _calendar(entry: AuditEntry) -> list[str]:
    """Return each row of the calendar that differs.

    Such as 'Term taken out: 1 September 2026 – 18 December 2026'.
    """
    changed = entry.detail.get("changed") if entry.verb == "calendar.changed" else None
    if not isinstance(changed, dict):
        return []
    return [
        _row_became(_row_name(row), _days(old), _days(new)) for row, (old, new) in sorted(changed.items())
    ]


def _row_became(what: str, old: str, new: str) -> str:
    if EMPTY not in (old, new):
        return f"{what}: {old} → {new}"
    said = _("%(what)s added: %(value)s") if old == EMPTY else _("%(what)s taken out: %(value)s")
    return said % {"what": what, "value": new if old == EMPTY else old}


def _row_name(row: str) -> str:
    kind, _space, number = row.partition(" ")
    if kind == "weekday":
        return str(dict(WorkingHours.WEEKDAYS).get(int(number), number))
    return _("Term") if kind == "term" else _("Days without school")


def _days(text: Any) -> str:
    """Return a row's text with its days in words."""
    if not text:
        return EMPTY
    kinds = {str(kind.value): str(kind.label) for kind in ClosureKind}
    text = re.sub(r"(\S+) to \1\b", r"\1", str(text))  # a single day
    return " ".join(_word(word, kinds) for word in text.split())


def _word(word: str, kinds: dict[str, str]) -> str:
    if word in kinds:
        return kinds[word]
    try:
        return date_format(date.fromisoformat(word), "j F Y")
    except ValueError:
        return {"to": "–", "from": _("from")}.get(word, word)
