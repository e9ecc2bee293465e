"""List every part that a pupil's dragon can have.

All are free from the first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classes.avatar.drawing import PARTS
from classes.avatar.labels import HEADINGS, LABELS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Choice:
    """One option of a part, and the dragon with it."""

    number: int
    word: StrPromise
    traits: list[int]
    chosen: bool


@dataclass(frozen=True)
class Part:
    name: str
    heading: StrPromise
    choices: list[Choice]


def dragon_options(traits: Sequence[int]) -> list[Part]:
    """Return each part with its options, drawn on this dragon."""
    return [
        Part(name, HEADINGS[name], [_choice(traits, index, name, number) for number in range(size)])
        for index, (name, size) in enumerate(PARTS.items())
    ]


def _choice(traits: Sequence[int], index: int, name: str, number: int) -> Choice:
    worn = [*traits[:index], number, *traits[index + 1 :]]
    return Choice(number, LABELS[name][number], worn, chosen=traits[index] == number)
