"""Check the class's list: states, search, pages, arrived messages only (I3)."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.people import User
from classes.avatar.drawing import hatch
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from messaging.conversations.queries.class_inbox import class_rows
from messaging.conversations.services.broadcasts import send_to_many
from messaging.conversations.services.change import withdraw_message
from messaging.conversations.services.done import set_done
from messaging.models.conversations import Conversation, Message
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.people import guardianship, make_contact, make_pupil, make_user
from tests.sentences.messaging import TO_SEVERAL_FAMILIES

NOW = "2026-11-10 10:00"


def rows(people, when=NOW, **wanted):
    found, _more = class_rows(people.actor(people.celyn), now=at(when), **wanted)
    return [row.last.message.body for row in found]


def three(people):
    """Make an unanswered, an answered (pending) and a done conversation."""
    from_parent(people, "Unanswered")
    from_parent(people, "Asked", parent=people.gareth, when="2026-11-09 10:00")
    from_class(people, "Waits", parent=people.gareth, when="2026-11-09 20:00")
    closed = from_parent(people, "Closed", parent=people.sioned, pupil=people.efa, when="2026-11-09 11:00")
    set_done(closed.conversation, by=people.actor(people.celyn), at=at("2026-11-09 20:00"))


def test_the_list_can_be_asked_for_one_state(people, clock):
    three(people)
    clock.set("2026-11-09 21:00")
    assert rows(people, "2026-11-09 21:00", state="waiting") == ["Waits"]
    assert rows(people, "2026-11-09 21:00", state="done") == ["Closed"]
    clock.set(NOW)
    assert rows(people, state="unanswered") == ["Unanswered"]
    assert rows(people, state="waiting") == []
    assert rows(people) == ["Unanswered", "Waits", "Closed"]


def test_the_class_finds_a_child_by_part_of_its_name(people):
    three(people)
    page = page_text(people.client(people.celyn), "/messages/?find=ef")
    assert "Sioned Price, about Efa" in page and "about Mali" not in page
    assert "Nothing matches" in page_text(people.client(people.celyn), "/messages/?find=Rhys")


@pytest.mark.policy("PA-6")
def test_what_waits_is_found_by_no_search_and_in_no_state(people, clock):
    from_parent(people, when=QUIET)
    clock.set(QUIET)
    celyn = people.actor(people.celyn)
    filters = [{}, {"find": "Mali"}, {"state": "unanswered"}, {"state": "waiting"}, {"state": "done"}]
    assert [class_rows(celyn, now=at(QUIET), **one) for one in filters] == [([], None)] * 5
    clock.set(ARRIVES)
    assert len(class_rows(celyn, now=at(ARRIVES), find="Mali")[0]) == 1


def states(people, when: str) -> tuple[list[str], list[bool]]:
    """Return what is unanswered, and which rows of the list are new."""
    every, _more = class_rows(people.actor(people.celyn), now=at(when))
    return rows(people, when, state="unanswered"), [row.unread for row in every]


def test_an_earlier_class_message_does_not_answer_a_question(people, clock):
    from_parent(people, "Is the trip on?", when="2026-11-13 19:00")
    from_class(people, "Please bring boots.", when="2026-11-15 20:00")
    clock.set(ARRIVES)
    assert states(people, ARRIVES) == (["Please bring boots."], [True])
    from_class(people, "It is.", when="2026-11-16 09:00")
    clock.set("2026-11-16 09:00")
    assert states(people, "2026-11-16 09:00")[0] == []


def test_words_to_the_whole_class_answer_nobody(people, clock):
    from_parent(people, "Is the trip on?", when="2026-11-10 09:30")
    by = people.actor(people.celyn)
    send_to_many(pupils=[people.mali], by=by, at=at(NOW), body="Boots, please.", key=uuid4())
    assert states(people, NOW) == (["Boots, please."], [True, False])


def test_a_done_line_with_a_later_broadcast_does_not_read_done(people, clock):
    closed = from_parent(people, "Closed", when="2026-11-09 11:00")
    set_done(closed.conversation, by=people.actor(people.celyn), at=at("2026-11-09 12:00"))
    clock.set(NOW)
    celyn = people.client(people.celyn)
    line = '<span class="badge">Done</span>'
    assert line in " ".join(page_text(celyn, "/messages/").split())
    send_to_many(
        pupils=[people.mali],
        by=people.actor(people.celyn),
        at=at("2026-11-09 13:00"),
        body="All",
        key=uuid4(),
    )
    page = " ".join(page_text(celyn, "/messages/").split())
    assert line not in page and TO_SEVERAL_FAMILIES in page
    assert rows(people, state="unanswered") == []


def test_lines_of_both_lists_say_when(people, clock):
    from_parent(people, "Today", when="2026-11-10 09:41")
    from_parent(people, "Before", parent=people.gareth, when="2026-11-09 10:12")
    from_parent(people, "Waits", parent=people.sioned, pupil=people.efa, when="2026-11-09 20:00")
    clock.set("2026-11-10 09:50")
    page = page_text(people.client(people.celyn), "/messages/")
    assert ">09:41</time>" in page and ">9 Nov</time>" in page and page.count("</time>") == 3
    assert ">09:41</time>" in page_text(people.client(people.nia), "/messages/")


def test_an_answer_that_was_withdrawn_answers_nothing(people, clock):
    from_parent(people, "Is the trip on?", when="2026-11-13 10:00")
    answer = from_class(people, "It is.", when=QUIET)
    clock.set(QUIET)
    assert states(people, QUIET)[0] == []
    withdraw_message(answer, by=people.actor(people.celyn), at=at(QUIET))
    assert states(people, QUIET)[0] == ["Is the trip on?"]


def test_the_class_searches_names_and_visible_text(people, clock):
    from_parent(people, "She left her inhaler at home")
    from_class(people, "Efa has it.", parent=people.sioned, pupil=people.efa)
    assert rows(people, find="inhaler at") == ["She left her inhaler at home"]
    assert rows(people, find="sioned") == ["Efa has it."] and rows(people, find="nia mali") != []
    assert rows(people, find="nia efa") == []
    from_parent(people, "A unicorn", when=QUIET)
    clock.set(QUIET)
    assert rows(people, QUIET, find="unicorn") == []
    clock.set(ARRIVES)
    assert rows(people, ARRIVES, find="unicorn") == ["A unicorn"]


def many(people, number: int) -> None:
    for one in range(number):
        parent, pupil = make_user(f"Parent {one}", None), make_pupil(f"Child {one}", "Test", people.celyn)
        guardianship(make_contact("Parent", str(one), parent), pupil)
        sent = from_parent(
            people, f"Words {one}", parent=parent, pupil=pupil, when=f"2026-11-09 10:{one % 60:02}"
        )
        if one % 3 == 0:
            from_class(people, f"Answer {one}", parent=parent, pupil=pupil, when="2026-11-09 12:00")
        if one % 7 == 0:
            set_done(sent.conversation, by=people.actor(people.celyn), at=at("2026-11-09 13:00"))
    known_to_the_planner()


def known_to_the_planner() -> None:
    """Analyse the tables, as the database's own housekeeping does.

    Until then it plans with what another test left.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_message, messaging_conversation, classes_pupil")


