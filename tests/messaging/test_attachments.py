"""Photos and documents that go with a message."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils.html import escape

from classes.models import Guardianship
from malpas.lib import document_files, photo_files
from malpas.lib.errors import RuleViolation
from messaging.models import Attachment, Circular, Message
from messaging.services import (
    add_file,
    change_message,
    forget_unsent,
    hide_message,
    scan_due,
    send_message,
    withdraw_message,
)
from messaging.services import attachments as service
from messaging.services.enclosing import FilesGone, TooManyFiles
from messaging.services.leavers import hold_back
from tests.clock import at
from tests.files import EICAR, letter, nobody_at, pdf_with, scanner, upload
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent
from tests.people import key
from tests.stories.kit import bomb, files_in, picture

pytestmark = pytest.mark.django_db
MORNING = "2026-11-10 10:00"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT, settings.MEDIA_KEEP_FREE = tmp_path, 0
    return tmp_path


def photo(name: str = "castle.jpg"):
    return upload(picture(), name, "image/jpeg")


def talk_page(people) -> str:
    return f"/messages/child/{people.mali.pk}/"


def write(people, *files, who=None, page=None, **more):
    answer = {"body": "Here is her castle.", "key": key(), "added": list(files)} | more
    return people.client(who or people.nia).post(page or talk_page(people), answer)


def sent_with(people, *files, when=MORNING, who=None, **more) -> Message:
    """A message of Nia with these files, or of the class to her."""
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


@pytest.mark.policy("PA-6")
@pytest.mark.policy("AU-5")
def test_a_parent_sends_photos_and_a_document_and_the_class_sees_them(people, media):
    assert write(people, photo(), photo("tower.png"), upload(letter())).status_code == 302
    files = list(Message.objects.get().files.all())
    assert [(file.place, file.kind, file.title) for file in files] == [
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
def test_a_document_is_saved_and_never_shown_and_a_photo_is_written_anew(people):
    message = sent_with(
        people, upload(letter(), "Note\u202e fdp.<b>.PDF"), upload(picture(comment=b"at home"))
    )
    document, castle = message.files.all()
    answer = people.client(people.celyn).get(f"/messages/file/{document.name}/")
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="Note fdp.b.PDF.pdf"'
    assert b"".join(answer.streaming_content) == letter()
    shown = people.client(people.celyn).get(f"/messages/file/{castle.name}/")
    assert shown["Content-Type"] == "image/jpeg" and "no-store" in shown["Cache-Control"]
    assert b"at home" not in b"".join(shown.streaming_content)
    assert status(people, people.celyn, castle, "small/") == 200
    assert status(people, people.celyn, document, "small/") == 404


@pytest.mark.policy("PA-6")
def test_A24_a_waiting_messages_files_open_for_its_writer_alone_until_it_arrives(people, clock):
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
    assert status(people, people.nia, waiting.files.get()) == 404
    clock.set(ARRIVES)
    arrived = sent_with(people, photo(), when=ARRIVES)
    assert status(people, people.celyn, arrived.files.get()) == 200
    hide_message(arrived, by=people.actor(people.deputy), at=at(ARRIVES))
    assert [status(people, who, arrived.files.get()) for who in (people.celyn, people.nia)] == [404, 404]


@pytest.mark.policy("PA-2")
def test_a_file_is_gone_with_the_tie(people):
    (castle,) = sent_with(people, photo(), who=people.celyn).files.all()
    assert status(people, people.nia, castle) == 200
    Guardianship.objects.filter(pupil=people.mali, contact__user=people.nia).update(restriction="no_access")
    assert status(people, people.nia, castle) == 404


def test_what_is_added_and_not_sent_is_its_writers_alone(people):
    by = people.actor(people.celyn, people.pritchard)
    castle = add_file(photo(), title="castle.jpg", by=by, at=at(MORNING))
    address = f"/messages/file/{castle.name}/"
    assert people.client(people.celyn, people.pritchard).get(address).status_code == 200
    assert people.client(people.celyn, people.adeyemi).get(address).status_code == 404
    assert status(people, people.nia, castle) == 404
    with pytest.raises(FilesGone):
        sent_with(people, files=[castle.name])
    assert not Message.objects.exists()


def test_the_page_lists_what_was_added_while_one_writes(people):
    answer = people.client(people.nia).post(
        "/messages/add-file/", {"added": [photo()]}, HTTP_HX_REQUEST="true"
    )
    page, castle = answer.content.decode(), Attachment.objects.get()
    assert answer.status_code == 200 and f'value="{castle.name}" checked' in page and "castle.jpg" in page
    assert write(people, kept=[castle.name]).status_code == 302
    assert Message.objects.get().files.get().name == castle.name


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: upload(b"PK\x03\x04", "plan.docx"), "We take photos and PDF documents"),
        (
            lambda: upload(b"<svg onload=alert(1)>", "a.svg", "image/svg+xml"),
            "We take photos and PDF documents",
        ),
        (lambda: upload(b"", "empty.pdf"), "We take photos and PDF documents"),
        (lambda: upload(picture()[:200], "cut.jpg", "image/jpeg"), "This photo is damaged"),
        (lambda: upload(bomb(), "big.png", "image/png"), "too large to open safely"),
        (lambda: upload(letter()[:-30]), "This PDF is damaged"),
        (
            lambda: upload(pdf_with(lambda pdf: pdf.add_attachment("a.exe", b"MZ"))),
            "holds a program or other files",
        ),
    ],
    ids=["docx", "svg", "empty", "cut", "bomb", "cut pdf", "file in pdf"],
)
def test_what_cannot_go_gets_a_sentence_and_loses_nothing_else(people, media, file, sentence):
    answer = write(people, photo(), file(), body="Three boxes")
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "Three boxes" in page
    assert not Message.objects.exists()
    castle = Attachment.objects.get()  # the one that was fit stands on the page
    assert f'value="{castle.name}" checked' in page and len(files_in(media)) == 2
    assert write(people, kept=[castle.name]).status_code == 302


def test_words_that_are_asked_about_keep_what_was_added(people):
    answer = write(people, photo(), body="You are an idiot", asked="")
    page = answer.content.decode()
    assert "face to face" in page and f'value="{Attachment.objects.get().name}" checked' in page
    assert not Message.objects.exists()


def test_a_sixth_is_refused_on_the_page_by_the_service_and_by_the_database(people):
    answer = write(people, *(photo() for _number in range(6)))
    assert answer.status_code == 422 and "five photos or documents at most" in answer.content.decode()
    assert Attachment.objects.count() == 5
    with pytest.raises(TooManyFiles):
        sent_with(people, *(photo() for _number in range(6)))
    message = sent_with(people, photo())
    for place in (1, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.create(
                message=message, place=place, owner=people.nia, kind="photo", name="a" * 32, title="x", size=1
            )


def test_the_database_lets_nobody_else_lay_a_file_into_a_message_and_none_into_one_that_was_announced(people):
    message, other = sent_with(people, photo()), from_parent(people, parent=people.gareth)
    row = {"kind": "photo", "name": "b" * 32, "title": "x", "size": 1, "place": 2}
    with pytest.raises(IntegrityError, match="attachment_is_its_writers"), transaction.atomic():
        Attachment.objects.create(message=other, owner=people.nia, **row)
    Attachment.objects.create(message=message, owner=people.nia, **row)
    with pytest.raises(IntegrityError, match="attachment_stays_with_what_arrived"), transaction.atomic():
        message.files.filter(place=1).update(name="c" * 32)
    Message.objects.filter(pk=message.pk).update(announced_at=at(MORNING))
    with pytest.raises(IntegrityError, match="attachment_is_its_writers"), transaction.atomic():
        Attachment.objects.create(message=message, owner=people.nia, **row | {"place": 3})


@pytest.mark.policy("PU-4")
def test_a_pupil_adds_nothing(people):
    with pytest.raises(IntegrityError, match="attachment_is_its_writers"), transaction.atomic():
        Attachment.objects.create(owner=people.mali.account, kind="photo", name="d" * 32, title="x", size=1)
    assert people.client(people.mali).post("/messages/add-file/", {"added": [photo()]}).status_code in (
        403,
        404,
    )
    assert not Attachment.objects.exists()


@pytest.mark.policy("PA-6")
def test_while_it_waits_a_file_is_taken_off_and_another_laid_in(
    people, clock, media, django_capture_on_commit_callbacks
):
    clock.set(QUIET)
    message = sent_with(people, photo("one.jpg"), photo("two.jpg"), when=QUIET)
    one, two = message.files.all()
    address = f"/messages/change/{message.pk}/"
    page = people.client(people.nia).get(address).content.decode()
    assert f'value="{one.name}" checked' in page and f'value="{two.name}" checked' in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = write(people, upload(letter()), page=address, kept=[two.name], body="New words")
    assert answer.status_code == 302
    assert [(file.place, file.title) for file in message.files.all()] == [(1, "letter.pdf"), (2, "two.jpg")]
    assert not photo_files.path_of(one.name, 640).exists() and photo_files.path_of(two.name, 640).exists()


def test_what_has_arrived_keeps_its_files(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    clock.set(ARRIVES)
    answer = write(people, page=f"/messages/change/{message.pk}/", body="New words")
    assert answer.status_code == 422 and message.files.count() == 1
    assert Message.objects.get(pk=message.pk).body == "See here."


def test_words_changed_by_a_page_without_files_leave_them(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    change_message(message, by=people.actor(people.nia), at=at(QUIET), body="New words")
    assert message.files.count() == 1


def test_the_same_press_again_finds_the_first_with_its_files(people):
    castle = add_file(photo(), title="castle.jpg", by=people.actor(people.nia), at=at(MORNING))
    press = {"kept": [castle.name], "key": key()}
    answers = [write(people, **press) for _press in range(3)]
    assert {answer.status_code for answer in answers} == {302} and len(
        {answer.url for answer in answers}
    ) == 1
    assert Message.objects.count() == Attachment.objects.count() == 1


def test_a_file_that_is_gone_is_said_and_nothing_goes_without_it(people):
    answer = write(people, kept=["e" * 32], body="Three boxes")
    assert answer.status_code == 422 and "Please add it again" in answer.content.decode()
    assert "Three boxes" in answer.content.decode() and not Message.objects.exists()
    assert write(people, kept=["../../etc/passwd\0"]).status_code in (400, 422)


@pytest.mark.policy("TE-4")
def test_a_whole_class_gets_the_same_files_each_in_its_own_conversation(people, media):
    answer = write(
        people, upload(letter()), who=people.celyn, page="/messages/families/write/", everybody="on"
    )
    assert answer.status_code == 302
    files = list(Attachment.objects.all())
    assert len(files) == 3 and len({file.name for file in files}) == 1 and len(files_in(media)) == 1
    assert {status(people, who, files[0]) for who in (people.nia, people.gareth, people.sioned)} == {200}
    assert status(people, people.dylan, files[0]) == 404
    page = (
        people.client(people.celyn).get(f"/messages/families/{Circular.objects.get().pk}/").content.decode()
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


def test_F36_a_leavers_files_go_with_what_a_colleague_sends(people, clock):
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
    hold_back(people.adeyemi, at(QUIET))
    type(people.adeyemi).objects.filter(pk=people.adeyemi.pk).update(left_on=at(QUIET).date())
    browser = people.client(people.celyn, people.pritchard)
    assert castle.name in browser.get("/messages/left/").content.decode()
    assert browser.get(f"/messages/file/{castle.name}/").status_code == 200
    assert status(people, people.nia, castle) == 404
    for _press in range(2):
        browser.post(f"/messages/left/{message.pk}/")
    sent = Message.objects.exclude(pk=message.pk).get()
    assert sent.files.get().name == castle.name and sent.staff == people.pritchard


@pytest.mark.policy("PA-7")
def test_what_was_passed_on_is_the_offices_with_its_files(people):
    (castle,) = sent_with(people, photo()).files.all()
    assert status(people, people.office, castle) == 404
    message = Message.objects.get()
    people.client(people.celyn).post(f"/messages/pass-on/{message.pk}/", {"topic": "lost"})
    enquiry = message.became_enquiry.enquiry
    page = people.client(people.office).get(f"/office/{enquiry.pk}/").content.decode()
    assert f"/messages/file/{castle.name}/" in page and status(people, people.office, castle) == 200
    assert status(people, people.celyn, castle) == 404 and status(people, people.nia, castle) == 200


@pytest.mark.policy("TE-7")
def test_a_leader_opens_files_of_a_report_and_of_a_look_and_no_others(people):
    (castle,) = sent_with(people, photo(), who=people.celyn).files.all()
    message, deputy = Message.objects.get(), people.client(people.deputy)
    assert status(people, people.deputy, castle) == 404
    report = people.client(people.nia).post(
        f"/report/message/{message.pk}/", {"category": "rude", "words": ""}
    )
    number = report.url.split("/")[2]
    address = f"/report/{number}/file/{castle.name}/"
    reader = people.client(people.head)  # about staff: the head alone
    assert address in reader.get(f"/report/{number}/").content.decode()
    assert reader.get(address).status_code == 200
    assert {
        people.client(who).get(address).status_code for who in (people.deputy, people.nia, people.celyn)
    } == {404}
    look = deputy.post(f"/oversight/talk/{message.conversation_id}/", {"reason": "A complaint"}, follow=True)
    assert f"/messages/file/{castle.name}/" in look.content.decode()
    assert deputy.get(f"/messages/file/{castle.name}/").status_code == 200
    assert status(people, people.head, castle) == 404  # the look is the deputy's


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
def test_A51_while_the_scanner_is_away_a_document_is_held_back_and_opens_when_it_was_looked_at(
    people, settings
):
    settings.SCANNER = nobody_at()
    message = sent_with(people, upload(letter()))
    (document,) = message.files.all()
    page = people.client(people.celyn).get(f"/messages/{message.conversation_id}/").content.decode()
    assert "letter.pdf opens when our virus scanner has looked at it." in page and document.name not in page
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


def test_a_document_that_the_scanner_cannot_judge_holds_up_no_other(people, settings):
    settings.SCANNER = nobody_at()
    sent_with(people, upload(letter("First")), upload(letter("Second")))
    with scanner(lambda data: b"stream: OK" if data == letter("Second") else b"too large. ERROR") as desk:
        settings.SCANNER = desk.url
        assert scan_due() == 1
    assert Attachment.objects.filter(cleared_at__isnull=False).count() == 1


def test_A42_of_a_file_that_is_too_big_no_more_is_read_than_refuses_it(people, settings):
    settings.PHOTO_MAX_BYTES = settings.DOCUMENT_MAX_BYTES = 1000
    for data in (b"\xff\xd8\xff" + b"x" * 5000, b"%PDF-" + b"x" * 5000):
        file = BytesIO(data)
        with pytest.raises(RuleViolation, match="too big"):
            add_file(file, title="big", by=people.actor(people.nia), at=at(MORNING))
        assert file.tell() == 1001


def test_F29_a_full_disk_says_so_and_words_go_without_files(people, media, monkeypatch):
    def full(path, data):
        raise OSError(28, "full")

    monkeypatch.setattr("malpas.lib.photo_files.write", full)
    answer = write(people, photo(), body="Three boxes")
    assert answer.status_code == 422 and "no room for files" in answer.content.decode()
    assert (
        "Three boxes" in answer.content.decode() and not Attachment.objects.exists() and not files_in(media)
    )
    assert write(people).status_code == 302


def test_A58_a_disk_that_fills_up_stops_files_and_not_messages(people, settings, media):
    settings.MEDIA_KEEP_FREE = 2**60
    assert "no room for files" in write(people, photo()).content.decode()
    assert not files_in(media) and write(people).status_code == 302


def test_A58_one_account_adds_so_much_in_a_day_and_no_more(people, clock, media, monkeypatch):
    monkeypatch.setattr(service, "BYTES_A_DAY", 3 * len(letter()))
    for _number in range(3):
        sent_with(people, upload(letter()))
    assert "Please add more tomorrow" in write(people, upload(letter())).content.decode()
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


def test_what_was_never_sent_goes_after_a_day_and_what_was_sent_stays(
    people, clock, media, django_capture_on_commit_callbacks
):
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
def test_A54_a_files_own_name_means_nothing_on_the_disk_and_little_in_the_download(people, media, name):
    file = add_file(upload(letter()), title=name, by=people.actor(people.nia), at=at(MORNING))
    assert {path.name for path in files_in(media)} == {f"{file.name}.pdf"}
    assert file.title.endswith(".pdf") and len(file.title) <= 100
    assert not set(file.title) & set('/\\\n\u202e<>"') and not file.title.startswith(".")


def test_a_title_with_markup_is_shown_as_words(people):
    message = sent_with(people, upload(letter(), "<img src=x onerror=alert(1)>.pdf"))
    page = people.client(people.celyn).get(f"/messages/{message.conversation_id}/").content.decode()
    assert "<img src=x" not in page and escape(message.files.get().title) in page


def test_another_page_says_that_files_do_not_come_along(people):
    castle = add_file(photo(), title="castle.jpg", by=people.actor(people.nia), at=at(MORNING))
    begun = {"body": "She lost her coat", "begin": "1", "child": people.mali.pk, "kept": [castle.name]}
    page = people.client(people.nia).post("/write/lost/", begun).content.decode()
    assert "She lost her coat" in page and "Photos and documents go with messages to the class only" in page


def test_the_other_parent_sees_no_trace_of_a_file(people):
    from_class(people, parent=people.gareth)
    browser = people.client(people.gareth)
    browser.get("/messages/")
    before = browser.get("/messages/").content
    (castle,) = sent_with(people, photo(), who=people.celyn).files.all()
    assert castle.name.encode() not in (after := browser.get("/messages/").content)
    assert len(after) == len(before) and status(people, people.gareth, castle) == 404
