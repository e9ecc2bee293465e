"""Declare at each view which gates it opens before; a view that declares nothing opens behind all of them."""

from __future__ import annotations

from collections.abc import Callable
from enum import Flag, auto
from typing import TypeVar

View = TypeVar("View", bound=Callable)
ATTRIBUTE = "opens"


class Opens(Flag):
    """Where a view opens besides its ordinary place.

    The ordinary place: signed in, the school is open, a member of staff is chosen at a class account, the second
    factor was used, the terms are accepted, and a parent's browser is unlocked.
    """

    NOWHERE_ELSE = 0
    # Without a sign-in.
    SIGNED_OUT = auto()
    # To pupils, who reach nothing else (PU-4).
    TO_PUPILS = auto()
    # In a browser whose pupil's time is over: the way to the next sign-in.
    AFTER_PUPIL_SESSION = auto()
    # Before the school has published its terms (PA-3).
    BEFORE_OPENING = auto()
    # Before the current terms are accepted (PA-3).
    BEFORE_TERMS = auto()
    # While a second factor is being set up (AU-6).
    _MFA_SETUP = auto()
    MFA_SETUP = _MFA_SETUP | BEFORE_TERMS
    # At a class account before a member of staff is chosen (TE-2); also before a second factor is used.
    _BEFORE_STAFF_CHOICE = auto()
    BEFORE_STAFF_CHOICE = _BEFORE_STAFF_CHOICE | BEFORE_TERMS
    # At a class account with a PIN that a leader gave and nobody has replaced yet (TE-2).
    WITH_LEADERS_PIN = auto()
    # While a parent's browser is locked (PA-11).
    WHILE_LOCKED = auto()
    # While a parent and a child use the shared view (AU-3).
    _IN_SHARED_VIEW = auto()
    IN_SHARED_VIEW = _IN_SHARED_VIEW | WHILE_LOCKED
    # The same, and it shows nothing of anybody's: the actor stays who they are.
    _TO_ANYBODY = auto()
    TO_ANYBODY = _TO_ANYBODY | IN_SHARED_VIEW
    # Only families have it: the parent lock stands here for office and leaders with a child, too (PA-11).
    FOR_FAMILIES = auto()
    # An open page asks for it by itself: it does not show that somebody is there.
    UNATTENDED = auto()

    # What the school tells everybody.
    SCHOOL_PAGE = SIGNED_OUT | BEFORE_OPENING | BEFORE_STAFF_CHOICE | WHILE_LOCKED
    # What belongs to every page and is nobody's: the icon and the manifest.
    ASSET = SIGNED_OUT | TO_PUPILS | AFTER_PUPIL_SESSION | BEFORE_OPENING | BEFORE_STAFF_CHOICE | TO_ANYBODY
    # The pages by which a pupil signs in (PU-4).
    PUPIL_SIGN_IN = SIGNED_OUT | TO_PUPILS | AFTER_PUPIL_SESSION | BEFORE_TERMS | WHILE_LOCKED


def access(opens: Opens = Opens.NOWHERE_ELSE) -> Callable[[View], View]:
    """Mark a view with the places where it opens; every route needs this mark."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, opens)
        if Opens.SIGNED_OUT in opens:
            setattr(view, "login_required", False)  # noqa: B010 (as login_not_required does)
        return view

    return mark


def is_declared(view: Callable) -> bool:
    """Return whether somebody has decided where this view opens."""
    return isinstance(getattr(view, ATTRIBUTE, None), Opens)


def opens(view: Callable | None, where: Opens) -> bool:
    """Return whether a view opens there; one without a declaration, or no view at all, does not."""
    return where in getattr(view, ATTRIBUTE, Opens.NOWHERE_ELSE)
