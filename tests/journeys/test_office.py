"""The Main Office in a real browser: absences at dawn, stray messages, a complaint about the head, an urgent evening."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.school import RunningSchool
from tests.journeys.test_parent_lock import enter_pin
from tests.journeys.test_school_day import CLASS, agree, say_who, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

FAMILY = """
    SELECT p.id, p.preferred_forename, u.email, c.id FROM classes_guardianship g
    JOIN classes_pupil p ON p.id = g.pupil_id JOIN classes_contact c ON c.id = g.contact_id
    JOIN accounts_user u ON u.id = c.user_id WHERE g.joined_at IS NOT NULL ORDER BY g.id LIMIT 1
"""
SIBLING = """
    INSERT INTO classes_guardianship (contact_id, pupil_id, relationship, priority, parental_responsibility,
        court_order, suggestion, restriction, restriction_note, joined_at, slot)
    SELECT g.contact_id, p.id, g.relationship, 3, true, false, g.suggestion, 'none', '', g.joined_at, 2
    FROM classes_guardianship g, classes_pupil p JOIN classes_classroom r ON r.id = p.classroom_id
    WHERE g.contact_id = %s AND g.joined_at IS NOT NULL AND r.name <> %s ORDER BY p.id LIMIT 1
"""
MISDIRECTED = "Morning, she's been sick all night so wont be in 2day"


class MainOffice:
    """A parent's telephone, the office's and the class's computers. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.browse = school, browse
        self.parent, self.office, self.board = browse(phone=True), browse(), browse()
        self.child_id, self.child, self.address, contact = school.sql(FAMILY)[0]
        school.sql(SIBLING, contact, CLASS)
        self.teacher = school.sql(
            "SELECT s.title || ' ' || s.surname FROM classes_classroom c JOIN classes_classroom_staff m"
            " ON m.classroom_id = c.id JOIN accounts_staffmember s ON s.id = m.staffmember_id"
            " WHERE c.name = %s ORDER BY s.id",
            CLASS,
        )[0][0]

    def family_comes(self) -> None:
        sign_in(self.parent, self.address)
        agree(self.parent)

    def staff_come(self, page: Page, address: str) -> None:
        sign_in(page, address)
        agree(page)

    def class_comes(self) -> None:
        sign_in(self.board, "celyn@malpascourt.example")
        say_who(self.board, self.teacher)
        agree(self.board)

    def notify(self) -> None:
        """The two last presses of every form: on, and checked."""
        self.parent.get_by_role("button", name="Go on").click()
        expect(self.parent.get_by_role("heading", name="Check your answers")).to_be_visible()
        self.parent.get_by_role("button", name="Tell the office").click()
        expect(self.parent.get_by_text("The office has your message.")).to_be_visible()
        self.reference = self.parent.locator(".confirmation__reference").inner_text()

    def open_conversation(self) -> None:
        self.board.goto("/messages/")
        self.board.get_by_role("link", name=re.compile(f"about {self.child}")).first.click()


def back_and_forward(day: MainOffice) -> None:
    """Back and Reload show the answers again, without a question about sending a form twice."""
    page = day.parent
    for go in (page.go_back, page.reload):
        go()
        expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.go_forward()


def test_two_children_reported_absent_are_on_the_sheet_at_once(school, browse):
    day = MainOffice(school, browse)
    day.family_comes()
    school.clock("2026-11-11 07:15", leaving=(day.parent,))
    come_again(day)
    page = day.parent
    page.goto("/write/")
    page.get_by_role("link", name="Absence or sickness").click()
    expect(page.get_by_text("from Wednesday 08:30")).to_be_visible()
    for child in page.locator("input[name=children]").all():
        child.check()
    assert page.locator("input[name=children]:checked").count() == 2
    page.get_by_label("Ill or hurt").check()
    page.get_by_label("Tummy").check()
    day.notify()
    back_and_forward(day)
    expect(page.get_by_text("48 hours")).to_be_visible()
    day.staff_come(day.office, "joan.lewis@malpascourt.example")
    day.office.goto("/office/")
    sheet = day.office.locator("section", has=day.office.locator("#sheet"))
    expect(sheet.get_by_role("rowheader").filter(has_text="The whole day")).to_have_count(2)
    school.clock("2026-11-11 08:40", leaving=(day.parent, day.office))
    sign_in(day.office, "joan.lewis@malpascourt.example")
    day.office.goto("/office/")
    sheet.get_by_role("link", name=re.compile(day.child)).first.click()
    expect(day.office.get_by_text(day.reference)).to_be_visible()
    day.office.get_by_label("Your words").fill("Thank you. We hope they are better soon.")
    day.office.get_by_role("button", name="Send to the family").click()
    expect(day.office.get_by_text("We hope they are better soon.").first).to_be_visible()
    come_again(day)
    page.goto(f"/write/done/{''.join(day.reference.split())}/")
    expect(page.get_by_text("We hope they are better soon.")).to_be_visible()
    expect(page.get_by_text("On the absence sheet")).to_be_visible()


