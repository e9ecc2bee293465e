"""Say on a page who reads it: kind, name and initials."""

from dataclasses import dataclass

from accounts.actor import Actor


@dataclass(frozen=True)
class Me:
    """Who reads a page. `kind`: none, shared_view, pupil, class, slt, office, governor or parent."""

    kind: str
    name: str = ""
    staff_name: str = ""
    initials: str = ""
    is_class_account: bool = False


def initials_of(actor: Actor) -> str:
    """Return two letters at most: of forename and surname, never of a title."""
    names = [actor.staff.forename, actor.staff.surname] if actor.staff else actor.user.name.split()[-2:]
    return "".join(word[:1] for word in names).upper()


def kind_of(actor: Actor) -> str:
    """Return the kind of reader that decides about the navigation."""
    if actor.is_pupil:
        return "pupil"
    if actor.is_class:
        return "class"
    if actor.is_slt:
        return "slt"
    if actor.is_office:
        return "office"
    return "governor" if actor.is_governor else "parent"


def me(actor: Actor | None, *, in_shared_view: bool = False) -> Me:
    """Return who reads; in the shared view a child reads along, so that nobody's name stands there (AU-3)."""
    if actor is None:
        return Me("none")
    if in_shared_view:
        return Me("shared_view")
    signature = actor.staff.signature if actor.staff else ""
    return Me(kind_of(actor), actor.user.name, signature, initials_of(actor), actor.is_class)
