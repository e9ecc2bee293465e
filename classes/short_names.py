"""Tell the children of a class apart by short names: 'Leo H.' and 'Leo M.', wherever the class reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from accounts.actor import Actor
from classes.models.pupils import PUPIL_HERE, Pupil, PupilQuerySet


def _distinct(pupils: Sequence[tuple[str, str]], render: Callable[[str, str], str]) -> list[str]:
    """Return `render(first name, letters of the surname)` for each pupil.

    With as few letters as tell everybody apart. Two of the very same name are numbered in the order given; a child
    without a surname has no letters.
    """
    least = [render(first, surname[:1]).casefold() for first, surname in pupils]
    seen: Counter[str] = Counter()
    names = []
    for (first, surname), mine in zip(pupils, least, strict=True):
        others = [
            other.casefold()
            for (_, other), theirs in zip(pupils, least, strict=True)
            if theirs == mine and other.casefold() != surname.casefold()
        ]
        letters = next(
            (n for n in range(1, len(surname)) if not _begins_any(others, surname[:n])), len(surname)
        )
        name = render(first, surname[: letters if others else 1])
        twins = sum(render(a, b).casefold() == render(first, surname).casefold() for a, b in pupils)
        if twins > 1:
            seen[name.casefold()] += 1
            name = f"{name} {seen[name.casefold()]}"
        names.append(name)
    return names


def _begins_any(surnames: Iterable[str], letters: str) -> bool:
    return any(surname.startswith(letters.casefold()) for surname in surnames)


def board_names(pupils: Sequence[tuple[str, str]]) -> list[str]:
    """Return first names for the board, from (first name, surname).

    Pupils who share one get as few letters of the surname as tell them apart: 'Freya Re.' and 'Freya Ro.'.
    """
    shared = Counter(first.casefold() for first, _ in pupils)
    return _distinct(
        pupils,
        lambda first, letters: f"{first} {letters}." if shared[first.casefold()] > 1 and letters else first,
    )


def board_initials(pupils: Sequence[tuple[str, str]]) -> list[str]:
    """Return initials for a whiteboard that others may see.

    'MB', and 'MBo' beside 'MBr'.
    """
    return _distinct(pupils, lambda first, letters: first[:1] + letters)


# The children of a class account's class today, read with the account: its pages name them without a query of their own.
CHILDREN_OF_CLASS = f"""
    SELECT json_agg(json_build_array(p.id, p.preferred_forename, p.surname) ORDER BY p.id)
    FROM classes_classroom r JOIN classes_pupil p ON p.classroom_id = r.id
    WHERE r.account_id = u.id AND {PUPIL_HERE}
"""
CHILDREN = "children_of_class"


def _named(pupils: PupilQuerySet) -> dict[int, str]:
    by_class: dict[int | None, list[Pupil]] = {}
    fields = ("preferred_forename", "preferred_surname", "legal_surname", "classroom")
    for pupil in pupils.here().by_name().only(*fields):
        by_class.setdefault(pupil.classroom_id, []).append(pupil)
    found: dict[int, str] = {}
    for children in by_class.values():
        names = board_names([(child.first_name, child.last_name) for child in children])
        found |= {child.pk: name for child, name in zip(children, names, strict=True)}
    return found


def short_names_in(classrooms: Collection[int]) -> dict[int, str]:
    """Return pupil id → short name for the children of these classes (ids) today. One query."""
    return _named(Pupil.objects.filter(classroom__in=classrooms))


def short_names_for(actor: Actor | None) -> dict[int, str]:
    """Return the short names that a class account reads; nobody else needs any, and gets {}."""
    if actor is None or not actor.is_class:
        return {}
    if CHILDREN not in actor.user.facts:  # an account that no request has read
        return _named(Pupil.objects.filter(classroom__account=actor.user))
    children = actor.user.facts[CHILDREN] or []
    names = board_names([(first, last) for _pk, first, last in children])
    return {pk: name for (pk, _first, _last), name in zip(children, names, strict=True)}


def named(pupil: Pupil, names: dict[int, str]) -> str:
    """Return the short name; for a reader without any the first name, for a child of no class of theirs the full one."""
    if not names:
        return pupil.first_name
    return names[pupil.pk] if pupil.pk in names else str(pupil)