def test_pages_follow_each_other_without_a_gap_or_a_double(people):
    many(people, 50)
    celyn, address, found = people.client(people.celyn), "/messages/", []
    while address:
        page = page_text(celyn, address)
        found += re.findall(r'href="/messages/(\d+)/#newest"', page)
        more = re.search(r'href="(\?state=[^"]*after=[^"]+)"', page)
        address = f"/messages/{more[1].replace('&amp;', '&')}" if more else ""
    assert len(found) == 50 == len(set(found))


@pytest.mark.parametrize(
    "query", ["after=x", "after=0.0.1.1", "state=x", "after=9.9.9.9", "after=0.0.-1.-" + "9" * 30]
)
def test_an_address_that_asks_for_nonsense_is_not_found(people, query):
    assert people.client(people.celyn).get(f"/messages/?{query}").status_code == 404


def test_a_page_of_the_list_is_small_and_asks_little(people):
    many(people, 50)
    celyn = people.client(people.celyn)
    celyn.get("/messages/")
    with CaptureQueriesContext(connection) as queries:
        page = celyn.get("/messages/")
    assert len(page.content) < 40_000 and page.content.count(b'class="topic"') == 20
    assert len(queries) <= 5, "\n".join(query["sql"] for query in queries)


def crowd(people, number: int) -> None:
    """Insert this many more families, each with an arrived message."""
    sent = {"sent_at": at("2026-11-09 10:00"), "release_at": at("2026-11-09 10:00")}
    names = [f"Crowd {people.celyn.pupils.count()} {one}" for one in range(number)]
    parents = User.objects.bulk_create(User(name=name, password="!") for name in names)
    contacts = Contact.objects.bulk_create(
        Contact(school_ref=user.name, forename="Parent", surname=user.name, user=user) for user in parents
    )
    pupils = Pupil.objects.bulk_create(
        Pupil(
            school_ref=name,
            legal_forename=name,
            legal_surname="Test",
            preferred_forename=name,
            date_of_birth=date(2018, 5, 4),
            classroom=people.celyn,
            dragon=list(hatch(name)),
        )
        for name in names
    )
    families = list(zip(pupils, contacts, parents, strict=True))
    Guardianship.objects.bulk_create(
        Guardianship(pupil=pupil, contact=contact, joined_at=at("2026-09-02 09:00"), slot=1)
        for pupil, contact, _parent in families
    )
    conversations = Conversation.objects.bulk_create(
        Conversation(pupil=pupil, parent=parent) for pupil, _contact, parent in families
    )
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            author=conversation.parent,
            from_class=False,
            body="NotificationText",
            key=uuid4(),
            **sent,
        )
        for conversation in conversations
    )
    with (
        connection.cursor() as cursor
    ):  # as in a school: a planner that thinks the tables empty takes 20 seconds
        cursor.execute("ANALYZE")


def test_five_hundred_conversations_ask_what_fifty_ask(people):
    celyn, counts = people.client(people.celyn), []
    for number in (50, 450):
        crowd(people, number)
        address = f"/messages/{Conversation.objects.latest('pk').pk}/"
        for page in ("/messages/", address):
            celyn.get(page)
            with CaptureQueriesContext(connection) as questions:
                assert celyn.get(page).status_code == 200
            counts.append(len(questions))
    assert Conversation.objects.visible_to(people.actor(people.celyn)).count() == 500
    assert counts[:2] == counts[2:] and max(counts) <= 5
