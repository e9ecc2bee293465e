import threading

import pytest
from django.db import connection

from accounts.models.notifications import Delivery, Notification
from accounts.models.people import User
from malpas.lib.hidden import hide
from stories import services, tasks
from stories.models import Post
from tests.stories.kit import story
from tests.waiting_names import named

QUIET = "2026-11-13 20:00"


def notified(kind: str = "post") -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient__name", flat=True))


@pytest.mark.policy("PA-5")
def test_a_class_story_notifies_the_classs_parents_once(people):
    story(people)
    assert services.announce_due() == 1
    assert services.announce_due() == 0
    assert notified() == ["Gareth Bowen", "Nia Bowen", "Sioned Price"]
    assert Delivery.objects.filter(notification__kind="post").count() == 3


@pytest.mark.policy("PA-5")
def test_a_school_story_notifies_every_joined_parent_once(people):
    story(people, whole_school=True)
    tasks.announce()
    tasks.announce()
    assert notified() == ["Dylan Morgan", "Gareth Bowen", "Nia Bowen", "Sioned Price"]


@pytest.mark.policy("TE-4")
def test_nobody_is_notified_before_the_release(people, clock):
    clock.set(QUIET)
    story(people)
    clock.set("2026-11-16 08:29:59")
    assert services.announce_due() == 0 and notified() == []
    clock.set("2026-11-16 08:30")
    assert services.announce_due() == 1 and len(notified()) == 3


def test_a_story_unannounced_for_days_is_still_announced(people, clock):
    story(people)
    clock.set("2026-11-25 12:00")
    assert services.announce_due() == 1


def test_parents_of_a_departed_child_are_not_notified(people, clock):
    people.rhys.left_on = "2026-11-01"
    people.rhys.save()
    story(people, whole_school=True)
    services.announce_due()
    assert "Dylan Morgan" not in notified() and "Nia Bowen" in notified()


def test_a_hidden_story_notifies_nobody(people, clock):
    post = story(people)
    services.hide_post(post, by=people.actor(people.head), at=post.release_at)
    assert services.announce_due() == 0


def test_the_notification_is_in_the_recipients_language(people):
    User.objects.filter(pk=people.nia.pk).update(language="cy")
    post = story(people, body="Only for signed-in eyes")
    services.announce_due()
    for note in Notification.objects.filter(kind="post").select_related("recipient"):
        mail = Delivery.objects.get(notification=note)
        assert post.body not in mail.body and "Celyn" in named(note, note.title)
        assert note.path == f"/news/{hide(post.pk)}/" and note.path in mail.body


def test_many_parents_are_notified_in_batches(people, monkeypatch):
    monkeypatch.setattr("stories.notifications.BATCH", 2)
    story(people, whole_school=True)
    services.announce_due()
    assert len(notified()) == 4


def test_one_story_that_fails_does_not_hold_up_the_next(people, monkeypatch):
    bad, good = story(people), story(people)
    announce = services.announce
    monkeypatch.setattr(services, "announce", lambda post: 1 / 0 if post.pk == bad.pk else announce(post))
    assert services.announce_due() == 1
    assert Post.objects.get(pk=bad.pk).announced_at is None
    assert Post.objects.get(pk=good.pk).announced_at is not None
    monkeypatch.undo()
    assert services.announce_due() == 1


def test_a_limit_leaves_the_rest_to_the_next_minute(people):
    for _n in range(3):
        story(people)
    assert [services.announce_due(limit=2), services.announce_due(limit=2)] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_announce_each_story_once(people, clock, monkeypatch):
    story(people), story(people)
    second, announce = [], services.announce

    def other_worker():
        second.append(services.announce_due(limit=1))
        connection.close()

    def while_the_first_is_at_it(post):
        monkeypatch.setattr(services, "announce", announce)
        worker = threading.Thread(target=other_worker)
        worker.start()
        worker.join()
        return announce(post)

    monkeypatch.setattr(services, "announce", while_the_first_is_at_it)
    assert services.announce_due() == 1
    clock.real()
    assert second == [1]
    assert Notification.objects.filter(kind="post").count() == 6
    assert not Post.objects.filter(announced_at__isnull=True).exists()
