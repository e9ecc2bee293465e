"""What the apps above know of children, asked of them by name from below (PA-13)."""

from collections.abc import Callable, Iterable
from datetime import date

from accounts.actor import Actor
from classes.models.people import Pupil

AwayAsker = Callable[[Actor, date], Iterable[Pupil]]
_away_askers: list[AwayAsker] = []


def ask_who_is_away(asker: AwayAsker) -> None:
    """Register the function that lists a class's children away on a day."""
    if asker not in _away_askers:
        _away_askers.append(asker)


def away_on(actor: Actor, day: date) -> set[int]:
    """Ids of the children of this class account who are away, never why (PA-7)."""
    return {pupil.pk for asker in _away_askers for pupil in asker(actor, day)}
