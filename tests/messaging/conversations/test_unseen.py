"""Check that a pending message is invisible to its reader.

In pages, counts, titles, order, fragments, search and notifications.
"""

from datetime import date

import pytest
from django.test import Client

from accounts.calendar.services import change_calendar
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import Closure
from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from messaging.conversations.queries.class_inbox import class_rows
from messaging.conversations.queries.context import context_of
from messaging.conversations.services.closing import hide_message
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.sentences.messaging import REROUTED_TO_OFFICE

SECRET = "unicorns in the yard"
MORNING = "2026-11-13 10:00"


def pages_of(browser: Client, conversation_id: int, pupil_id: int) -> dict[str, str]:
    browser.get("/messages/")  # from its first page on a sign-in has a life, and the sign of its drafts
    addresses = [
        "/messages/",
        f"/messages/{conversation_id}/",
        f"/messages/{conversation_id}/new/?mark=x",
        f"/messages/child/{pupil_id}/",
    ]
    found = {address: browser.get(address, follow=True) for address in addresses}
    return {address: response.content.decode() for address, response in found.items()}


def without_tokens(page: str) -> str:
    return "\n".join(
        line for line in page.splitlines() if "csrf" not in line.lower() and 'name="key"' not in line
    )


@pytest.mark.policy("PA-6")
def test_the_class_sees_no_difference_until_the_morning(people, clock):
    clock.set(MORNING)
    known = from_parent(people, "Good morning", when=MORNING)
    from_parent(people, "About Efa", when=MORNING, parent=people.sioned, pupil=people.efa)
    clock.set(QUIET)
    browser = people.client(people.celyn)
    before = pages_of(browser, known.conversation_id, people.mali.pk)
    message = from_parent(people, SECRET, when=QUIET)
    assert Message.objects.waiting().get() == message
    after = pages_of(browser, known.conversation_id, people.mali.pk)
    assert {a: without_tokens(page) for a, page in after.items()} == {
        a: without_tokens(page) for a, page in before.items()
    }
    clock.set(ARRIVES)
    in_the_morning = people.client(people.celyn).get(f"/messages/{known.conversation_id}/")
    assert SECRET in in_the_morning.content.decode()


@pytest.mark.policy("TE-4")
def test_the_parent_sees_no_difference_until_the_morning(people, clock):
    clock.set(MORNING)
    known = from_class(people, "Good morning", when=MORNING)
    clock.set(QUIET)
    browser = people.client(people.nia)
    before = pages_of(browser, known.conversation_id, people.mali.pk)
    from_class(people, SECRET, when=QUIET)
    assert SECRET in people.client(people.celyn).get(f"/messages/{known.conversation_id}/").content.decode()
    after = pages_of(browser, known.conversation_id, people.mali.pk)
    assert {a: without_tokens(page) for a, page in after.items()} == {
        a: without_tokens(page) for a, page in before.items()
    }
    clock.set(ARRIVES)
    in_the_morning = people.client(people.nia).get(f"/messages/{known.conversation_id}/")
    assert SECRET in in_the_morning.content.decode()


