"""Who may report, decide and be removed. No query, no request, no clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.enums import UserKind
from moderation.enums import ReportCategory

if TYPE_CHECKING:
    from accounts.actor import Actor
    from accounts.models.people import StaffMember, User
    from messaging.models.conversations import Message
    from moderation.models import Report
    from stories.models import Post

REPORTS_AN_HOUR = 10
HOUR = timedelta(hours=1)


def is_own(item: Message | Post, by: Actor) -> bool:
    """True for what this person wrote. At a class account a colleague's words are not one's own (TE-2)."""
    if item.author_id != by.user.pk:
        return False
    return not (by.staff and item.staff_id) or item.staff_id == by.staff.pk


def reports_too_fast(made_last_hour: int, category: str) -> bool:
    """Ten an hour; a child at risk is always heard (AU-7)."""
    return made_last_hour >= REPORTS_AN_HOUR and category != ReportCategory.RISK


def is_repeated(category: str, said: set[str]) -> bool:
    """True when a further report of the same person adds nothing; that a child may be at risk always does."""
    return bool(said) and (category != ReportCategory.RISK or ReportCategory.RISK in said)


def may_decide(report: Report, by: Actor) -> bool:
    """Senior leaders, and nobody about their own words (A25). Which reports they see is the door's question."""
    if not by.is_slt or by.staff is None:
        return False
    return report.author_id != by.user.pk and report.author_staff_id != by.staff.pk


def is_family(user: User, staff: StaffMember | None) -> bool:
    """True for an account that the ladder of PA-9 is for. `staff`: the member of staff it belongs to, if any."""
    runs_the_school = staff is not None and staff.left_on is None and (staff.is_slt or staff.is_office)
    return user.kind == UserKind.PERSON and not runs_the_school
