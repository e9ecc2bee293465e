"""The verbs of stories."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.services import record
from stories.models import Post


@transaction.atomic
def hide_post(post: Post, *, by: Actor, at: datetime) -> bool:
    """Takes a post from everybody's sight but SLT's (AU-12); False when it was hidden before.

    Who may hide is moderation's question. Its photos vanish with it: they are served only with a visible post.
    """
    hidden = Post.objects.filter(pk=post.pk, hidden_at__isnull=True).update(hidden_at=at, hidden_by=by.staff)
    if hidden:
        record("post.hidden", by=by, about=post)
    return bool(hidden)


@transaction.atomic
def withdraw_waiting_posts_of(user: User, *, at: datetime) -> int:
    """Withdraws what this account wrote and has not arrived at `at` (PA-9); the number withdrawn."""
    waiting = Post.objects.filter(author=user, release_at__gt=at, withdrawn_at__isnull=True)
    return waiting.update(withdrawn_at=at)
