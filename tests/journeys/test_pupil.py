"""A pupil comes in, by the square of the card and by dragon and pictures, on real processes (PU-4)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.letters import sheets
from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import CLASS, agree, say_who, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

WORDS = ["sun", "moon", "star", "heart", "flower", "fish", "boat", "tree", "apple", "house", "sheep", "key"]
CHILDREN = """
    SELECT p.id, p.preferred_forename FROM classes_pupil p JOIN classes_classroom c ON c.id = p.classroom_id
    WHERE c.name = %s AND p.left_on IS NULL ORDER BY lower(p.preferred_forename), lower(p.legal_surname), p.id
"""
TEACHER = """
    SELECT s.title || ' ' || s.surname FROM accounts_staffmember s JOIN classes_classroom_staff m
    ON m.staffmember_id = s.id JOIN classes_classroom c ON c.id = m.classroom_id WHERE c.name = %s ORDER BY s.id
"""


class Pupil:
    """What one step leaves for the next. A card: its address, and its pictures as they are read from the paper."""

    def __init__(self, school: RunningSchool, browse, downloads) -> None:
        self.school, self.browse, self.downloads = school, browse, downloads
        (self.first, self.first_name), (self.second, self.second_name), *_ = school.sql(CHILDREN, CLASS)

    def download(self, button, name: str):
        with self.desk.expect_download() as download:
            button.click()
        path = self.downloads / name
        download.value.save_as(path)
        return sheets(path)

    def the_class_prints_cards_and_a_poster(self) -> None:
        page = self.desk = self.browse()
        sign_in(page, "celyn@malpascourt.example")
        say_who(page, self.school.sql(TEACHER, CLASS)[0][0])
        agree(page)
        page.goto("/class/cards/")
        pages = self.download(page.get_by_role("button", name="Print the missing cards"), "cards.pdf")
        self.cards = [address for sheet in pages for address in sheet.addresses]
        self.pictures = [
            self.read_pictures(sheet.words, name)
            for sheet, name in [(pages[0], self.first_name), (pages[0], self.second_name)]
        ]
        poster = self.download(page.get_by_role("button", name="Make a poster and download it"), "poster.pdf")
        (self.poster,) = poster[0].addresses
        assert self.poster in poster[0].words

    def read_pictures(self, words: str, name: str) -> list[str]:
        """The three English words that stand on this child's card, in their order."""
        after = words.split(f"{name} ", 1)[1]
        return [word for word in re.findall(r"\w+", after) if word in WORDS][:3]

    def one_comes_in_by_the_square(self) -> None:
        page = self.by_card = self.browse(phone=True)
        page.goto(self.cards[0])
        page.get_by_role("button", name="Yes, that is me").click()
        expect(page.get_by_role("heading", name=f"Hello, {self.first_name}!")).to_be_visible()

    def another_by_dragon_and_pictures(self) -> None:
        page = self.by_pictures = self.browse(phone=True)
        page.goto(self.poster)
        expect(page.get_by_role("heading", name="Which dragon is yours?")).to_be_visible()
        assert self.poster.rstrip("/").rpartition("/")[2] not in page.url
        assert self.second_name not in page.inner_text("main")
        self.tap_pictures(page, self.second, self.wrong_pictures())
        expect(page.get_by_role("alert")).to_contain_text("Ask your teacher")
        self.tap_pictures(page, self.second, self.pictures[1])
        expect(page.get_by_role("heading", name=f"Hello, {self.second_name}!")).to_be_visible()

    def wrong_pictures(self) -> list[str]:
        return ["key" if self.pictures[1][0] != "key" else "sun", *self.pictures[1][1:]]

    def tap_pictures(self, page: Page, pupil: int, pictures: list[str]) -> None:
        page.goto("/pupil/class/")
        dragon = page.locator(f"a[href='/pupil/pictures/{pupil}/']")
        self.is_for_small_fingers(dragon)
        dragon.click()
        for word in pictures:
            button = page.get_by_role("button", name=word, exact=True)
            self.is_for_small_fingers(button)
            button.click()

    def is_for_small_fingers(self, target) -> None:
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 64

    def they_reach_their_own_page_and_no_other(self) -> None:
        for page in (self.by_card, self.by_pictures):
            for path in ("/messages/", "/class/cards/", "/points/", f"/points/{self.first}/", "/news/"):
                assert page.request.get(path).status == 404, path
            assert page.request.get("/pupil/me/").status == 200

    def bye_leads_to_the_dragons_for_the_next_child(self) -> None:
        page = self.by_pictures
        page.get_by_role("button", name="Bye").click()
        expect(page.get_by_role("heading", name="Which dragon is yours?")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name=f"Hello, {self.second_name}!")).to_have_count(0)
        self.tap_pictures(page, self.second, self.pictures[1])

    def a_new_card_ends_the_old_at_the_next_tap(self) -> None:
        page = self.desk
        page.goto("/class/cards/")
        page.get_by_role("link", name=self.second_name, exact=True).first.click()
        card = self.download(page.get_by_role("button", name="Make a new card and download it"), "card.pdf")
        assert card[0].addresses[0] not in self.cards
        self.by_pictures.get_by_role("link", name="Change my dragon").click()
        expect(self.by_pictures.get_by_role("alert")).to_contain_text("Please sign in again")
        assert self.by_pictures.request.get(self.cards[1]).status == 404
        expect(self.by_card.get_by_role("heading", name=f"Hello, {self.first_name}!")).to_be_visible()
        assert self.by_card.request.get("/pupil/me/").status == 200

    def after_half_an_hour_it_is_locked_again(self) -> None:
        self.school.clock("2026-11-10 09:30")
        self.by_card.get_by_role("link", name="Change my dragon").click()
        expect(self.by_card.get_by_role("status")).to_contain_text("Please sign in again")

    def the_computer_of_the_class_is_left_to_the_pupils(self) -> None:
        page = self.desk
        self.school.clock("2026-11-10 08:50")
        page.goto("/class/cards/")
        page.get_by_role("button", name="Pupils sign in here").click()
        expect(page.get_by_role("heading", name="Which dragon is yours?")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Cards for the children")).to_have_count(0)
        assert "/account/login/" in page.request.get("/class/board/").url


@pytest.mark.policy("PU-4")
def test_pupils_come_in_by_card_and_by_pictures(school, browse, tmp_path):
    pupil = Pupil(school, browse, tmp_path)
    pupil.the_class_prints_cards_and_a_poster()
    pupil.one_comes_in_by_the_square()
    pupil.another_by_dragon_and_pictures()
    pupil.they_reach_their_own_page_and_no_other()
    pupil.bye_leads_to_the_dragons_for_the_next_child()
    pupil.a_new_card_ends_the_old_at_the_next_tap()
    pupil.after_half_an_hour_it_is_locked_again()
    pupil.the_computer_of_the_class_is_left_to_the_pupils()
