"""Check an open page: its polling and where it opens."""

import re

import pytest

from malpas.lib.hidden import hide
from messaging.models.conversations import Conversation, Message
from messaging.oversight.suspension import suspend_messaging
from tests.clock import at
from tests.messaging.school_time import from_class, from_parent, page_text
from tests.people import key
from tests.sentences.messaging import SEND_AS_IT_IS

HTMX = {"HTTP_HX_REQUEST": "true"}
EVENING = "2026-11-10 17:05"
ASKS = re.compile(r'hx-get="(/messages/\d+/new/\?mark=\w+&amp;live=\w*)"')


def asks(page: str) -> str:
    return ASKS.findall(page)[0].replace("&amp;", "&")


def page_of(people, who, message: Message, query: str = "") -> str:
    return page_text(people.client(who), f"/messages/{message.conversation_id}/{query}")


def swapped(fragment: str) -> set[str]:
    """Return the ids swapped in beside the messages."""
    return set(re.findall(r'id="(\w+)"[^>]*hx-swap-oob', fragment))


def test_older_messages_are_read_in_peace(people):
    first = from_class(people)
    for _number in range(20):
        from_class(people, when="2026-11-10 09:30")
    page = page_of(people, people.nia, first)
    assert asks(page)
    older = page_of(people, people.nia, first, re.search(r"\?before=\d+", page)[0])
    assert older.count("<article") == 1 and "/new/?mark" not in older


@pytest.mark.policy("TE-5")
@pytest.mark.parametrize(("who", "says"), [("nia", "Quiet until Wednesday 08:30"), ("celyn", "goes out on")])
def test_an_open_page_hears_that_quiet_hours_have_begun(people, clock, who, says):
    message = from_parent(people)
    reader = getattr(people, who)
    clock.set("2026-11-10 16:59")
    page = page_of(people, reader, message)
    assert says not in page
    browser, address = people.client(reader), asks(page)
    assert browser.get(address, **HTMX).status_code == 204
    clock.set(EVENING)
    fragment = browser.get(address, **HTMX).content.decode()
    assert says in fragment and "Send for Wednesday 08:30" in fragment
    assert swapped(fragment) >= {"hours", "send"} and "<textarea" not in fragment
    assert browser.get(asks(fragment), **HTMX).status_code == 204


def test_done_goes_on_after_news_that_came_to_the_open_page(people):
    first = from_parent(people)
    celyn = people.client(people.celyn)
    page = page_of(people, people.celyn, first)
    second = from_parent(people, "And another thing")
    fragment = celyn.get(asks(page), **HTMX).content.decode()
    assert swapped(fragment) == {"hours", "send", "taps"}
    assert f'name="seen" value="{hide(second.pk)}"' in fragment
    celyn.post(f"/messages/{first.conversation_id}/done/", {"seen": hide(second.pk)})
    assert Conversation.objects.get().done_at


def test_a_page_gets_nothing_that_it_has_no_place_for(people):
    message = from_class(people)
    nia = people.client(people.nia)
    unkind = nia.post(
        f"/messages/{message.conversation_id}/", {"body": "You idiot", "key": key(), "confirmed": ""}
    ).content.decode()
    assert SEND_AS_IT_IS in unkind and "live=confirm" in asks(unkind)
    from_class(people, "News")
    assert swapped(nia.get(asks(unkind), **HTMX).content.decode()) == {"hours"}
    suspend_messaging(by=people.actor(people.head), at=at("2026-11-10 10:00"), reason="A test")
    suspended = page_of(people, people.nia, message)
    assert "<textarea" not in suspended and asks(suspended).endswith("live=")
    Message.objects.all().delete()
    assert swapped(nia.get(asks(suspended), **HTMX).content.decode()) == set()


def test_the_log_stays_and_what_is_in_it_is_compared(people):
    page = page_of(people, people.nia, from_class(people))
    assert re.search(r'<div role="log"[^>]*>\s*<div class="stack" id="said">', page)
    assert page.count('hx-target="#said"') == page.count('hx-swap="news"') == 1 and "js/news" in page
    from_class(people, "News")
    fragment = people.client(people.nia).get(asks(page), **HTMX).content.decode()
    assert "News" in fragment and 'role="log"' not in fragment
    assert fragment.count('id="said"') == 1 and 'id="newest"' not in fragment


def test_reading_waits_for_a_page_that_is_looked_at(people):
    page = page_of(people, people.nia, from_class(people))
    assert 'hx-trigger="seen once"' in page and 'hx-trigger="load"' not in page and "js/seen" in page


def test_a_conversation_opens_at_its_first_new_message(people, clock):
    old, new, newer = (from_class(people, f"Number {n}", when=f"2026-11-10 09:3{n}") for n in range(3))
    Message.objects.filter(pk=old.pk).update(read_at=at("2026-11-10 09:31"))
    opens = re.compile(r'id="message-(\d+)">\s*<span class="unseen" id="newest">')
    assert opens.findall(page_of(people, people.nia, old)) == [str(hide(new.pk))]
    Message.objects.update(read_at=at("2026-11-10 09:40"))
    assert opens.findall(page_of(people, people.nia, old)) == [str(hide(newer.pk))]


def test_lists_and_actions_lead_to_the_newest_message(people):
    message = from_parent(people)
    there = f"/messages/{message.conversation_id}/#newest"
    for who in (people.nia, people.celyn):
        assert f'href="{there}"' in page_text(people.client(who), "/messages/")
    nia, celyn = people.client(people.nia), people.client(people.celyn)
    assert nia.post(f"/messages/child/{people.mali.pk}/", {"body": "x", "key": key()}).url == there
    assert nia.get(f"/messages/child/{people.mali.pk}/").url == there
    assert celyn.post(f"/messages/{message.conversation_id}/call/", {"key": key()}).url == there
