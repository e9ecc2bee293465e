"""Correct the words of a story that has gone out; what readers saw before stays on record (TE-4, TE-7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.models.school import School
from accounts.staff.services import still_works_here
from malpas.lib.dates import day_and_time
from malpas.lib.errors import RuleViolation
from stories import rules
from stories.models import PRESENT, Post
from stories.services import NotYours, clean_text


class QuietNow(RuleViolation):
    """Refuse a correction in quiet hours: what is written then reaches nobody before the opening (TE-4)."""

    sentence = _(
        "School is quiet now. You can correct it from %(when)s. Must it go at once? Then take the story down."
    )

    def __init__(self, opens: datetime) -> None:
        super().__init__(self.sentence % {"when": day_and_time(opens)})


def quiet_now(school: School, at: datetime) -> QuietNow | None:
    """Return why no story is corrected at this moment, or None in working hours."""
    opens = school_hours(school).release(at)
    return QuietNow(opens) if opens > at else None


class Changed(RuleViolation):
    sentence = _("Somebody has changed this story since you opened the page. Below is what it says now.")


class WentOut(RuleViolation):
    sentence = _(
        "This story has gone out by now. Save again to correct it: families see that it was changed."
    )


def version_of(post: Post) -> str:
    """Return a mark that changes whenever somebody corrects this post."""
    return post.corrected_at.isoformat() if post.corrected_at else ""


@transaction.atomic
def correct_post(post: Post, *, by: Actor, at: datetime, title: str, body: str, seen: str) -> bool:
    """Replace the words of a story that has gone out.

    `seen`: the version that the writer read. The database keeps the earlier words, with who replaced them. Nobody is
    notified. Returns False where the words are the same. Raises NotYours, Changed, QuietNow, RuleViolation.
    """
    if not rules.may_correct(post, by) or not still_works_here(by.staff):
        raise NotYours
    if quiet := quiet_now(School.objects.select_for_update(no_key=True).get(pk=1), at):
        raise quiet
    words = clean_text(title, body)
    now = Post.objects.filter(PRESENT, pk=post.pk).select_for_update(of=("self",)).first()
    if now is None:
        raise NotYours
    if words == {"title": now.title, "body": now.body}:
        return False
    if version_of(now) != seen:
        raise Changed
    now.title, now.body = words["title"], words["body"]
    now.corrected_at, now.corrected_by = at, by.staff
    now.save(update_fields=["title", "body", "corrected_at", "corrected_by"])
    record("post.corrected", by=by, about=post)
    return True
