"""The office fills the calendar from a file, sees the fortnight, and closes school for snow: what waits moves at once."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.school import RunningSchool
from tests.journeys.test_parent_lock import FAMILY, enter_pin
from tests.journeys.test_school_day import agree, send, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

OFFICE = "joan.lewis@malpascourt.example"
FILE = Path(__file__).parents[1] / "accounts" / "calendar" / "files" / "google.ics"


def year_after_next() -> bytes:
    """The file a year later: the demo school has entered the next one already."""
    return FILE.read_bytes().replace(b"2028", b"2029").replace(b"2027", b"2028")


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: with CALENDAR_SHOTS set, the page as it stands, light and dark."""
    folder = os.environ.get("CALENDAR_SHOTS")
    for scheme in ("light", "dark") if folder else ():
        page.emulate_media(color_scheme=scheme)
        width = page.viewport_size["width"]
        page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")


class Snow:
    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.office, self.parent = school, browse(), browse(phone=True)
        self.child_id, _child, self.address, _name = school.sql(FAMILY)[0]

    def both_sign_in(self) -> None:
        sign_in(self.office, OFFICE)
        agree(self.office)
        sign_in(self.parent, self.address)
        agree(self.parent)

    def the_office_brings_the_year(self) -> None:
        page = self.office
        page.goto("/office/")
        page.get_by_role("link", name="When school is open").first.click()
        picture(page, "calendar")
        page.get_by_role("link", name="Upload a calendar file").click()
        page.get_by_label("Calendar file").set_input_files(
            {"name": "year.ics", "mimeType": "text/calendar", "buffer": b"\x89PNG\r\n not a calendar"}
        )
        page.get_by_role("button", name="Look at what it would change").click()
        expect(page.locator(".errors")).to_contain_text("This is not a calendar file")
        picture(page, "file-error")
        page.get_by_label("Calendar file").set_input_files(
            {"name": "year.ics", "mimeType": "text/calendar", "buffer": year_after_next()}
        )
        page.get_by_role("button", name="Look at what it would change").click()
        expect(page.get_by_label("INSET day - staff training")).to_have_value("inset")
        page.get_by_text("events are left out").click()
        expect(page.get_by_text("It repeats. Please enter its days by hand.")).to_be_visible()
        page.get_by_label("School photographs").select_option("inset")
        picture(page, "check")
        page.get_by_role("button", name="Put it into the calendar").click()
        expect(page.get_by_text("6 entries of the calendar have changed")).to_be_visible()
        expect(page.get_by_text("1 September 2028 – 17 December 2028")).to_be_visible()

    def clock(self, text: str) -> None:
        self.school.clock(text, leaving=(self.office, self.parent))

    def a_parent_writes_in_the_evening(self) -> None:
        self.clock("2026-11-10 20:00")
        self.open_parent()
        send(self.parent, "Is the trip still on?", "Send for Wednesday 08:30")
        expect(self.parent.get_by_text("Arrives on Wednesday 08:30")).to_be_visible()

    def open_parent(self) -> None:
        self.parent.goto(f"/messages/child/{self.child_id}/")
        if "/parent-lock/" in self.parent.url:
            enter_pin(self.parent)
            self.parent.wait_for_url(re.compile("/messages/"))
            self.parent.goto(f"/messages/child/{self.child_id}/")

    def snow_closes_the_school_at_seven(self) -> None:
        self.clock("2026-11-11 07:00")
        page = self.office
        page.goto("/calendar/")
        if "/account/login/" in page.url:
            sign_in(page, OFFICE)
            page.goto("/calendar/")
        page.get_by_role("link", name="Close school").click()
        expect(page.get_by_text("This does not tell anybody.")).to_be_visible()
        page.get_by_label("Why, in English").fill("Snow")
        page.get_by_label("Why, in Welsh").fill("Eira")
        picture(page, "close")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Close school?")).to_be_visible()
        expect(page.get_by_text(re.compile("to a class waits|to classes wait"))).to_be_visible()
        picture(page, "close-asked")
        page.get_by_role("button", name="Close school").click()
        expect(page.get_by_text("School opens next on Thursday 12 November, 08:30.")).to_be_visible()
        picture(page, "closed")
        page.goto("/calendar/days/")
        picture(page, "days")
        page.goto("/calendar/")
        expect(page.get_by_role("row", name=re.compile("11 November"))).to_contain_text("School closed: Snow")
        expect(page.get_by_text("Thursday 12 November, 08:30").first).to_be_visible()
        picture(page, "snow")

    def the_parent_sees_the_new_time(self) -> None:
        self.open_parent()
        expect(self.parent.get_by_text("Arrives on Thursday 08:30")).to_be_visible()
        expect(self.parent.get_by_text("Quiet until Thursday 08:30")).to_be_visible()
        closed = self.parent.get_by_text("School is closed today, Wednesday 11 November: Snow.")
        expect(closed).to_be_visible()
        self.parent.get_by_role("link", name="When school is open").click()
        expect(self.parent.get_by_text("School closed: Snow")).to_be_visible()
        expect(self.parent.get_by_role("link", name="Close school")).to_have_count(0)
        picture(self.parent, "calendar")


@pytest.mark.policy("TE-5")
def test_the_office_fills_the_calendar_and_snow_moves_what_waits(school, browse):
    day = Snow(school, browse)
    day.both_sign_in()
    day.the_office_brings_the_year()
    day.a_parent_writes_in_the_evening()
    day.snow_closes_the_school_at_seven()
    day.the_parent_sees_the_new_time()
