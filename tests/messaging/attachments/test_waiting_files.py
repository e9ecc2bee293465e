"""Check attachments of pending, changed and broadcast messages."""

import pytest

from malpas.lib.hidden import hide
from malpas.lib.uploads.documents import files as document_files
from malpas.lib.uploads.photos import files as photo_files
from messaging.attachments.upload import add_file
from messaging.conversations.services.change import change_message, withdraw_message
from messaging.conversations.services.closing import hide_message
from messaging.conversations.services.departed import withhold_messages_of
from messaging.conversations.services.send import send_message
from messaging.models.attachments import Attachment
from messaging.models.broadcasts import Broadcast
from messaging.models.conversations import Message
from tests.clock import at
from tests.files import letter, upload
from tests.messaging.attachments.files import MORNING, photo, sent_with, status, write
from tests.messaging.school_time import ARRIVES, QUIET
from tests.people import key
from tests.stories.kit import files_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.mark.policy("PA-6")
def test_A24_pending_attachments_open_for_their_writer_alone(people, clock):
    clock.set(QUIET)
    castle, document = sent_with(people, photo(), upload(letter()), when=QUIET).files.all()
    for file in (castle, document):
        assert status(people, people.nia, file) == 200
        for who in (people.celyn, people.gareth, people.deputy, people.office, people.dylan):
            assert status(people, who, file) == 404, who
    clock.set("2026-11-16 08:29")
    assert status(people, people.celyn, castle) == 404
    clock.set(ARRIVES)
    assert status(people, people.celyn, castle) == status(people, people.celyn, document) == 200
    assert status(people, people.gareth, castle) == status(people, people.dylan, castle) == 404


@pytest.mark.policy("TE-4")
def test_the_classs_files_wait_too(people, clock):
    clock.set(QUIET)
    (castle,) = sent_with(people, photo(), when=QUIET, who=people.celyn).files.all()
    assert status(people, people.celyn, castle) == 200 and status(people, people.nia, castle) == 404
    clock.set(ARRIVES)
    assert status(people, people.nia, castle) == 200


def test_what_is_withdrawn_or_hidden_takes_its_files_along(people, clock):
    clock.set(QUIET)
    waiting = sent_with(people, photo(), when=QUIET)
    withdraw_message(waiting, by=people.actor(people.nia), at=at(QUIET))
    withdrawn = waiting.files.get()
    assert status(people, people.nia, withdrawn) == 200, "it lies in the field again, unsent"
    clock.set(ARRIVES)
    assert status(people, people.celyn, withdrawn) == 404
    arrived = sent_with(people, photo(), when=ARRIVES)
    assert status(people, people.celyn, arrived.files.get()) == 200
    hide_message(arrived, by=people.actor(people.deputy), at=at(ARRIVES))
    assert [status(people, who, arrived.files.get()) for who in (people.celyn, people.nia)] == [404, 404]


@pytest.mark.policy("PA-6")
def test_files_of_a_pending_message_are_replaced(people, clock, media, django_capture_on_commit_callbacks):
    clock.set(QUIET)
    message = sent_with(people, photo("one.jpg"), photo("two.jpg"), when=QUIET)
    one, two = message.files.all()
    address = f"/messages/change/{hide(message.pk)}/"
    page = people.client(people.nia).get(address).content.decode()
    assert f'value="{one.name}" checked' in page and f'value="{two.name}" checked' in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = write(people, upload(letter()), page=address, stored=[two.name], body="New words")
    assert answer.status_code == 302
    assert [(file.position, file.title) for file in message.files.all()] == [
        (1, "letter.pdf"),
        (2, "two.jpg"),
    ]
    assert not photo_files.path_of(one.name, 640).exists() and photo_files.path_of(two.name, 640).exists()


def test_what_has_arrived_keeps_its_files(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    clock.set(ARRIVES)
    answer = write(people, page=f"/messages/change/{hide(message.pk)}/", body="New words")
    assert answer.status_code == 422 and message.files.count() == 1
    assert Message.objects.get(pk=message.pk).body == "See here."


def test_words_changed_by_a_page_without_files_leave_them(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    change_message(message, by=people.actor(people.nia), at=at(QUIET), body="New words")
    assert message.files.count() == 1


def test_a_repeated_request_finds_the_first_with_its_files(people):
    castle = add_file(photo(), title="castle.jpg", by=people.actor(people.nia), at=at(MORNING))
    data = {"stored": [castle.name], "key": key()}
    answers = [write(people, **data) for _time in range(3)]
    assert {answer.status_code for answer in answers} == {302} and len(
        {answer.url for answer in answers}
    ) == 1
    assert Message.objects.count() == Attachment.objects.count() == 1


@pytest.mark.policy("TE-4")
def test_a_broadcasts_files_are_in_each_conversation(people, media):
    answer = write(
        people, upload(letter()), who=people.celyn, page="/messages/families/write/", everybody="on"
    )
    assert answer.status_code == 302
    files = list(Attachment.objects.all())
    assert len(files) == 3 and len({file.name for file in files}) == 1 and len(files_in(media)) == 1
    assert {status(people, who, files[0]) for who in (people.nia, people.gareth, people.sioned)} == {200}
    assert status(people, people.dylan, files[0]) == 404
    page = (
        people.client(people.celyn)
        .get(f"/messages/families/{hide(Broadcast.objects.get().pk)}/")
        .content.decode()
    )
    assert page.count("letter.pdf") == 1


def test_one_family_less_leaves_the_shared_file_on_the_disk(
    people, clock, django_capture_on_commit_callbacks
):
    clock.set(QUIET)
    write(people, upload(letter()), who=people.celyn, page="/messages/families/write/", everybody="on")
    message = Message.objects.filter(conversation__parent=people.nia).get()
    name = message.files.get().name
    with django_capture_on_commit_callbacks(execute=True):
        change_message(message, by=people.actor(people.celyn), at=at(QUIET), body="Without", files=[])
    assert document_files.path_of(name).exists() and Attachment.objects.filter(name=name).count() == 2


def test_F36_a_departed_files_go_with_what_a_colleague_sends(people, clock):
    clock.set(QUIET)
    by = people.actor(people.celyn, people.adeyemi)
    castle = add_file(photo(), title="castle.jpg", by=by, at=at(QUIET))
    message = send_message(
        pupil=people.mali,
        parent=people.nia,
        by=by,
        at=at(QUIET),
        body="See here.",
        key=key(),
        files=[castle.name],
    )
    withhold_messages_of(people.adeyemi, at(QUIET))
    type(people.adeyemi).objects.filter(pk=people.adeyemi.pk).update(left_on=at(QUIET).date())
    browser = people.client(people.celyn, people.pritchard)
    assert castle.name in browser.get("/messages/departed/").content.decode()
    assert browser.get(f"/messages/file/{castle.name}/").status_code == 200
    assert status(people, people.nia, castle) == 404
    for _time in range(2):
        browser.post(f"/messages/departed/{hide(message.pk)}/")
    sent = Message.objects.exclude(pk=message.pk).get()
    assert sent.files.get().name == castle.name and sent.staff == people.pritchard
