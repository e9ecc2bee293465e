"""Bound what one account costs with hostile files (A47, A58)."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from accounts.sessions import rate_limits
from accounts.sessions.rate_limits import FILES_REFUSED, TooManyRefusedFiles, counted_file
from malpas.lib.machine_slots import machine_slot
from malpas.lib.uploads.sandbox import AT_ONCE
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message
from tests.files import letter, upload
from tests.messaging.attachments.files import conversation_page, photo, write
from tests.messaging.office.test_enquiries import submit_form
from tests.people import key
from tests.sentences.accounts import TOO_MANY_REFUSED_FILES
from tests.sentences.messaging import LATER_FILES_NOT_ADDED
from tests.sentences.portal import FILE_TYPE_REFUSED, MANY_FILES_ARRIVING, PDF_TOO_SLOW
from tests.stories.kit import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "no_counts")]


@pytest.fixture
def two_tries(monkeypatch):
    monkeypatch.setattr(rate_limits, "FILES_REFUSED", replace(FILES_REFUSED, amount=2))


def costly() -> bytes:
    """Build a one-page PDF whose objects take its reader over a second."""
    objects = b"".join(
        b"%d 0 obj\n<< /B [1 2 3 4 5 6 7 8 9] >>\nendobj\n" % number for number in range(100, 60_100)
    )
    return letter().replace(b"startxref", objects + b"startxref")


def text(name: str = "plan.docx"):
    return upload(b"PK\x03\x04", name)


def test_A58_refused_files_count_for_their_account_alone(people, two_tries):
    for _number in range(2):
        assert FILE_TYPE_REFUSED in write(people, text()).content.decode()
    answer = write(people, photo(), body="Three boxes")
    assert answer.status_code == 422 and TOO_MANY_REFUSED_FILES in answer.content.decode()
    assert "Three boxes" in answer.content.decode() and not Attachment.objects.exists()
    assert write(people).status_code == 302, "words go on"
    assert write(people, photo(), who=people.gareth).status_code == 302


def test_A58_files_that_are_taken_cost_nothing(people, two_tries):
    for _number in range(3):
        assert write(people, photo()).status_code == 302


def test_A58_stories_and_lost_things_count_as_well(people, two_tries):
    def post(data: bytes) -> str:
        fields = {"title": "Owls", "body": "Three.", "key": key(), "added": upload(data)}
        browser = people.client(people.celyn, people.pritchard)
        return browser.post("/news/write/", fields).content.decode()

    for _number in range(2):
        assert TOO_MANY_REFUSED_FILES not in post(b"PK\x03\x04")
    assert TOO_MANY_REFUSED_FILES in post(picture())
    enquiry = submit_form(people, "lost")
    address = f"/write/photo/{''.join(enquiry.reference.split())}/"

    def lose(data: bytes) -> str:
        fields = {"photo": upload(data, "coat.jpg", "image/jpeg"), "key": key()}
        return people.client(people.nia).post(address, fields, follow=True).content.decode()

    for _number in range(2):
        assert TOO_MANY_REFUSED_FILES not in lose(b"PK\x03\x04")
    assert TOO_MANY_REFUSED_FILES in lose(picture())


def test_A58_files_being_decoded_count_already(people, two_tries):
    with counted_file(people.nia.pk), counted_file(people.nia.pk):
        with pytest.raises(TooManyRefusedFiles), counted_file(people.nia.pk):
            pass
        with counted_file(people.gareth.pk):
            pass


def test_A47_the_first_file_that_is_too_costly_ends_the_request(people, settings):
    settings.DECODER_SECONDS = 1
    files = [photo("first.jpg"), upload(costly(), "costly.pdf"), photo("after.jpg")]
    answer = write(people, *files, body="Three boxes")
    page = answer.content.decode()
    assert answer.status_code == 422 and PDF_TOO_SLOW in page and "Three boxes" in page
    assert LATER_FILES_NOT_ADDED % {"file": "costly.pdf"} in page
    assert [file.title for file in Attachment.objects.all()] == ["first.jpg"]


def test_A47_a_busy_decoder_asks_to_try_again(people, settings):
    with ExitStack() as stack:
        for _number in range(3):
            stack.enter_context(
                machine_slot(settings.DECODER_SLOTS, at_once=settings.WEB_THREADS - 1, waiting=0, seconds=0)
            )
        answer = write(people, photo(), body="Three boxes")
    page = answer.content.decode()
    assert answer.status_code == 422 and MANY_FILES_ARRIVING in page and "Three boxes" in page
    assert not Message.objects.exists()
    assert AT_ONCE < settings.WEB_THREADS - 1
    assert (
        people.client(people.nia).post(conversation_page(people), {"body": "Hi", "key": key()}).status_code
        == 302
    )
    assert write(people, photo()).status_code == 302
