"""Shorten tests of photos and documents that go with messages."""

from messaging.attachments.upload import add_file
from messaging.conversations.services.send import send_message
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message
from tests.clock import at
from tests.files import upload
from tests.people import key
from tests.stories.kit import picture

MORNING = "2026-11-10 10:00"


def photo(name: str = "castle.jpg"):
    return upload(picture(), name, "image/jpeg")


def conversation_page(people) -> str:
    return f"/messages/child/{people.mali.pk}/"


def write(people, *files, who=None, page=None, **more):
    answer = {"body": "Here is her castle.", "key": key(), "added": list(files)} | more
    return people.client(who or people.nia).post(page or conversation_page(people), answer)


def sent_with(people, *files, when=MORNING, who=None, **more) -> Message:
    """Send a message with these files.

    Of Nia, or of the class to her.
    """
    by = people.actor(who or people.nia)
    names = [add_file(file, title=file.name, by=by, at=at(when)).name for file in files]
    said = {
        "pupil": people.mali,
        "parent": people.nia,
        "by": by,
        "at": at(when),
        "body": "See here.",
        "key": key(),
    }
    return send_message(**said | {"files": names} | more)


def status(people, who, file: Attachment, size: str = "") -> int:
    return people.client(who).get(f"/messages/file/{file.name}/{size}").status_code
