"""Decide who may make a pupil's card, and its state (PU-4). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from accounts.actor import Actor
from classes.enums import CardState
from classes.rules import may_run_joining

if TYPE_CHECKING:
    from classes.models.classrooms import Classroom
    from classes.models.joining import PupilCard
    from classes.models.pupils import Pupil


WRONG_IN_A_ROW = 5  # wrong pictures until they are refused for PICTURES_REST


PICTURES_REST = timedelta(minutes=15)


MOST_WRONG = 20  # wrong pictures until they are refused for good, or the class resets the count


def may_make_card(by: Actor, pupil: Pupil) -> bool:
    """Return whether the actor may make this pupil's card (PU-4, TE-2).

    The pupil's own class, by a named person; office and SLT may help.
    """
    own = pupil.classroom is not None and pupil.classroom.account_id == by.user.pk
    return (by.is_class and by.staff is not None and own) or may_run_joining(by)


def may_make_class_page(by: Actor, classroom: Classroom) -> bool:
    """Return whether the actor may make this class's page (PU-4, TE-2).

    The class itself, by a named person; office and SLT may help.
    """
    own = classroom.account_id is not None and classroom.account_id == by.user.pk
    return (by.is_class and by.staff is not None and own) or may_run_joining(by)


def card_state(card: PupilCard | None, at: datetime) -> CardState:
    """Return whether the card's pictures work now, and if not, why (PU-4)."""
    if card is None:
        return CardState.NONE
    if not card.pictures_hash:
        return CardState.OLD
    if card.wrong >= MOST_WRONG:
        return CardState.SHUT
    return CardState.RESTING if card.shut_until and card.shut_until > at else CardState.READY


def shows_another_dragon(card: PupilCard | None, dragon: Sequence[int]) -> bool:
    """Return whether a printed card shows a dragon that the pupil has changed since."""
    return card is not None and bool(card.dragon) and list(card.dragon) != list(dragon)


def class_page_marks(pupils: Sequence[tuple[Sequence[int], str]]) -> list[str]:
    """Return the mark under each dragon of a class page (PU-4).

    `pupils`: dragon and first name. Empty, because the dragon is enough. Only where two dragons are the same, the
    beginnings of the names, as few letters as tell them apart: a photo of the poster gives no child's name away.
    """
    same = Counter(tuple(dragon) for dragon, _name in pupils)
    return [
        _beginning(name, [other for traits, other in pupils if tuple(traits) == tuple(dragon)])
        if same[tuple(dragon)] > 1
        else ""
        for dragon, name in pupils
    ]


def _beginning(name: str, names: Sequence[str]) -> str:
    others = [other.casefold() for other in names if other.casefold() != name.casefold()]
    for length in range(1, len(name)):
        if not any(other.startswith(name[:length].casefold()) for other in others):
            return name[:length]
    return name
