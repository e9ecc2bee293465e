"""Test saving and restoring a form when the PIN is due (TE-2)."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from messaging.models.conversations import Message
from points.models import Award, Behaviour
from stories.models import Post
from tests.people import PIN
from tests.sentences.accounts import PHOTOS_NOT_RESTORED
from tests.sentences.classes import WRITING_IS_SAVED
from tests.sentences.reading import says

LAPSED = "2026-11-10 10:16"


@pytest.fixture
def conversation(people):
    return f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/"


@pytest.fixture
def browser(people, clock):
    """Start Mrs Pritchard's session, and let sixteen minutes pass."""
    client = people.client(people.celyn, people.pritchard)
    clock.set(LAPSED)
    return client


def choose(client, person):
    return client.post("/class/who/", {"who": person.pk, "pin": PIN, "next": ""})


def story(**more):
    return {"title": "Our pond", "body": "A heron came by.", "key": str(uuid4()), **more}


@pytest.mark.policy("TE-2")
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_a_message_sent_after_the_idle_minutes_is_saved(people, browser, conversation, htmx):
    answer = browser.post(conversation, {"body": "Mali sang today.", "key": str(uuid4())}, headers=htmx)
    assert answer.headers["HX-Redirect" if htmx else "Location"] == "/class/who/"
    assert not Message.objects.exists()
    assert choose(browser, people.pritchard).headers["Location"] == conversation
    page = browser.get(conversation).content.decode()
    assert "Mali sang today." in page and "Nothing is lost" in page
    assert not Message.objects.exists()


@pytest.fixture
def award(people):
    """Return the data of an award with a note."""
    behaviour = Behaviour.objects.get(name_en="Sharing")
    return {
        "pupil": people.mali.pk,
        "behaviour": behaviour.pk,
        "note": "Her ruler, unasked",
        "key": str(uuid4()),
    }


@pytest.mark.policy("TE-2")
def test_a_saved_form_without_a_page_is_sent_once_by_a_button(people, browser, award):
    browser.post("/class/board/award/", award)
    assert choose(browser, people.pritchard).headers["Location"] == "/class/saved-form/"
    page = browser.get("/class/saved-form/").content.decode()
    assert 'action="/class/board/award/"' in page and award["key"] in page and "Her ruler, unasked" in page
    assert not Award.objects.exists()
    for _attempt in range(2):
        browser.post("/class/board/award/", award)
    assert Award.objects.get().given_by == people.pritchard
    assert "ruler" not in browser.get("/class/saved-form/").content.decode()


@pytest.mark.policy("TE-2")
def test_another_person_neither_sees_nor_sends_a_saved_form(people, browser, conversation):
    browser.post(conversation, {"body": "Mali sang today.", "key": str(uuid4())})
    assert choose(browser, people.adeyemi).headers["Location"] == "/"
    for path in ("/class/saved-form/", "/class/board/", "/messages/", conversation, "/class/who/"):
        assert "sang today" not in browser.get(path, follow=True).content.decode(), path
    assert not Message.objects.exists()
    assert choose(browser, people.pritchard).headers["Location"] == conversation


@pytest.mark.policy("TE-2")
def test_a_story_is_restored_without_its_photos(people, browser):
    photo = SimpleUploadedFile("a.jpg", b"a picture", "image/jpeg")
    browser.post("/news/write/", story(added=photo))
    assert choose(browser, people.pritchard).headers["Location"] == "/news/write/"
    page = browser.get("/news/write/").content.decode()
    assert "A heron came by." in page and "Our pond" in page
    assert PHOTOS_NOT_RESTORED in page
    assert not Post.objects.exists()


def test_a_story_of_one_is_not_in_the_form_of_another(people, browser):
    browser.post("/news/write/", story())
    choose(browser, people.adeyemi)
    assert "heron" not in browser.get("/news/write/").content.decode()


def test_a_saved_form_is_discarded_by_a_button(people, browser, award):
    browser.post("/class/board/award/", award)
    choose(browser, people.pritchard)
    assert browser.post("/class/saved-form/", {"path": "/class/board/award/"}).headers["Location"] == "/"
    assert "ruler" not in browser.get("/class/saved-form/").content.decode()


def test_a_saved_form_ends_with_signing_out(people, browser, conversation):
    browser.post(conversation, {"body": "Mali sang today.", "key": str(uuid4())})
    assert "sang" in str(browser.session.get("saved_forms"))
    browser.post("/account/logout/")
    assert "sang" not in str(dict(browser.session))


