"""Decide who may have a code, and joining states. Pure.

Policy: PA-1, PA-2.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from classes.enums import PARENTS_AND_GUARDIANS, JoiningState, Restriction, Suggestion

if TYPE_CHECKING:
    from classes.models.guardianships import Guardianship
    from classes.models.joining import Invitation


def why_approval(guardianship: Guardianship) -> str:
    """Return why a code needs a leader's approval, or '' (PA-2).

    `code_needs_approval` in the database is the same rule; a trigger enforces it for each code.
    """
    if guardianship.court_order:
        return _("The school’s records name a court order.")
    if guardianship.suggestion == Suggestion.HOLD:
        return _("This adult is on hold.")
    if not guardianship.parental_responsibility and guardianship.relationship not in PARENTS_AND_GUARDIANS:
        return _("By the school’s records this adult is neither a parent nor a legal guardian.")
    return ""


def why_code_waits(guardianship: Guardianship, *, needs_slot: bool) -> str:
    """Return what a leader must approve before the code, or '' (PA-2).

    `needs_slot`: both slots are taken.
    """
    why = why_approval(guardianship)
    if why and not guardianship.code_approved_by_id:
        return _("%(why)s A senior leader has to approve the code first.") % {"why": why}
    if needs_slot:
        return _(
            "Two adults are linked to this child already. A senior leader has to approve a further adult first."
        )
    return ""


def why_no_code(guardianship: Guardianship, *, by_hand: bool, on: date, needs_slot: bool = False) -> str:
    """Return why this guardianship may have no code, or '' (PA-1, PA-2).

    `by_hand`: a person chose this very guardianship. What needs an approval is never invited with the rest. `on`: the
    school's date. `needs_slot`: both slots are taken, and no further adult is approved.
    """
    if guardianship.ended_at:
        return _("This connection between adult and child has ended.")
    if guardianship.restriction == Restriction.NO_ACCESS:
        return _("This adult has no access for this child. No code was made.")
    if guardianship.joined_at:
        return _("This adult has joined already.")
    if guardianship.contact.user and guardianship.contact.user.removed_at:
        return _("The school has removed this adult’s access. No code was made.")
    if guardianship.pupil.has_left(on):
        return _("This child has left the school.")
    if why := why_code_waits(guardianship, needs_slot=needs_slot):
        return why
    if not by_hand and (why_approval(guardianship) or guardianship.suggestion == Suggestion.CONTACT_ONLY):
        return _("This adult is a contact only: choose the connection by hand to invite them.")
    return ""


def is_asked_first(guardianship: Guardianship) -> bool:
    """Return whether a letter needs a question first (PA-2).

    Of a parent or guardian whom they call a contact only; anybody else needs a leader, who has read it.
    """
    return guardianship.suggestion == Suggestion.CONTACT_ONLY and not why_approval(guardianship)


def what_records_say(guardianship: Guardianship) -> str:
    """Return what the school's record says of a contact only."""
    said = (
        _(
            "The school’s record says: %(relationship)s, has parental responsibility, number %(priority)s to telephone."
        )
        if guardianship.parental_responsibility
        else _(
            "The school’s record says: %(relationship)s, no parental responsibility marked, number %(priority)s to telephone."
        )
    )
    return said % {
        "relationship": guardianship.get_relationship_display(),
        "priority": guardianship.priority,
    }


def why_skipped(guardianship: Guardianship, *, needs_slot: bool) -> str:
    """Return why an adult gets no letter with the class's letters (PA-2)."""
    if guardianship.restriction == Restriction.NO_ACCESS:
        return _("No access for this child.")
    if guardianship.contact.user and guardianship.contact.user.removed_at:
        return _("The school has removed this adult’s access.")
    if why := why_code_waits(guardianship, needs_slot=needs_slot):
        return why
    if why_approval(guardianship):
        return _("A senior leader has approved a code: print the letter on this adult’s own page.")
    return _("A contact only: tick this adult to print a letter.")


def may_join(guardianship: Guardianship, *, on: date) -> bool:
    """Return whether somebody with the right code may join."""
    return not why_no_code(guardianship, by_hand=True, on=on)


def joining_state(guardianship: Guardianship, invitation: Invitation | None, at: datetime) -> JoiningState:
    """Return how far an adult has joined.

    `invitation`: the newest that is neither used nor withdrawn; `at` in UTC.
    """
    if guardianship.ended_at:
        return JoiningState.ENDED
    if guardianship.restriction == Restriction.NO_ACCESS:
        return JoiningState.RESTRICTED
    if guardianship.contact.user and guardianship.contact.user.removed_at:
        return JoiningState.REMOVED
    if guardianship.joined_at:
        return JoiningState.JOINED
    if invitation:
        return JoiningState.INVITED if invitation.expires_at > at else JoiningState.EXPIRED
    if guardianship.suggestion == Suggestion.HOLD:
        return JoiningState.ON_HOLD
    return (
        JoiningState.NOT_INVITED
        if guardianship.suggestion == Suggestion.INVITE
        else JoiningState.CONTACT_ONLY
    )
