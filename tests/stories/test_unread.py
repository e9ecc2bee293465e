"""What is new to a parent: in the newsfeed and in the row of tabs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.clock import school_now
from accounts.sign_in.queries import account_with_school
from classes.models.guardianships import Guardianship
from malpas.unread import MOST_SHOWN
from stories import services
from stories.models import FeedMark, Post
from stories.queries import Cursor
from stories.read_marks import mark_seen
from tests.accounts.parent_lock.lock import in_shared_view
from tests.clock import at
from tests.stories.feed import FEED, page
from tests.stories.kit import story

pytestmark = pytest.mark.policy("PA-10")
SEEN, HELP = "/news/seen/", "/help/"  # a page beside the tabs


def unread(client: Client, tab: str = FEED, path: str = HELP) -> str:
    """Return the number that this tab carries on a page, '' for none."""
    bar = re.search(r'<nav class="tabbar".*?</nav>', page(client, path), re.S)
    assert bar
    link = re.search(rf'href="{tab}".*?</a>', bar[0], re.S)
    assert link
    found = re.search(r'class="count">([^<]+)', link[0])
    return found[1] if found else ""


def look(client: Client) -> str:
    """Open the newsfeed as a browser does, which then says what was seen; return the page."""
    html = page(client)
    asked = re.search(r'name="until" value="([^"]*)"', html)
    if asked:
        assert client.post(SEEN, {"until": asked[1]}, headers={"HX-Request": "true"}).status_code == 204
    return html


def new_titles(html: str) -> list[str]:
    cards = re.findall(r"<article.*?</article>", html, re.S)
    return [re.search(r"<h2[^>]*>(.*?)</h2>", card, re.S)[1] for card in cards if "tone-new" in card]


@pytest.fixture
def nia(people, clock):
    clock.set("2026-11-10 10:00")
    story(people, title="Before")
    browser = people.client(people.nia)
    look(browser)
    clock.set("2026-11-10 11:00")
    return browser


def test_nothing_is_new_to_somebody_who_looks_for_the_first_time(people, nia):
    assert unread(people.client(people.gareth)) == ""
    assert new_titles(look(people.client(people.gareth))) == [] and unread(nia) == ""


def test_a_story_is_new_until_the_newsfeed_was_looked_at(people, nia):
    story(people, title="After")
    assert unread(nia) == "1"
    html = look(nia)
    assert new_titles(html) == ["After"]
    assert html.index("After") < html.index('class="since soft small"') < html.index("Before")
    assert unread(nia) == "" and new_titles(page(nia)) == []


def test_the_open_newsfeed_itself_is_not_called_new(people, nia):
    story(people, title="After")
    assert unread(nia, path=FEED) == ""


def test_each_parent_has_marks_of_their_own(people, nia):
    gareth = people.client(people.gareth)
    look(gareth)
    story(people, title="After")
    look(nia)
    assert (unread(nia), unread(gareth)) == ("", "1")


def test_a_parent_sees_no_mark_for_another_class(people, nia, clock):
    story(people, title="After")
    dylan = people.client(people.dylan)
    FeedMark.objects.create(reader=people.dylan, seen_until=school_now() - timedelta(days=1))
    assert unread(dylan) == ""


@pytest.mark.parametrize("gone", ["hidden_at", "taken_down_at", "withdrawn_at"])
def test_what_went_is_not_counted(people, nia, gone):
    post = story(people, title="After")
    if gone == "taken_down_at":
        services.take_down(post, by=people.actor(people.head), at=school_now())
    elif gone == "hidden_at":
        Post.objects.filter(pk=post.pk).update(hidden_at=school_now())
    else:
        Post.objects.filter(pk=post.pk).delete()
    assert unread(nia) == ""


def test_a_story_that_waits_is_new_once_it_is_out(people, nia, clock):
    clock.set("2026-11-10 19:00")
    story(people, title="Waits")
    assert unread(nia) == ""
    clock.set("2026-11-11 08:31")
    assert unread(nia) == "1"


def test_a_parent_without_access_has_no_number(people, nia):
    story(people, title="After")
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction="no_access", restriction_note="An order."
    )
    assert account_with_school(people.nia.pk).facts["new_posts"] == 0


def test_many_are_not_counted_to_the_end(people, nia):
    for number in range(MOST_SHOWN + 1):
        story(people, title=f"Story {number}")
    assert unread(nia) == f"{MOST_SHOWN}+"


def test_a_childs_view_marks_nothing_and_shows_no_number(people, nia):
    story(people, title="After")
    child = in_shared_view(people, people.nia)
    html = page(child, "/together/news/")
    assert "After" in html and "count" not in re.search(r'<nav class="tabbar".*?</nav>', html, re.S)[0]
    assert unread(nia) == "1"


def test_only_a_parents_whole_newsfeed_asks_to_be_marked(people, nia):
    for who in (people.celyn, people.office, people.head):
        browser = people.client(who)
        assert 'name="until"' not in page(browser)
        assert browser.post(SEEN, {"until": ""}).status_code == 404
    story(people, title="After")
    assert 'name="until"' not in page(nia, f"{FEED}?before=1-1")
    assert 'name="until"' not in page(nia, f"{FEED}?child={people.mali.pk}")
    assert 'name="until"' in page(nia) and unread(nia) == "1"
    assert set(FeedMark.objects.values_list("reader", flat=True)) == {people.nia.pk}


def test_without_scripts_a_button_marks(people, nia):
    story(people, title="After")
    html = page(nia)
    assert "<noscript>" in html
    until = re.search(r'name="until" value="([^"]*)"', html)[1]
    assert nia.post(SEEN, {"until": until}).headers["Location"] == FEED
    assert unread(nia) == ""


@pytest.mark.parametrize("until", ["x", "1", "9" * 400 + "-1", "\x00", "-1--1"])
def test_a_forged_mark_is_refused_or_never_ahead_of_now(people, nia, until):
    nia.post(SEEN, {"until": until})
    story(people, title="After")
    assert unread(nia) == "1"


def test_a_mark_from_the_future_ends_now(people, nia, clock):
    nia.post(SEEN, {"until": str(Cursor(at("2030-01-01 10:00"), 1))})
    clock.set("2026-11-10 12:00")
    story(people, title="After")
    assert unread(nia) == "1"


def test_a_mark_never_goes_back(people, nia):
    newer, older = story(people, title="Newer"), Post.objects.get(title="Before")
    actor = people.actor(people.nia)
    for post in (newer, older):
        mark_seen(post.release_at, by=actor, at=school_now())
    assert FeedMark.objects.get(reader=people.nia).seen_until == newer.release_at


def test_reading_asks_no_query_more_and_marking_takes_one_statement(people, nia):
    story(people, title="After")
    with CaptureQueriesContext(connection) as asked:
        page(nia)
    assert (
        len([each for each in asked.captured_queries if "feedmark" in each["sql"]]) == 1
    )  # with the account
    with CaptureQueriesContext(connection) as asked:
        nia.post(SEEN, {"until": ""})
    written = [each for each in asked.captured_queries if "INTO stories_feedmark" in each["sql"]]
    assert len(written) == 1
