"""Decide who may report, decide and be removed. Pure."""

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
    """Return whether this person wrote the item.

    At a class account an item of a colleague is not one's own (TE-2).
    """
    if item.author_id != by.user.pk:
        return False
    return not (by.staff and item.staff_id) or item.staff_id == by.staff.pk


def reports_too_fast(made_last_hour: int, category: str) -> bool:
    """Return whether the hourly limit is reached.

    It never is for a report of a child at risk (AU-7).
    """
    return made_last_hour >= REPORTS_AN_HOUR and category != ReportCategory.RISK


def is_repeated(category: str, said: set[str]) -> bool:
    """Return whether a further report by the same person adds nothing.

    `said`: the categories they have reported before. That a child may be at risk always adds something.
    """
    return bool(said) and (category != ReportCategory.RISK or ReportCategory.RISK in said)


def may_decide(report: Report, by: Actor) -> bool:
    """Return whether a senior leader may decide this report.

    Nobody decides about their own item (A25). `Report.objects.visible_to` says which reports they see.
    """
    if not by.is_slt or by.staff is None:
        return False
    return report.author_id != by.user.pk and report.author_staff_id != by.staff.pk


def is_family(user: User, staff: StaffMember | None) -> bool:
    """Return whether PA-9's warnings and removal apply to this account.

    `staff`: the member of staff whom the account belongs to, if any.
    """
    runs_the_school = staff is not None and staff.left_on is None and (staff.is_slt or staff.is_office)
    return user.kind == UserKind.PERSON and not runs_the_school
