"""The answer to a press gets lost on its way, a sign-in ends while somebody writes, the browser's storage is broken."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from malpas.demo.people import DOMAIN
from tests.journeys.school import RunningSchool
from tests.journeys.test_class_account import STAFF
from tests.journeys.test_parent_lock import FAMILY
from tests.journeys.test_school_day import CLASS, agree, say_who, sign_in, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

WORDS = "Three boxes are in her bag."
NEWER = "Four boxes are in her bag."
MINE = "Your draft"
SENT = "SELECT count(*) FROM messaging_message WHERE body = %s"


def lose_the_answer(page: Page) -> None:
    """The next press reaches the school, and nothing of the answer comes back."""
    lost = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.request.url)
        assert route.fetch(max_redirects=0).status == 302
        page.context.clear_cookies(name="sent")
        return route.abort("internetdisconnected")

    page.route("**/messages/**", lose)


class Train:
    """A parent's telephone on the train. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.page = school, browse(phone=True)
        self.child_id, _child, self.address, _name = school.sql(FAMILY)[0]
        self.conversation = f"/messages/child/{self.child_id}/"
        sign_in(self.page, self.address)
        agree(self.page)
        self.page.goto(self.conversation)

    def field(self):
        return self.page.get_by_label("Your message")

    def send(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Send")).click()

    def stand(self, words: str, number: int = 1) -> None:
        expect(self.page.get_by_role("log").get_by_text(words)).to_have_count(number)
        assert self.school.sql(SENT, words) == [(number,)]

    def lose(self, words: str) -> None:
        self.field().fill(words)
        lose_the_answer(self.page)
        with self.page.expect_event("requestfailed"):
            self.send()
        self.page.unroute_all()
        self.page.goto(self.conversation)
        expect(self.page.get_by_text(MINE)).to_have_count(1)
        expect(self.field()).to_have_value(words)

    def the_first_message_of_all_is_pressed_again(self) -> None:
        self.lose(WORDS)
        self.stand(WORDS)
        self.send()
        expect(self.field()).to_have_value("")
        expect(self.page.get_by_text(MINE)).to_have_count(0)
        self.stand(WORDS)

    def other_words_are_neither_swallowed_nor_sent_unasked(self) -> None:
        self.lose("Is it wet?")
        self.field().fill(NEWER)
        self.send()
        expect(self.page.locator(".errors")).to_contain_text("has been sent already")
        expect(self.field()).to_have_value(NEWER)
        self.stand(NEWER, 0)
        self.page.goto(self.conversation)
        expect(self.field()).to_have_value(NEWER)
        self.send()
        expect(self.field()).to_have_value("")
        self.stand(NEWER)
        self.stand("Is it wet?")

    def a_sign_in_that_ends_by_time_leaves_the_words(self) -> None:
        self.field().press_sequentially("Does she need wellies?")
        self.school.clock("2027-02-01 10:00")
        self.page.goto(self.conversation)
        expect(self.page).to_have_url(re.compile("/account/login/"))
        visit(self.page, self.conversation, self.address)
        expect(self.field()).to_have_value("Does she need wellies?")

    def a_sign_out_by_hand_takes_them_along(self) -> None:
        self.page.locator(".header__me summary").click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url(re.compile(r"/$|login|logout"))
        visit(self.page, self.conversation, self.address)
        expect(self.field()).to_have_value("")

    def one_broken_entry_takes_no_draft_along(self) -> None:
        self.page.evaluate(
            "localStorage.setItem('draft:old', '{'); localStorage.setItem('draft:older', 'null')"
        )
        self.field().press_sequentially("The blue scarf")
        self.page.reload()
        expect(self.field()).to_have_value("The blue scarf")
        assert self.page.evaluate("localStorage.getItem('draft:old')") is None

    def a_browser_that_refuses_its_storage_still_writes(self) -> None:
        self.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } })"
        )
        self.page.goto(self.conversation)
        self.field().fill("The red scarf")
        self.send()
        self.stand("The red scarf")


@pytest.mark.policy("PA-6")
def test_a_lost_answer_neither_doubles_nor_swallows_and_words_outlive_a_sign_in(school, browse):
    train = Train(school, browse)
    train.the_first_message_of_all_is_pressed_again()
    train.other_words_are_neither_swallowed_nor_sent_unasked()
    train.a_sign_in_that_ends_by_time_leaves_the_words()
    train.a_sign_out_by_hand_takes_them_along()
    train.one_broken_entry_takes_no_draft_along()
    train.a_browser_that_refuses_its_storage_still_writes()


def test_times_and_ticked_families_are_there_again_after_a_reload(school, browse):
    parent, (child_id, _child, address, _name) = browse(phone=True), school.sql(FAMILY)[0]
    sign_in(parent, address)
    agree(parent)
    parent.goto(f"/messages/child/{child_id}/meeting/")
    parent.get_by_label("Another time").fill("2026-11-17T15:45")
    parent.reload()
    expect(parent.get_by_label("Another time")).to_have_value("2026-11-17T15:45")
    parent.get_by_role("button", name="Discard").click()
    expect(parent.get_by_label("Another time")).to_have_value("")
    board = browse()
    sign_in(board, f"celyn@{DOMAIN}")
    say_who(board, school.sql(STAFF, CLASS)[0][0])
    agree(board)
    board.goto("/messages/families/write/")
    tick = board.locator(f"input[type=checkbox][value='{child_id}']")
    tick.check()
    board.reload()
    expect(tick).to_be_checked()
    expect(board.get_by_text(MINE)).to_have_count(1)
