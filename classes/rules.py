"""Who may be given a code, who may join, and how far somebody is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from classes.enums import PARENTS_AND_GUARDIANS, CardState, Restriction, Suggestion, TieState
from malpas.lib.errors import RuleViolation

if TYPE_CHECKING:
    from classes.models import Classroom, Guardianship, Invitation, Pupil, PupilCard

NOTE_MISSING = gettext_lazy(
    "Please write a note: why, and on what it rests. Office and senior leaders read it."
)
WRONG_IN_A_ROW = 5  # wrong pictures, and the pupil's pictures rest
PICTURES_REST = timedelta(minutes=15)
MOST_WRONG = 20  # wrong pictures in all, and they stay shut until the class lets the child in again


def may_run_joining(by: Actor) -> bool:
    """Codes, letters and restrictions are the work of office and SLT (PA-1)."""
    return by.is_office or by.is_slt


def may_make_card(by: Actor, pupil: Pupil) -> bool:
    """A class makes the cards of its own children, by a named person; office and SLT may help (PU-4, TE-2)."""
    own = pupil.classroom is not None and pupil.classroom.account_id == by.user.pk
    return (by.is_class and by.staff is not None and own) or may_run_joining(by)


def may_make_door(by: Actor, classroom: Classroom) -> bool:
    """A class makes the poster of its own door, by a named person; office and SLT may help (PU-4, TE-2)."""
    own = classroom.account_id is not None and classroom.account_id == by.user.pk
    return (by.is_class and by.staff is not None and own) or may_run_joining(by)


def card_state(card: PupilCard | None, at: datetime) -> CardState:
    """Whether the pictures of this card open now, and if not, why (PU-4)."""
    if card is None:
        return CardState.NONE
    if not card.pictures_hash:
        return CardState.OLD
    if card.wrong >= MOST_WRONG:
        return CardState.SHUT
    return CardState.RESTING if card.shut_until and card.shut_until > at else CardState.READY


def door_marks(pupils: Sequence[tuple[Sequence[int], str]]) -> list[str]:
    """What stands under each dragon at the door of a class: nothing, for the dragon is enough (PU-4).

    `pupils`: dragon and first name. Only where two dragons are the same, the beginnings of the names, as few
    letters as tell them apart: whoever photographs the poster reads no child's name.
    """
    same = Counter(tuple(dragon) for dragon, _name in pupils)
    return [
        _beginning(name, [other for look, other in pupils if tuple(look) == tuple(dragon)])
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


def may_choose_dragon(by: Actor, pupil: Pupil) -> bool:
    """A dragon is chosen by its own child and by nobody else (PU-4)."""
    return by.is_pupil and pupil.account_id == by.user.pk


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
