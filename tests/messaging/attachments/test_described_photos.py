"""Check descriptions of photos: optional, for those who see the photo."""

import re

import pytest
from django.db import IntegrityError, transaction

from malpas.lib.hidden import hide
from messaging.attachments.attach import describe_unsent
from messaging.attachments.upload import add_file
from messaging.conversations.services.change import AlreadyArrived, change_message
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message
from tests.clock import at
from tests.files import letter, upload
from tests.messaging.attachments.files import conversation_page, photo, sent_with, write
from tests.messaging.school_time import ARRIVES, QUIET
from tests.people import key
from tests.sentences.messaging import PHOTO_NUMBER, WHAT_IS_ON_THE_PHOTO

pytestmark = pytest.mark.django_db
SAID = "A castle of boxes, with a red flag"
HTMX = {"HTTP_HX_REQUEST": "true"}
MORNING = "2026-11-10 10:00"


def uploaded_by(people, who, file=None) -> Attachment:
    file = file or photo()
    return add_file(file, title=file.name, by=people.actor(who), at=at(MORNING))


def alts(people, who, message: Message) -> list[str]:
    page = people.client(who).get(f"/messages/{message.conversation_id}/").content.decode()
    return re.findall(r'alt="([^"]+)"', page)


def described(file: Attachment, said: str = SAID) -> dict:
    return {"stored": [file.name], f"alt_{file.name}": said}


def test_a_photo_is_described_by_its_writer_or_by_its_number(people):
    castle, tower = uploaded_by(people, people.nia), uploaded_by(people, people.nia)
    said = {
        "stored": [castle.name, tower.name],
        f"alt_{castle.name}": f"  {SAID}\n",
        f"alt_{tower.name}": " ",
    }
    assert write(people, **said).status_code == 302
    message = Message.objects.get()
    for who in (people.nia, people.celyn):
        assert alts(people, who, message) == [SAID, PHOTO_NUMBER % {"number": "2"}]
    assert (
        alts(people, people.nia, message)
        and people.client(people.gareth).get("/messages/").status_code == 200
    )
    assert people.client(people.gareth).get(f"/messages/{message.conversation_id}/").status_code == 404


def test_typed_text_stays_while_a_file_is_uploaded(people):
    castle, nia = uploaded_by(people, people.nia), people.client(people.nia)
    page = nia.post("/messages/add-file/", described(castle) | {"added": [photo("b.jpg")]}, **HTMX)
    html = page.content.decode()
    assert f">{SAID}</textarea>" in html and html.count(WHAT_IS_ON_THE_PHOTO) == 2
    assert (
        html.count(f'aria-describedby="title_{castle.name}"') == html.count(f'id="title_{castle.name}"') == 1
    )
    assert Attachment.objects.get(name=castle.name).alt == SAID


def test_only_a_photo_is_described(people):
    paper = uploaded_by(people, people.nia, upload(letter()))
    html = people.client(people.nia).post("/messages/add-file/", described(paper), **HTMX).content.decode()
    assert "letter.pdf" in html and WHAT_IS_ON_THE_PHOTO not in html
    assert Attachment.objects.get().alt == ""


@pytest.mark.parametrize(
    ("who", "path", "more"),
    [("nia", "conversation", {}), ("celyn", "/messages/families/write/", {"everybody": "on"})],
)
def test_without_scripts_files_are_uploaded_then_described(people, who, path, more):
    path, browser, used = (
        conversation_page(people) if path == "conversation" else path,
        people.client(getattr(people, who)),
        key(),
    )
    sent = {"body": "You idiot", "key": used, "added": [photo()], "add": "1"} | more
    page = browser.post(path, sent)
    html, castle = page.content.decode(), Attachment.objects.get()
    assert page.status_code == 200 and not Message.objects.exists()
    assert "You idiot</textarea>" in html and str(used) in html and f'name="alt_{castle.name}"' in html
    assert not more or re.search(r'name="everybody"[^>]*checked', html)
    assert (
        browser.post(path, {"body": "Here it is", "key": used} | more | described(castle)).status_code == 302
    )
    assert {file.alt for file in Attachment.objects.all()} == {SAID} and Message.objects.count() == (
        3 if more else 1
    )


def test_a_description_changes_only_while_its_message_is_pending(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), photo("b.jpg"), when=QUIET)
    castle, tower = message.files.all()
    page = f"/messages/change/{hide(message.pk)}/"
    nia = people.client(people.nia)
    sent = {"body": "See here.", "stored": [castle.name, tower.name], f"alt_{castle.name}": SAID}
    assert nia.post(page, sent).status_code == 302
    assert [(file.name, file.alt) for file in message.files.all()] == [(castle.name, SAID), (tower.name, "")]
    assert f">{SAID}</textarea>" in nia.get(page).content.decode()
    clock.set(ARRIVES)
    by = people.actor(people.nia)
    with pytest.raises(AlreadyArrived):
        change_message(
            message, by=by, at=at(ARRIVES), body="x", files=[castle.name], described={castle.name: "Another"}
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        message.files.filter(name=castle.name).update(alt="Another")
    describe_unsent({castle.name: "Another"}, by=by)
    assert message.files.get(name=castle.name).alt == SAID


def test_an_upload_while_changing_a_message_removes_no_file(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    castle, nia = message.files.get(), people.client(people.nia)
    assert (
        f'"message": "{hide(message.pk)}"'
        in nia.get(f"/messages/change/{hide(message.pk)}/").content.decode()
    )
    more = described(castle) | {"added": [photo("b.jpg")], "message": hide(message.pk)}
    html = nia.post("/messages/add-file/", more, **HTMX).content.decode()
    assert html.count('name="stored"') == 2 and f">{SAID}</textarea>" in html
    assert people.client(people.gareth).post("/messages/add-file/", more, **HTMX).status_code == 404


def test_nobody_describes_another_persons_upload(people):
    castle = uploaded_by(people, people.nia)
    for who in (people.gareth, people.celyn):
        people.client(who).post("/messages/add-file/", described(castle), **HTMX)
    assert Attachment.objects.get().alt == ""


@pytest.mark.policy("AU-1")
def test_photo_descriptions_are_screened_for_unkind_words_only(people):
    castle = uploaded_by(people, people.nia)
    answer = write(people, **described(castle, "Him, the idiot"), confirmed="")
    assert answer.status_code == 422 and "face to face" in answer.content.decode()
    assert not Message.objects.exists()
    assert write(people, **described(castle, "She has lost her coat"), confirmed="").status_code == 302


def test_a_description_is_plain_text_of_200_characters(people):
    castle = uploaded_by(people, people.nia)
    write(people, **described(castle, '"><script>alert(1)</script>' + "a" * 300))
    page = (
        people.client(people.celyn)
        .get(f"/messages/{Message.objects.get().conversation_id}/")
        .content.decode()
    )
    assert "<script>alert" not in page and len(Attachment.objects.get().alt) == 200


def test_the_database_keeps_only_short_photo_descriptions(people):
    castle, plan = uploaded_by(people, people.nia), uploaded_by(people, people.nia, upload(letter()))
    assert Attachment.objects.filter(pk=castle.pk).update(alt="a" * 200) == 1
    for file, said in ((castle, "a" * 201), (plan, SAID)):
        with pytest.raises(IntegrityError, match="only_a_photo_is_described"), transaction.atomic():
            Attachment.objects.filter(pk=file.pk).update(alt=said)