def test_a_pending_first_message_shows_the_class_nothing(people, clock):
    clock.set(QUIET)
    message = from_parent(people, SECRET, when=QUIET)
    browser = people.client(people.celyn)
    assert people.client(people.nia).get(f"/messages/{message.conversation_id}/").status_code == 200
    assert browser.get(f"/messages/{message.conversation_id}/").status_code == 404
    assert browser.get(f"/messages/{message.conversation_id}/new/").status_code == 404
    assert browser.post(f"/messages/{message.conversation_id}/read/").status_code == 404
    assert class_rows(people.actor(people.celyn), now=at(QUIET)) == ([], None)
    page = browser.get(f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/")
    assert page.status_code == 200 and SECRET not in page.content.decode()


def test_a24_the_reader_cannot_open_or_page_by_a_waiting_message(people, clock):
    clock.set(MORNING)
    known = from_parent(people, when=MORNING)
    clock.set(QUIET)
    message = from_parent(people, SECRET, when=QUIET)
    address = f"/messages/{known.conversation_id}/?before={hide(message.pk)}"
    assert people.client(people.nia).get(address).status_code == 200
    assert people.client(people.celyn).get(address).status_code == 404


def test_a_writer_without_guardianship_is_unread_before_the_run(people, clock):
    clock.set(MORNING)
    known = from_parent(people, "Good morning", when=MORNING)
    announce_due()
    clock.set(QUIET)
    from_parent(people, SECRET, when=QUIET)
    Guardianship.objects.filter(contact__user=people.nia).update(ended_at=at("2026-11-14 10:00"))
    clock.set(ARRIVES)
    page = people.client(people.celyn).get(f"/messages/{known.conversation_id}/").content.decode()
    assert "Good morning" in page and SECRET not in page


def test_no_notice_leaves_before_the_arrival(people, clock):
    clock.set(QUIET)
    from_parent(people, SECRET, when=QUIET)
    assert announce_due() == 0
    assert not Notification.objects.exists() and not Delivery.objects.exists()


def test_what_stands_around_a_report_leaves_out_what_waits(people, clock):
    clock.set(MORNING)
    first, second = from_parent(people, "One", when=MORNING), from_class(people, "Two", when=MORNING)
    clock.set(QUIET)
    from_parent(people, SECRET, when=QUIET)
    around = context_of(second)
    assert [(one["body"], one["staff"], one["reported"]) for one in around] == [
        ("One", "", False),
        ("Two", "Mrs Pritchard", True),
    ]
    assert around[0]["sent_at"] == first.sent_at.isoformat() and around[0]["author"] == "Nia Bowen"


def test_one_parent_finds_nothing_of_the_other(people):
    message = from_parent(people, SECRET)
    browser = people.client(people.gareth)
    assert SECRET in people.client(people.nia).get(f"/messages/{message.conversation_id}/").content.decode()
    assert browser.get(f"/messages/{message.conversation_id}/").status_code == 404
    assert "Nia" not in browser.get("/messages/").content.decode()
    assert SECRET not in browser.get(f"/messages/child/{people.mali.pk}/", follow=True).content.decode()


def test_strangers_find_no_conversation(people):
    message = from_parent(people, SECRET)
    paths = [
        f"/messages/{message.conversation_id}/",
        f"/messages/{message.conversation_id}/new/",
        f"/messages/child/{people.mali.pk}/",
        f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/",
    ]
    assert people.client(people.nia).get(paths[0]).status_code == 200
    for who in (
        people.dylan,
        people.sioned,
        people.derwen,
        people.office,
        people.head,
        people.deputy,
        people.mali,
    ):
        browser = people.client(who)
        assert [browser.get(path).status_code for path in paths] == [404] * 4
        assert browser.post(paths[0], {"body": "x"}).status_code == 404
        assert SECRET not in browser.get("/messages/").content.decode()
    kai = people.client(people.kai)
    assert {kai.get(path).status_code for path in paths} == {302}
    assert {Client().get(path).status_code for path in paths} == {302}


def test_a_hidden_message_is_gone_for_both_sides(people):
    message = from_parent(people, SECRET)
    arrived = from_parent(people, "Kept")
    assert hide_message(message, by=people.actor(people.deputy), at=at(MORNING))
    assert not hide_message(message, by=people.actor(people.deputy), at=at(MORNING))
    for who in (people.nia, people.celyn):
        page = people.client(who).get(f"/messages/{message.conversation_id}/").content.decode()
        assert SECRET not in page and "Kept" in page
    assert Message.objects.get(pk=message.pk).body == SECRET and arrived


@pytest.mark.policy("TE-4")
def test_an_evening_reroute_shows_nothing_till_morning(people, clock):
    message = from_parent(people, "She was sick all night", when="2026-11-13 16:00")
    clock.set(QUIET)
    nia, conversation = people.client(people.nia), f"/messages/{message.conversation_id}/"
    nia.get("/messages/")  # from its first page on a sign-in has the sign of its drafts
    before = [
        without_tokens(nia.get(page).content.decode()) for page in (conversation, "/messages/", "/write/")
    ]
    people.client(people.celyn).post(f"/messages/pass-on/{hide(message.pk)}/", {"topic": "absence"})
    enquiry = Enquiry.objects.get()
    done = f"/write/done/{''.join(enquiry.reference.split())}/"
    assert [
        without_tokens(nia.get(page).content.decode()) for page in (conversation, "/messages/", "/write/")
    ] == before
    assert nia.get(done).status_code == 404
    assert people.client(people.office).get(f"/office/{enquiry.pk}/").status_code == 200  # at once
    assert people.client(people.celyn).get(conversation).status_code == 404
    with change_calendar(by=people.actor(people.office), why="snow"):
        snow = date(2026, 11, 16)
        Closure.objects.create(kind="closed", name="Snow", starts=snow, ends=snow)
    clock.set(ARRIVES)
    assert people.client(people.nia).get(done).status_code == 404
    clock.set("2026-11-17 08:30")
    nia = people.client(people.nia)
    assert REROUTED_TO_OFFICE in page_text(nia, conversation) and nia.get(done).status_code == 200
    assert enquiry.reference in page_text(nia, "/messages/") and "13 November, 16:00" in page_text(
        nia, "/messages/"
    )
