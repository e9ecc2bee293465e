"""Check who opens the photos and documents of a message."""

import pytest
from django.utils.html import escape

from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from messaging.models.conversations import Message
from tests.files import letter, upload
from tests.messaging.attachments.files import photo, sent_with, status, write
from tests.messaging.school_time import from_class
from tests.stories.kit import files_in, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.mark.policy("PA-6")
@pytest.mark.policy("AU-5")
def test_the_class_sees_photos_and_documents_of_a_parent(people, media):
    assert write(people, photo(), photo("tower.png"), upload(letter())).status_code == 302
    files = list(Message.objects.get().files.all())
    assert [(file.position, file.kind, file.title) for file in files] == [
        (1, "photo", "castle.jpg"),
        (2, "photo", "tower.jpg"),
        (3, "pdf", "letter.pdf"),
    ]
    page = (
        people.client(people.celyn)
        .get(f"/messages/{Message.objects.get().conversation_id}/")
        .content.decode()
    )
    assert page.count("with this message") == 2 and page.count("letter.pdf") == 1
    for file in files:
        assert f"/messages/file/{file.name}/" in page
    assert len(files_in(media)) == 5  # two sizes of each photo, and the document


@pytest.mark.policy("AU-5")
def test_a_document_is_a_download_and_a_photo_is_reencoded(people):
    message = sent_with(
        people, upload(letter(), "Note\u202e fdp.<b>.PDF"), upload(picture(comment=b"at home"))
    )
    document, castle = message.files.all()
    answer = people.client(people.celyn).get(f"/messages/file/{document.name}/")
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="Note fdp.b.PDF.pdf"'
    assert b"".join(answer.streaming_content) == letter()
    answer = people.client(people.celyn).get(f"/messages/file/{castle.name}/")
    assert answer["Content-Type"] == "image/jpeg" and "no-store" in answer["Cache-Control"]
    assert b"at home" not in b"".join(answer.streaming_content)
    assert status(people, people.celyn, castle, "small/") == 200
    assert status(people, people.celyn, document, "small/") == 404


@pytest.mark.policy("PA-2")
def test_a_file_is_gone_with_the_guardianship(people):
    (castle,) = sent_with(people, photo(), who=people.celyn).files.all()
    assert status(people, people.nia, castle) == 200
    Guardianship.objects.filter(pupil=people.mali, contact__user=people.nia).update(
        restriction="no_access", restriction_note="An order."
    )
    assert status(people, people.nia, castle) == 404


@pytest.mark.policy("PA-7")
def test_a_rerouted_message_is_the_offices_with_its_files(people):
    (castle,) = sent_with(people, photo()).files.all()
    assert status(people, people.office, castle) == 404
    message = Message.objects.get()
    people.client(people.celyn).post(f"/messages/pass-on/{hide(message.pk)}/", {"topic": "lost"})
    enquiry = message.became_enquiry.enquiry
    page = people.client(people.office).get(f"/office/{enquiry.pk}/").content.decode()
    assert f"/messages/file/{castle.name}/" in page and status(people, people.office, castle) == 200
    assert status(people, people.celyn, castle) == 404 and status(people, people.nia, castle) == 200


@pytest.mark.policy("TE-7")
def test_a_leader_opens_files_of_reports_and_oversight_only(people):
    (castle,) = sent_with(people, photo(), who=people.celyn).files.all()
    message, deputy = Message.objects.get(), people.client(people.deputy)
    assert status(people, people.deputy, castle) == 404
    report = people.client(people.nia).post(
        f"/report/message/{hide(message.pk)}/", {"category": "rude", "note": ""}
    )
    number = report.url.split("/")[2]
    address = f"/report/{number}/file/{castle.name}/"
    reader = people.client(people.head)  # about staff: the head alone
    assert address in reader.get(f"/report/{number}/").content.decode()
    assert reader.get(address).status_code == 200
    assert {
        people.client(who).get(address).status_code for who in (people.deputy, people.nia, people.celyn)
    } == {404}
    oversight_access = deputy.post(
        f"/oversight/begin/{message.conversation_id}/", {"reason": "A complaint"}, follow=True
    )
    assert f"/messages/file/{castle.name}/" in oversight_access.content.decode()
    assert deputy.get(f"/messages/file/{castle.name}/").status_code == 200
    assert status(people, people.head, castle) == 404  # the look is the deputy's


def test_a_title_with_markup_is_shown_as_words(people):
    message = sent_with(people, upload(letter(), "<img src=x onerror=alert(1)>.pdf"))
    page = people.client(people.celyn).get(f"/messages/{message.conversation_id}/").content.decode()
    assert "<img src=x" not in page and escape(message.files.get().title) in page


def test_the_other_parent_sees_no_trace_of_a_file(people):
    from_class(people, parent=people.gareth)
    browser = people.client(people.gareth)
    browser.get("/messages/")
    before = browser.get("/messages/").content
    (castle,) = sent_with(people, photo(), who=people.celyn).files.all()
    assert castle.name.encode() not in (after := browser.get("/messages/").content)
    assert len(after) == len(before) and status(people, people.gareth, castle) == 404
