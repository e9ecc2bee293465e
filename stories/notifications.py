"""Notify parents of stories: one notification for each parent and post (PA-10)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.calendar.hours import school_hours
from accounts.clock import SchoolNow
from accounts.models.notifications import NAME, Delivery, Notification
from accounts.models.people import User
from accounts.models.school import School
from accounts.notify.notify import NotificationText, notify
from classes.queries import parents_of_class
from stories.models import Post

BATCH = 200
KINDS = ("post_taken_down",)


def key_of(post: Post) -> str:
    return f"post:{post.pk}"


def _text(post: Post) -> NotificationText:
    path = reverse("post", args=[post.pk])
    closing = _("Read it in the portal.")
    if post.classroom is None:
        return NotificationText(
            _("News for the whole school"), f"{_('The school has written a new story.')} {closing}", path
        )
    said = _("%(name)s has a new story.") % {"name": NAME}
    return NotificationText(_("New story: %(name)s") % {"name": NAME}, f"{said} {closing}", path)


def name_now(notice: Notification) -> str:
    """Return how the class is called now whose story this notification is about."""
    pk = notice.key.removeprefix("post:")
    post = Post.objects.filter(pk=int(pk) if pk.isdecimal() else 0).select_related("classroom").first()
    return post.classroom.name if post and post.classroom else ""


def _batches(people: QuerySet[User]) -> Iterator[list[User]]:
    last = 0
    while batch := list(people.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def announce(post: Post) -> int:
    """Notify every reader once; return how many were newly notified.

    Call it in the transaction that claims the post.
    """
    return sum(
        notify(batch, kind="post", key=key_of(post), text=lambda: _text(post))
        for batch in _batches(parents_of_class(post.classroom))
    )


def revoke_notices(post: Post) -> None:
    """Revoke the notifications about this post, and cancel its unsent mail."""
    Delivery.objects.filter(notification__key=key_of(post)).cancel()
    notices = Notification.objects.filter(key=key_of(post), withdrawn_at__isnull=True)
    notices.update(withdrawn_at=SchoolNow())


def notify_taken_down(post: Post, *, at: datetime) -> int:
    """Notify the post's account that SLT took it down (AU-12).

    At the next opening.
    """

    def text() -> NotificationText:
        said = _(
            "A senior leader has taken down your story “%(title)s”. Nobody but senior leaders can see it now. "
            "Questions? Write to %(email)s."
        )
        email = School.objects.here().concerns_email
        title = _("Your story was taken down")
        return NotificationText(title, said % {"title": post.title, "email": email}, reverse("newsfeed"))

    key = f"post_taken_down:{post.pk}"
    release_at = school_hours().release(at)
    return notify([post.author], kind="post_taken_down", key=key, text=text, release_at=release_at)
