"""Say in the tabs what is new to a parent."""

from typing import NamedTuple

from django.http import HttpRequest

from accounts.actor import Actor
from accounts.http import portal_request
from accounts.parent_lock.lock import is_unlocked

MOST_SHOWN = 9  # new things that a tab counts


class Marks(NamedTuple):
    """What the tabs of one reader say besides: unread messages, new posts, and whether messages are locked.

    Empty marks are those of everybody at a position, so that their tabs are drawn once.
    """

    messages: int = 0
    news: int = 0
    locked: bool = False


def marks_of(request: HttpRequest, actor: Actor | None, kind: str) -> Marks:
    """Return what is new to a parent, as it was read with their account; a child who reads along sees no mark."""
    if actor is None or not actor.is_parent or kind == "shared_view":
        return Marks()
    facts = actor.user.facts
    locked = kind == "parent" and not is_unlocked(portal_request(request))
    return Marks(facts.get("unread_messages", 0), facts.get("new_posts", 0), locked)


def shown(number: int) -> str:
    if not number:
        return ""
    return str(number) if number <= MOST_SHOWN else f"{MOST_SHOWN}+"
