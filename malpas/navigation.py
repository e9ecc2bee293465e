"""Put the navigation together: the tabs of each kind of reader."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import actor_of
from malpas.unread import Marks, shown

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STAFF_KINDS = {"class", "office", "slt"}


class Tab(NamedTuple):
    """A tab: the route it leads to, and `inner`, the routes that belong to it."""

    page: str
    icon: str
    label: "str | StrPromise"
    inner: frozenset[str] = frozenset()


STORY_PAGES = frozenset({"post", "post_photo", "post_new", "post_change", "report_post"})
CONVERSATION_PAGES = frozenset(
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
        "meeting_move",
        "message_change",
        "message_photo",
        "message_reroute",
        "report_message",
    }
)
BOARD_PAGES = frozenset({"board_award", "board_pick", "board_settings", "points_report", "child_points"})
ENQUIRY_PAGES = frozenset({"write", "write_absence", "write_topic", "write_done", "absence_change"})

OVERSIGHT_PAGES = frozenset({"oversight", "messaging_suspend", "oversight_begin", "oversight_access"})

CALENDAR_PAGES = frozenset(
    {
        "calendar",
        "calendar_close",
        "calendar_days",
        "calendar_term_new",
        "calendar_term",
        "calendar_closure_new",
        "calendar_closure",
        "calendar_file",
    }
)
SET_UP_PAGES = frozenset(
    {
        "set_up",
        "set_up_names",
        "set_up_limits",
        "set_up_hours",
        "set_up_hours_of_day",
        "set_up_terms",
        "set_up_publish",
        "set_up_behaviours",
        "set_up_behaviour_new",
        "set_up_behaviour",
    }
)
CLASS_PAGES = frozenset({"classes", "classroom", "classroom_account", "classroom_retire"})
STAFF_PAGES = frozenset(
    {
        "staff",
        "staff_add",
        "staff_member",
        "staff_change",
        "staff_roles",
        "staff_account",
        "staff_invite",
        "staff_account_end",
        "staff_classes",
        "staff_mfa",
        "staff_head",
        "staff_governor",
        "staff_address",
        "staff_sign_out",
        "staff_connections",
        "staff_pin",
        "staff_leaving",
    }
)

ROSTER_PAGES = frozenset({"roster", "roster_check", "roster_columns", "roster_same", "roster_undo"})
LETTER_PAGES = frozenset({"letters", "letters_class", "letters_make", "letters_set"})

OFFICE = Tab(
    "office",
    "ask",
    _("Office"),
    frozenset(
        {
            "enquiry",
            "office_call",
            "office_call_of",
            "office_figures",
            "office_sheet",
            "office_replies",
            "office_reply",
            "enquiry_hand_over",
            "enquiry_letter",
        }
    ),
)
PEOPLE = Tab(
    "people",
    "user",
    _("People"),
    LETTER_PAGES
    | ROSTER_PAGES
    | frozenset(
        {
            "people_child",
            "people_child_add",
            "people_child_change",
            "people_child_leaving",
            "people_adult",
            "people_adult_add",
            "people_adult_change",
            "people_adult_find",
            "people_answer",
            "people_ask",
            "people_connect",
            "people_connection",
            "people_connection_change",
            "people_connection_end",
            "people_connection_open",
            "people_restrict",
            "people_waiting",
            "people_invite",
            "people_same",
            "people_same_find",
        }
    ),
)
MOST_TABS = 5  # what a telephone holds
IN_THE_MENU = ("admin:index", "people")  # the first to give way: the account's menu has them, too
TABS = {
    "parent": [
        Tab("newsfeed", "home", _("Home"), STORY_PAGES),
        Tab("points", "star", _("Points"), frozenset({"child_points"})),
        Tab("messages", "chat", _("Messages"), CONVERSATION_PAGES | ENQUIRY_PAGES),
    ],
    "shared_view": [
        Tab("shared_view", "star", _("Points"), frozenset({"shared_view_child"})),
        Tab("shared_view_news", "book", _("Stories")),
    ],
    "class": [
        Tab("board", "star", _("Board"), BOARD_PAGES),
        Tab("newsfeed", "book", _("Story"), STORY_PAGES),
        Tab("messages", "chat", _("Messages"), CONVERSATION_PAGES),
        Tab("cards", "key", _("Cards")),
    ],
    "office": [
        OFFICE._replace(inner=OFFICE.inner | CALENDAR_PAGES),
        PEOPLE,
        Tab("newsfeed", "book", _("Stories"), STORY_PAGES),
        Tab("admin:index", "class", _("Records"), CLASS_PAGES | STAFF_PAGES),
    ],
    "slt": [
        Tab(
            "home",
            "home",
            _("Home"),
            frozenset({"points_report", "records"}) | OVERSIGHT_PAGES | SET_UP_PAGES | CALENDAR_PAGES,
        ),
        PEOPLE,
        Tab("newsfeed", "book", _("Stories"), STORY_PAGES),
        Tab("admin:index", "class", _("Records"), CLASS_PAGES | STAFF_PAGES),
    ],
    "governor": [
        Tab("home", "home", _("Home")),
        OFFICE,
        Tab("newsfeed", "book", _("Stories"), STORY_PAGES),
    ],
}
# Beside the work of office and leaders who have a child here.
FAMILY_TABS = [
    Tab("points", "together", _("My family"), frozenset({"child_points"})),
    Tab("messages", "chat", _("Messages"), CONVERSATION_PAGES | ENQUIRY_PAGES),
]


class Position(NamedTuple):
    """All that the row of tabs depends on.

    `has_office_list`: governor and safeguarding lead work on enquiries besides. `has_child`: office and leaders with
    a child here find that child.
    """

    kind: str
    has_office_list: bool
    route: str
    has_child: bool = False


@dataclass(frozen=True)
class TabItem:
    """A tab as the page shows it. `current`: aria-current, "page" for the very page, "true" for one inside.

    `unread`: how many things are new behind it, as "3" or "9+". `locked`: it opens with the parent's PIN.
    """

    url: str
    icon: str
    label: "str | StrPromise"
    current: str = ""
    unread: str = ""
    locked: bool = False


def position_of(request: HttpRequest, kind: str) -> Position:
    """Return where in the navigation this request is."""
    actor, route = actor_of(request), request.resolver_match.view_name if request.resolver_match else ""
    besides = kind in ("parent", "slt") and actor and (actor.is_governor or actor.is_safeguarding)
    has_child = bool(actor and kind in ("office", "slt", "governor") and actor.is_parent)
    return Position(kind, bool(besides), route, has_child)


def _marked(item: TabItem, page: str, marks: Marks) -> TabItem:
    """Return a tab with its marks; the newsfeed that is open is no longer new."""
    if page == "messages":
        return replace(item, unread=shown(marks.messages), locked=marks.locked)
    if page == "newsfeed" and item.current != "page":
        return replace(item, unread=shown(marks.news))
    return item


def tabs_of(position: Position, marks: Marks = Marks()) -> list[TabItem]:  # noqa: B008  (it never changes)
    """Return the tabs at this position, in their order."""
    tabs, route = list(TABS.get(position.kind, [])), position.route
    tabs += [OFFICE] * position.has_office_list + FAMILY_TABS * position.has_child
    for page in IN_THE_MENU:
        if len(tabs) > MOST_TABS:
            tabs = [tab for tab in tabs if tab.page != page]
    return [
        _marked(TabItem(reverse(tab.page), tab.icon, tab.label, _current(tab, route)), tab.page, marks)
        for tab in tabs
    ]


def _current(tab: Tab, route: str) -> str:
    if tab.page == route:
        return "page"
    return "true" if route in tab.inner else ""
