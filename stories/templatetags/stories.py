"""Define the template filters of a story's heading."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor
from malpas.lib.dates import day_and_time
from stories import rules
from stories.models import EarlierWords, Post

register = template.Library()

FOLDED_FROM, FOLDED_TO = 700, 500  # letters: who folds a few lines makes work and saves none


@register.filter
def is_long(body: str) -> bool:
    """Return whether a story is folded in the newsfeed."""
    return len(body) > FOLDED_FROM


@register.filter
def beginning(body: str) -> str:
    """Return how a long story begins: whole paragraphs or words, never half an address."""
    start = body[: FOLDED_TO + 1]
    paragraph = start.rfind("\n", FOLDED_TO // 2)
    cut = paragraph if paragraph > 0 else start.rfind(" ")
    if cut <= 0 and "://" in start:
        return "…"
    return (start[:cut].rstrip() if cut > 0 else start[:FOLDED_TO]) + " …"


@register.filter
def class_mark(name: str) -> str:
    """Return a class's monogram: 'Year 5/6' → '5/6', 'Celyn' → 'C'."""
    numbered = [word for word in name.split() if any(sign.isdigit() for sign in word)]
    return numbered[-1] if numbered else name[:1].upper()


@register.filter
def may_be_taken_down_by(post: Post, by: Actor) -> bool:
    """Return whether to offer this reader to take the story down (AU-12)."""
    return post.taken_down_at is None and rules.may_take_down(post, by)


@register.filter
def may_be_corrected_by(post: Post, by: Actor) -> bool:
    """Return whether to offer this reader to correct the words of a story that has gone out (TE-7)."""
    return rules.may_correct(post, by)


@register.filter
def earlier_words_for(post: Post, by: Actor) -> list[EarlierWords]:
    """Return what a corrected story said before, the newest first, for those who may read it."""
    if not post.corrected_at or not rules.may_read_earlier_words(post, by):
        return []
    return list(post.earlier_words.select_related("replaced_by"))


@register.filter
def moment(at: datetime, now: datetime) -> str:
    """Return a moment as a person says it, by London's calendar.

    'today 15:20', 'yesterday 15:20', 'Wednesday 15:48' within a week, else the date.
    """
    local, today = localtime(at), localtime(now).date()
    time, days = f"{local:%H:%M}", (today - local.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": time}
    if days == 1:
        return _("yesterday %(time)s") % {"time": time}
    if 1 < days < 7:
        return day_and_time(at)
    return date_format(local, "j F H:i" if local.year == today.year else "j F Y")
