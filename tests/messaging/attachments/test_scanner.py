"""Check documents that wait for a virus scanner (A51)."""

import pytest

from messaging.attachments.upload import scan_due
from messaging.models.attachments import Attachment
from tests.files import EICAR, letter, nobody_at, pdf_with, scanner, upload
from tests.messaging.attachments.files import sent_with, status, write
from tests.sentences.messaging import NOT_YET_SCANNED
from tests.stories.kit import files_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.mark.policy("AU-5")
def test_A51_what_the_scanner_finds_is_not_kept(people, media, settings):
    with scanner() as desk:
        settings.SCANNER = desk.url
        bad = pdf_with(lambda pdf: pdf.add_metadata({"/Title": EICAR.decode("latin-1").replace("\\", "")}))
        desk.says = lambda data: b"stream: Eicar-Signature FOUND"
        answer = write(people, upload(bad))
        assert answer.status_code == 422 and "finds something harmful" in answer.content.decode()
        assert not Attachment.objects.exists() and not files_in(media)


@pytest.mark.policy("AU-5")
def test_A51_without_a_scanner_a_document_waits_and_opens_later(people, settings):
    settings.SCANNER = nobody_at()
    message = sent_with(people, upload(letter()))
    (document,) = message.files.all()
    page = people.client(people.celyn).get(f"/messages/{message.conversation_id}/").content.decode()
    assert NOT_YET_SCANNED % {"title": "letter.pdf"} in page and document.name not in page
    assert [status(people, who, document) for who in (people.celyn, people.nia)] == [404, 404]
    assert scan_due() == 0
    with scanner() as desk:
        settings.SCANNER = desk.url
        assert scan_due() == 1 and scan_due() == 0
    assert status(people, people.celyn, document) == 200


@pytest.mark.policy("AU-5")
def test_A51_what_the_scanner_finds_later_is_taken_away(
    people, settings, media, django_capture_on_commit_callbacks
):
    settings.SCANNER = nobody_at()
    message = sent_with(people, upload(letter()))
    with scanner(lambda data: b"stream: Bad.Thing FOUND") as desk:
        settings.SCANNER = desk.url
        with django_capture_on_commit_callbacks(execute=True):
            assert scan_due() == 1
    assert status(people, people.celyn, message.files.get()) == 404 and not files_in(media)
    page = people.client(people.celyn).get(f"/messages/{message.conversation_id}/").content.decode()
    assert "letter.pdf was taken away" in page


def test_a_document_without_a_verdict_delays_no_other(people, settings):
    settings.SCANNER = nobody_at()
    sent_with(people, upload(letter("First")), upload(letter("Second")))
    with scanner(lambda data: b"stream: OK" if data == letter("Second") else b"too large. ERROR") as desk:
        settings.SCANNER = desk.url
        assert scan_due() == 1
    assert Attachment.objects.filter(cleared_at__isnull=False).count() == 1


def test_a_document_of_a_broadcast_is_scanned_once(people, settings):
    settings.SCANNER = nobody_at()
    to_all = {"who": people.celyn, "page": "/messages/families/write/", "everybody": "on"}
    write(people, upload(letter()), **to_all)
    assert Attachment.objects.count() == 3
    scanned: list[bytes] = []
    with scanner(lambda data: scanned.append(data) or b"stream: OK") as desk:
        settings.SCANNER = desk.url
        assert scan_due() == 1
    assert scanned == [letter()] and not Attachment.objects.filter(cleared_at=None).exists()
