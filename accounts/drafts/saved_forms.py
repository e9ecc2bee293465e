"""What somebody was writing when a lock fell: kept for them alone until they have unlocked it (TE-2, PA-11).

It stands in their session, so it ends with signing out; after a day nobody is given it. Nothing is carried out:
the words come back into the form, or onto a page with a button. Whoever unlocks as somebody else does not see them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.http import HttpRequest

from accounts.actor import Actor

SAVED_FORMS = "kept"  # the key in the session
SAVE_ONLY = "keep_only"  # a field by which a script asks that a form be kept and not carried out
MOST_LETTERS = 60_000
MOST_FORMS = 5
LIFE = timedelta(days=1)
NEVER = {"csrfmiddlewaretoken", SAVE_ONLY, "pin", "old", "new", "again", "password", "code"}
TEXT_FIELDS = {"body", "title", "note", "reason"}
View = TypeVar("View", bound=Callable)


@dataclass(frozen=True)
class SavedForm:
    """One form that was sent. `in_form`: its page gives the words back; `files`: it had some, which are not kept."""

    path: str
    fields: list[tuple[str, str]]
    at: datetime
    in_form: bool
    files: bool

    @property
    def parts(self) -> list[tuple[str, str, bool]]:
        """(name, value, whether it is words that a person wrote) of each field."""
        return [
            (name, value, name in TEXT_FIELDS or any(sign.isspace() for sign in value.strip()))
            for name, value in self.fields
        ]

    def values(self) -> dict[str, str | list[str]]:
        """Each field with its value, or its several values."""
        said: dict[str, list[str]] = {}
        for name, value in self.fields:
            said.setdefault(name, []).append(value)
        return {name: each if len(each) > 1 else each[0] for name, each in said.items()}


def restores_form(view: View) -> View:
    """Marks a view whose form begins with what was kept of it (`restored_values`)."""
    view.restores_form = True
    return view


def _owner(actor: Actor) -> str:
    return f"{actor.user.pk}:{actor.staff.pk if actor.staff else ''}"


def _entries(request: HttpRequest, owner: str, at: datetime) -> list[dict]:
    mine = request.session.get(SAVED_FORMS, {}).get(owner, [])
    return [entry for entry in mine if at - datetime.fromisoformat(entry["at"]) <= LIFE]


def _store(request: HttpRequest, owner: str, entries: list[dict], at: datetime) -> None:
    """Writes one person's, and takes out everybody's that is older than a day."""
    everybody = {each: _entries(request, each, at) for each in request.session.get(SAVED_FORMS, {})}
    everybody[owner] = entries
    request.session[SAVED_FORMS] = {each: found for each, found in everybody.items() if found}


def save_form(request: HttpRequest, view: Callable, *, owner: Actor, at: datetime) -> bool:
    """Keeps what `owner` sent in this POST, newest last; False when it is empty or too long to be kept."""
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


def saved_forms_for(request: HttpRequest, owner: Actor, at: datetime) -> list[SavedForm]:
    """What is kept for this person, newest first."""
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


def restored_values(request: HttpRequest) -> dict[str, str | list[str]] | None:
    """What this person was writing on this very page, as the `initial` of its form; None for nothing."""
    actor = getattr(request, "actor", None)
    if actor is None or request.method == "POST" or SAVED_FORMS not in request.session:
        return None
    found = [
        each for each in saved_forms_for(request, actor, request.school.now) if each.path == request.path
    ]
    return found[0].values() if found else None


def discard_form(request: HttpRequest, owner: Actor, path: str, at: datetime) -> None:
    """Forgets what was kept of one page: it was sent again, or is not wanted any more."""
    if SAVED_FORMS in request.session:
        rest = [each for each in _entries(request, _owner(owner), at) if each["path"] != path]
        _store(request, _owner(owner), rest, at)
