"""Decide who may write, change and take down a story. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.actor import Actor

if TYPE_CHECKING:
    from classes.models.classrooms import Classroom
    from stories.models import Post

MAX_PHOTOS = 5


def may_write(by: Actor, classroom: Classroom | None) -> bool:
    """Return whether the actor may write to this class.

    None: to the whole school. A class account writes to its own class, signed by a person (TE-2); SLT to the whole
    school.
    """
    if classroom is None:
        return by.is_slt
    return by.is_class and by.staff is not None and classroom.account_id == by.user.pk


def may_write_at_all(by: Actor) -> bool:
    """Return whether the actor may write any story."""
    return by.is_slt or (by.is_class and by.staff is not None)


def may_change(post: Post, by: Actor) -> bool:
    """Return whether a named person is at the post's account."""
    return by.staff is not None and post.author_id == by.user.pk


def may_correct(post: Post, by: Actor) -> bool:
    """Return whether the actor may correct the words of a post that is there (TE-7)."""
    gone = post.withdrawn_at or post.hidden_at or post.taken_down_at
    return may_change(post, by) and not gone


def may_read_earlier_words(post: Post, by: Actor) -> bool:
    """Return whether the actor reads what a post said before it was corrected: its account and SLT."""
    return by.is_slt or may_change(post, by)


def may_take_down(post: Post, by: Actor) -> bool:
    """Return whether the actor wrote the post, or is SLT (AU-12)."""
    return by.is_slt or may_change(post, by)


def is_pending(post: Post, at: datetime) -> bool:
    """Return whether a post of quiet hours is not released yet (TE-4)."""
    gone = post.withdrawn_at or post.hidden_at or post.taken_down_at
    return post.release_at > at and not gone
