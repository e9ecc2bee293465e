"""Who may be given a code, who may join, and how far somebody is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from malpas.lib.errors import RuleViolation

if TYPE_CHECKING:
    pass


def may_run_joining(by: Actor) -> bool:
    """Codes, letters and restrictions are the work of office and SLT (PA-1)."""
    return by.is_office or by.is_slt


class EndsOthers(RuleViolation):
    """What was asked for would end `number` codes, cards or posters, and nobody has confirmed that number."""

    sentence = gettext_lazy("Please confirm how many end.")

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__()


def check_ends(number: int, confirmed: int | None) -> None:
    """Raise EndsOthers unless nothing ends, or the very number that ends was confirmed."""
    if number and number != confirmed:
        raise EndsOthers(number)