def come_again(day: MainOffice) -> None:
    """The family's telephone lay idle: the lock has fallen."""
    day.parent.goto("/messages/")
    if "/parent-lock/" in day.parent.url:
        enter_pin(day.parent)
        day.parent.wait_for_url(re.compile("/messages/"))


def test_a_parent_sends_a_misdirected_message_to_the_office(school, browse):
    day = MainOffice(school, browse)
    day.family_comes()
    page = day.parent
    page.goto(f"/messages/child/{day.child_id}/")
    page.get_by_label("Your message").fill(MISDIRECTED)
    page.get_by_role("button", name="Send").first.click()
    expect(page.get_by_role("button", name="No, this is for the class")).to_be_visible()
    page.get_by_role("button", name="Tell the office instead").click()
    expect(page.get_by_label("Anything we should know?")).to_have_value(MISDIRECTED)
    page.get_by_label("Ill or hurt").check()
    page.get_by_label("Tummy").check()
    day.notify()
    day.staff_come(day.office, "joan.lewis@malpascourt.example")
    day.office.goto("/office/")
    expect(day.office.get_by_role("main")).to_contain_text(MISDIRECTED)
    day.class_comes()
    day.board.goto("/messages/")
    expect(day.board.get_by_role("main")).not_to_contain_text("sick")
    day.board.goto("/class/board/?view=staff")
    expect(day.board.get_by_text("is away today")).to_be_visible()
    expect(day.board.get_by_role("main")).not_to_contain_text("sick")


def test_the_class_reroutes_a_misdirected_message(school, browse):
    day = MainOffice(school, browse)
    day.family_comes()
    page = day.parent
    page.goto(f"/messages/child/{day.child_id}/")
    page.get_by_label("Your message").fill(MISDIRECTED)
    page.get_by_role("button", name="Send").first.click()
    page.get_by_role("button", name="No, this is for the class").click()
    expect(page.get_by_role("log").get_by_text(MISDIRECTED)).to_be_visible()
    day.class_comes()
    day.open_conversation()
    message = day.board.locator(".message", has_text=MISDIRECTED).last
    message.locator("summary").click()
    message.get_by_role("link", name=re.compile("office")).click()
    day.board.get_by_role("button", name="Absence or sickness").click()
    expect(day.board.get_by_text("The office has that message now")).to_be_visible()
    day.board.goto("/messages/")
    expect(day.board.get_by_role("main")).not_to_contain_text("sick all night")
    page.reload()
    expect(page.get_by_text("The class has passed this to the office").first).to_be_visible()
    day.staff_come(day.office, "joan.lewis@malpascourt.example")
    day.office.goto("/office/")
    expect(day.office.get_by_role("main")).to_contain_text(MISDIRECTED)
    school.mail(day.address, "passed your message")


def test_a_complaint_about_the_head_is_seen_by_the_governor_alone(school, browse):
    day = MainOffice(school, browse)
    day.family_comes()
    page = day.parent
    page.goto("/write/complaint/")
    page.get_by_label("The head teacher").check()
    page.get_by_label("What happened, and when?").fill("She laughed at us at the gate.")
    page.get_by_label("What would put it right?").fill("An apology")
    day.notify()
    for address in ("eleri.vaughan", "huw.rees", "joan.lewis"):
        browser = browse()
        day.staff_come(browser, f"{address}@malpascourt.example")
        browser.goto("/office/")
        expect(browser.get_by_role("main")).not_to_contain_text("laughed")
        number = school.sql("SELECT id FROM messaging_enquiry")[0][0]
        assert browser.request.get(f"/office/{number}/").status == 404
    governor = browse()
    day.staff_come(governor, "olwen.prys@malpascourt.example")
    governor.goto("/office/")
    expect(governor.get_by_role("main")).to_contain_text("She laughed at us at the gate.")
    mail = school.mail("olwen.prys@malpascourt.example", ".")
    assert "laughed" not in mail
    assert not any(
        "omplaint" in subject for subject, _words in school.mails("eleri.vaughan@malpascourt.example")
    )


def test_urgent_out_of_hours_shows_the_number_first_and_that_the_office_is_closed(school, browse):
    day = MainOffice(school, browse)
    school.clock("2026-11-13 19:30")
    day.family_comes()
    page = day.parent
    page.goto("/write/")
    page.get_by_role("link", name="Tell the office in writing too").click()
    number = page.locator(".call__number")
    expect(number).to_have_attribute("href", "tel:01632960115")
    expect(page.get_by_text("The office is closed until Monday 08:30")).to_be_visible()
    assert number.bounding_box()["y"] < page.locator("form textarea").first.bounding_box()["y"]
    page.get_by_label("What must happen?").fill("The gate code is known to strangers.")
    page.get_by_label("By when?").fill("Monday morning")
    page.get_by_label("Number to reach you").fill("07700 900142")
    if page.locator("input[name=child]:checked").count() == 0:
        page.locator("input[name=child]").first.check()
    day.notify()
    expect(page.get_by_text("Please telephone as well")).to_be_visible()
    assert day.reference.startswith("U ")
