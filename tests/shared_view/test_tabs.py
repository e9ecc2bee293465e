"""The shared view and the lock cover other tabs, in a real browser (PA-11, AU-3)."""

import re
import threading
from collections.abc import Iterator

import pytest
from django.core.signals import request_started
from playwright.sync_api import expect

from tests.accounts.parent_lock.lock import give_pin
from tests.clock import Clock
from tests.people import make_people
from tests.sentences.portal import SHARED_VIEW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.policy("PA-11")]
LOCKED = re.compile("/parent-lock/")


@pytest.fixture
def tabs(transactional_db, live_server, new_context):
    """A parent's news, messages and a half-written message, each in a tab."""
    clock, people = Clock(), make_people()
    clock.set("2026-11-10 10:00")
    give_pin(people.nia)
    context = new_context(base_url=live_server.url, reduced_motion="reduce")
    session = people.client(people.nia).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    found = []
    for path in ("/news/", "/messages/", f"/messages/child/{people.mali.pk}/"):
        found.append(context.new_page())
        found[-1].goto(path)
    found[2].get_by_label("Your message").fill("She is not at all well.")
    yield found
    clock.real()


def test_shared_view_covers_every_other_tab_at_once(tabs):
    news, messages, writing = tabs
    messages.goto("/messages/")
    news.get_by_role("button", name=SHARED_VIEW).click()
    expect(news).to_have_url(re.compile("/together/"))
    expect(messages).to_have_url(LOCKED)
    expect(writing).to_have_url(LOCKED)
    assert "not at all well" not in writing.content()


@pytest.fixture
def slow_page() -> Iterator[threading.Event]:
    """Hold back the page of the shared view until the event is set."""
    released = threading.Event()

    def hold(environ: dict, **_more: object) -> None:
        if environ["PATH_INFO"] == "/together/":
            released.wait(20)

    request_started.connect(hold)
    yield released
    released.set()
    request_started.disconnect(hold)


def test_a_slow_answer_still_leads_the_tab_that_asked_to_the_shared_view(tabs, slow_page):
    news, messages, _writing = tabs
    news.get_by_role("button", name=SHARED_VIEW).click(no_wait_after=True)
    expect(messages).to_have_url(LOCKED)  # the cookie is here, the page is not
    messages.wait_for_timeout(2500)  # longer than a tab waits before it looks again
    slow_page.set()
    expect(news).to_have_url(re.compile("/together/"))


def test_a_tab_that_shows_only_news_is_covered_too(tabs):
    news, messages, _writing = tabs
    other = news.context.new_page()
    other.goto("/news/")
    news.get_by_role("button", name=SHARED_VIEW).click()
    expect(other).to_have_url(LOCKED)
    expect(messages).to_have_url(LOCKED)


def test_locking_covers_the_other_tabs_and_leaves_the_news(tabs):
    news, messages, _writing = tabs
    token = news.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    assert news.context.request.post("/parent-lock/lock/", headers={"X-CSRFToken": token}).ok
    expect(messages).to_have_url(LOCKED)
    expect(news).to_have_url(re.compile("/news/"))
