"""A family and a class write to each other, over quiet hours and holidays, side by side, and meet."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.school import RunningSchool, eventually
from tests.journeys.test_parent_lock import FAMILY, enter_pin
from tests.journeys.test_school_day import CLASS, agree, say_who, send, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]


def settled(page: Page) -> None:
    """A link to '#newest' takes the focus from whatever has it, one frame after the page's scripts have run."""
    page.wait_for_url(re.compile("#newest$"))
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


class ConversationOfTwo:
    """A parent's telephone and the class's computer. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.parent, self.board = school, browse(phone=True), browse()
        self.child_id, self.child, self.address, self.name = school.sql(FAMILY)[0]
        self.teacher = school.sql(
            "SELECT s.title || ' ' || s.surname FROM classes_classroom c JOIN classes_classroom_staff m"
            " ON m.classroom_id = c.id JOIN accounts_staffmember s ON s.id = m.staffmember_id"
            " WHERE c.name = %s ORDER BY s.id",
            CLASS,
        )[0][0]

    def both_sign_in(self) -> None:
        sign_in(self.parent, self.address)
        agree(self.parent)
        sign_in(self.board, "celyn@malpascourt.example")
        say_who(self.board, self.teacher)
        agree(self.board)

    def at(self, moment: str) -> None:
        """The clock is moved; both sides show again who they are where they idled."""
        self.school.clock(moment, leaving=(self.parent, self.board))
        self.open_parent()
        self.open_board()

    def open_parent(self) -> None:
        self.parent.goto(f"/messages/child/{self.child_id}/")
        if "/account/login/" in self.parent.url:
            sign_in(self.parent, self.address)
            self.parent.goto(f"/messages/child/{self.child_id}/")
        if "/parent-lock/" in self.parent.url:
            enter_pin(self.parent)
            self.parent.wait_for_url(re.compile("/messages/"))
            self.parent.goto(f"/messages/child/{self.child_id}/")

    def open_board(self) -> None:
        self.board.goto("/messages/")
        if "/account/login/" in self.board.url:
            sign_in(self.board, "celyn@malpascourt.example")
            self.board.goto("/messages/")
        if "/class/who/" in self.board.url:
            say_who(self.board, self.teacher)
            self.board.wait_for_url(re.compile("/messages/"))
            self.board.goto("/messages/")
        row = self.board.get_by_role("link", name=re.compile(f"{self.name}, about {self.child}"))
        if row.count():
            row.first.click()
            settled(self.board)

    def said(self, page: Page, words: str, number: int = 1) -> None:
        # a page that is open asks for news every ten seconds
        expect(page.get_by_role("log").get_by_text(words)).to_have_count(number)

    def an_evening_message_waits_and_is_changed(self) -> None:
        self.at("2026-11-10 20:00")
        send(self.parent, "Three boxes are in her bag.", "Send for Wednesday 08:30")
        expect(self.parent.get_by_text("Arrives on Wednesday 08:30")).to_be_visible()
        expect(self.board.get_by_text(self.name)).to_have_count(0)
        self.parent.get_by_role("link", name="Change", exact=True).click()
        self.parent.get_by_label("Your message").fill("Four boxes are in her bag.")
        self.parent.get_by_role("button", name="Save", exact=True).click()
        self.said(self.parent, "Four boxes")

    def it_arrives_in_the_morning(self) -> None:
        self.at("2026-11-11 08:30")
        self.said(self.board, "Four boxes are in her bag.")
        self.said(self.board, "Three boxes", 0)

    def an_answer_at_half_past_five_arrives_the_next_day(self) -> None:
        self.at("2026-11-11 17:30")
        send(self.board, "Splendid, the castle has a moat now.", "Send for Thursday 08:30")
        self.open_parent()
        self.said(self.parent, "moat", 0)
        self.at("2026-11-12 08:30")
        self.said(self.parent, "Splendid, the castle has a moat now.")
        expect(self.parent.get_by_text(f"{self.teacher} for {CLASS}")).to_be_visible()

    def two_browsers_side_by_side_see_each_other(self) -> None:
        self.at("2026-11-12 10:00")
        send(self.parent, "Is there a moat monster?")
        self.said(self.board, "Is there a moat monster?")  # nobody has reloaded
        send(self.board, "There are two.")
        self.said(self.parent, "There are two.")

    def a_meeting_is_asked_for_and_other_times_are_offered(self) -> None:
        page = self.parent
        page.get_by_role("button", name="Ask for a meeting").click()
        expect(page.get_by_role("checkbox", name=re.compile("^Sat|^Sun"))).to_have_count(0)
        page.get_by_label("Another time").fill("2026-11-14T15:45")
        page.get_by_role("button", name="Ask for a meeting").click()
        expect(page.locator(".errors")).to_contain_text("There is no school on this day")
        page.get_by_label("Another time").fill("")
        page.get_by_label("Tue 17 Nov, 15:45").check()
        page.get_by_label("In person", exact=True).check()
        page.get_by_role("button", name="Ask for a meeting").click()
        self.open_board()
        expect(self.board.get_by_role("button", name="Tuesday 17 November, 15:45")).to_be_visible()
        self.board.get_by_role("button", name="Let us meet").click()
        self.board.get_by_label("A time that suits").fill("2026-11-18T16:00")
        self.board.get_by_label("Another", exact=False).first.fill("2026-11-19T16:00")
        self.board.get_by_role("button", name="Offer these times").click()
        self.said(self.board, "Please choose one of these times.")

    def the_parent_takes_one_and_the_class_notes_that_it_was(self) -> None:
        self.open_parent()
        self.parent.get_by_role("button", name="Wednesday 18 November, 16:00").click()
        expect(self.parent.get_by_text("Come to school on Wednesday 18 November at 16:00")).to_be_visible()
        self.at("2026-11-18 16:20")
        self.board.get_by_role("button", name="We have talked").click()
        self.said(self.board, "We have talked")
        self.board.goto("/messages/?state=done")
        expect(self.board.get_by_role("link", name=re.compile(self.name))).to_be_visible()

    def words_that_ask_for_progress_are_asked_about_once(self) -> None:
        page = self.parent
        self.open_parent()
        send(page, f"How is {self.child} getting on?")
        expect(page.locator("#hint")).to_contain_text("best talked about")
        page.get_by_role("button", name="Send it as it is").click()
        self.said(page, "getting on?")
        self.board.goto("/messages/?state=unanswered")
        expect(self.board.get_by_role("link", name=re.compile(self.name))).to_be_visible()

    def friday_before_the_holidays_waits_for_the_new_term(self) -> None:
        opens = self.school.sql("SELECT starts FROM accounts_term WHERE starts > '2026-12-01' ORDER BY 1")[0][
            0
        ]
        last = self.school.sql("SELECT ends FROM accounts_term WHERE ends < %s ORDER BY 1 DESC", opens)[0][0]
        self.at(f"{last} 17:00")
        self.parent.get_by_label("Your message").fill("See you in the new year!")
        self.parent.get_by_role("button", name=re.compile("Send for")).click()
        said = self.parent.locator(".message--waiting", has_text="new year")
        expect(said).to_contain_text(re.compile(r"Arrives on \w+ 08:30"))
        waits = "SELECT release_at AT TIME ZONE 'Europe/London' FROM messaging_message WHERE body = %s"
        first = self.school.sql(waits, "See you in the new year!")[0][0]
        assert first.date() >= opens and f"{first:%H:%M}" == "08:30"
        self.said(self.board, "new year", 0)
        self.at(f"{first:%Y-%m-%d %H:%M}")
        self.said(self.board, "See you in the new year!")


@pytest.mark.policy("TE-4")
@pytest.mark.policy("TE-8")
@pytest.mark.policy("PA-6")
@pytest.mark.policy("PA-8")
def test_a_family_and_a_class_write_meet_and_keep_the_quiet_hours(school, browse):
    conversation = ConversationOfTwo(school, browse)
    conversation.both_sign_in()
    conversation.an_evening_message_waits_and_is_changed()
    conversation.it_arrives_in_the_morning()
    conversation.an_answer_at_half_past_five_arrives_the_next_day()
    conversation.two_browsers_side_by_side_see_each_other()
    conversation.a_meeting_is_asked_for_and_other_times_are_offered()
    conversation.the_parent_takes_one_and_the_class_notes_that_it_was()
    conversation.words_that_ask_for_progress_are_asked_about_once()
    conversation.friday_before_the_holidays_waits_for_the_new_term()
    assert eventually(lambda: school.mails(conversation.address))
