"""A shared class account in a real browser: two people in turn, words kept, wrong PINs told, and stepping in."""

import re

import pytest
from playwright.sync_api import Page, expect

from malpas.demo.people import DOMAIN
from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import CLASS, agree, say_who, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("TE-2")]

WORDS = "Mali made a bridge of paper that carried three apples."
STAFF = """
    SELECT s.title || ' ' || s.surname FROM classes_classroom c JOIN classes_classroom_staff m
    ON m.classroom_id = c.id JOIN accounts_staffmember s ON s.id = m.staffmember_id WHERE c.name = %s ORDER BY s.id
"""
FAMILY = """
    SELECT p.id, u.id FROM classes_guardianship g JOIN classes_pupil p ON p.id = g.pupil_id
    JOIN classes_contact c ON c.id = g.contact_id JOIN accounts_user u ON u.id = c.user_id
    WHERE g.joined_at IS NOT NULL ORDER BY g.id LIMIT 1
"""


class Classroom:
    """The computer in the classroom. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.browse, self.page = school, browse, browse()
        self.first, self.second = (row[0] for row in school.sql(STAFF, CLASS))
        pupil, parent = school.sql(FAMILY)[0]
        self.conversation = f"/messages/child/{pupil}/parent/{parent}/"

    def here(self, page: Page, name: str) -> None:
        expect(page.locator("header").get_by_text(name)).to_be_visible()

    def the_first_signs_in(self) -> None:
        sign_in(self.page, f"celyn@{DOMAIN}")
        say_who(self.page, self.first)
        agree(self.page)
        self.here(self.page, self.first)

    def a_message_waits_for_its_writer_while_the_minutes_pass(self) -> None:
        page = self.page
        page.goto(self.conversation)
        page.get_by_label("Your message").fill("Good morning.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Good morning.")).to_be_visible()
        page.get_by_label("Your message").fill(WORDS)
        self.school.clock("2026-11-10 09:10")
        page.wait_for_url(re.compile("/class/who/"))  # the page asked for news by itself
        assert self.sent() == 0
        expect(page.get_by_text("is kept")).to_be_visible()

    def sent(self) -> int:
        return self.school.sql("SELECT count(*) FROM messaging_message WHERE body = %s", WORDS)[0][0]

    def a_colleague_signs_in_and_sees_none_of_it(self) -> None:
        say_who(self.page, self.second)
        agree(self.page)
        self.here(self.page, self.second)
        for path in (self.conversation, "/class/saved-form/"):
            self.page.goto(path)
            expect(self.page.get_by_text(WORDS)).to_have_count(0)
        assert self.sent() == 0

    def the_writer_comes_back_and_sends_it(self) -> None:
        page = self.page
        page.get_by_role("button", name="Lock", exact=True).click()
        say_who(page, self.first)
        page.get_by_role("link", name="Back to the page").click()
        expect(page.get_by_label("Your message")).to_have_value(WORDS)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("log").get_by_text(WORDS)).to_be_visible()
        assert self.sent() == 1

    def one_tap_locks_in_every_tab_and_back_opens_nothing(self) -> None:
        page, other = self.page, self.page.context.new_page()
        other.goto(self.conversation)
        page.goto("/class/cards/")
        page.get_by_role("button", name="Lock", exact=True).click()
        page.wait_for_url(re.compile("/class/who/"))
        other.wait_for_url(re.compile("/class/who/"))
        other.close()
        page.go_back()
        page.wait_for_url(re.compile("/class/who/"))
        expect(page.get_by_label("Your PIN")).to_be_visible()
        page.goto("/messages/")
        say_who(page, self.first)
        expect(page).to_have_url(re.compile("/messages/"))

    def five_wrong_pins_and_leaders_hear_of_it(self) -> None:
        page = self.page
        page.get_by_role("button", name="Lock", exact=True).click()
        for _try in range(5):
            page.get_by_text(self.second, exact=True).click()
            page.get_by_label("Your PIN").fill("0001")
            page.get_by_role("button", name="Go").click()
            expect(page.locator(".errors")).to_be_visible()
        expect(page.locator(".errors")).to_contain_text("Too many wrong PINs")
        assert self.second in self.school.mail(f"eleri.vaughan@{DOMAIN}", "Wrong PINs")

    def a_leader_steps_in_as_themselves(self) -> None:
        self.school.sql(
            "INSERT INTO classes_classroom_staff (classroom_id, staffmember_id) SELECT c.id, s.id"
            " FROM classes_classroom c, accounts_staffmember s WHERE c.name = %s AND s.surname = 'Rees'",
            CLASS,
        )
        page = self.browse(phone=True)
        sign_in(page, f"huw.rees@{DOMAIN}")
        agree(page)
        page.locator("header details.menu").last.locator("summary").click()
        page.get_by_role("link", name="Step into a class").click()
        page.get_by_role("button", name=f"Step into {CLASS}").click()
        expect(page).to_have_url(re.compile("/class/board/"))
        assert page.goto("/admin/").url.endswith("/class/board/")
        page.get_by_role("button", name="Step out of the class").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hello,")


def test_a_class_account_with_two_people_in_turn(school, browse):
    room = Classroom(school, browse)
    room.the_first_signs_in()
    room.a_message_waits_for_its_writer_while_the_minutes_pass()
    room.a_colleague_signs_in_and_sees_none_of_it()
    room.the_writer_comes_back_and_sends_it()
    room.one_tap_locks_in_every_tab_and_back_opens_nothing()
    room.five_wrong_pins_and_leaders_hear_of_it()
    room.a_leader_steps_in_as_themselves()
