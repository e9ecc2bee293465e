"""When the terms are due for review, how long a sign-in lives. No query, no request, no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from accounts.enums import UserKind

if TYPE_CHECKING:
    from accounts.actor import Actor
    from accounts.models.people import StaffMember, User
    from accounts.models.terms import TermsVersion

REVIEW_SOON = timedelta(days=60)


def is_review_overdue(version: TermsVersion, today: date) -> bool:
    """The day itself is still in time (DO-1). `today` in London."""
    return version.review_by < today


def is_review_soon(version: TermsVersion, today: date) -> bool:
    """In the last sixty days before the review (DO-1)."""
    return today <= version.review_by <= today + REVIEW_SOON


class Life(NamedTuple):
    """How long somebody stays signed in: without a tap, and altogether."""

    idle: timedelta
    whole: timedelta


STAFF_LIFE = Life(timedelta(minutes=30), timedelta(hours=12))
SHARED_LIFE = Life(timedelta(minutes=30), timedelta(hours=12))
CLASS_LIFE = Life(timedelta(hours=12), timedelta(hours=12))  # a school day; the PIN guards the minutes
PARENT_LIFE = Life(timedelta(days=60), timedelta(days=180))


def life_of(user: User, *, shared: bool) -> Life:
    """The life of an account's sign-in (A09). `shared`: it was said at sign-in that others use the device too."""
    if user.kind == UserKind.CLASS:
        return CLASS_LIFE
    staff = getattr(user, "staff_member", None)
    if staff and staff.left_on is None:
        return STAFF_LIFE
    return SHARED_LIFE if shared else PARENT_LIFE


def is_over(life: Life, *, since: datetime, seen: datetime, at: datetime) -> bool:
    """True when the session has ended: signed in at `since`, last used at `seen`."""
    return at - seen > life.idle or at - since > life.whole


def has_ended(life: dict, user: User, at: datetime) -> bool:
    """Whether the life that a session tells of is over at this moment."""
    since, seen = (datetime.fromisoformat(life[moment]) for moment in ("since", "seen"))
    return is_over(life_of(user, shared=life["shared"]), since=since, seen=seen, at=at)


def may_change_address(user: User, by: Actor) -> bool:
    """Whether office or leaders may change this account's address for somebody who has lost the old one.

    Nobody their own, which takes both addresses; a member of staff's only a leader; the head's nobody, the
    governor's two leaders together: a new address is a way into an account.
    """
    staff = getattr(user, "staff_member", None)
    if by.user.pk == user.pk or not user.email or (staff and (staff.is_head or staff.is_governor)):
        return False
    return by.is_slt or (by.is_office and staff is None)


def may_use_provider(user: User) -> bool:
    """Whether this account may be opened by Microsoft or Google: a person's own, whom the school lists as staff."""
    staff = getattr(user, "staff_member", None)
    works_here = staff is not None and staff.left_on is None
    return user.kind == UserKind.PERSON and user.is_active and user.removed_at is None and works_here


def needs_mfa(staff: StaffMember | None) -> bool:
    """Office, leaders, safeguarding lead and governor open nothing of theirs without a second factor (AU-6)."""
    if staff is None or staff.left_on is not None:
        return False
    return staff.is_office or staff.is_slt or staff.is_head or staff.is_safeguarding or staff.is_governor


def is_open_to(actor: Actor, *, terms_number: int | None) -> bool:
    """Whether the portal opens to this person: to leaders always, to all once terms are published (PA-3).

    `terms_number`: the version in force, None before the first. A leader's PIN at a class account makes no leader.
    """
    own_account = actor.is_personal or actor.own is not None
    return terms_number is not None or (own_account and actor.staff is not None and actor.staff.is_slt)
