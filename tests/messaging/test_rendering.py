"""Check that building a page writes nothing.

Each builder runs in a transaction that the database keeps to reading.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError
from django.template.backends.django import Template

from accounts.models.notifications import Notification
from accounts.models.school import School
from malpas.lib.hidden import hide
from messaging.conversations.views import changes, conversations, refusals
from messaging.models.attachments import Attachment
from tests.clock import at
from tests.messaging.attachments.files import conversation_page, photo, write
from tests.messaging.school_time import QUIET, from_parent
from tests.people import key
from tests.sentences.messaging import TOO_MANY_MESSAGES


@contextmanager
def read_only() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def reading_only(build: Callable) -> Callable:
    def built(*args, **kwargs):
        with read_only():
            return build(*args, **kwargs)

    return built


@pytest.fixture
def builders(monkeypatch) -> None:
    """Let the builders of the message pages, and every template, only read."""
    for view, name in [
        (conversations, "page_attachments"),
        (changes, "page_attachments"),
        (refusals, "mark_refused"),
    ]:
        monkeypatch.setattr(view, name, reading_only(getattr(view, name)))
    monkeypatch.setattr(Template, "render", reading_only(Template.render))


def test_a_builder_that_writes_is_found(people):
    with pytest.raises(InternalError, match="read-only"), read_only():
        School.objects.update(messages_an_hour=1)


@pytest.mark.usefixtures("builders")
def test_the_page_of_stored_files_is_built_by_reading(people, media):
    answer = write(people, photo(), add="1")
    castle = Attachment.objects.get()
    assert answer.status_code == 200 and castle.name in answer.content.decode()
    change = {
        "stored": [castle.name],
        f"alt_{castle.name}": "A castle",
        "body": "Look",
        "key": key(),
        "add": "1",
    }
    page = people.client(people.nia).post(conversation_page(people), change).content.decode()
    castle.refresh_from_db()
    assert castle.alt == "A castle" and "A castle" in page


@pytest.mark.usefixtures("builders")
def test_the_page_of_a_change_is_built_by_reading(people, media, clock):
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    path = f"/messages/change/{hide(message.pk)}/"
    answer = people.client(people.nia).post(path, {"body": "Look", "added": [photo()], "add": "1"})
    assert answer.status_code == 200 and Attachment.objects.get().name in answer.content.decode()


@pytest.mark.usefixtures("builders")
def test_a_refusal_is_shown_by_reading_and_leaders_are_alerted(people, clock):
    clock.set("2026-11-10 10:00")
    School.objects.update(messages_an_hour=0)
    answer = people.client(people.nia).post(conversation_page(people), {"body": "Hello", "key": key()})
    assert answer.status_code == 422 and TOO_MANY_MESSAGES in answer.content.decode()
    assert Notification.objects.filter(kind="alarm", key__startswith="flood:").exists()


@pytest.mark.usefixtures("builders")
def test_every_page_of_messages_is_rendered_by_reading(people, clock):
    now = at("2026-11-10 10:00")
    clock.set("2026-11-10 10:00")
    message = from_parent(people)
    conversation = f"/messages/{message.conversation_id}/"
    pages = {
        people.nia: ["/messages/", conversation, "/write/", "/write/absence/", "/write/lost/"],
        people.celyn: ["/messages/", conversation, "/messages/families/write/", "/messages/departed/"],
        people.office: ["/office/", "/office/figures/", "/office/call/"],
        people.head: ["/oversight/"],
    }
    assert message.release_at == now
    for who, paths in pages.items():
        browser = people.client(who)
        assert [(path, browser.get(path).status_code) for path in paths] == [(path, 200) for path in paths]