def test_a_saved_form_ends_after_a_day(people, browser, conversation, clock):
    browser.post(conversation, {"body": "Mali sang today.", "key": str(uuid4())})
    clock.set("2026-11-11 10:17")
    session = browser.session
    session["life"] = {
        "since": "2026-11-11T10:17:00+00:00",
        "seen": "2026-11-11T10:17:00+00:00",
        "shared": False,
    }
    session.save()
    assert choose(browser, people.pritchard).headers["Location"] == "/"


def test_an_oversized_form_is_not_saved(people, browser, conversation):
    browser.post(conversation, {"body": "a " * 40_000, "key": str(uuid4())})
    assert "saved_forms" not in browser.session


def test_secrets_and_tokens_are_not_saved(people, browser, conversation):
    browser.post(
        conversation,
        {"body": "Mali sang.", "key": str(uuid4()), "csrfmiddlewaretoken": "t0ken", "pin": "4071"},
    )
    saved = str(browser.session["saved_forms"])
    assert "Mali sang" in saved and "t0ken" not in saved and "4071" not in saved


@pytest.mark.policy("TE-2")
def test_a_polling_page_does_not_extend_the_session(people, clock, conversation):
    client = people.client(people.celyn, people.pritchard)
    client.post(conversation, {"body": "Mali sang.", "key": str(uuid4())})
    news = f"/messages/{Message.objects.get().conversation_id}/new/"
    for minute in (5, 10, 14):
        clock.set(f"2026-11-10 10:{minute:02}")
        assert client.get(news, headers={"HX-Request": "true"}).status_code in (200, 204)
    clock.set("2026-11-10 10:15:05")
    answer = client.get(news, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "lapsed" in answer.headers["HX-Trigger"]
    assert client.get("/class/board/").headers["Location"].startswith("/class/who/")


def test_a_form_sent_for_saving_is_not_carried_out_early(people, conversation):
    client = people.client(people.celyn, people.pritchard)
    client.post(conversation, {"body": "Half a sentence", "key": str(uuid4()), "keep_only": "1"})
    assert not Message.objects.exists()
    assert choose(client, people.pritchard).headers["Location"] == conversation


@pytest.mark.policy("TE-2")
def test_a_tap_on_an_idle_page_is_restored_with_its_query(people, browser):
    tapped = f"/class/board/?pupil={people.mali.pk}&sheet=1"
    answer = browser.get(
        tapped, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/class/board/"}
    )
    page = browser.get(answer.headers["HX-Redirect"]).text
    assert f'value="{tapped.replace("&", "&amp;")}"' in page and not says(page, WRITING_IS_SAVED)
    who = {"who": people.pritchard.pk, "pin": PIN, "next": tapped}
    answer = browser.post("/class/who/", who, follow=True)
    assert answer.redirect_chain == [(tapped, 302)] and "A point for Mali" in " ".join(answer.text.split())


def test_a_part_of_a_page_leads_back_to_the_page(people, browser):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/messages/?page=2"}
    location = browser.get("/class/board/", headers=headers).headers["HX-Redirect"]
    assert location == "/class/who/?next=/messages/%3Fpage%3D2"


@pytest.mark.policy("TE-2")
def test_a_tap_goes_before_what_was_being_written(people, browser):
    browser.post("/news/write/", story())
    assert says(browser.get("/class/who/").text, WRITING_IS_SAVED, name="Mrs Pritchard")
    who = {"who": people.pritchard.pk, "pin": PIN, "next": "/class/board/?view=staff"}
    answer = browser.post("/class/who/", who, follow=True)
    assert answer.redirect_chain == [("/class/board/?view=staff", 302)]
    assert 'href="/class/saved-form/"' in answer.text
    assert "A heron came by." in browser.get("/news/write/").text


@pytest.mark.policy("TE-2")
def test_a_draft_offered_once_is_not_led_to_again(people, browser, clock):
    browser.post("/news/write/", story())
    assert choose(browser, people.pritchard).headers["Location"] == "/news/write/"
    clock.set("2026-11-10 10:40")
    assert not says(browser.get("/class/who/").text, WRITING_IS_SAVED)
    assert choose(browser, people.pritchard).headers["Location"] == "/"
    assert "A heron came by." in browser.get("/news/write/").text


def test_a_tap_without_words_is_not_called_writing(people, browser, award):
    browser.post("/class/board/award/", award | {"note": ""})
    assert not says(browser.get("/class/who/").text, WRITING_IS_SAVED)
    assert choose(browser, people.pritchard).headers["Location"] == "/class/saved-form/"
