"""September's file is taken in and undone; a mother under two numbers becomes one person."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import OFFICE, agree, sign_in, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

DEMO = Path(__file__).parents[2] / "classes" / "demo" / "roster.csv"
YEARS = ["N", "R", "1", "2", "3", "4", "5", "6"]
PLACES = """
    SELECT p.school_ref, p.year, c.name FROM classes_pupil p JOIN classes_classroom c ON c.id = p.classroom_id
    WHERE p.left_on IS NULL ORDER BY p.school_ref
"""
CHILDREN_OF = """
    SELECT count(*) FROM classes_guardianship g JOIN classes_contact c ON c.id = g.contact_id
    WHERE c.school_ref = %s AND c.merged_into_id IS NULL AND g.ended_at IS NULL
"""


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(DEMO.read_text(encoding="utf-8-sig"))))


def written(lines: list[dict[str, str]], path: Path) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return path


def a_year_later() -> list[dict[str, str]]:
    """The school's export in September: everybody one year up, in that year's class, and Year 6 gone."""
    rooms = {row["Year Group"]: row["Reg Group"] for row in rows() if not row["Reg Group"].startswith("SLIB")}
    after = []
    for row in rows():
        if row["Year Group"] != YEARS[-1]:
            year = YEARS[YEARS.index(row["Year Group"]) + 1]
            room = row["Reg Group"] if row["Reg Group"].startswith("SLIB") else rooms[year]
            after.append(row | {"Year Group": year, "Reg Group": room})
    return after


class Desk:
    """The office's browser and the file that it brings."""

    def __init__(self, school: RunningSchool, browse, folder: Path) -> None:
        self.school, self.page, self.folder = school, browse(), folder
        sign_in(self.page, OFFICE)
        agree(self.page)
        visit(self.page, "/roster/", OFFICE)

    def bring(self, lines: list[dict[str, str]]) -> Page:
        self.page.goto("/roster/")
        self.page.locator("input[type=file]").set_input_files(written(lines, self.folder / "roster.csv"))
        self.page.get_by_role("button", name="Look at what it would change").click()
        expect(self.page.get_by_role("heading", name="What the file would change")).to_be_visible()
        return self.page

    def take_in(self) -> None:
        self.page.get_by_role("button", name="Take this file in").click()
        expect(self.page.get_by_text("Nobody was invited and nobody was removed")).to_be_visible()


@pytest.fixture
def desk(school, browse, tmp_path) -> Desk:
    return Desk(school, browse, tmp_path)


def test_septembers_file_is_taken_in_and_undone(desk):
    before = desk.school.sql(PLACES)
    page = desk.bring(a_year_later())
    page.get_by_text("Year 6 goes").click()
    expect(page.get_by_text("of Year 6 go while the others move up")).to_be_visible()
    expect(page.get_by_text("Was it filtered?")).to_have_count(0)
    desk.take_in()
    after = {ref: (year, room) for ref, year, room in desk.school.sql(PLACES)}
    assert len(after) == len(before)  # without a leaving date nobody is removed
    moved = {ref: after[ref] for ref, year, _room in before if year == "2"}
    assert moved and {year for year, _room in moved.values()} == {"3"}
    page.get_by_role("link", name="Undo this file").click()
    page.get_by_role("button", name="Undo this file").click()
    expect(page.get_by_text("Everything is as it was before this file")).to_be_visible()
    assert desk.school.sql(PLACES) == before


def test_one_mother_under_two_numbers_becomes_one_person(desk):
    first = rows()[0]
    sibling = first | {
        "Person ID": "1999", "Admission Number": "001999", "UPN": "", "Legal Forename": "Nel",
        "Preferred Forename": "Nel", "Date of Birth": "02/02/2020", "Reg Group": "Year 1 Onnen", "Year Group": "1",
        "Contact ID": "C5999",
    }  # fmt: skip
    [(children,)] = desk.school.sql(CHILDREN_OF, first["Contact ID"])
    desk.bring([*rows(), sibling])
    desk.take_in()
    page = desk.page
    mother = f"{first['Contact Forename']} {first['Contact Surname']}"
    page.goto("/roster/")
    page.get_by_role("region", name="Perhaps one person").get_by_role("link", name=mother).click()
    expect(page.get_by_role("heading", name="One person or two?")).to_be_visible()
    page.get_by_role("button", name="They are the same: put them together").click()
    page.wait_for_load_state()
    assert desk.school.sql(CHILDREN_OF, first["Contact ID"]) == [(children + 1,)]
    expect(page.get_by_role("main")).to_contain_text("Nel")
    expect(page.get_by_role("main")).to_contain_text(first["Preferred Forename"])
    assert desk.school.sql(CHILDREN_OF, "C5999") == [(0,)]
    expect(desk.bring([*rows(), sibling]).get_by_text("There is nothing new in this file.")).to_be_visible()
