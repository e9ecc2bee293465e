"""Test taking down a story, by its class or SLT (AU-12)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.notify.recheck import lost_access
from malpas.lib.hidden import hide
from stories import services
from stories.models import Post
from tests.clock import at
from tests.moderation import scene
from tests.sentences.reading import says
from tests.sentences.stories import STORY_WAS_TAKEN_DOWN, TAKING_DOWN_IS_FINAL
from tests.stories.kit import story

NIGHT = "2026-11-14 02:00"


def take_down_url(post: Post) -> str:
    return reverse("post_take_down", args=[post.pk])


def photo_urls(post: Post) -> list[str]:
    name = post.photos.get().name
    return [f"/photo/{name}/{size}/" for size in (640, 1600)]


def statuses(client, urls) -> set[int]:
    return {client.get(url).status_code for url in urls}


@pytest.mark.policy("AU-12")
@pytest.mark.parametrize("who", ["writer", "colleague", "deputy", "head"])
def test_its_class_and_leaders_take_a_story_down_at_once(people, clock, with_photo, who):
    clock.set(NIGHT)
    browser = {
        "writer": lambda: people.client(people.celyn, people.pritchard),
        "colleague": lambda: people.client(people.celyn, people.adeyemi),
        "deputy": lambda: people.client(people.deputy),
        "head": lambda: people.client(people.head),
    }[who]()
    urls = [f"/news/{hide(with_photo.pk)}/", *photo_urls(with_photo)]
    readers = [people.client(reader) for reader in (people.nia, people.celyn)]
    assert [statuses(reader, urls) for reader in readers] == [{200}, {200}]
    assert take_down_url(with_photo) in browser.get("/news/").text
    assert with_photo.title in browser.get(take_down_url(with_photo)).text
    assert browser.post(take_down_url(with_photo)).status_code == 302
    assert [statuses(reader, urls) for reader in readers] == [{404}, {404}]
    assert with_photo.title not in people.client(people.nia).get("/news/").text


@pytest.mark.policy("AU-12")
def test_a_taken_down_story_stays_on_record_for_slt(people, with_photo):
    by = people.actor(people.celyn, people.adeyemi)
    services.take_down(with_photo, by=by, at=at("2026-11-10 10:00"))
    stored = Post.objects.get()
    assert (stored.taken_down_by, stored.taken_down_at) == (people.adeyemi, at("2026-11-10 10:00"))
    page = people.client(people.deputy).get(f"/news/{hide(stored.pk)}/")
    assert page.status_code == 200 and says(page.text, STORY_WAS_TAKEN_DOWN, name="Mr Adeyemi")
    assert take_down_url(stored) not in page.text
    assert statuses(people.client(people.deputy), photo_urls(stored)) == {200}
    assert AuditEntry.objects.get(verb="post.taken_down").about == f"stories.post:{stored.pk}"
    assert with_photo.title not in people.client(people.deputy).get("/news/").text


def test_asking_first_changes_nothing(people, celyn_story):
    page = people.client(people.celyn).get(take_down_url(celyn_story))
    assert page.status_code == 200 and TAKING_DOWN_IS_FINAL in page.text
    assert Post.objects.get().taken_down_at is None


@pytest.mark.parametrize("who", ["nia", "derwen", "office", "dylan"])
def test_nobody_else_takes_a_story_down(people, who):
    post = story(people, whole_school=True)
    browser, by = people.client(getattr(people, who)), people.actor(getattr(people, who))
    assert browser.get(f"/news/{hide(post.pk)}/").status_code == 200
    assert take_down_url(post) not in browser.get("/news/").text
    assert browser.post(take_down_url(post)).status_code == 403
    with pytest.raises(services.NotYours):
        services.take_down(post, by=by, at=at(NIGHT))
    assert people.client(people.mali).post(take_down_url(post)).status_code == 404
    assert Post.objects.get().taken_down_at is None


def test_a_stranger_does_not_learn_that_the_story_exists(people, celyn_story):
    assert people.client(people.dylan).post(take_down_url(celyn_story)).status_code == 404


def test_departed_staff_take_nothing_down(people, celyn_story):
    by = people.actor(people.celyn, people.adeyemi)
    people.adeyemi.left_on = at("2026-11-01").date()
    people.adeyemi.save(update_fields=["left_on"])
    with pytest.raises(services.NotYours):
        services.take_down(celyn_story, by=by, at=at(NIGHT))


def test_taking_down_twice_is_harmless_and_recorded_once(people, celyn_story):
    first, second = people.actor(people.celyn, people.adeyemi), people.actor(people.head)
    assert services.take_down(celyn_story, by=first, at=at(NIGHT))
    assert not services.take_down(celyn_story, by=second, at=at(NIGHT))
    assert Post.objects.get().taken_down_by == people.adeyemi
    assert AuditEntry.objects.filter(verb="post.taken_down").count() == 1


@pytest.mark.policy("AU-12")
def test_taking_down_revokes_the_notices_not_yet_sent(people, celyn_story):
    services.announce_due()
    notices = list(Notification.objects.filter(kind="post"))
    assert len(notices) == 3 and Notification.objects.visible_to(people.nia).exists()
    services.take_down(celyn_story, by=people.actor(people.celyn), at=at(NIGHT))
    assert {mail.state for mail in Delivery.objects.all()} == {"cancelled"}
    assert not Notification.objects.visible_to(people.nia).exists()
    # A worker that claims one just now asks again before it sends (I6).
    assert lost_access(notices) == {notice.pk for notice in notices}


def test_a_story_taken_down_early_is_never_announced(people, celyn_story):
    services.take_down(celyn_story, by=people.actor(people.celyn), at=at(NIGHT))
    assert services.announce_due() == 0
    assert not Notification.objects.exists()


def test_a_waiting_story_that_leaders_take_down_never_goes_out(people, clock):
    clock.set("2026-11-13 20:00")
    post = story(people)
    services.take_down(post, by=people.actor(people.head), at=at(NIGHT))
    clock.set("2026-11-16 09:00")
    assert services.announce_due() == 0
    assert not Post.objects.visible_to(people.actor(people.nia)).exists()


@pytest.mark.policy("AU-12")
def test_the_class_is_notified_of_a_take_down_at_the_opening(people, clock, celyn_story):
    clock.set(NIGHT)
    services.take_down(celyn_story, by=people.actor(people.head), at=at(NIGHT))
    notice = Notification.objects.get(kind="post_taken_down")
    assert (notice.recipient, notice.release_at) == (people.celyn.account, at("2026-11-16 08:30"))
    own = story(people)
    services.take_down(own, by=people.actor(people.celyn), at=at(NIGHT))
    assert Notification.objects.filter(kind="post_taken_down").count() == 1


def test_the_database_never_lets_a_taken_down_story_back(people, celyn_story):
    rows = Post.objects.filter(pk=celyn_story.pk)
    with pytest.raises(IntegrityError, match="post_taken_down_by_somebody"), transaction.atomic():
        rows.update(taken_down_at=at(NIGHT))
    services.take_down(celyn_story, by=people.actor(people.celyn), at=at(NIGHT))
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        rows.update(taken_down_at=None, taken_down_by=None)


def test_the_menu_of_ones_own_story_offers_no_report(people, celyn_story):
    report = reverse("report_post", args=[celyn_story.pk])
    assert report not in people.client(people.celyn, people.pritchard).get("/news/").text
    assert report in people.client(people.celyn, people.adeyemi).get("/news/").text


def test_a_report_on_a_taken_down_story_offers_no_hiding(people, celyn_story):

    made = scene.report(people, celyn_story, by=people.actor(people.nia))
    services.take_down(celyn_story, by=people.actor(people.celyn), at=at(NIGHT))
    page = people.client(people.head).get(reverse("admin:moderation_report_change", args=[made.pk])).text
    hide = reverse("admin:moderation_report_decide", args=[made.pk, "hide"])
    assert "Taken down" in page and hide not in page
