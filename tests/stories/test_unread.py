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
from stories.read_marks import mark_seen
from tests.accounts.parent_lock.lock import in_shared_view
from tests.stories.feed import FEED, page
from tests.stories.kit import story

pytestmark = pytest.mark.policy("PA-10")
HELP = "/help/"  # a page beside the tabs


def unread(client: Client, tab: str = FEED, at: str = HELP) -> str:
    """Return the number that this tab carries on a page, '' for none."""
    bar = re.search(r'<nav class="tabbar".*?</nav>', page(client, at), re.S)
    assert bar
    link = re.search(rf'href="{tab}".*?</a>', bar[0], re.S)
    assert link
    found = re.search(r'class="count">([^<]+)', link[0])
    return found[1] if found else ""


def new_titles(html: str) -> list[str]:
    cards = re.findall(r"<article.*?</article>", html, re.S)
    return [re.search(r"<h2[^>]*>(.*?)</h2>", card, re.S)[1] for card in cards if "tone-new" in card]


@pytest.fixture
def nia(people, clock):
    clock.set("2026-11-10 10:00")
    story(people, title="Before")
    browser = people.client(people.nia)
    page(browser)
    clock.set("2026-11-10 11:00")
    return browser


def test_nothing_is_new_to_somebody_who_looks_for_the_first_time(people, nia):
    assert unread(people.client(people.gareth)) == ""
    assert new_titles(page(people.client(people.gareth))) == [] and unread(nia) == ""


def test_a_story_is_new_until_the_newsfeed_was_looked_at(people, nia):
    story(people, title="After")
    assert unread(nia) == "1"
    html = page(nia)
    assert new_titles(html) == ["After"]
    assert html.index("After") < html.index('class="since soft small"') < html.index("Before")
    assert unread(nia) == "" and new_titles(page(nia)) == []


def test_the_open_newsfeed_itself_is_not_called_new(people, nia):
    story(people, title="After")
    assert unread(nia, at=FEED) == ""


def test_each_parent_has_marks_of_their_own(people, nia):
    gareth = people.client(people.gareth)
    page(gareth)
    story(people, title="After")
    page(nia)
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


def test_class_office_and_an_older_page_mark_nothing(people, nia):
    for who in (people.celyn, people.office, people.head):
        page(people.client(who))
    story(people, title="After")
    page(nia, f"{FEED}?before=1-1")
    page(nia, f"{FEED}?child={people.mali.pk}")
    nia.head(FEED)
    assert unread(nia) == "1"
    assert set(FeedMark.objects.values_list("reader", flat=True)) == {people.nia.pk}


def test_a_mark_never_goes_back(people, nia):
    newer, older = story(people, title="Newer"), Post.objects.get(title="Before")
    actor = people.actor(people.nia)
    mark_seen([newer], by=actor, at=school_now())
    mark_seen([older], by=actor, at=school_now())
    assert FeedMark.objects.get(reader=people.nia).seen_until == newer.release_at


def test_marking_takes_one_statement_and_none_without_news(people, nia):
    story(people, title="After")
    counts = []
    for _look in range(2):
        with CaptureQueriesContext(connection) as asked:
            page(nia)
        counts.append(len([each for each in asked.captured_queries if "feedmark" in each["sql"]]))
    assert counts == [2, 1]  # with the account, and the mark; then with the account alone
