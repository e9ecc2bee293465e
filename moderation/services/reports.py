"""Reporting: the item and its surroundings are kept as they were at that moment (TE-7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Notification
from accounts.models.people import User
from malpas.lib.errors import RuleViolation
from malpas.lib.text import clean_body
from messaging.models.conversations import Message
from moderation.models import Report
from moderation.notifications import notify_of_report
from moderation.queries import snapshot
from moderation.rules import HOUR, is_own, is_repeated, reports_too_fast
from stories.models import Post


def _lock_item(item: Message | Post) -> Message | Post:
    """The item as it is now, kept so until its picture is taken."""
    rows = type(item)._default_manager.select_for_update(no_key=True, of=("self",))
    pupil = () if isinstance(item, Post) else ("conversation__pupil__classroom",)
    return rows.select_related("author", "staff", *pupil).get(pk=item.pk)


@transaction.atomic
def report_item(item: Message | Post, *, by: Actor, at: datetime, category: str, note: str = "") -> Report:
    """Keeps a report with its picture of the item, tells SLT, and answers the first one to a second press.

    `item` came through the door of its app. Raises RuleViolation for one's own words and for more than ten an
    hour (A66). About staff: the head teacher alone is told (AU-11); a child at risk: at once (AU-7).
    """
    if is_own(item, by):
        raise RuleViolation(_("This is your own. You can withdraw it, or ask a senior leader to hide it."))
    User.objects.select_for_update(no_key=True).get(pk=by.user.pk)  # holds up their other tab
    item = _lock_item(item)
    mine = Report.objects.filter(reporter=by.user, reporter_staff=by.staff)
    about = {"post": item} if isinstance(item, Post) else {"message": item}
    before = {report.category: report for report in mine.filter(**about)}
    if is_repeated(category, set(before)):
        return before.get(category) or next(iter(before.values()))
    if reports_too_fast(mine.filter(made_at__gt=at - HOUR).count(), category):
        raise RuleViolation(
            _("You have sent us many reports. Please telephone us, or write again in an hour.")
        )
    report = Report.objects.create(
        **about,
        author=item.author,
        author_staff=item.staff,
        reporter=by.user,
        reporter_staff=by.staff,
        category=category,
        note=clean_body(note),
        snapshot=snapshot(item),
        made_at=at,
    )
    record("report.made", by=by, about=report, category=category)
    notify_of_report(report, at=at)
    return report


def mark_opened(report: Report, *, by: Actor) -> None:
    """Writes down that somebody read a report: it shows words that were not written to them."""
    record("report.opened", by=by, about=report)


def mark_warnings_read(*, by: Actor, at: datetime) -> int:
    """The person has read their warnings: the banner on their pages goes, the warnings stay. How many."""
    notified = Notification.objects.visible_to(by.user).filter(kind="warning", seen_at__isnull=True)
    return notified.update(seen_at=at)
