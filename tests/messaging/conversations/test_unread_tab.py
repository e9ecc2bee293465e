"""How many messages of the class a parent has not read, in the row of tabs."""

import re

import pytest

from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from tests.accounts.parent_lock.lock import locked
from tests.messaging.school_time import from_class, from_parent

pytestmark = pytest.mark.policy("PA-10")


def tab(browser, at="/news/") -> str:
    """Return the tab of the messages as this page shows it."""
    bar = re.search(r'<nav class="tabbar".*?</nav>', browser.get(at).content.decode(), re.S)
    return re.search(r'href="/messages/".*?</a>', bar[0], re.S)[0]


def count(browser) -> str:
    found = re.search(r'class="count">([^<]+)', tab(browser))
    return found[1] if found else ""


def test_a_message_of_the_class_counts_until_it_is_read(people, clock):
    clock.set("2026-11-10 10:00")
    message = from_class(people)
    nia, gareth = people.client(people.nia), people.client(people.gareth)
    assert (count(nia), count(gareth)) == ("1", "")
    nia.post(f"/messages/{message.conversation_id}/read/", {"seen": hide(message.pk)})
    message.refresh_from_db()
    assert message.read_at and count(nia) == ""


def test_ones_own_message_and_one_that_waits_count_nothing(people, clock):
    clock.set("2026-11-10 18:00")
    evening = "2026-11-10 18:00"
    from_parent(people, when=evening)
    from_class(people, when=evening)
    nia = people.client(people.nia)
    assert count(nia) == ""
    clock.set("2026-11-11 08:31")
    assert count(nia) == "1"


def test_a_parent_without_access_has_no_number(people, clock):
    clock.set("2026-11-10 10:00")
    from_class(people)
    nia = people.client(people.nia)
    assert count(nia) == "1"
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction="no_access", restriction_note="An order."
    )
    assert count(nia) == ""


def test_a_locked_browser_shows_a_lock_at_messages(people, clock):
    clock.set("2026-11-10 10:00")
    assert "#lock" not in tab(people.client(people.nia))
    assert "#lock" in tab(locked(people, people.nia, clock))
