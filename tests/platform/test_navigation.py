import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.reader import initials_of
from malpas.navigation import TABS, Position, tabs_of
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Conversation
from tests.clock import at
from tests.sentences.accounts import TO_THE_FIRST_PAGE
from tests.sentences.portal import WAIT_A_FEW_MINUTES
from tests.structure.routes import route_names


def current(page) -> list[tuple[str, str]]:
    """What aria-current says in the bar, with the tab's label."""
    bar = re.search(r'<nav class="tabbar".*?</nav>', page.content.decode(), re.S)
    assert bar, "no bar on this page"
    return re.findall(r'aria-current="(\w+)".*?</svg>([^<]+)', bar[0], re.S)


def conversation(people) -> Conversation:
    actor, now = people.actor(people.nia), at("2026-11-10 10:00")
    sent = send_message(pupil=people.mali, parent=people.nia, by=actor, at=now, body="Hello", key=uuid4())
    return sent.conversation


@pytest.mark.parametrize(
    ("page", "said", "label"),
    [
        ("newsfeed", "page", "Home"),
        ("messages", "page", "Messages"),
        ("write", "true", "Messages"),
        ("write_absence", "true", "Messages"),
    ],
)
def test_a_parents_page_says_where_it_belongs(people, page, said, label):
    assert current(people.client(people.nia).get(reverse(page))) == [(said, label)]


def test_a_childs_points_belong_to_points_for_a_parent_and_to_the_board_for_the_class(people):
    path = reverse("child_points", args=[people.mali.pk])
    assert current(people.client(people.nia).get(path)) == [("true", "Points")]
    assert current(people.client(people.celyn).get(path)) == [("true", "Board")]


def test_a_conversation_belongs_to_messages_on_both_sides(people):
    path = reverse("conversation", args=[conversation(people).pk])
    for who in (people.nia, people.celyn):
        assert current(people.client(who).get(path)) == [("true", "Messages")]


def test_a_page_beside_the_tabs_marks_none(people):
    assert current(people.client(people.nia).get("/help/")) == []


def test_a_class_finds_its_cards_in_the_bar_and_nobody_else_does(people):
    assert current(people.client(people.celyn).get(reverse("cards"))) == [("page", "Cards")]
    for who in (people.nia, people.office, people.head):
        assert reverse("cards") not in people.client(who).get(reverse("newsfeed")).content.decode()


@pytest.mark.parametrize("kind", ["office", "slt"])
@pytest.mark.parametrize("has_office_list", [False, True])
@pytest.mark.parametrize("has_child", [False, True])
def test_a_telephone_holds_every_row_of_tabs(kind, has_office_list, has_child):
    tabs = tabs_of(Position(kind, has_office_list and kind == "slt", "home", has_child))
    assert 3 <= len(tabs) <= 5
    assert {reverse("points"), reverse("messages")} <= {tab.url for tab in tabs} or not has_child


def test_people_are_in_the_bar_and_the_menu_of_office_and_leaders(people):
    path = reverse("people_child", args=[people.mali.pk])
    for who in (people.office, people.deputy):
        page = people.client(who).get(path)
        assert current(page) == [("true", "People")]
        assert f'class="menu__item" href="{reverse("people")}"' in page.content.decode()


def test_the_roster_and_the_calendar_belong_to_a_tab_of_office_and_leaders(people):
    for who, label in ((people.office, "Office"), (people.deputy, "Home")):
        assert current(people.client(who).get(reverse("roster"))) == [("true", "People")]
        assert current(people.client(who).get(reverse("calendar"))) == [("true", label)]


def test_every_page_that_a_tab_names_exists():
    named = {name for tabs in TABS.values() for tab in tabs for name in {tab.page, *tab.inner}}
    assert len(named) > 10
    assert named - {"admin:index"} <= set(route_names())


def test_a_monogram_is_of_names_and_never_of_a_title(people):
    assert people.pritchard.signature == "Mrs Pritchard"
    assert initials_of(people.actor(people.celyn, people.pritchard)) == "AP"
    assert initials_of(people.actor(people.head)) == "EV"
    assert initials_of(people.actor(people.nia)) == "NB"
    page = people.client(people.celyn, people.pritchard).get(reverse("messages")).content.decode()
    assert re.search(r'class="monogram"[^>]*>AP<', page)


def test_who_asks_too_often_reads_the_portals_own_page(people):
    browser, address = Client(), {"email": f"{uuid4()}@family.example"}
    answers = [browser.post(reverse("account_reset_password"), address) for _attempt in range(6)]
    assert answers[0].status_code == 302
    page = answers[-1].content.decode()
    assert answers[-1].status_code == 429
    assert WAIT_A_FEW_MINUTES in page
    assert 'href="mailto:concerns@school.example"' in page
    assert TO_THE_FIRST_PAGE in page
