"""Guessing at the door of a class, and browsers that grown-ups and children share (A10, A15, A18)."""

from dataclasses import replace
from itertools import product

import pytest
from django.test import Client

from classes import rate_limits
from classes.enums import Picture
from classes.models.joining import ClassPage, PupilCard
from classes.pupil_access.cards import new_card
from classes.pupil_access.class_page import new_class_page
from classes.pupil_access.rules import MOST_WRONG
from tests.abuse.kit import browser_of, outsider
from tests.classes.pupil_access.class_pages import NOW, at_class_page, tap, wrong
from tests.people import BACKEND, PASSWORD
from tests.sentences.classes import TOO_MANY_PICTURE_TRIES


@pytest.fixture
def card(world):
    return new_card(pupil=world.people.mali, by=world.people.actor(world.people.celyn), at=NOW)


def test_A15_walking_through_the_pictures_rests_after_five_and_ends_after_twenty(
    world, card, clock, monkeypatch
):
    for name in ("PICTURES_CLASS", "PICTURES_ADDRESS"):  # which would shut sooner
        monkeypatch.setattr(rate_limits, name, replace(getattr(rate_limits, name), amount=1000))
    codes = ([*each] for each in product(Picture.values, repeat=3) if [*each] != card.pictures)
    counted = []
    for quarter in range(6):
        clock.set(f"2026-11-10 {8 + quarter // 4:02}:{quarter % 4 * 15:02}")
        for _try in range(7):
            assert tap(at_class_page(world.people), world.people.mali, next(codes)).status_code == 422
        counted.append(PupilCard.objects.get().wrong)
    assert counted == [5, 10, 15, 20, 20, 20] and MOST_WRONG == 20
    assert tap(at_class_page(world.people), world.people.mali, card.pictures).status_code == 422


def test_A15_guesses_at_a_whole_class_are_counted_together(world, card, monkeypatch):
    monkeypatch.setattr(rate_limits, "PICTURES_CLASS", replace(rate_limits.PICTURES_CLASS, amount=3))
    people = world.people
    efa = new_card(pupil=people.efa, by=people.actor(people.celyn), at=NOW)
    for number in range(3):
        browser = at_class_page(people, browser=Client(REMOTE_ADDR=f"198.51.100.{number}"))
        assert tap(browser, people.mali, wrong(card)).status_code == 422
    answer = tap(at_class_page(people), people.efa, efa.pictures)
    assert answer.status_code == 429
    assert TOO_MANY_PICTURE_TRIES in answer.content.decode()


def test_A15_right_pictures_cost_nothing(world, card, monkeypatch):
    monkeypatch.setattr(rate_limits, "PICTURES_CLASS", replace(rate_limits.PICTURES_CLASS, amount=2))
    for _child in range(5):
        assert tap(at_class_page(world.people), world.people.mali, card.pictures).status_code == 302


def test_A15_trying_class_page_addresses_is_shut_out(world, card, monkeypatch):
    monkeypatch.setattr(rate_limits, "CARD_ADDRESS", replace(rate_limits.CARD_ADDRESS, amount=4))
    for number in range(4):
        assert outsider().get(f"/pupil/class/guess-{number}/").status_code == 404
    assert outsider().get("/pupil/class/guess-5/").status_code == 429
    assert outsider().get("/pupil/card/guess-6/").status_code == 429


def test_A15_without_the_class_page_no_pictures_are_taken(world, card):
    at_class_page(world.people)
    answer = tap(outsider(), world.people.mali, card.pictures)
    assert answer.headers["Location"] == "/pupil/"
    assert PupilCard.objects.get().wrong == 0


def test_A18_a_stolen_database_holds_no_pictures_and_no_token(world, card):
    address = new_class_page(classroom=world.people.celyn, by=world.people.actor(world.people.celyn), at=NOW)
    stored = f"{PupilCard.objects.values().get()} {ClassPage.objects.values().get()}"
    assert address.split("/")[-2] not in stored and card.address.split("/")[-2] not in stored
    assert not [each for each in card.pictures if f"'{each.value}" in stored or f"{each.value}-" in stored]


def test_A10_a_child_who_comes_in_at_a_parents_browser_ends_the_parents_sign_in(world, card):
    people = world.people
    browser = browser_of(world, people.nia)
    assert browser.get("/messages/").status_code == 200
    mine = browser.cookies["sessionid"].value
    at_class_page(people, browser=browser)
    page = browser.get("/pupil/class/").content.decode()
    assert "Nia" not in page and "/messages/" not in page and "menu__item" not in page
    answer = tap(browser, people.mali, card.pictures)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/messages/").status_code == 404
    stolen = outsider()
    stolen.cookies["sessionid"] = mine
    assert stolen.get("/messages/").status_code == 302
    assert {*browser.session.keys()} >= {"pupil_began"} and "terms" not in browser.session


def test_A10_a_parent_who_signs_in_after_a_child_finds_nothing_of_the_child(world, card):
    people = world.people
    people.nia.set_password(PASSWORD)
    people.nia.save()
    people.client(people.nia)  # who has agreed to the terms
    browser = at_class_page(people)
    tap(browser, people.mali, card.pictures)
    child = browser.cookies["sessionid"].value
    browser.post("/pupil/leave/")
    browser.post("/account/login/", {"login": people.nia.email, "password": PASSWORD})
    assert browser.session.get("_auth_user_id") == str(people.nia.pk)
    assert "pupil_began" not in browser.session
    stolen = outsider()
    stolen.cookies["sessionid"] = child
    assert stolen.get("/pupil/me/").status_code == 302


def test_A10_a_card_at_a_parents_browser_does_the_same(world, card):
    browser = outsider()
    browser.force_login(world.people.nia, backend=BACKEND)
    browser.post("/pupil/card/" + card.address.split("/pupil/card/")[1])
    assert browser.get("/messages/").status_code == 404
    assert browser.get("/pupil/me/").status_code == 200
