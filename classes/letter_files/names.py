"""Tell before a letter goes out which of its names no font can print (PA-1)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from classes.models.guardianships import Guardianship
from classes.pdf.printable import unprintable
from malpas.lib.errors import RuleViolation


class Boxes(NamedTuple):
    """A letter with a box for each letter of a name that no font has: `signs`."""

    guardianship: Guardianship
    signs: list[str]


class HasBoxes(RuleViolation):
    """Raised with the letters that would show boxes in names."""

    sentence = _("Some letters of these names cannot be printed. Please check them first.")

    def __init__(self, letters: list[Boxes]) -> None:
        self.letters = letters
        super().__init__()


def names_of(guardianship: Guardianship) -> list[str]:
    """Return the names that a letter prints: adult, child, class."""
    pupil, adult = guardianship.pupil, guardianship.contact
    room = [pupil.classroom.name] if pupil.classroom else []
    return [f"{adult.title} {adult.full_name}".strip(), pupil.first_name, *room]


def letters_with_boxes(guardianships: Iterable[Guardianship]) -> list[Boxes]:
    found = [Boxes(one, unprintable(*names_of(one))) for one in guardianships]
    return [one for one in found if one.signs]


def check_boxes(guardianships: Iterable[Guardianship], confirmed: int | None) -> None:
    """Raise HasBoxes unless no letter has a box or exactly this number was confirmed."""
    found = letters_with_boxes(guardianships)
    if found and len(found) != confirmed:
        raise HasBoxes(found)
