"""Decide who may have a code and how far an adult is (PA-1, PA-2). Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from classes.enums import PARENTS_AND_GUARDIANS, Restriction, Suggestion, TieState

if TYPE_CHECKING:
    from classes.models.joining import Invitation
    from classes.models.people import Guardianship


def why_approval(tie: Guardianship) -> str:
    """Say why a code for this adult needs a leader's approval, or '' (PA-2).

    `code_needs_approval` in the database is the same rule; a trigger holds it at each code.
    """
    if tie.court_order:
        return _("The school’s records name a court order.")
    if tie.suggestion == Suggestion.HOLD:
        return _("This adult is on hold.")
    if not tie.parental_responsibility and tie.relationship not in PARENTS_AND_GUARDIANS:
        return _("By the school’s records this adult is neither a parent nor a legal guardian.")
    return ""


def why_code_waits(tie: Guardianship, *, needs_place: bool) -> str:
    """Say what a leader has to approve before this adult's code, or '' (PA-2). `needs_place`: both are taken."""
    why = why_approval(tie)
    if why and not tie.code_approved_by_id:
        return _("%(why)s A senior leader has to approve the code first.") % {"why": why}
    if needs_place:
        return _(
            "Two adults are linked to this child already. A senior leader has to approve a further adult first."
        )
    return ""


def why_no_code(tie: Guardianship, *, by_hand: bool, on: date, needs_place: bool = False) -> str:
    """The sentence that refuses a code for this tie, or '' when it may have one (PA-1, PA-2).

    `by_hand`: a person chose this very tie. What needs an approval is never invited with the rest. `on`: the
    school's date. `needs_place`: both places are taken, and no further adult is approved.
    """
    if tie.ended_at:
        return _("This tie between adult and child has ended.")
    if tie.restriction == Restriction.NO_ACCESS:
        return _("This adult has no access for this child. No code was made.")
    if tie.joined_at:
        return _("This adult has joined already.")
    if tie.contact.user and tie.contact.user.removed_at:
        return _("The school has removed this adult’s access. No code was made.")
    if tie.pupil.has_left(on):
        return _("This child has left the school.")
    if why := why_code_waits(tie, needs_place=needs_place):
        return why
    if not by_hand and (why_approval(tie) or tie.suggestion == Suggestion.CONTACT_ONLY):
        return _("This adult is a contact only: choose the tie by hand to invite them.")
    return ""


def why_left_out(tie: Guardianship, *, needs_place: bool) -> str:
    """Say why an adult who has not joined gets no letter with the class's letters (PA-2)."""
    if tie.restriction == Restriction.NO_ACCESS:
        return _("No access for this child.")
    if tie.contact.user and tie.contact.user.removed_at:
        return _("The school has removed this adult’s access.")
    if why := why_code_waits(tie, needs_place=needs_place):
        return why
    if why_approval(tie):
        return _("A senior leader has approved a code: print the letter on this adult’s own page.")
    return _("A contact only: tick this adult to print a letter.")


def may_join(tie: Guardianship, *, on: date) -> bool:
    """The tie is open to somebody with the right code."""
    return not why_no_code(tie, by_hand=True, on=on)


def tie_state(tie: Guardianship, invitation: Invitation | None, at: datetime) -> TieState:
    """How far they are. `invitation` is the newest that is neither used nor withdrawn; `at` in UTC."""
    if tie.ended_at:
        return TieState.ENDED
    if tie.restriction == Restriction.NO_ACCESS:
        return TieState.RESTRICTED
    if tie.contact.user and tie.contact.user.removed_at:
        return TieState.REMOVED
    if tie.joined_at:
        return TieState.JOINED
    if invitation:
        return TieState.INVITED if invitation.expires_at > at else TieState.EXPIRED
    if tie.suggestion == Suggestion.HOLD:
        return TieState.ON_HOLD
    return TieState.NOT_ASKED if tie.suggestion == Suggestion.INVITE else TieState.CONTACT_ONLY
