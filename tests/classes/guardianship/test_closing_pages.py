"""Test which pages close with a guardianship, and for whom."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from classes.enums import Restriction
from classes.guardianship.services import end_guardianship
from classes.models.pupils import Pupil
from malpas.lib.hidden import hide
from malpas.lib.uploads.photos import files as storage
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Enquiry
from points.notifications import notify_families
from stories.models import Photo, Post
from tests.abuse.kit import JPEG
from tests.classes.guardianship.closing import (
    NOTE,
    NOW,
    guardianship_of,
    pending,
    restrict,
    say,
    seen,
    write_post,
)
from tests.sentences.messaging import MESSAGES_WITH_FAMILY_PAUSED, WRITING_PAUSED_FOR_FAMILY


def paths_of(people) -> list[str]:
    """Return every page that Nia reaches through Mali, also for htmx."""
    conversation = Conversation.objects.get(parent=people.nia)
    post, photo = Post.objects.get(title="Of Celyn"), Photo.objects.get()
    return [
        f"/messages/{conversation.pk}/", f"/messages/{conversation.pk}/new/", f"/messages/child/{people.mali.pk}/",
        f"/points/{people.mali.pk}/", f"/news/{hide(post.pk)}/", f"/news/?child={people.mali.pk}",
        f"/photo/{photo.name}/640/", f"/report/post/{hide(post.pk)}/", "/write/", "/write/absence/", "/write/dinners/",
    ]  # fmt: skip


@pytest.fixture
def open_pages(people, settings, tmp_path):
    """Check that all of Nia's pages open, and return her browser.

    She has written, and a story with a photo is released.
    """
    settings.MEDIA_ROOT = tmp_path
    say(people, people.nia, people.mali, people.actor(people.nia))
    post = write_post(people, people.celyn, "Of Celyn")
    photo = Photo.objects.create(post=post, name="0" * 32, alt="A castle", width=4, height=3)
    path = storage.path_of(photo.name, 640)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(JPEG)
    browser = people.client(people.nia)
    for path in paths_of(people):
        assert browser.get(path, follow=True).status_code == 200, path
    return browser


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("how", ["no_access", "ended", "left"])
def test_an_end_closes_every_page_at_the_next_request(people, open_pages, how):
    if how == "no_access":
        restrict(people, people.nia, people.mali)
    elif how == "ended":
        end_guardianship(
            guardianship=guardianship_of(people.nia, people.mali), by=people.actor(people.office), at=NOW
        )
    else:
        Pupil.objects.filter(pk=people.mali.pk).update(left_on="2026-11-10")
    for path in paths_of(people):
        for headers in ({}, {"HX-Request": "true"}):
            assert open_pages.get(path, headers=headers).status_code == 404, path
    for path in ("/news/", "/messages/", "/points/"):
        assert "Mali" not in open_pages.get(path).content.decode(), path


@pytest.mark.policy("PA-2")
def test_nothing_is_written_through_a_closed_guardianship(people, open_pages):
    conversation, before = Conversation.objects.get(parent=people.nia), Message.objects.count()
    restrict(people, people.nia, people.mali)
    sent = {"body": "Still here", "key": str(uuid4())}
    for path in (f"/messages/{conversation.pk}/", f"/messages/child/{people.mali.pk}/"):
        assert open_pages.post(path, sent).status_code == 404
    notified = {"children": [people.mali.pk], "first_day": "2026-11-10", "reason": "ill", "key": str(uuid4())}
    assert open_pages.post("/write/absence/", notified).status_code == 404
    assert Message.objects.count() == before and not Enquiry.objects.exists()


@pytest.mark.policy("PA-2")
def test_a_pause_stops_messages_to_the_class_only(people, open_pages):
    conversation = Conversation.objects.get(parent=people.nia)
    restrict(people, people.nia, people.mali, Restriction.MESSAGING_PAUSED)
    answer = open_pages.post(f"/messages/{conversation.pk}/", {"body": "Still here", "key": str(uuid4())})
    assert answer.status_code == 422
    assert WRITING_PAUSED_FOR_FAMILY in answer.content.decode()
    assert not Message.objects.filter(body="Still here").exists()
    for path in ("/write/absence/", f"/points/{people.mali.pk}/", "/news/"):
        assert open_pages.get(path).status_code == 200


def plain(answer) -> str:
    """Return a page without its random parts."""
    return re.sub(r'value="[^"]{30,80}"|X-CSRFToken": "[^"]+"', "", answer.content.decode())


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("restriction", ["messaging_paused", "no_access", "ended"])
def test_the_other_parent_notices_nothing(people, open_pages, restriction):
    gareth = people.client(people.gareth)
    gareth.get("/news/")  # the first page of a sign-in has no sign of drafts yet
    pages = [
        "/news/",
        "/messages/",
        f"/points/{people.mali.pk}/",
        f"/messages/child/{people.mali.pk}/",
        "/warnings/",
    ]
    notify_families({people.mali.pk: 1}, NOW)
    before = [plain(gareth.get(path)) for path in pages], seen(people.gareth), pending(people.gareth)
    assert "Mali" in before[0][0] and before[1]
    if restriction == "ended":
        end_guardianship(
            guardianship=guardianship_of(people.nia, people.mali), by=people.actor(people.office), at=NOW
        )
    else:
        restrict(people, people.nia, people.mali, restriction)
    after = [plain(gareth.get(path)) for path in pages], seen(people.gareth), pending(people.gareth)
    assert after == before


@pytest.mark.policy("PA-2")
def test_the_note_is_for_office_and_leaders_only(people, open_pages, caplog):
    guardianship = restrict(people, people.nia, people.mali)
    page = reverse("people_connection", args=[guardianship.pk])
    for who in (people.office, people.head, people.deputy):
        assert NOTE in people.client(who).get(page).content.decode()
    for who in (people.celyn, people.nia, people.gareth, people.mali):
        browser = people.client(who)
        assert browser.get(page).status_code in (302, 404)
        for path in (
            "/news/",
            "/messages/",
            "/messages/families/",
            "/class/board/",
            "/points/",
            "/warnings/",
        ):
            assert NOTE not in browser.get(path, follow=True).content.decode(), (who, path)
    assert NOTE not in caplog.text
    assert NOTE not in str([list(model.objects.values()) for model in (AuditEntry, Notification, Delivery)])


def test_the_class_is_sent_to_the_office_without_a_reason(people, open_pages):
    announce_due()
    restrict(people, people.nia, people.mali, Restriction.MESSAGING_PAUSED)
    conversation = Conversation.objects.get(parent=people.nia)
    sent = {"body": "Hello Nia", "key": str(uuid4())}
    answer = people.client(people.celyn).post(f"/messages/{conversation.pk}/", sent)
    assert answer.status_code == 422
    assert MESSAGES_WITH_FAMILY_PAUSED in answer.content.decode()
    assert NOTE not in answer.content.decode() and not Message.objects.filter(body="Hello Nia").exists()
