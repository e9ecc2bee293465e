"""Test a pupil's sign-in in a shared browser (PU-4)."""

from datetime import timedelta

import pytest
from django.test import Client

from classes.models.pupils import Pupil
from classes.pupil_access.cards import new_card
from tests.classes.pupil_access.class_pages import at_class_page, tap
from tests.clock import at
from tests.sentences.classes import AWAY_FOR_A_WHILE, NEWER_CARD_NEEDED, POSTER_IS_OLD
from tests.sentences.reading import without_marks

NOW = at("2026-11-10 10:00")


@pytest.fixture
def card(people):
    return new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)


@pytest.fixture
def wait(clock):
    """Move the clock on from 10:00."""
    moment = NOW

    def move(time: timedelta) -> None:
        nonlocal moment
        moment += time
        clock.set(f"{moment:%Y-%m-%d %H:%M}")

    return move


@pytest.fixture
def pupil(people, card):
    """Return a browser in which Mali has signed in with pictures."""
    browser = at_class_page(people)
    assert tap(browser, people.mali, card.pictures).status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/pupil/me/").status_code == 200


@pytest.mark.policy("PU-4")
def test_thirty_idle_minutes_end_it(pupil, wait):
    wait(timedelta(minutes=29))
    assert is_in(pupil)
    wait(timedelta(minutes=29))
    assert is_in(pupil)
    wait(timedelta(minutes=31))
    answer = pupil.get("/pupil/me/", follow=True)
    assert AWAY_FOR_A_WHILE in answer.content.decode()
    assert "Mali" not in answer.content.decode() and "_auth_user_id" not in pupil.session


@pytest.mark.policy("PU-4")
def test_a_school_day_ends_it_however_busy_the_child_is(pupil, wait):
    for _quarter in range(8 * 4):
        assert is_in(pupil)
        wait(timedelta(minutes=15))
    wait(timedelta(minutes=1))
    assert not is_in(pupil)


@pytest.mark.parametrize("fields", [{"left_on": "2026-11-10"}, {"classroom": None}])
@pytest.mark.policy("PU-4")
def test_who_leaves_the_class_is_out_at_the_next_tap(people, pupil, fields):
    assert is_in(pupil)
    Pupil.objects.filter(pk=people.mali.pk).update(**fields)
    answer = pupil.get("/pupil/dragon/", follow=True)
    assert AWAY_FOR_A_WHILE in answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith("/pupil/") and "_auth_user_id" not in pupil.session


def test_a_sign_in_that_does_not_say_when_it_began_is_over(people, pupil):
    session = pupil.session
    del session["pupil_began"]
    session.save()
    assert not is_in(pupil)


def test_no_address_is_reached_with_a_sign_in_that_is_over(people, pupil, wait):
    wait(timedelta(hours=1))
    for path in ("/messages/", "/class/cards/", "/", "/points/"):
        assert pupil.get(path).status_code == 302
        assert "_auth_user_id" not in pupil.session


@pytest.mark.policy("PU-4")
def test_a_new_card_leads_from_the_next_tap_to_a_kind_sentence(people, pupil):
    assert is_in(pupil)
    new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)
    answer = pupil.get("/pupil/me/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/pupil/?next=")
    assert NEWER_CARD_NEEDED in answer.content.decode() and "Mali" not in answer.content.decode()


def test_bye_leads_to_the_dragons_and_clears_the_browser(people, pupil):
    answer = pupil.post("/pupil/leave/")
    assert answer.headers["Location"] == "/pupil/class/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert {*pupil.session.keys()} == {"class_page", "_session_expiry"}
    assert pupil.session.get_expire_at_browser_close()


def test_a_pupils_sign_in_clears_a_carried_invitation(people, card):
    browser = at_class_page(people)
    session = browser.session
    session["invitation"] = 7
    session.save()
    assert tap(browser, people.mali, card.pictures).status_code == 302
    assert "invitation" not in browser.session and "class_page" in browser.session


def test_the_next_child_signs_in_without_a_bye_of_the_last(people, pupil):
    efa = new_card(pupil=people.efa, by=people.actor(people.celyn), at=NOW)
    before = pupil.session.session_key
    at_class_page(people, browser=pupil)  # from the poster
    assert pupil.get("/pupil/class/").status_code == 200
    answer = tap(pupil, people.efa, efa.pictures)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert pupil.session.session_key != before
    page = without_marks(pupil.get("/pupil/me/").text)
    assert "Hello, Efa!" in page and "Mali" not in page


def test_a_browser_shows_a_class_page_for_one_school_day(people, card, wait):
    browser = at_class_page(people)
    wait(timedelta(hours=7, minutes=59))
    assert browser.get("/pupil/class/").status_code == 200
    wait(timedelta(minutes=2))
    assert browser.get("/pupil/class/").headers["Location"] == "/pupil/"


@pytest.mark.parametrize(
    "stored", [None, ["no-such-class_page", NOW.isoformat()], ["no-such-class_page", None]]
)
def test_an_invalid_class_page_opens_nothing(people, stored):
    browser = at_class_page(people)
    session = browser.session
    session["class_page"] = stored
    session.save()
    assert browser.get("/pupil/class/").headers["Location"] == "/pupil/"


@pytest.mark.policy("PU-4")
def test_the_class_account_signs_out_before_pupils_sign_in(people, card):
    browser = people.client(people.celyn)
    assert browser.get("/class/cards/").status_code == 200
    key = browser.session.session_key
    answer = browser.post("/class/pupils/")
    assert answer.headers["Location"] == "/pupil/class/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert {*browser.session.keys()} == {
        "class_page",
        "_session_expiry",
    } and browser.session.session_key != key
    assert browser.get("/class/cards/").headers["Location"].startswith("/account/login/")
    assert tap(browser, people.mali, card.pictures).headers["Location"] == "/pupil/me/"


def test_the_computer_of_the_class_needs_no_poster_and_ends_none(people, card):
    paper = at_class_page(people)
    screen = people.client(people.celyn)
    screen.post("/class/pupils/")
    assert paper.get("/pupil/class/").status_code == screen.get("/pupil/class/").status_code == 200


def test_an_old_poster_gets_a_kind_sentence(people):
    answer = Client().get("/pupil/class/an-old-one/")
    assert answer.status_code == 404
    assert POSTER_IS_OLD in answer.content.decode()


@pytest.mark.policy("PU-4")
def test_the_class_ends_a_lost_card_from_its_page(people, card, pupil):
    browser, path = people.client(people.celyn), f"/class/cards/{people.mali.pk}/"
    assert "End this card" in browser.get(path).content.decode() and is_in(pupil)
    assert browser.post(path, {"act": "end"}, follow=True).status_code == 200
    assert not is_in(pupil)
    assert "End this card" not in browser.get(path).content.decode()
    assert browser.post(path, {"act": "nonsense"}).status_code == 422


def test_the_class_pages_make_a_card_and_a_poster(people, card):
    browser = people.client(people.celyn)
    for path, sent in [(f"/class/cards/{people.mali.pk}/", {"act": "new"}), ("/class/poster/", {})]:
        answer = browser.post(path, sent)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "no-store" in answer.headers["Cache-Control"]


def test_no_card_of_another_class_is_touched(people):
    made = new_card(pupil=people.rhys, by=people.actor(people.derwen), at=NOW)
    browser = people.client(people.celyn)
    for act in ("new", "end", "let_in"):
        assert browser.post(f"/class/cards/{people.rhys.pk}/", {"act": act}).status_code == 404
    assert Client().get("/pupil/card/" + made.address.split("/pupil/card/")[1]).status_code == 200
