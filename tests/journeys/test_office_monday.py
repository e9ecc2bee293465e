"""The office's Monday in a real browser: 226 enquiries, one of them urgent, the sheet, an answer, a note, the CSV."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import OFFICE, agree, sign_in, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

MONDAY = "2026-11-16"
OPEN = 225
FAMILY = """
    SELECT c.user_id, g.pupil_id, p.preferred_forename || ' ' || p.legal_surname FROM classes_guardianship g
    JOIN classes_contact c ON c.id = g.contact_id JOIN classes_pupil p ON p.id = g.pupil_id
    WHERE g.joined_at IS NOT NULL AND c.user_id IS NOT NULL ORDER BY g.id LIMIT 1
"""
ENQUIRIES = """
    INSERT INTO messaging_enquiry (reference, topic, parent_id, body, phone, key, sent_at, state)
    SELECT 'S ' || lpad(n::text, 6, '0'), 'other', %s, 'Number ' || n || '.', '', gen_random_uuid(),
        school_now() - interval '1 day' * (30 - n / 10.0), 'new'
    FROM generate_series(1, %s) n
"""
ONE = """
    INSERT INTO messaging_enquiry (reference, topic, parent_id, body, phone, key, sent_at, state)
    VALUES (%s, %s, %s, %s, '07700 900142', gen_random_uuid(), school_now(), 'new') RETURNING id
"""


class Monday:
    """The office's telephone and desk, and what families have sent by Monday morning."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school, self.browse = school, browse
        school.clock(f"{MONDAY} 08:40")
        self.parent, pupil, self.child = school.sql(FAMILY)[0]
        school.sql(ENQUIRIES, self.parent, OPEN)
        absence = school.sql(ONE, "A 222 333", "absence", self.parent, "A cold since Sunday")[0][0]
        school.sql(
            "INSERT INTO messaging_enquiry_pupils (enquiry_id, pupil_id) VALUES (%s, %s)", absence, pupil
        )
        school.sql(
            "INSERT INTO messaging_absence (enquiry_id, first_day, part, reason, symptom, on_sheet)"
            " VALUES (%s, %s, 'whole', 'ill', 'fever', true)",
            absence,
            MONDAY,
        )
        self.urgent = school.sql(ONE, "U 444 555", "urgent", self.parent, "The gate code is known")[0][0]

    def office(self, *, phone: bool = False) -> Page:
        page = self.browse(phone=phone)
        sign_in(page, OFFICE)
        agree(page)
        visit(page, "/office/", OFFICE)
        return page


@pytest.fixture
def monday(school, browse) -> Monday:
    return Monday(school, browse)


@pytest.mark.policy("PA-7")
def test_the_urgent_one_of_226_is_first_and_seen_without_scrolling(monday):
    page = monday.office(phone=True)
    first = page.locator(".queue__item").first
    expect(first).to_contain_text("U 444 555")
    box = first.bounding_box()
    assert box is not None and box["y"] + 100 < 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_office_goes_through_its_list_and_finds_by_reference(monday):
    page, seen = monday.office(), []
    while True:
        seen += re.findall(r"[SU] \d{3} ?\d{3}", page.locator("main").inner_text())
        following = page.get_by_role("link", name="Show the next ones")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state()
    listed = list(dict.fromkeys(seen))
    assert listed[0] == "U 444 555" and len(listed) == OPEN + 1
    expect(page.get_by_text("1 urgent one is not on this page")).to_be_visible()
    page.get_by_label("Reference, name or words").fill("s000117")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".queue__item")).to_have_count(1)
    expect(page.locator(".queue__item")).to_contain_text("Number 117.")


def test_the_sheet_is_printed_and_downloaded_and_needs_no_done(monday):
    page = monday.office()
    page.get_by_role("link", name="Print, or another day").click()
    expect(page.get_by_role("row").filter(has_text=monday.child)).to_contain_text("A cold since Sunday")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        (row,) = [
            each for each in csv.DictReader(io.StringIO(file.read())) if each["Reference"] == "A 222 333"
        ]
    assert row["Child"] == monday.child and row["First day"] == "16/11/2026"
    assert row["UPN"] or row["Admission number"]
    page.goto("/office/?topic=absence")
    expect(page.locator(".queue__item").filter(has_text="A 222 333")).to_have_count(0)


def test_an_answer_and_a_note_go_where_each_belongs(monday):
    page = monday.office()
    page.goto(f"/office/{monday.urgent}/")
    page.get_by_label("Your note").fill("Rang the caretaker.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("For staff only", exact=True)).to_be_visible()
    page.get_by_label("Your words").fill("We are changing it now.")
    page.get_by_role("button", name="Send to the family").click()
    expect(page.get_by_text("We are changing it now.").first).to_be_visible()
    rows = monday.school.sql("SELECT kind, body FROM messaging_entry ORDER BY id")
    assert rows == [("note", "Rang the caretaker."), ("answer", "We are changing it now.")]
