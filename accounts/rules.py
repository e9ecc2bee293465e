"""Rules of leaders, of the terms' review, of sign-in lifetimes and of mfa.

No query, no request, no clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied

from accounts.enums import UserKind

if TYPE_CHECKING:
    from accounts.actor import Actor
    from accounts.models.people import StaffMember, User
    from accounts.models.terms import TermsVersion

REVIEW_SOON = timedelta(days=60)


def check_leads(by: Actor) -> None:
    """Raise PermissionDenied for all but senior leaders with their own account."""
    if not by.is_slt:
        raise PermissionDenied


def is_review_overdue(version: TermsVersion, today: date) -> bool:
    """Return whether the review is overdue (DO-1).

    Its day itself is in time. `today` in London.
    """
    return version.review_by < today


def is_review_soon(version: TermsVersion, today: date) -> bool:
    """Return whether the review is due within sixty days (DO-1)."""
    return today <= version.review_by <= today + REVIEW_SOON


class Life(NamedTuple):
    """How long a sign-in lasts: idle, and in all."""

    idle: timedelta
    whole: timedelta


STAFF_LIFE = Life(timedelta(minutes=30), timedelta(hours=12))
SHARED_LIFE = Life(timedelta(minutes=30), timedelta(hours=12))
CLASS_LIFE = Life(timedelta(hours=12), timedelta(hours=12))  # a school day; the PIN guards the minutes
PARENT_LIFE = Life(timedelta(days=60), timedelta(days=180))


def life_of(user: User, *, shared: bool) -> Life:
    """Return how long an account's sign-in lasts (A09).

    `shared`: the person said at sign-in that others use the device.
    """
    if user.kind == UserKind.CLASS:
        return CLASS_LIFE
    staff = getattr(user, "staff_member", None)
    if staff and staff.left_on is None:
        return STAFF_LIFE
    return SHARED_LIFE if shared else PARENT_LIFE


def is_over(life: Life, *, since: datetime, seen: datetime, at: datetime) -> bool:
    """Return whether a session has ended.

    Begun at `since`, last used at `seen` (UTC).
    """
    return at - seen > life.idle or at - since > life.whole


def has_ended(life: dict, user: User, at: datetime) -> bool:
    """Return whether the lifetime stored in a session is over."""
    since, seen = (datetime.fromisoformat(life[moment]) for moment in ("since", "seen"))
    return is_over(life_of(user, shared=life["shared"]), since=since, seen=seen, at=at)


def may_change_address(user: User, by: Actor) -> bool:
    """Return whether office or leaders may replace this account's lost address.

    Nobody their own, which takes both addresses; staff's only a leader; the head's nobody; the governor's
    two leaders at once. A new address is a way into an account.
    """
    staff = getattr(user, "staff_member", None)
    if by.user.pk == user.pk or not user.email or (staff and (staff.is_head or staff.is_governor)):
        return False
    return by.is_slt or (by.is_office and staff is None)


def may_use_provider(user: User) -> bool:
    """Return whether Microsoft or Google may open this account.

    A staff member's own.
    """
    staff = getattr(user, "staff_member", None)
    works_here = staff is not None and staff.left_on is None
    return user.kind == UserKind.PERSON and user.is_active and user.removed_at is None and works_here


def needs_mfa(staff: StaffMember | None) -> bool:
    """Return whether office, leader, safeguarding lead or governor must use mfa (AU-6)."""
    if staff is None or staff.left_on is not None:
        return False
    return staff.is_office or staff.is_slt or staff.is_head or staff.is_safeguarding or staff.is_governor


def is_open_to(actor: Actor, *, terms_number: int | None) -> bool:
    """Return whether the portal is open to this person (PA-3).

    To leaders always, to all once terms are published. `terms_number`: the version in force, None before
    the first. A leader's PIN at a class account does not make its session a leader's.
    """
    own_account = actor.is_personal or actor.own is not None
    return terms_number is not None or (own_account and actor.staff is not None and actor.staff.is_slt)
