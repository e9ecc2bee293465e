"""Texts and rules about guardianships. Pure."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy

from classes.enums import PARENTS_AND_GUARDIANS, Suggestion

NOTE_MISSING = gettext_lazy(
    "Please write a note: why, and on what it rests. Office and senior leaders read it."
)
CAUTION = {Suggestion.INVITE: 0, Suggestion.CONTACT_ONLY: 1, Suggestion.HOLD: 2}


class Facts(NamedTuple):
    """What the records say of an adult and a child, by which PA-2 decides who may have a code."""

    relationship: str
    parental_responsibility: bool
    court_order: bool
    suggestion: str

    @property
    def is_guardian(self) -> bool:
        return self.parental_responsibility or self.relationship in PARENTS_AND_GUARDIANS


def loosens(before: Facts, after: Facts) -> bool:
    """Return whether a change lets this adult have a code more easily (PA-2).

    Somebody becomes a parent or guardian, gets parental responsibility, an order or a hold is taken off, or a
    contact gets letters with the rest.
    """
    return (
        (after.is_guardian and not before.is_guardian)
        or (after.parental_responsibility and not before.parental_responsibility)
        or (before.court_order and not after.court_order)
        or CAUTION[Suggestion(after.suggestion)] < CAUTION[Suggestion(before.suggestion)]
    )
