"""Save a form that a lock caught, for its writer (TE-2, PA-11).

It is stored in the session for at most a day and ends with signing out. Nothing is carried out: its values
return to the form, or to a page with a button. Nobody else who unlocks sees them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from accounts.actor import Actor
from accounts.http import PortalRequest

SAVED_FORMS = "saved_forms"  # the key in the session
SAVE_ONLY = "keep_only"  # a field by which a script asks to save a form without carrying it out
MOST_LETTERS = 60_000
MOST_FORMS = 5
LIFE = timedelta(days=1)
NEVER = {"csrfmiddlewaretoken", SAVE_ONLY, "pin", "old", "new", "again", "password", "code"}
TEXT_FIELDS = {"body", "title", "note", "reason"}
View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class SavedForm:
    """One caught form. `in_form`: its page restores the values.

    `files`: it had some, which are not saved.
    """

    path: str
    fields: list[tuple[str, str]]
    at: datetime
    in_form: bool
    files: bool

    @property
    def parts(self) -> list[tuple[str, str, bool]]:
        """Return (name, value, whether a person wrote it) of each field."""
        return [
            (name, value, name in TEXT_FIELDS or any(sign.isspace() for sign in value.strip()))
            for name, value in self.fields
        ]

    @property
    def has_words(self) -> bool:
        """Return whether a person had written something, and not only tapped."""
        return any(is_words and value.strip() for _name, value, is_words in self.parts)

    def values(self) -> dict[str, str | list[str]]:
        """Return each field with its value or list of values."""
        values: dict[str, list[str]] = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        return {name: each if len(each) > 1 else each[0] for name, each in values.items()}


def restores_form(view: View) -> View:
    """Mark a view whose form begins with `restored_values`."""
    setattr(view, "restores_form", True)  # noqa: B010 (any view takes it)
    return view


def _owner(actor: Actor) -> str:
    return f"{actor.user.pk}:{actor.staff.pk if actor.staff else ''}"


def _entries(request: PortalRequest, owner: str, at: datetime) -> list[dict]:
    mine = request.session.get(SAVED_FORMS, {}).get(owner, [])
    return [entry for entry in mine if at - datetime.fromisoformat(entry["at"]) <= LIFE]


def _store(request: PortalRequest, owner: str, entries: list[dict], at: datetime) -> None:
    """Write one person's entries, and drop all older than a day."""
    everybody = {each: _entries(request, each, at) for each in request.session.get(SAVED_FORMS, {})}
    everybody[owner] = entries
    request.session[SAVED_FORMS] = {each: found for each, found in everybody.items() if found}


def save_form(request: PortalRequest, view: Callable, *, owner: Actor, at: datetime) -> bool:
    """Save what `owner` sent in this POST.

    Return False when it is empty or too long.
    """
    sent = request.POST.lists()
    fields = [[name, value] for name, values in sent if name not in NEVER for value in values]
    if not fields or sum(len(name) + len(value) for name, value in fields) > MOST_LETTERS:
        return False
    entry = {
        "path": request.path,
        "fields": fields,
        "at": at.isoformat(),
        "in_form": getattr(view, "restores_form", False),
        "files": bool(request.FILES),
    }
    others = [each for each in _entries(request, _owner(owner), at) if each["path"] != request.path]
    _store(request, _owner(owner), [*others, entry][-MOST_FORMS:], at)
    return True


def saved_forms_for(request: PortalRequest, owner: Actor, at: datetime) -> list[SavedForm]:
    """Return what is saved for this person, newest first."""
    found = _entries(request, _owner(owner), at)
    return [
        SavedForm(
            entry["path"],
            [(name, value) for name, value in entry["fields"]],
            datetime.fromisoformat(entry["at"]),
            entry["in_form"],
            entry["files"],
        )
        for entry in reversed(found)
    ]


def restored_values(request: PortalRequest) -> dict[str, str | list[str]] | None:
    """Return what this person wrote on this page, or None.

    It is the `initial` of the form.
    """
    actor = getattr(request, "actor", None)
    if actor is None or request.method == "POST" or SAVED_FORMS not in request.session:
        return None
    found = [
        each for each in saved_forms_for(request, actor, request.school.now) if each.path == request.path
    ]
    return found[0].values() if found else None


def discard_form(request: PortalRequest, owner: Actor, path: str, at: datetime) -> None:
    """Drop what is saved for one page.

    It was sent again, or is not wanted.
    """
    if SAVED_FORMS in request.session:
        rest = [each for each in _entries(request, _owner(owner), at) if each["path"] != path]
        _store(request, _owner(owner), rest, at)
