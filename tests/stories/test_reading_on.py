"""Links, long stories and photos of the newsfeed, each with a way there and back."""

import re

import pytest
from django.test import Client

from malpas.lib.hidden import hide
from stories.models import Post
from stories.templatetags.stories import FOLDED_FROM, beginning
from tests.accounts.parent_lock.lock import in_shared_view
from tests.stories.feed import page
from tests.stories.kit import story
from tests.triggers import without_triggers

LONG = "The first morning.\n\n" + "We walked a long way. " * 60 + "\n\nThe last evening."


def at_photo(post: Post, number: int) -> str:
    return f"/news/{hide(post.pk)}/photo/{number}/"


def articles(html: str) -> str:
    return "".join(re.findall(r"<article.*?</article>", html, re.S))


def test_a_web_address_in_a_story_is_a_link(people):
    post = story(people, body="See https://example.org/fair. And <b>bold</b>.")
    for path in ("/news/", f"/news/{hide(post.pk)}/"):
        html = articles(page(people.client(people.nia), path))
        assert '<a href="https://example.org/fair"' in html and "&lt;b&gt;" in html


def test_a_long_story_is_folded_and_read_on_on_its_page(people):
    post = story(people, body=LONG)
    nia = people.client(people.nia)
    feed, own = articles(page(nia)), articles(page(nia, f"/news/{hide(post.pk)}/"))
    assert "The first morning." in feed and "The last evening." not in feed
    assert f'href="/news/{hide(post.pk)}/"' in feed and "The last evening." in own


def test_a_short_story_stands_whole_and_leads_nowhere(people):
    post = story(people, body="We found three owls.")
    feed = articles(page(people.client(people.nia)))
    assert "three owls" in feed and f'href="/news/{hide(post.pk)}/"' not in feed


@pytest.mark.parametrize("body", ["x" * 3000, LONG, "Look: " + "https://example.org/" + "a" * 1500])
def test_the_beginning_is_short_and_no_address_is_halved(body):
    start = beginning(body)
    assert 0 < len(start) < FOLDED_FROM
    if "https" in body:
        assert "https" not in start


def test_a_photo_opens_in_a_page_with_its_description_and_ways_on(people):
    post = story(people, photos=3)
    nia = people.client(people.nia)
    assert f'href="{at_photo(post, 2)}"' in page(nia)
    html = page(nia, at_photo(post, 2))
    names = [photo.name for photo in post.photos.all()]
    assert (
        f"/photo/{names[1]}/1600/" in html and html.count("Photo 1") >= 2
    )  # its description, for all to read
    for there in (at_photo(post, 1), at_photo(post, 3), f"/news/{hide(post.pk)}/"):
        assert f'href="{there}"' in html
    assert at_photo(post, 4) not in page(nia, at_photo(post, 3))


@pytest.mark.parametrize("number", [0, 4, 9223372036854775808])
def test_there_is_no_other_photo(people, number):
    post = story(people, photos=3)
    page(people.client(people.nia), at_photo(post, 3))
    page(people.client(people.nia), at_photo(post, number), 404)


@pytest.mark.policy("AU-9")
def test_a_stranger_and_a_story_that_is_gone_have_no_photo_page(people):
    post = story(people, photos=1)
    page(people.client(people.nia), at_photo(post, 1))
    page(people.client(people.dylan), at_photo(post, 1), 404)
    with without_triggers():
        Post.objects.filter(pk=post.pk).update(hidden_at=post.release_at)
    page(people.client(people.nia), at_photo(post, 1), 404)


def test_a_child_who_reads_along_sees_the_photo_without_a_link(people):
    post = story(people, photos=1)
    html = page(in_shared_view(people, people.nia), "/together/news/")
    assert "/640/" in html and at_photo(post, 1) not in html and "/1600/" not in html


def asked_again(client: Client, path: str, etag: str):
    return client.get(path, headers={"If-None-Match": etag})


@pytest.mark.policy("AU-9")
def test_a_photo_is_sent_once_and_asked_for_at_each_use(people, with_photo):
    path = f"/photo/{with_photo.photos.get().name}/640/"
    nia = people.client(people.nia)
    first = nia.get(path)
    again = asked_again(nia, path, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"
    assert nia.get(path.replace("640", "1600"))["ETag"] != first["ETag"]


@pytest.mark.policy("AU-9")
def test_who_may_no_longer_see_a_photo_gets_no_word_that_it_is_the_same(people, with_photo):
    path = f"/photo/{with_photo.photos.get().name}/640/"
    nia = people.client(people.nia)
    etag = nia.get(path)["ETag"]
    assert asked_again(people.client(people.dylan), path, etag).status_code == 404
    assert asked_again(Client(), path, etag).status_code == 302
    with without_triggers():
        Post.objects.filter(pk=with_photo.pk).update(hidden_at=with_photo.release_at)
    assert asked_again(nia, path, etag).status_code == 404


def test_signing_out_clears_what_the_browser_kept(people, with_photo):
    nia = people.client(people.nia)
    nia.get(f"/photo/{with_photo.photos.get().name}/640/")
    assert '"cache"' in nia.post("/account/logout/")["Clear-Site-Data"]
