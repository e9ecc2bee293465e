"""What waits leaks nowhere, and nothing goes round the school's hours (A23, A24, A64)."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models.notifications import Delivery, Notification
from malpas.lib.hidden import hide
from malpas.lib.uploads.photos import files as storage
from messaging.models.conversations import Message
from stories.models import Photo, Post
from tests.abuse.kit import JPEG, browser_of
from tests.clock import at

QUIET = "2026-11-10 20:00"
OPENS = "2026-11-11 08:30"
SECRET = "Tuesday's swimming is off"


def plain(answer) -> str:
    """A page without what is new on each."""
    return re.sub(r'value="[^"]{30,80}"|X-CSRFToken": "[^"]+"', "", answer.content.decode())


@pytest.fixture
def waiting_photo(world, clock):
    """A photo of a story that waits, and the addresses at which it could be asked for."""
    clock.set(QUIET)
    photo = Photo.objects.create(post=world.waiting_post, name="1" * 32, alt=SECRET, width=4, height=3)
    paths = []
    for size in (640, 1600):
        path = storage.path_of(photo.name, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)
        paths.append(reverse("photo", args=[photo.name, size]))
    return paths


def test_A24_a_waiting_storys_photo_opens_for_its_class_only(world, clock, waiting_photo):
    people = world.people
    families = [people.nia, people.gareth, people.sioned, people.dylan]
    for path in waiting_photo:
        assert browser_of(world, people.celyn).get(path).status_code == 200
        for who in [*families, people.office]:
            answer = browser_of(world, who).get(path)
            assert answer.status_code == 404
            assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers
        assert browser_of(world, people.derwen, people.howells).get(path).status_code == 404
        ranged = browser_of(world, people.nia).get(path, headers={"Range": "bytes=0-10"})
        assert ranged.status_code == 404
    clock.set(OPENS)
    assert browser_of(world, people.nia).get(waiting_photo[0]).status_code == 200


def test_A24_a_waiting_story_is_on_no_page_of_its_readers(world, clock, waiting_photo):
    people, post = world.people, world.waiting_post
    Post.objects.filter(pk=post.pk).update(title=SECRET)
    assert SECRET in plain(browser_of(world, people.celyn).get("/news/")).replace("&#x27;", "'")
    pages = [
        "/",
        "/news/",
        f"/news/?child={people.mali.pk}",
        "/messages/",
        "/points/",
        "/warnings/",
        "/warnings/banner/",
    ]
    for who in (people.nia, people.sioned, people.office):
        browser = browser_of(world, who)
        for path in pages:
            shown = plain(browser.get(path, follow=True)).replace("&#x27;", "'")
            assert SECRET not in shown and "1" * 32 not in shown, (who, path)
        for path in (
            f"/news/{hide(post.pk)}/",
            f"/news/{hide(post.pk)}/change/",
            f"/report/post/{hide(post.pk)}/",
        ):
            assert browser.get(path).status_code == 404
        assert browser.post(f"/report/post/{hide(post.pk)}/", {"category": "rude"}).status_code == 404


def test_A24_a_waiting_message_cannot_be_reported_answered_or_guessed_by_its_reader(world):
    people, pk = world.people, world.waiting.pk
    assert browser_of(world, people.nia).get(f"/messages/change/{hide(pk)}/").status_code == 200
    browser = browser_of(world, people.celyn)
    for path in (
        f"/report/message/{hide(pk)}/",
        f"/messages/change/{hide(pk)}/",
        f"/messages/withdraw/{hide(pk)}/",
    ):
        for headers in ({}, {"HX-Request": "true"}):
            assert browser.get(path, headers=headers).status_code in (404, 405), path
            assert (
                browser.post(path, {"category": "rude", "body": "x"}, headers=headers).status_code == 404
            ), path
    world.waiting.refresh_from_db()
    assert (world.waiting.withdrawn_at, world.waiting.body[:4]) == (None, "Late")


def test_A23_the_mark_of_the_fragment_is_the_same_before_and_after_something_waits(world, clock):
    people, path = world.people, f"/messages/{world.conversation.pk}/new/"
    last = Message.objects.filter(conversation=world.conversation, from_class=True).latest("release_at", "pk")
    browser_of(world, people.nia).post(f"/messages/{world.conversation.pk}/read/", {"seen": hide(last.pk)})
    clock.set(QUIET)
    browser = browser_of(world, people.celyn)
    before = browser.get(path)
    mark = re.search(r"mark=([0-9a-f]{16})", plain(browser.get(f"/messages/{world.conversation.pk}/"))).group(
        1
    )
    browser_of(world, people.nia).post(
        f"/messages/{world.conversation.pk}/", {"body": SECRET, "key": str(uuid4())}
    )
    assert Message.objects.waiting().filter(body=SECRET).exists()
    assert browser.get(path, {"mark": mark}).status_code == 204
    assert plain(browser.get(path)) == plain(before)


def test_A23_the_other_parent_learns_nothing_from_counts_titles_and_addresses(world, clock):
    people = world.people
    browser = browser_of(world, people.gareth)
    browser.get("/news/")  # the first page of a sign-in has no sign of drafts yet
    paths = [
        "/messages/",
        "/news/",
        f"/points/{people.mali.pk}/",
        f"/messages/child/{people.mali.pk}/",
        "/warnings/",
    ]
    before = [plain(browser.get(path)) for path in paths]
    nia = browser_of(world, people.nia)
    nia.post(f"/messages/{world.conversation.pk}/", {"body": "For us alone", "key": str(uuid4())})
    nia.post("/write/other/", {"body": "For the office alone", "confirm": "1", "key": str(uuid4())})
    browser_of(world, people.celyn).post(
        f"/messages/{world.conversation.pk}/", {"body": "An answer", "key": str(uuid4())}
    )
    assert "For us alone" in plain(nia.get(f"/messages/{world.conversation.pk}/"))
    assert [plain(browser.get(path)) for path in paths] == before


def test_A23_pages_carry_no_etag_by_which_a_change_could_be_guessed(world):
    browser = browser_of(world, world.people.gareth)
    for path in ("/messages/", "/news/", f"/points/{world.people.mali.pk}/"):
        answer = browser.get(path)
        assert answer.status_code == 200 and "ETag" not in answer.headers, path


EARLY = {
    "release_at": "2026-11-10T20:00",
    "sent_at": "2026-11-10T09:00",
    "at": "2026-11-10T09:00",
    "urgent": "on",
    "now": "1",
}


def test_A64_no_field_and_no_clock_of_ones_own_sends_a_message_at_night(world, clock):
    people, path = world.people, f"/messages/{world.conversation.pk}/"
    clock.set(QUIET)
    headers = {"Date": "Tue, 10 Nov 2026 09:00:00 GMT", "X-Timezone": "Asia/Tokyo", "Time-Zone": "-0800"}
    for who in (people.celyn, people.nia):
        body = f"At night by {who}"
        sent = EARLY | {"body": body, "key": str(uuid4())}
        assert browser_of(world, who).post(path, sent, headers=headers).status_code == 302
        message = Message.objects.get(body=body)
        assert (message.sent_at, message.release_at) == (at(QUIET), at(OPENS))
    assert "At night by Celyn" not in plain(browser_of(world, people.nia).get(path))
    clock.set(OPENS)
    assert "At night by Celyn" in plain(browser_of(world, people.nia).get(path))


def test_A64_no_field_sends_a_story_at_night(world, clock):
    people = world.people
    clock.set(QUIET)
    for who, title in [(people.celyn, "Of the class"), (people.head, "Of the head")]:
        sent = EARLY | {"title": title, "body": "x", "key": str(uuid4())}
        assert browser_of(world, who).post("/news/write/", sent).status_code == 302
        assert Post.objects.get(title=title).release_at == at(OPENS)
        assert title not in plain(browser_of(world, people.nia).get("/news/"))


def test_A64_what_has_arrived_is_not_changed_by_day_or_night(world, clock):
    people = world.people
    for moment in ("2026-11-10 10:00", QUIET):
        clock.set(moment)
        changed = browser_of(world, people.nia).post(
            f"/messages/change/{hide(world.message.pk)}/", {"body": "Rewritten"}
        )
        assert changed.status_code == 422
        browser_of(world, people.nia).post(f"/messages/withdraw/{hide(world.message.pk)}/")
        words = {"title": "Rewritten", "body": "Rewritten"}
        assert (
            browser_of(world, people.celyn).post(f"/news/{hide(world.post.pk)}/change/", words).status_code
            == 422
        )
        browser_of(world, people.celyn).post(f"/news/{hide(world.post.pk)}/withdraw/")
    world.message.refresh_from_db()
    world.post.refresh_from_db()
    assert (world.message.body[:2], world.message.withdrawn_at) == ("A ", None)
    assert (world.post.title[:2], world.post.withdrawn_at) == ("A ", None)


def test_A64_a_change_of_what_waits_makes_it_arrive_no_sooner(world, clock):
    clock.set(QUIET)
    browser_of(world, world.people.nia).post(
        f"/messages/change/{hide(world.waiting.pk)}/", EARLY | {"body": "Now?"}
    )
    world.waiting.refresh_from_db()
    assert (world.waiting.body, world.waiting.release_at) == ("Now?", at(OPENS))


def test_A64_points_of_the_evening_and_reports_notify_by_day(world, clock):
    people = world.people
    clock.set(QUIET)
    sent = {"pupil": people.mali.pk, "behaviour": world.behaviour.pk, "key": str(uuid4())}
    assert browser_of(world, people.celyn).post("/class/board/award/", EARLY | sent).status_code == 302
    reported = browser_of(world, people.nia).post(
        f"/report/post/{hide(world.post.pk)}/", EARLY | {"category": "rude"}
    )
    assert reported.status_code == 302
    assert not Notification.objects.filter(release_at__lt=at(OPENS)).exists()
    assert not Delivery.objects.due().exists()
