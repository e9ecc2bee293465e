"""Points, from the tap on a child to the family's page and the child's own, on real processes."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.letters import sheets
from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import CLASS, agree, say_who, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

FAMILIES = """
    SELECT p.id, p.preferred_forename, u.email FROM classes_guardianship g
    JOIN classes_pupil p ON p.id = g.pupil_id JOIN classes_contact c ON c.id = g.contact_id
    JOIN accounts_user u ON u.id = c.user_id WHERE g.joined_at IS NOT NULL ORDER BY g.id
"""


class Points:
    """What one step leaves for the next. `children`: (id, first name, the parent's address) of two families."""

    def __init__(self, school: RunningSchool, browse, downloads) -> None:
        self.school, self.browse, self.downloads = school, browse, downloads
        self.children = school.sql(FAMILIES)
        assert len({address for _pk, _name, address in self.children}) == 2
        (self.mine, self.name, self.address), (self.theirs, *_) = self.children
        self.of_class = school.sql(
            "SELECT count(*) FROM classes_pupil p JOIN classes_classroom c ON c.id = p.classroom_id"
            " WHERE c.name = %s AND p.left_on IS NULL",
            CLASS,
        )[0][0]

    def total(self, pupil: int) -> int:
        return self.school.sql(
            "SELECT coalesce(sum(points), 0) FROM points_award WHERE pupil_id = %s AND undone_at IS NULL",
            pupil,
        )[0][0]

    def tile(self, pupil: int):
        return self.board.locator(".pupil", has=self.board.locator(f"input[value='{pupil}']"))

    def choose(self, behaviour: str) -> None:
        sheet = self.board.get_by_role("dialog")
        sheet.get_by_role("button", name=behaviour).click()
        expect(sheet).to_have_count(0)
        expect(self.board.locator("#undo")).to_contain_text("You can undo it until")

    def somebody_opens_the_board(self) -> None:
        page = self.board = self.browse()
        teacher = self.school.sql(
            "SELECT s.title || ' ' || s.surname FROM accounts_staffmember s JOIN classes_classroom_staff m"
            " ON m.staffmember_id = s.id JOIN classes_classroom c ON c.id = m.classroom_id WHERE c.name = %s"
            " ORDER BY s.id",
            CLASS,
        )
        self.teacher = teacher[0][0]
        sign_in(page, "celyn@malpascourt.example")
        say_who(page, self.teacher)
        agree(page)
        expect(page.get_by_role("heading", name=CLASS)).to_be_visible()

    def the_class_gets_a_goal(self) -> None:
        page = self.board
        page.get_by_role("link", name="Staff only").click()
        page.get_by_role("link", name="Our goal and the whiteboard").click()
        page.get_by_label("What the class works towards").fill("100")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("0 of 100")).to_be_visible()
        page.get_by_role("link", name="Whiteboard", exact=True).click()

    def one_child_several_and_the_whole_class_get_a_point(self) -> None:
        page = self.board
        self.tile(self.mine).click()
        self.choose("Sharing")
        page.get_by_role("button", name="Choose several").click()
        self.tile(self.mine).click()
        self.tile(self.theirs).click()
        page.get_by_role("button", name="Give a point").click()
        self.choose("Home learning task")
        page.get_by_role("link", name="Whole class").click()
        self.choose("Effort")
        assert (self.total(self.mine), self.total(self.theirs)) == (4, 3)
        expect(page.get_by_text(f"{self.of_class + 5} of 100")).to_be_visible()

    def a_slip_is_undone(self) -> None:
        self.board.locator("#undo").get_by_role("button", name="Undo").click()
        expect(self.board.get_by_text("Undone.")).to_be_visible()
        assert (self.total(self.mine), self.total(self.theirs)) == (3, 2)
        undone = self.school.sql("SELECT count(*) FROM points_award WHERE undone_by_id IS NOT NULL")
        assert undone == [(self.of_class,)]

    def after_ten_minutes_a_point_stays(self) -> None:
        page = self.board
        page.goto("/class/board/")
        self.tile(self.mine).click()
        self.choose("Persevere")
        self.school.clock("2026-11-10 08:57")
        page.locator("#undo").get_by_role("button", name="Undo").click()
        expect(
            page.get_by_text("You can undo a point for 10 minutes. That time is over, so it stays.")
        ).to_be_visible()
        assert self.total(self.mine) == 4

    def a_child_is_picked_by_chance(self) -> None:
        page = self.board
        page.get_by_role("link", name="Pick a child").click()
        first = page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("link", name="Another child").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(first)

    def the_family_sees_total_reasons_and_chart(self) -> None:
        page = self.parent = self.browse(phone=True)
        sign_in(page, self.address)
        agree(page)
        page.goto(f"/points/{self.mine}/")
        expect(page.locator(".total__number")).to_have_text("4")
        reasons = page.get_by_role("region", name="Each point and its reason")
        for reason in ("Sharing", "Home learning task", "Persevere", self.teacher):
            expect(reasons).to_contain_text(reason)
        expect(reasons).not_to_contain_text("Effort")  # it was undone
        expect(page.get_by_role("img", name=re.compile("Points in each week"))).to_be_visible()
        for period in ("This term", "This year", "All time"):
            page.get_by_role("link", name=period).click()
            expect(page.locator(".chart__bar")).to_have_count(1)
            expect(page.get_by_role("region", name="What for")).to_contain_text("Home learning task")

    def and_nothing_of_another_family(self) -> None:
        for path in (
            f"/points/{self.theirs}/",
            "/points/school/",
            "/points/school/awards.csv",
            "/class/board/",
        ):
            assert self.parent.request.get(path).status == 404, path
        assert self.parent.request.get(f"/points/{self.mine}/").status == 200

    def the_class_downloads_its_points(self) -> None:
        page = self.board
        page.goto("/points/school/")
        expect(page.get_by_role("heading", name="What for: 6 points")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download each point (CSV)").click()
        path = self.downloads / download.value.suggested_filename
        download.value.save_as(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == 1 + 4
        assert path.name == "points-year-34-celyn-term-2026-11-10.csv"

    def the_child_comes_in_with_a_card_and_chooses_a_dragon(self) -> None:
        page = self.board
        page.goto("/class/cards/")
        with page.expect_download() as download:
            page.get_by_role("button", name="Print the missing cards").click()
        path = self.downloads / "cards.pdf"
        download.value.save_as(path)
        order = self.school.sql(
            "SELECT p.id FROM classes_pupil p JOIN classes_classroom c ON c.id = p.classroom_id WHERE c.name = %s"
            " ORDER BY lower(p.preferred_forename), lower(p.legal_surname), p.id",
            CLASS,
        )
        addresses = [address for sheet in sheets(path) for address in sheet.addresses]
        pupil: Page = self.browse(phone=True)
        pupil.goto(addresses[[row[0] for row in order].index(self.mine)])
        pupil.get_by_role("button", name="Yes, that is me").click()
        expect(pupil.get_by_role("heading", name=f"Hello, {self.name}!")).to_be_visible()
        expect(pupil.locator(".total__number")).to_have_text("4")
        pupil.get_by_role("link", name="Change my dragon").click()
        for part in ("Turquoise", "Feelers", "Butterfly wings", "Stripes", "A ball"):
            pupil.get_by_label(part, exact=True).check()
        pupil.get_by_role("button", name="This is my dragon").click()
        expect(pupil.get_by_role("heading", name=f"Hello, {self.name}!")).to_be_visible()
        assert self.school.sql("SELECT dragon FROM classes_pupil WHERE id = %s", self.mine) == [
            ([6, 4, 1, 3, 3],)
        ]
        assert pupil.request.get(f"/points/{self.mine}/").status == 404


def test_points_from_the_tap_to_the_family_and_the_child(school, browse, tmp_path):
    points = Points(school, browse, tmp_path)
    points.somebody_opens_the_board()
    points.the_class_gets_a_goal()
    points.one_child_several_and_the_whole_class_get_a_point()
    points.a_slip_is_undone()
    points.after_ten_minutes_a_point_stays()
    points.a_child_is_picked_by_chance()
    points.the_family_sees_total_reasons_and_chart()
    points.and_nothing_of_another_family()
    points.the_class_downloads_its_points()
    points.the_child_comes_in_with_a_card_and_chooses_a_dragon()
