"""A family takes back a message, an absence and a meeting, each where it stands."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.school import RunningSchool
from tests.journeys.test_messages import ConversationOfTwo
from tests.journeys.test_school_day import send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]


class TakingBack(ConversationOfTwo):
    def a_waiting_message_is_withdrawn_and_its_words_are_in_the_field(self) -> None:
        self.at("2026-11-10 20:00")
        send(self.parent, "The castle is finished.", "Send for Wednesday 08:30")
        self.parent.get_by_role("button", name="Withdraw").click()
        expect(self.parent.get_by_role("button", name="Put it back")).to_be_in_viewport()
        expect(self.parent.get_by_label("Your message")).to_have_value("The castle is finished.")

    def it_is_put_back_and_arrives_once(self) -> None:
        self.parent.get_by_role("button", name="Put it back").click()
        expect(self.parent.get_by_text("Arrives on Wednesday 08:30")).to_be_visible()
        expect(self.parent.get_by_role("button", name="Put it back")).to_have_count(0)
        expect(self.parent.get_by_label("Your message")).to_have_value("")
        self.at("2026-11-11 08:30")
        self.said(self.board, "The castle is finished.")

    def a_meeting_is_agreed_by_telephone(self) -> None:
        self.open_parent()
        self.parent.get_by_role("button", name="Ask for a meeting").click()
        self.parent.get_by_label("Tue 17 Nov, 15:45").check()
        self.parent.get_by_role("button", name="Ask for a meeting").click()
        self.open_board()
        self.board.get_by_role("button", name="By telephone").click()
        expect(
            self.board.get_by_text(f"Telephone {self.name} on Tuesday 17 November at 15:45")
        ).to_be_visible()
        self.open_parent()
        expect(self.parent.get_by_text("We telephone you on Tuesday 17 November at 15:45")).to_be_visible()

    def the_family_cancels_it_and_the_class_sees_it(self) -> None:
        with self.parent.expect_download() as download:
            self.parent.get_by_role("link", name="Add to calendar").click()
        assert download.value.suggested_filename.endswith(".ics")
        self.parent.get_by_text("Cancel, or another time").click()
        self.parent.get_by_role("button", name="Yes, cancel it").click()
        expect(self.parent.get_by_text("No longer agreed")).to_be_visible()
        expect(self.board.get_by_text("No longer agreed")).to_be_visible()  # nobody has reloaded

    def an_absence_is_reported_by_mistake(self) -> None:
        page = self.parent
        page.goto("/write/absence/")
        page.get_by_label(self.child).check()
        page.get_by_text("Ill or hurt").click()
        page.get_by_text("Temperature or cold").click()
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Tell the office").click()
        self.absent_today(1)

    def it_is_changed_to_the_morning_and_then_cancelled(self) -> None:
        page = self.parent
        page.get_by_role("link", name="Change the days or the reason").click()
        page.get_by_text("The morning").click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Part of the day: The morning (before: The whole day)")).to_be_visible()
        page.get_by_text("It was a mistake: cancel it").click()
        page.get_by_role("button", name="Yes, cancel this absence").click()
        expect(page.get_by_role("heading", name=re.compile("^Cancelled"))).to_be_visible()
        self.absent_today(0)

    def absent_today(self, number: int) -> None:
        self.board.goto("/absent-today/")
        expect(self.board.get_by_role("listitem").filter(has_text=self.child)).to_have_count(number)


@pytest.mark.policy("PA-6")
@pytest.mark.policy("TE-8")
@pytest.mark.policy("PA-13")
def test_a_family_takes_back_a_message_a_meeting_and_an_absence(school: RunningSchool, browse):
    family = TakingBack(school, browse)
    family.both_sign_in()
    family.a_waiting_message_is_withdrawn_and_its_words_are_in_the_field()
    family.it_is_put_back_and_arrives_once()
    family.a_meeting_is_agreed_by_telephone()
    family.the_family_cancels_it_and_the_class_sees_it()
    family.an_absence_is_reported_by_mistake()
    family.it_is_changed_to_the_morning_and_then_cancelled()
