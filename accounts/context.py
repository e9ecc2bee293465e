"""What every template may use: the school, its hours, who reads, and where they can go."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, actor_of
from accounts.calendar.hours import banner_text, office_hours_words
from accounts.drafts.middleware import draft_owner
from accounts.parent_lock.lock import FAMILY, is_locked_page, is_together, is_unlocked
from accounts.sign_in.mfa import passkeys_work
from accounts.sign_in.openid import set_up

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Place:
    """A tab. `current`: what aria-current says, "page" for the very page, "true" for one that belongs to it."""

    url: str
    icon: str
    label: "str | StrPromise"
    current: str = ""
    count: int = 0


@dataclass(frozen=True)
class Me:
    kind: str
    name: str = ""
    staff_name: str = ""
    initials: str = ""
    is_class_account: bool = False


def initials_of(actor: Actor) -> str:
    """Two letters at most: of forename and surname, where a title such as Mrs is not a name."""
    words = [actor.staff.forename, actor.staff.surname] if actor.staff else actor.user.name.split()[-2:]
    return "".join(word[:1] for word in words).upper()


def me(actor: Actor | None, *, together: bool = False) -> Me:
    if actor is None:
        return Me("none")
    if together:  # a child looks on: nobody's name, nobody's places
        return Me("together")
    kind = (
        "pupil" if actor.is_pupil
        else "class" if actor.is_class
        else "slt" if actor.is_slt
        else "office" if actor.is_office
        else "parent"
    )  # fmt: skip
    signature = actor.staff.signature if actor.staff else ""
    return Me(kind, actor.user.name, signature, initials_of(actor), actor.is_class)


class Tab(NamedTuple):
    """`inner`: names of the pages that belong to this one and are reached through it."""

    page: str
    icon: str
    label: "str | StrPromise"
    inner: frozenset[str] = frozenset()


STORIES = frozenset({"post", "post_new", "post_change", "report_post"})
TALKS = frozenset(
    {
        "conversation",
        "child_conversation",
        "child_meeting",
        "broadcast",
        "conversation_meet",
        "families",
        "families_write",
        "family_conversation",
        "departed_pending",
        "meeting_answer",
        "message_change",
        "message_pass_on",
        "report_message",
    }
)
BOARD = frozenset({"board_award", "board_pick", "board_settings", "points_report", "child_points"})
OFFICE_FORMS = frozenset({"write", "write_absence", "write_topic", "write_done"})

OVERSIGHT = frozenset({"oversight", "messaging_suspend", "oversight_begin", "oversight_access"})

STAFF_KINDS = {"class", "office", "slt"}

# Names of the upper apps' pages: they are addresses, not imports.
OFFICE = Tab(
    "office",
    "ask",
    _("Office"),
    frozenset({"enquiry", "office_call", "office_call_of", "office_figures", "enquiry_hand_over"}),
)
PLACES = {
    "parent": [
        Tab("newsfeed", "home", _("Home"), STORIES),
        Tab("points", "star", _("Points"), frozenset({"child_points"})),
        Tab("messages", "chat", _("Messages"), TALKS | OFFICE_FORMS),
    ],
    "together": [
        Tab("together", "star", _("Points"), frozenset({"together_child"})),
        Tab("together_news", "book", _("Stories")),
    ],
    "class": [
        Tab("board", "star", _("Board"), BOARD),
        Tab("newsfeed", "book", _("Story"), STORIES),
        Tab("messages", "chat", _("Messages"), TALKS),
        Tab("cards", "key", _("Cards")),
    ],
    "office": [
        OFFICE,
        Tab("newsfeed", "book", _("Stories"), STORIES),
        Tab("admin:index", "class", _("Records")),
    ],
    "slt": [
        Tab("home", "home", _("Home"), frozenset({"points_report"}) | OVERSIGHT),
        Tab("newsfeed", "book", _("Stories"), STORIES),
        Tab("admin:index", "class", _("Records")),
    ],
}
# Beside the work of office and leaders who have a child here.
FAMILY_PLACES = [
    Tab("points", "together", _("My family"), frozenset({"child_points"})),
    Tab("messages", "chat", _("Messages"), TALKS | OFFICE_FORMS),
]


class Whereabouts(NamedTuple):
    """All that the row of places depends on. `office_too`: who has a list at the office besides finds it there.

    `family_too`: office and leaders with a child here find that child there."""

    kind: str
    office_too: bool
    here: str
    family_too: bool = False


def whereabouts(request: HttpRequest, kind: str) -> Whereabouts:
    actor, here = actor_of(request), request.resolver_match.view_name if request.resolver_match else ""
    elsewhere = kind in ("parent", "slt") and actor and (actor.is_governor or actor.is_safeguarding)
    family_too = bool(actor and kind in ("office", "slt") and actor.is_parent)
    return Whereabouts(kind, bool(elsewhere), here, family_too)


def writes_as_staff(where: Whereabouts) -> bool:
    """Whether what is written on this page is school work; office and leaders write to a class as parents."""
    return where.kind in STAFF_KINDS and not (where.family_too and where.here in FAMILY)


def places(where: Whereabouts) -> list[Place]:
    tabs, here = list(PLACES.get(where.kind, [])), where.here
    if where.office_too and where.family_too:  # a telephone holds five; the menu leads to the records, too
        tabs = [tab for tab in tabs if tab.page != "admin:index"]
    tabs += [OFFICE] * where.office_too + FAMILY_PLACES * where.family_too
    return [
        Place(
            reverse(tab.page),
            tab.icon,
            tab.label,
            "page" if tab.page == here else "true" if here in tab.inner else "",
        )
        for tab in tabs
    ]


def seconds_to_lock(request: HttpRequest, actor: Actor | None) -> int:
    """After how many idle seconds this page locks itself; 0 for one that stays open (PA-11)."""
    match = request.resolver_match
    if actor is None or match is None or not is_locked_page(actor, match.view_name):
        return 0
    return settings.PARENT_LOCK_IDLE_SECONDS if is_unlocked(request) else 0


def portal(request: HttpRequest) -> dict[str, object]:
    """Lazy: a page that shows no banner asks for no hours.

    The token against forged forms is masked once a page, not once a button, as Django's own processor would.
    """
    actor = actor_of(request)
    who = me(actor, together=bool(actor and actor.is_personal and is_together(request)))
    school, where = getattr(request, "school", None), whereabouts(request, who.kind)
    return {
        "school": school,
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "actor": actor,
        "passkeys": SimpleLazyObject(lambda: passkeys_work(request)),
        "school_providers": SimpleLazyObject(set_up),
        "me": who,
        "draft_owner": None if who.kind == "together" else draft_owner(request, actor),
        "locks": SimpleLazyObject(lambda: seconds_to_lock(request, actor)),
        "where": where,
        "places": SimpleLazyObject(lambda: places(where)),
        "office_hours": SimpleLazyObject(lambda: office_hours_words(school)) if school else "",
        "hours": SimpleLazyObject(lambda: banner_text(school, staff=writes_as_staff(where))),
    }
