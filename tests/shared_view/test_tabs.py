"""The shared view and the lock cover other tabs, in a real browser (PA-11, AU-3)."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.accounts.parent_lock.lock import give_pin
from tests.clock import Clock
from tests.people import make_people

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
    news.get_by_role("button", name="Look together with your child").click()
    expect(news).to_have_url(re.compile("/together/"))
    expect(messages).to_have_url(LOCKED)
    expect(writing).to_have_url(LOCKED)
    assert "not at all well" not in writing.content()


def test_a_slow_answer_still_leads_the_tab_that_asked_to_the_shared_view(tabs):
    news, messages, _writing = tabs

    def answer_late(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        expect(messages).to_have_url(LOCKED)  # the cookie is here, the page is not
        news.wait_for_timeout(2500)  # longer than a tab waits before it looks again
        route.fulfill(response=answer)

    news.route("**/together/", answer_late)
    news.get_by_role("button", name="Look together with your child").click()
    expect(news).to_have_url(re.compile("/together/"))


def test_a_tab_that_shows_only_news_is_covered_too(tabs):
    news, messages, _writing = tabs
    other = news.context.new_page()
    other.goto("/news/")
    news.get_by_role("button", name="Look together with your child").click()
    expect(other).to_have_url(LOCKED)
    expect(messages).to_have_url(LOCKED)


def test_locking_covers_the_other_tabs_and_leaves_the_news(tabs):
    news, messages, _writing = tabs
    token = "JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']"
    address = "/parent-lock/lock/"
    news.evaluate(
        f"fetch('{address}', {{method: 'POST', headers: {{'X-CSRFToken': {token}}}}})",
    )
    expect(messages).to_have_url(LOCKED)
    expect(news).to_have_url(re.compile("/news/"))
