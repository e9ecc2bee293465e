"""Typing is not lost, and nobody else finds it: on a parent's telephone and on the computer that a class shares."""

import re

import pytest
from playwright.sync_api import Page, expect

from malpas.demo.people import DOMAIN
from tests.journeys.school import RunningSchool
from tests.journeys.test_class_account import FAMILY, STAFF
from tests.journeys.test_school_day import CLASS, agree, say_who, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

WORDS = "Mali made a bridge of paper that carried three apples."
MINE = "Your draft"


class Desk:
    """The computer that a class shares. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.page = school, browse()
        self.first, self.second = (row[0] for row in school.sql(STAFF, CLASS))
        pupil, parent = school.sql(FAMILY)[0]
        self.conversation = f"/messages/child/{pupil}/parent/{parent}/"

    def field(self):
        return self.page.get_by_label("Your message")

    def stored_drafts(self) -> list[str]:
        return self.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")

    def has(self, words: str) -> None:
        self.page.goto(self.conversation)
        expect(self.field()).to_have_value(words)
        expect(self.page.get_by_text(MINE)).to_have_count(1 if words else 0)

    def the_first_types_and_the_words_are_there_again(self) -> None:
        sign_in(self.page, f"celyn@{DOMAIN}")
        say_who(self.page, self.first)
        agree(self.page)
        self.has("")
        self.field().press_sequentially(WORDS)
        self.has(WORDS)
        self.page.reload()
        expect(self.field()).to_have_value(WORDS)

    def what_is_discarded_is_gone(self) -> None:
        self.page.get_by_role("button", name="Discard").click()
        expect(self.field()).to_have_value("")
        self.has("")
        assert self.stored_drafts() == []

    def without_a_connection_the_page_says_so_and_stays(self) -> None:
        self.field().fill(WORDS)
        self.page.context.set_offline(True)
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.get_by_role("alert")).to_contain_text("No connection")
        expect(self.field()).to_have_value(WORDS)
        self.page.context.set_offline(False)

    def what_was_sent_is_no_draft_any_more(self) -> None:
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.get_by_role("log").get_by_text(WORDS)).to_have_count(1)
        expect(self.field()).to_have_value("")
        assert self.stored_drafts() == []

    def words_that_are_asked_about_are_not_doubled(self) -> None:
        self.field().fill("You idiot")
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.locator("#hint")).to_contain_text("face to face")
        expect(self.page.get_by_text(MINE)).to_have_count(0)
        self.has("You idiot")

    def a_colleague_finds_nothing(self) -> None:
        self.page.get_by_role("button", name="Lock", exact=True).click()
        say_who(self.page, self.second)
        agree(self.page)
        self.has("")
        assert self.stored_drafts() == []

    def after_signing_out_nothing_is_left(self) -> None:
        self.field().press_sequentially(WORDS)
        assert len(self.stored_drafts()) == 1
        self.page.locator(".header__me summary").click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url(re.compile(r"/$|login|logout"))
        assert self.stored_drafts() == []
        sign_in(self.page, f"celyn@{DOMAIN}")
        say_who(self.page, self.second)
        self.has("")

    def a_story_comes_back_with_its_title(self) -> None:
        self.page.goto("/news/write/")
        title, words = self.page.locator("main [name=title]"), self.page.locator("main textarea").first
        title.press_sequentially("Bridges")
        words.press_sequentially(WORDS)
        self.page.reload()
        expect(title).to_have_value("Bridges")
        expect(words).to_have_value(WORDS)
        expect(self.page.get_by_text(MINE)).to_have_count(1)
        self.page.get_by_role("button", name="Discard").click()
        expect(title).to_have_value("")
        assert [at for at in self.stored_drafts() if "/news/" in at] == []


def old(page: Page) -> None:
    page.evaluate(
        "for (const key of Object.keys(localStorage)) {"
        " const draft = JSON.parse(localStorage[key]); draft.at -= 8 * 24 * 3600 * 1000;"
        " localStorage[key] = JSON.stringify(draft); }"
    )


@pytest.mark.policy("TE-2")
def test_a_draft_comes_back_to_its_writer_alone(school, browse):
    desk = Desk(school, browse)
    desk.the_first_types_and_the_words_are_there_again()
    desk.what_is_discarded_is_gone()
    desk.without_a_connection_the_page_says_so_and_stays()
    desk.what_was_sent_is_no_draft_any_more()
    desk.words_that_are_asked_about_are_not_doubled()
    desk.a_story_comes_back_with_its_title()
    desk.a_colleague_finds_nothing()
    desk.field().press_sequentially(WORDS)
    old(desk.page)
    desk.has("")
    desk.after_signing_out_nothing_is_left()
