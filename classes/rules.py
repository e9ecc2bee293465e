"""Decide who may run joining, and confirm what ends. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from malpas.lib.errors import RuleViolation

ADDED_BY_HAND = "hand-"  # begins the id of somebody whom the school's system does not know yet


def may_run_joining(by: Actor) -> bool:
    """Return whether the actor is office or SLT, who run joining (PA-1)."""
    return by.is_office or by.is_slt


def may_open_classes(by: Actor) -> bool:
    """Return whether the actor may give a class its account, or retire it (TE-2).

    Whoever reads its address can choose the account's password: senior leaders.
    """
    return by.is_slt


class EndsOthers(RuleViolation):
    """Raised when `number` codes, cards or posters would end unconfirmed."""

    sentence = gettext_lazy("Please confirm how many end.")

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__()


def check_ends(number: int, confirmed: int | None) -> None:
    """Raise EndsOthers unless nothing ends or exactly this number was confirmed."""
    if number and number != confirmed:
        raise EndsOthers(number)
