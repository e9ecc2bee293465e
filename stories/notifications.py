"""Who is told of a story, and in which words: one notification for each parent and post (PA-10)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Delivery, User
from accounts.notifications import Words, tell
from classes.queries import parents_of_class
from stories.models import Post

BATCH = 200


def key_of(post: Post) -> str:
    return f"post:{post.pk}"


def _words(post: Post) -> Words:
    path = reverse("post", args=[post.pk])
    closing = _("Read it in the portal.")
    if post.classroom is None:
        return Words(
            _("News for the whole school"), f"{_('The school has written a new story.')} {closing}", path
        )
    said = _("%(name)s has a new story.") % {"name": post.classroom.name}
    return Words(_("New story: %(name)s") % {"name": post.classroom.name}, f"{said} {closing}", path)


def _batches(people: QuerySet[User]) -> Iterator[list[User]]:
    last = 0
    while batch := list(people.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def announce(post: Post) -> int:
    """Tells every reader once; how many were newly told. Call it in the transaction that claims the post."""
    return sum(
        tell(batch, kind="post", key=key_of(post), words=lambda: _words(post))
        for batch in _batches(parents_of_class(post.classroom))
    )


def stop_mail(post: Post) -> None:
    """Cancels the mail about this post that has not gone yet."""
    Delivery.objects.filter(notification__key=key_of(post)).cancel()
