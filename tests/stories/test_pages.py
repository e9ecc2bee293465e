"""Test reading stories and their photos (PA-5, AU-9)."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import restore_access
from malpas.lib.hidden import hide
from stories import services
from stories.models import Post
from stories.queries import PAGE
from tests.clock import at
from tests.people import key
from tests.sentences.stories import KEEP_PHOTOS_PRIVATE
from tests.stories.feed import FEED, QUIET, TITLE, WRITE, page
from tests.stories.kit import files_in, story
from tests.triggers import without_triggers


@pytest.mark.policy("PA-5")
def test_parents_read_their_class_and_school_newest_first(people, clock, celyn_story):
    clock.set("2026-11-10 11:00")
    story(people, whole_school=True, title="The winter fair")
    html = page(people.client(people.nia))
    assert html.index("The winter fair") < html.index(TITLE)
    assert "Mrs Vaughan" in html and "Mrs Pritchard" in html and "today 10:00" in html


@pytest.mark.policy("PA-5")
def test_a_parent_of_another_class_reads_nothing_of_it(people, celyn_story):
    story(people, whole_school=True, title="The winter fair")
    client = people.client(people.dylan)
    html = page(client)
    assert "The winter fair" in html and TITLE not in html
    assert TITLE in page(people.client(people.nia))
    page(client, f"/news/{hide(celyn_story.pk)}/", 404)


@pytest.mark.policy("PA-5")
def test_a_parent_with_children_in_both_classes_can_filter(people, celyn_story):
    by = people.actor(people.derwen, people.howells)
    services.write_post(
        people.derwen, by=by, at=at("2026-11-10 10:00"), title="Our pond", body="Frogs.", key=key()
    )
    client = people.client(people.sioned)
    assert TITLE in page(client) and "Our pond" in page(client)
    one = page(client, f"{FEED}?child={people.tomos.pk}")
    assert TITLE not in one and "Our pond" in one
    assert re.search(r'aria-current="true"[^<]*<svg', one)


def test_another_familys_child_is_no_choice(people, celyn_story):
    page(people.client(people.sioned), f"{FEED}?child={people.efa.pk}")
    for wanted in (people.mali.pk, 10**30, -1, "x"):
        page(people.client(people.sioned), f"{FEED}?child={wanted}", 404)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("parent", 200),
        ("other parent of the child", 200),
        ("parent of both classes", 200),
        ("class", 200),
        ("head", 200),
        ("deputy", 200),
        ("parent of another class", 404),
        ("another class", 404),
        ("office", 404),
        ("pupil", 404),
        ("removed parent", 302),
        ("nobody", 302),
    ],
)
@pytest.mark.policy("PA-5")
def test_who_opens_a_story_and_its_photo(people, with_photo, who, status):
    client = people.everybody()[who] or Client()
    page(client, f"/news/{hide(with_photo.pk)}/", status)
    name = with_photo.photos.get().name
    for size in (640, 1600):
        assert client.get(f"/photo/{name}/{size}/").status_code == status


def test_a_removed_parent_reads_nothing_until_it_is_lifted(people, with_photo):
    name = with_photo.photos.get().name
    # Even a session that lived on would open nothing: the guardianship itself is dead.
    assert not Post.objects.visible_to(people.actor(people.kai)).exists()
    restore_access(people.kai, by=people.actor(people.head))
    people.kai.refresh_from_db()
    assert people.client(people.kai).get(f"/photo/{name}/640/").status_code == 200


@pytest.mark.policy("PA-5")
def test_the_office_reads_what_goes_to_the_whole_school(people, celyn_story):
    story(people, whole_school=True, title="The winter fair")
    html = page(people.client(people.office))
    assert "The winter fair" in html and TITLE not in html and WRITE not in html


@pytest.mark.policy("TE-4")
def test_a_pending_story_is_visible_to_its_writer_only(people, clock):
    clock.set(QUIET)
    post = story(people, title=TITLE, photos=1)
    url, image = f"/news/{hide(post.pk)}/", f"/photo/{post.photos.get().name}/640/"
    own, parent = people.client(people.celyn), people.client(people.nia)
    html = page(own)
    assert TITLE in html and "Monday 16 November 08:30" in html and "Withdraw" in html
    for moment, status in (("2026-11-16 08:29:59", 404), ("2026-11-16 08:30", 200)):
        clock.set(moment)
        assert (parent.get(url).status_code, parent.get(image).status_code) == (status, status)
        assert (TITLE in page(parent)) == (status == 200)
    assert "Withdraw" not in page(people.client(people.celyn))


@pytest.mark.parametrize("gone", ["hidden_at", "taken_down_at", "withdrawn_at"])
def test_a_story_that_is_gone_takes_its_photos_along(people, with_photo, gone):
    url, image = f"/news/{hide(with_photo.pk)}/", f"/photo/{with_photo.photos.get().name}/640/"
    client = people.client(people.nia)
    assert client.get(url).status_code == client.get(image).status_code == 200
    facts = {gone: at("2026-11-10 11:00")}
    if gone == "taken_down_at":
        facts["taken_down_by"] = people.head
    with without_triggers():
        Post.objects.filter(pk=with_photo.pk).update(**facts)
    assert client.get(url).status_code == client.get(image).status_code == 404
    head = people.client(people.head).get(image).status_code
    assert head == (404 if gone == "withdrawn_at" else 200)


@pytest.mark.policy("AU-9")
def test_the_clause_stands_beside_photos_only(people, celyn_story):
    client, clause = people.client(people.nia), KEEP_PHOTOS_PRIVATE
    assert clause not in page(client)
    story(people, photos=2)
    html = page(client)
    assert html.count(clause) == 1
    assert html.count('loading="lazy"') == 2 and 'width="320"' in html and 'alt="Photo 1"' in html


@pytest.mark.policy("AU-9")
def test_a_photo_is_an_image_that_the_browser_asks_for_again(people, with_photo):
    url = f"/photo/{with_photo.photos.get().name}/640/"
    answer = people.client(people.nia).get(url)
    assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert b"".join(answer).startswith(b"\xff\xd8\xff")
    head = people.client(people.nia).head(url)
    assert head.status_code == 200 and not b"".join(head) and head["Content-Length"]


@pytest.mark.policy("AU-9")
def test_no_other_address_leads_to_a_photo(people, with_photo):
    name, client = with_photo.photos.get().name, people.client(people.nia)
    assert client.get(f"/photo/{name}/640/").status_code == 200
    for url in (
        f"/photo/{name}/641/",
        f"/photo/{name}/{'9' * 400}/",
        f"/photo/{name}",
        f"/photo/{name[:-1]}/640/",
        f"/photo/{uuid4().hex}/640/",
        f"/photo/..%2F{name}/640/",
        f"/media/photos/{name[:2]}/{name}-640.jpg",
        f"/photos/{name[:2]}/{name}-640.jpg",
        f"/static/../media/photos/{name[:2]}/{name}-640.jpg",
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(f"/photo/{name}/640/").status_code == 405


def test_a_photo_whose_file_is_lost_is_not_found(people, with_photo, media):
    for path in files_in(media):
        path.unlink()
    assert people.client(people.nia).get(f"/photo/{with_photo.photos.get().name}/640/").status_code == 404


def test_every_story_can_be_reported(people, celyn_story):
    link = reverse("report_post", args=[celyn_story.pk])
    assert link in page(people.client(people.nia))
    assert link in page(people.client(people.nia), f"/news/{hide(celyn_story.pk)}/")


def test_older_news_come_by_a_cursor_that_new_posts_do_not_shift(people, clock):
    posts = [story(people, title=f"Story number {n:02}.") for n in range(2 * PAGE + 1)]
    client, seen = people.client(people.nia), []
    url = FEED
    while url:
        html = page(client, url)
        seen += re.findall(r"<h2[^>]*>(Story number \d\d\.)", html)
        story(people, title="Just in")
        found = re.search(r'href="(\?before=[^"]+)"', html)
        url = FEED + found[1] if found else None
    assert seen == [post.title for post in reversed(posts)]


@pytest.mark.parametrize(
    "before", ["x", "1", "1-", "1-2-3", "-5-7", f"{10**40}-1", "1-x", "9" * 61, "1.5-2", "²-1"]
)
def test_a_cursor_that_nobody_was_given_is_not_found(people, celyn_story, before):
    page(people.client(people.nia), f"{FEED}?before={before}", 404)


def test_a_cursor_before_everything_is_an_empty_page(people, celyn_story):
    assert "No stories yet" in page(people.client(people.nia), f"{FEED}?before=0-{hide(5)}")


def test_without_news_the_page_says_what_will_come(people):
    assert "No stories yet" in page(people.client(people.nia))


def test_the_feed_has_a_fixed_number_of_queries(people, clock):
    counts = set()
    clock.set(QUIET)
    for waits in range(2):
        story(people, photos=waits + 1)
    clock.set("2026-11-16 09:00")
    for more in (1, PAGE - 3):
        for _n in range(more):
            story(people, photos=1)
        for who in (people.sioned, people.celyn, people.head):
            client = people.client(who)
            client.get(FEED)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(FEED).status_code == 200
            counts.add((str(who), len(queries)))
    assert len(counts) == 3 and max(count for _who, count in counts) <= 8, counts


def test_user_text_is_escaped(people):
    post = story(people, title="<b>bold</b>", body="<script>alert(1)</script>\nsecond line")
    for url in (FEED, f"/news/{hide(post.pk)}/"):
        html = page(people.client(people.nia), url)
        assert "<script>alert" not in html and "&lt;b&gt;bold" in html and "<br>second line" in html


def test_parents_find_the_two_ways_to_write(people):
    html = page(people.client(people.nia))
    assert f'href="{reverse("write")}"' in html and reverse("write_absence") in html and WRITE not in html


def test_senior_leaders_read_stories_in_the_admin_only(people, with_photo):
    url = reverse("admin:stories_post_change", args=[with_photo.pk])
    assert with_photo.title in page(people.client(people.head), reverse("admin:stories_post_changelist"))
    assert "Photo 0" in page(people.client(people.head), url)
    assert people.client(people.head).post(url, {"title": "Mine"}).status_code == 403
    assert people.client(people.office).get(url).status_code == 403
    for name in ("add", "delete"):
        arguments = [with_photo.pk] if name == "delete" else []
        assert (
            people.client(people.head).get(reverse(f"admin:stories_post_{name}", args=arguments)).status_code
            == 403
        )
