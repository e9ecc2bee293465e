"""Decide who may choose an avatar. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.actor import Actor

if TYPE_CHECKING:
    from classes.models.pupils import Pupil


def may_choose_dragon(by: Actor, pupil: Pupil) -> bool:
    """Return whether this pupil is the actor: nobody else chooses (PU-4)."""
    return by.is_pupil and pupil.account_id == by.user.pk
