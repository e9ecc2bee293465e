"""Check which files are taken, how many, and under which name."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from malpas.lib.errors import RuleViolation
from messaging.attachments import upload as service
from messaging.attachments.attach import FilesGone, TooManyFiles
from messaging.attachments.forms import AttachmentsForm
from messaging.attachments.upload import add_file, forget_unsent
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message
from messaging.office.forms.enquiries import PhotoForm
from stories.forms import PhotosForm
from tests.clock import at
from tests.files import letter, pdf_with, upload
from tests.lib.uploads.test_real_photos import box, galaxy, read
from tests.messaging.attachments.files import MORNING, photo, sent_with, status, write
from tests.messaging.school_time import from_parent
from tests.sentences.messaging import (
    FILES_ONLY_TO_CLASS,
    FIVE_FILES_AT_MOST,
    NO_ROOM_FOR_FILES,
    TOO_MANY_FILES_TODAY,
    UPLOAD_EXPIRED,
)
from tests.sentences.portal import (
    FILE_TYPE_REFUSED,
    PDF_DAMAGED,
    PDF_HOLDS_FILES,
    PHOTO_DAMAGED,
    PHOTO_PART_MISSING,
    PICTURE_TOO_LARGE,
    TOO_MANY_FILES_AT_ONCE,
)
from tests.stories.kit import bomb, files_in, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_unsent_files_are_their_writers_alone(people):
    by = people.actor(people.celyn, people.pritchard)
    castle = add_file(photo(), title="castle.jpg", by=by, at=at(MORNING))
    address = f"/messages/file/{castle.name}/"
    assert people.client(people.celyn, people.pritchard).get(address).status_code == 200
    assert people.client(people.celyn, people.adeyemi).get(address).status_code == 404
    assert status(people, people.nia, castle) == 404
    with pytest.raises(FilesGone):
        sent_with(people, files=[castle.name])
    assert not Message.objects.exists()


def test_the_page_lists_uploads_while_one_writes(people):
    answer = people.client(people.nia).post(
        "/messages/add-file/", {"added": [photo()]}, HTTP_HX_REQUEST="true"
    )
    page, castle = answer.content.decode(), Attachment.objects.get()
    assert answer.status_code == 200 and f'value="{castle.name}" checked' in page and "castle.jpg" in page
    assert write(people, stored=[castle.name]).status_code == 302
    assert Message.objects.get().files.get().name == castle.name


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: upload(b"PK\x03\x04", "plan.docx"), FILE_TYPE_REFUSED),
        (
            lambda: upload(b"<svg onload=alert(1)>", "a.svg", "image/svg+xml"),
            FILE_TYPE_REFUSED,
        ),
        (lambda: upload(b"", "empty.pdf"), FILE_TYPE_REFUSED),
        (lambda: upload(picture()[:200], "cut.jpg", "image/jpeg"), PHOTO_DAMAGED),
        (lambda: upload(read("half-with-end-marker.jpg"), "half.jpg", "image/jpeg"), PHOTO_PART_MISSING),
        (lambda: upload(bomb(), "big.png", "image/png"), PICTURE_TOO_LARGE),
        (lambda: upload(letter()[:-30]), PDF_DAMAGED),
        (
            lambda: upload(pdf_with(lambda pdf: pdf.add_attachment("a.exe", b"MZ"))),
            PDF_HOLDS_FILES,
        ),
    ],
    ids=["docx", "svg", "empty", "cut", "half a photo", "bomb", "cut pdf", "file in pdf"],
)
def test_what_cannot_go_gets_a_sentence_and_loses_nothing_else(people, media, file, sentence):
    answer = write(people, photo(), file(), body="Three boxes")
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "Three boxes" in page
    assert not Message.objects.exists()
    castle = Attachment.objects.get()  # the one that was fit stands on the page
    assert f'value="{castle.name}" checked' in page and len(files_in(media)) == 2
    assert write(people, stored=[castle.name]).status_code == 302


@pytest.mark.parametrize(
    "data",
    [
        lambda: galaxy(box(b"free", bytes(70_000))),
        lambda: picture(size=(8192, 6144)),
        lambda: read("xmp-2mb.png"),
        lambda: read("last-6-bytes-missing.jpg"),
    ],
    ids=["described at its end", "fifty million pixels", "long words", "no end"],
)
def test_a_photo_goes_along_as_telephones_and_transfers_leave_it(people, data):
    assert write(people, upload(data(), "castle.heic", "application/octet-stream")).status_code == 302
    assert Message.objects.get().files.get().kind == "photo"


@pytest.mark.parametrize("form", [AttachmentsForm, PhotosForm, PhotoForm])
def test_a_picker_that_knows_no_type_for_heic_offers_it(form):
    field = form().fields["photo" if form is PhotoForm else "added"]
    offered = field.widget.attrs["accept"].split(",")
    assert {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", "image/heif"} <= set(offered)
    assert (".pdf" in offered) is (form is AttachmentsForm)


def test_a_screened_message_keeps_its_files(people):
    answer = write(people, photo(), body="You are an idiot", confirmed="")
    page = answer.content.decode()
    assert "face to face" in page and f'value="{Attachment.objects.get().name}" checked' in page
    assert not Message.objects.exists()


def test_a_sixth_file_is_refused_on_every_level(people):
    answer = write(people, *(photo() for _number in range(6)))
    assert answer.status_code == 422 and FIVE_FILES_AT_MOST in answer.content.decode()
    assert Attachment.objects.count() == 5
    with pytest.raises(TooManyFiles):
        sent_with(people, *(photo() for _number in range(6)))
    message = sent_with(people, photo())
    for position in (1, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.create(
                message=message,
                position=position,
                owner=people.nia,
                kind="photo",
                name="a" * 32,
                title="x",
                size=1,
            )


def test_the_database_keeps_attachments_to_their_writer(people):
    message, other = sent_with(people, photo()), from_parent(people, parent=people.gareth)
    row = {"kind": "photo", "name": "b" * 32, "title": "x", "size": 1, "position": 2}
    with pytest.raises(IntegrityError, match="attachment_is_its_writers"), transaction.atomic():
        Attachment.objects.create(message=other, owner=people.nia, **row)
    Attachment.objects.create(message=message, owner=people.nia, **row)
    with pytest.raises(IntegrityError, match="attachment_stays_with_what_arrived"), transaction.atomic():
        message.files.filter(position=1).update(name="c" * 32)
    Message.objects.filter(pk=message.pk).update(announced_at=at(MORNING))
    with pytest.raises(IntegrityError, match="attachment_is_its_writers"), transaction.atomic():
        Attachment.objects.create(message=message, owner=people.nia, **row | {"position": 3})


@pytest.mark.policy("PU-4")
def test_a_pupil_adds_nothing(people):
    with pytest.raises(IntegrityError, match="attachment_is_its_writers"), transaction.atomic():
        Attachment.objects.create(owner=people.mali.account, kind="photo", name="d" * 32, title="x", size=1)
    assert people.client(people.mali).post("/messages/add-file/", {"added": [photo()]}).status_code in (
        403,
        404,
    )
    assert not Attachment.objects.exists()


def test_a_file_that_is_gone_is_said_and_nothing_goes_without_it(people):
    answer = write(people, stored=["e" * 32], body="Three boxes")
    assert answer.status_code == 422 and UPLOAD_EXPIRED in answer.content.decode()
    assert "Three boxes" in answer.content.decode() and not Message.objects.exists()
    assert write(people, stored=["../../etc/passwd\0"]).status_code in (400, 422)


def test_A42_reading_a_file_stops_at_the_size_limit(people, settings):
    settings.PHOTO_MAX_BYTES = settings.DOCUMENT_MAX_BYTES = 1000
    for data in (b"\xff\xd8\xff" + b"x" * 5000, b"%PDF-" + b"x" * 5000):
        file = BytesIO(data)
        with pytest.raises(RuleViolation, match=r"\d0 MB"):
            add_file(file, title="big", by=people.actor(people.nia), at=at(MORNING))
        assert file.tell() == 1001


def test_F29_a_full_disk_says_so_and_words_go_without_files(people, media, monkeypatch):
    def full(path, data):
        raise OSError(28, "full")

    monkeypatch.setattr("malpas.lib.uploads.photos.files.write", full)
    answer = write(people, photo(), body="Three boxes")
    assert answer.status_code == 422 and NO_ROOM_FOR_FILES in answer.content.decode()
    assert (
        "Three boxes" in answer.content.decode() and not Attachment.objects.exists() and not files_in(media)
    )
    assert write(people).status_code == 302


def test_A58_a_disk_that_fills_up_stops_files_and_not_messages(people, settings, media):
    settings.MEDIA_KEEP_FREE = 2**60
    assert NO_ROOM_FOR_FILES in write(people, photo()).content.decode()
    assert not files_in(media) and write(people).status_code == 302


def test_A58_one_account_adds_so_much_in_a_day_and_no_more(people, clock, media, monkeypatch):
    monkeypatch.setattr(service, "BYTES_A_DAY", 3 * len(letter()))
    for _number in range(3):
        sent_with(people, upload(letter()))
    assert TOO_MANY_FILES_TODAY in write(people, upload(letter())).content.decode()
    assert len(files_in(media)) == 3
    assert write(people, upload(letter()), who=people.gareth).status_code == 302
    clock.set("2026-11-11 10:01")
    assert write(people, upload(letter())).status_code == 302


def test_A58_what_went_to_a_whole_class_counts_once(people, monkeypatch):
    monkeypatch.setattr(service, "BYTES_A_DAY", 2 * len(letter()))
    to_all = {"who": people.celyn, "page": "/messages/families/write/", "everybody": "on"}
    assert write(people, upload(letter()), **to_all).status_code == 302
    assert Attachment.objects.count() == 3
    assert write(people, upload(letter()), **to_all).status_code == 302
    assert write(people, upload(letter()), **to_all).status_code == 422


def test_unsent_files_are_removed_after_a_day(people, clock, media, django_capture_on_commit_callbacks):
    message = sent_with(people, photo())
    add_file(upload(letter()), title="letter.pdf", by=people.actor(people.nia), at=at(MORNING))
    assert forget_unsent() == 0
    clock.set("2026-11-11 10:00")
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_unsent() == 1
    assert message.files.count() == 1 and len(files_in(media)) == 2


@pytest.mark.parametrize(
    "name", ["../../etc/x", "C:\\a\\b.pdf", "a/b", ".htaccess", "x" * 300, "", "a\nb.pdf", "\u202etxt.exe"]
)
def test_A54_an_uploads_own_name_is_not_used_on_the_disk(people, media, name):
    file = add_file(upload(letter()), title=name, by=people.actor(people.nia), at=at(MORNING))
    assert {path.name for path in files_in(media)} == {f"{file.name}.pdf"}
    assert file.title.endswith(".pdf") and len(file.title) <= 100
    assert not set(file.title) & set('/\\\n\u202e<>"') and not file.title.startswith(".")


def test_another_page_says_that_files_do_not_come_along(people):
    castle = add_file(photo(), title="castle.jpg", by=people.actor(people.nia), at=at(MORNING))
    begun = {"body": "She lost her coat", "begin": "1", "child": people.mali.pk, "stored": [castle.name]}
    page = people.client(people.nia).post("/write/lost/", begun).content.decode()
    assert "She lost her coat" in page and FILES_ONLY_TO_CLASS in page


def test_A42_thirteen_files_at_once_are_refused_and_text_is_kept(people, media):
    answer = write(
        people, *(upload(b"PK\x03\x04", f"{number}.docx") for number in range(13)), body="Three boxes"
    )
    assert answer.status_code == 422 and "Three boxes" in answer.content.decode()
    assert not Message.objects.exists() and not files_in(media)


def test_A42_more_files_than_any_form_takes_get_a_page_in_words(people):
    answer = write(people, *(upload(b"x", f"{number}.pdf") for number in range(61)))
    assert answer.status_code == 400 and TOO_MANY_FILES_AT_ONCE in answer.content.decode()
    assert not Message.objects.exists()
