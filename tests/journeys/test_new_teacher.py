"""A new teacher's first morning: a PIN from a leader, the terms, a PIN of her own, a point, an answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from malpas.demo.people import DOMAIN
from tests.journeys.school import RunningSchool
from tests.journeys.staff import add_staff, give_pin_and_class
from tests.journeys.test_class_account import FAMILY
from tests.journeys.test_school_day import CLASS, HEAD, agree, send, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("TE-1", "TE-2")]

TEACHER, OWN_PIN = "Mrs Tatum", "7391"
ASKED, ANSWERED = "Is there swimming on Thursday?", "Yes, please bring a towel."


class Morning:
    """What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.browse = school, browse
        self.pupil, parent = school.sql(FAMILY)[0]
        self.parent_address = school.sql("SELECT email FROM accounts_user WHERE id = %s", parent)[0][0]

    def a_parent_has_asked(self) -> None:
        page = self.parent = self.browse(phone=True)
        sign_in(page, self.parent_address)
        agree(page)
        page.goto(f"/messages/child/{self.pupil}/")
        send(page, ASKED)
        expect(page.get_by_role("log").get_by_text(ASKED)).to_be_visible()

    def a_leader_gives_the_new_teacher_a_pin_and_the_class(self) -> None:
        page = self.browse()
        sign_in(page, HEAD)
        agree(page)
        add_staff(page, "Mrs", "Rhian", "Tatum")
        self.given_pin = give_pin_and_class(page, CLASS)

    def say_who(self, page: Page, pin: str) -> None:
        page.get_by_role("main").get_by_text(TEACHER, exact=True).click()
        page.get_by_label("Your PIN").fill(pin)
        page.get_by_role("button", name="Go").click()

    def the_teacher_signs_in_agrees_and_chooses_her_own_pin(self) -> None:
        page = self.room = self.browse()
        sign_in(page, f"celyn@{DOMAIN}")
        self.say_who(page, self.given_pin)
        agree(page)
        expect(page.get_by_role("heading", name="Choose a PIN of your own")).to_be_visible()
        page.get_by_label("The PIN you have").fill(self.given_pin)
        page.get_by_label("New PIN", exact=True).fill(OWN_PIN)
        page.get_by_label("New PIN once more").fill(OWN_PIN)
        page.get_by_role("button", name="Save PIN").click()
        expect(page).to_have_url(re.compile("/class/board/$"))

    def she_gives_a_point(self) -> None:
        page = self.room
        page.locator(".pupil", has=page.locator(f"input[value='{self.pupil}']")).click()
        page.get_by_role("dialog").get_by_role("button", name="Good listening").click()
        expect(page.locator("#undo")).to_contain_text("You can undo it until")
        given = "SELECT count(*) FROM points_award a JOIN accounts_staffmember s ON s.id = a.given_by_id"
        assert (
            self.school.sql(f"{given} WHERE s.surname = 'Tatum' AND a.pupil_id = %s", self.pupil)[0][0] == 1
        )

    def she_answers_the_message(self) -> None:
        page = self.room
        page.get_by_role("link", name="Messages").first.click()
        page.get_by_role("main").get_by_role("link").filter(has_text=ASKED[:12]).first.click()
        send(page, ANSWERED)
        expect(page.get_by_role("log").get_by_text(ANSWERED)).to_be_visible()
        expect(self.parent.get_by_role("log").get_by_text(ANSWERED)).to_be_visible()
        expect(self.parent.get_by_role("log").get_by_text(TEACHER)).to_be_visible()

    def her_own_pin_alone_opens_from_now_on(self) -> None:
        page = self.room
        page.get_by_role("button", name="Lock", exact=True).click()
        self.say_who(page, self.given_pin)
        expect(page.locator(".errors")).to_be_visible()
        self.say_who(page, OWN_PIN)
        expect(page).to_have_url(re.compile("/messages/"))


def test_a_new_teachers_first_morning(school, browse):
    morning = Morning(school, browse)
    morning.a_parent_has_asked()
    morning.a_leader_gives_the_new_teacher_a_pin_and_the_class()
    morning.the_teacher_signs_in_agrees_and_chooses_her_own_pin()
    morning.she_gives_a_point()
    morning.she_answers_the_message()
    morning.her_own_pin_alone_opens_from_now_on()
