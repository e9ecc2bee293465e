"""Shorten tests of messages."""

from datetime import datetime
from uuid import uuid4

from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from tests.clock import at

QUIET = "2026-11-13 20:00"  # a Friday evening
ARRIVES = "2026-11-16 08:30"  # the Monday after


def from_parent(
    people, body="Mali is very proud of her castle.", *, when=None, parent=None, pupil=None, key=None
):
    writer = parent or people.nia
    return send_message(
        pupil=pupil or people.mali,
        parent=writer,
        by=people.actor(writer),
        at=_moment(when),
        body=body,
        key=key or uuid4(),
    )


def from_class(people, body="So are we.", *, when=None, parent=None, pupil=None, staff=None, key=None):
    pupil = pupil or people.mali
    return send_message(
        pupil=pupil,
        parent=parent or people.nia,
        by=people.actor(pupil.classroom, staff),
        at=_moment(when),
        body=body,
        key=key or uuid4(),
    )


def _moment(when: str | None) -> datetime:
    return at(when or "2026-11-10 10:00")


def page_text(client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


def waiting() -> int:
    return Message.objects.waiting().count()
