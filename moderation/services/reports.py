"""Report items, with a snapshot of their context at that moment (TE-7)."""

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
    """Lock the item and return it as it is now."""
    rows = type(item)._default_manager.select_for_update(no_key=True, of=("self",))
    pupil = () if isinstance(item, Post) else ("conversation__pupil__classroom",)
    return rows.select_related("author", "staff", *pupil).get(pk=item.pk)


@transaction.atomic
def report_item(item: Message | Post, *, by: Actor, at: datetime, category: str, note: str = "") -> Report:
    """Store a report with its snapshot and notify its readers.

    `item` comes from an access query of its app. A repeated report returns the first one. Raises RuleViolation for
    one's own item and for more than ten an hour (A66). About staff: only the head teacher is notified (AU-11); a
    child at risk: at once (AU-7).
    """
    if is_own(item, by):
        raise RuleViolation(_("This is your own. You can withdraw it, or ask a senior leader to hide it."))
    User.objects.select_for_update(no_key=True).get(pk=by.user.pk)  # serialises reports from the same account
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
    """Record that somebody opened a report.

    It shows them text that was not written to them.
    """
    record("report.opened", by=by, about=report)


def mark_warnings_read(*, by: Actor, at: datetime) -> int:
    """Mark this person's warnings as read; return how many.

    The banner on their pages disappears, the warnings stay.
    """
    notified = Notification.objects.visible_to(by.user).filter(kind="warning", seen_at__isnull=True)
    return notified.update(seen_at=at)
