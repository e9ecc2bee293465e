"""A parent lock and 'look together', in a real browser with the clock moved."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from malpas.demo.people import PIN
from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import agree, send, sign_in
from tests.shared_view.test_shared_view import LOCKED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("PA-11", "AU-3")]

WORDS = "Does she need the long ruler on Thursday?"
DRAFT = "One more thing: the blue scarf is"
UNLOCK = re.compile(r"/parent-lock/(\?|$)")
FAMILY = """
    SELECT p.id, p.preferred_forename, u.email, u.name FROM classes_guardianship g
    JOIN classes_pupil p ON p.id = g.pupil_id JOIN classes_contact c ON c.id = g.contact_id
    JOIN accounts_user u ON u.id = c.user_id WHERE g.joined_at IS NOT NULL ORDER BY g.id LIMIT 1
"""


def enter_pin(page: Page, pin: str = PIN) -> None:
    page.get_by_label("Your PIN").fill(pin)
    page.get_by_role("button", name="Go").click()


class Kitchen:
    """The family's tablet on the kitchen table. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.page = school, browse(phone=True)
        self.child_id, self.child, self.address, self.parent = school.sql(FAMILY)[0]

    def a_parent_writes_to_the_class(self) -> None:
        page = self.page
        sign_in(page, self.address)
        agree(page)
        page.goto(f"/messages/child/{self.child_id}/")
        send(page, WORDS)
        expect(page.get_by_role("log").get_by_text(WORDS)).to_be_visible()
        self.conversation = urlsplit(page.url).path

    def the_open_conversation_locks_after_ten_minutes_and_the_draft_is_kept(self) -> None:
        page = self.page
        page.get_by_label("Your message").fill(DRAFT)
        self.school.clock("2026-11-10 08:56")
        expect(page).to_have_url(UNLOCK)  # the page asks for news every ten seconds
        expect(page.get_by_text("What you were writing is kept")).to_be_visible()
        assert WORDS not in page.content()
        assert DRAFT not in page.content()

    def back_shows_no_words(self) -> None:
        page = self.page
        page.go_back()
        expect(page.get_by_role("log")).to_have_count(0)
        assert WORDS not in page.content()

    def a_wrong_pin_opens_nothing_and_the_right_one_gives_the_draft_back(self) -> None:
        page = self.page
        page.goto(self.conversation)
        enter_pin(page, "9182")
        expect(page.get_by_text("That is not your PIN.").first).to_be_visible()
        enter_pin(page)
        expect(page).to_have_url(re.compile(f"{self.conversation}$"))
        expect(page.get_by_label("Your message")).to_have_value(DRAFT)
        expect(page.get_by_role("log").get_by_text(WORDS)).to_be_visible()
        expect(page.get_by_role("log").get_by_text(DRAFT)).to_have_count(0)

    def one_tap_begins_looking_together(self) -> None:
        page = self.page
        page.goto("/news/")
        page.get_by_role("button", name="Look together with your child").click()
        expect(page).to_have_url(re.compile(f"/together/{self.child_id}/$"))
        expect(page.get_by_role("heading", name=f"{self.child}’s points")).to_be_visible()
        page.get_by_role("link", name="Stories").click()
        expect(page.get_by_role("heading", name="Stories", exact=True)).to_be_visible()
        for word in (self.parent, "Messages", "Report", "Sign out"):
            expect(page.get_by_text(word)).to_have_count(0)

    def back_leads_nowhere(self) -> None:
        page = self.page
        for _ in range(4):
            page.go_back()
            expect(page).to_have_url(re.compile(f"/together/|chrome-error:|{UNLOCK.pattern}"))
            expect(page.locator("html")).not_to_contain_text(WORDS)

    def no_address_typed_by_hand_opens(self) -> None:
        page = self.page
        for name in sorted(LOCKED | {"newsfeed", "points", "child_points", "help", "admin"}):
            page.goto(self.addresses()[name], wait_until="domcontentloaded")
            assert UNLOCK.search(page.url), (name, page.url)
            assert WORDS not in page.content(), name

    def addresses(self) -> dict[str, str]:
        """An address of every locked route, as somebody would type it."""
        from django.urls import NoReverseMatch, reverse

        own = int(re.findall(r"\d+", self.conversation)[0])
        guesses: list[dict] = [
            {},
            {"pk": own},
            {"pk": 1},
            {"pupil_id": self.child_id},
            {"post_id": 1},
            {"number": 1},
        ]
        guesses += [
            {"code": "AAAA"},
            {"token": "no-such-token"},
            {"provider_id": "microsoft"},
            {"name": "0" * 32},
            {"topic": "dinners"},
            {"reference": "K234567"},
            {"pupil_id": 1, "pk": own},
            {"reference": "K234567", "name": "0" * 32},
        ]
        found = {"admin": "/admin/", "child_points": f"/points/{self.child_id}/"}
        for name in LOCKED | {"newsfeed", "points", "help"}:
            for guess in guesses:
                try:
                    found[name] = reverse(name, kwargs=guess)
                    break
                except NoReverseMatch:
                    continue
        return found

    def the_tablet_is_started_anew(self) -> None:
        page = self.page
        page.goto("/")
        expect(page).to_have_url(re.compile("/together/"))

    def the_pin_leads_back(self) -> None:
        page = self.page
        page.get_by_role("link", name="Grown-up view").click()
        enter_pin(page)
        expect(page).to_have_url(re.compile("/news/$"))
        page.goto(self.conversation)
        expect(page.get_by_role("log").get_by_text(WORDS)).to_be_visible()


def test_a_tablet_on_the_kitchen_table(school, browse):
    kitchen = Kitchen(school, browse)
    kitchen.a_parent_writes_to_the_class()
    kitchen.the_open_conversation_locks_after_ten_minutes_and_the_draft_is_kept()
    kitchen.back_shows_no_words()
    kitchen.a_wrong_pin_opens_nothing_and_the_right_one_gives_the_draft_back()
    kitchen.one_tap_begins_looking_together()
    kitchen.back_leads_nowhere()
    kitchen.no_address_typed_by_hand_opens()
    kitchen.the_tablet_is_started_anew()
    kitchen.the_pin_leads_back()
