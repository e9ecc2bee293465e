"""The right adults reach the right child: a letter on a telephone, a third adult, and a restriction under an open page."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.letters import Sheet, sheets
from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import a_photo, agree, say_who, send, sign_in, type_birthday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("PA-1", "PA-2")]

OFFICE, HEAD, PASSWORD = (
    "joan.lewis@malpascourt.example",
    "eleri.vaughan@malpascourt.example",
    "three-cereal-boxes",
)
REASON = "Grandmother collects on three days. Both parents asked for it."
NOTE = "Order of the family court, seen by the office."
# An adult who may be invited for two children: both guardianships, the children and their birthdays.
SIBLINGS = """
    SELECT c.id, c.forename || ' ' || c.surname, array_agg(g.id ORDER BY g.id),
        array_agg(p.preferred_forename ORDER BY g.id), array_agg(p.date_of_birth ORDER BY g.id), min(p.id)
    FROM classes_guardianship g JOIN classes_contact c ON c.id = g.contact_id JOIN classes_pupil p ON p.id = g.pupil_id
    JOIN classes_classroom r ON r.id = p.classroom_id
    WHERE g.suggestion = 'invite' AND g.joined_at IS NULL AND NOT g.court_order
    GROUP BY c.id HAVING count(*) = 2 ORDER BY c.id LIMIT 1
"""
# A child with two adults to invite and a third contact.
THREE = """
    SELECT p.id, p.preferred_forename, p.date_of_birth, array_agg(g.id ORDER BY g.priority, g.id)
    FROM classes_pupil p JOIN classes_guardianship g ON g.pupil_id = p.id
    WHERE g.joined_at IS NULL AND NOT g.court_order AND NOT (g.contact_id = %s)
    GROUP BY p.id HAVING count(*) = 3 ORDER BY p.id DESC LIMIT 1
"""


class Joining:
    """What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse, downloads: Path) -> None:
        self.school, self.browse, self.downloads = school, browse, downloads
        school.manage("import_roster", "classes/demo/roster.csv", "--apply")

    def staff(self, address: str) -> Page:
        page = self.browse()
        sign_in(page, address)
        agree(page)
        return page

    def letter(self, guardianship: int) -> Sheet:
        """The office opens one adult's page, makes a code and prints the letter; the page of it, as it is read."""
        page, path = self.office, self.downloads / f"{guardianship}.pdf"
        page.goto(f"/people/connection/{guardianship}/")
        state = page.get_by_role("main").inner_text()
        page.get_by_role("main").get_by_role("link", name="Invite").click()
        button = page.get_by_role("button", name=re.compile("print the letter", re.IGNORECASE))
        if "Invited" in state:  # one of the whole school's letters ends: the page asks
            button.click()
            expect(page.get_by_text("The letter that was printed before stops working")).to_be_visible()
            button = page.get_by_role("button", name="Print the letter again")
        with page.expect_download() as download:
            button.click()
        download.value.save_as(path)
        (found,) = sheets(path)
        assert len(found.addresses) == 1 and "Annwyl" in found.words and "Dear" in found.words
        return found

    def the_office_prints_the_letters_of_the_whole_school(self) -> None:
        self.office = page = self.staff(OFFICE)
        page.goto("/letters/")
        page.get_by_role("button", name=re.compile("without a code")).click()
        expect(page.get_by_text("are made for the whole school")).to_be_visible()
        page.get_by_role("button", name="Make these letters").click()
        expect(page.get_by_role("heading", name="Your letters are being made")).to_be_visible()
        ready = page.get_by_role("button", name="Download the letters")
        expect(ready).to_be_visible(timeout=120_000)  # a worker makes them, and the page asks by itself
        with page.expect_download() as download:
            ready.click()
        path = self.downloads / "school.pdf"
        download.value.save_as(path)
        codes = self.school.sql("SELECT count(*) FROM classes_invitation WHERE withdrawn_at IS NULL")[0][0]
        assert codes > 200 and path.read_bytes().startswith(b"%PDF")

    # -- on a telephone
    def use_code(self, page: Page, letter: Sheet, born) -> None:
        page.goto(letter.addresses[0])
        type_birthday(page, born)
        page.get_by_role("button", name="Go on").click()

    def sign_up(self, page: Page, address: str) -> None:
        page.get_by_label("Your e-mail address").fill(address)
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", self.school.mail(address, "code"), re.MULTILINE)
        assert code
        page.get_by_label("The code from the e-mail").fill(code.group(1))
        page.get_by_role("button", name="Go on").click()
        agree(page)
        expect(page).to_have_url(re.compile("/news/$"))

    def a_parent_is_on_the_newsfeed_in_under_two_minutes(self) -> None:
        """Scan, one date, address and password, the mailed code, the terms: four fields and five presses."""
        found = self.school.sql(SIBLINGS)[0]
        self.contact, self.name, self.guardianships, self.children, birthdays, self.child_id = found
        first, second = (self.letter(guardianship) for guardianship in self.guardianships)
        self.birthday, self.second = birthdays[1], second
        page = self.parent = self.browse(phone=True)
        typed = []
        page.on(
            "request",
            lambda request: (
                typed.append(request.url)
                if request.is_navigation_request() and request.method == "POST"
                else None
            ),
        )
        before = time.monotonic()
        self.use_code(page, first, birthdays[0])
        self.sign_up(page, "sibling.parent@family.example")
        assert time.monotonic() - before < 120
        assert len(typed) == 4  # code, account, mailed code, terms
        expect(page.get_by_role("link", name=re.compile(self.children[0])).first).to_be_visible()

    def with_the_second_childs_code_they_add_it_to_the_same_account(self) -> None:
        page = self.parent
        self.use_code(page, self.second, self.birthday)
        expect(page.get_by_text(f"{self.children[1]} is now in your account.")).to_be_visible()
        page.goto("/points/")
        for child in self.children:
            expect(page.get_by_role("main").get_by_text(child).first).to_be_visible()

    # -- the third adult
    def two_adults_of_a_child_have_joined(self) -> None:
        self.full, self.full_name, self.born, guardianships = self.school.sql(THREE, self.contact)[0]
        for number, guardianship in enumerate(guardianships[:2]):
            page = self.browse(phone=True)
            self.use_code(page, self.letter(guardianship), self.born)
            self.sign_up(page, f"adult{number}@family.example")
        self.third = guardianships[2]

    def the_third_has_no_letter_before_a_leader_approves(self) -> None:
        page = self.office
        page.goto(f"/people/invite/{self.third}/")
        expect(page.get_by_text("senior leader has to approve").first).to_be_visible()
        expect(page.get_by_role("main").get_by_text("Mrs Vaughan")).to_be_visible()  # whom to ask
        expect(page.get_by_role("button", name=re.compile("print the letter"))).to_have_count(0)
        page.get_by_label("Why this adult is to join").fill(REASON)
        page.get_by_role("button", name="Ask a senior leader").click()
        expect(page.get_by_text("The senior leaders are asked")).to_be_visible()

    def a_leader_approves_with_a_written_reason(self) -> None:
        head = self.head = self.staff(HEAD)
        head.goto("/")
        head.get_by_role("link", name="See them").click()
        expect(head.get_by_text(REASON)).to_be_visible()
        head.locator(f"a[href='/people/connection/{self.third}/answer/']").click()
        head.get_by_role("button", name="Approve").click()
        expect(head.get_by_text("Please write down the reason.").first).to_be_visible()
        head.get_by_label("Reason").fill(REASON)
        head.get_by_role("button", name="Approve").click()
        expect(head.get_by_text("A code can be made now.")).to_be_visible()
        head.goto(f"/people/connection/{self.third}/")
        expect(head.get_by_text(REASON).first).to_be_visible()

    def the_office_prints_and_the_third_joins(self) -> None:
        self.newcomer = self.browse(phone=True)
        self.use_code(self.newcomer, self.letter(self.third), self.born)
        self.sign_up(self.newcomer, "third@family.example")
        expect(self.newcomer.get_by_role("link", name=re.compile(self.full_name)).first).to_be_visible()

    # -- a restriction while the page is open
    def the_class_posts_a_photo_and_the_parent_has_the_conversation_open(self) -> None:
        account, teacher = self.school.sql(
            "SELECT u.email, s.title || ' ' || s.surname FROM classes_pupil p JOIN classes_classroom r ON r.id ="
            " p.classroom_id JOIN accounts_user u ON u.id = r.account_id JOIN classes_classroom_staff m ON"
            " m.classroom_id = r.id JOIN accounts_staffmember s ON s.id = m.staffmember_id WHERE p.id = %s LIMIT 1",
            self.full,
        )[0]
        room = self.browse()
        sign_in(room, account)
        say_who(room, teacher)
        agree(room)
        room.goto("/news/write/")
        room.get_by_label("Title").fill("A castle")
        room.get_by_label("Your story").fill("Of cereal boxes.")
        room.locator("input[type=file]").first.set_input_files(
            {"name": "castle.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
        )
        room.get_by_label("What does photo 1 show?").fill("A castle")
        room.get_by_role("button", name="Post").click()
        page = self.newcomer
        page.goto("/news/")
        self.photo = page.get_by_alt_text("A castle").get_attribute("src")
        assert page.request.get(self.photo).status == 200
        page.goto(f"/messages/child/{self.full}/")
        send(page, "Is the castle open on Friday?")
        expect(page.get_by_role("log").get_by_text("Is the castle open")).to_be_visible()

    def the_office_sets_no_access_and_the_open_page_goes_by_itself(self) -> None:
        page, office = self.newcomer, self.office
        office.goto(f"/people/connection/{self.third}/restrict/")
        expect(office.get_by_text("1 conversation with the class closes")).to_be_visible()
        office.get_by_label("No access").check()
        office.get_by_role("button", name="Decide").click()
        expect(office.get_by_text("Please write a note").first).to_be_visible()
        office.get_by_label("Why, and on what it rests").fill(NOTE)
        office.get_by_role("button", name="Decide").click()
        expect(office.get_by_text("Decided. It counts from now on.")).to_be_visible()
        assert page.request.get(self.photo).status == 404
        expect(page.get_by_role("log")).to_have_count(0)  # the page asks every ten seconds
        assert "Is the castle open" not in page.content() and NOTE not in page.content()
        page.goto("/news/")
        expect(page.get_by_alt_text("A castle")).to_have_count(0)

    # -- a court order
    def after_the_order_the_office_gets_no_code_and_a_leader_gives_one(self) -> None:
        """The connection ends and is opened again: a code for it is a leader's to give, with a reason."""
        office, path = self.office, f"/people/connection/{self.third}/"
        office.goto(f"{path}end/")
        office.get_by_role("button", name="End this connection").click()
        office.goto(f"{path}open/")
        office.get_by_role("button", name="Open it again").click()
        again = self.school.sql("SELECT max(id) FROM classes_guardianship")[0][0]
        expect(office).to_have_url(re.compile(f"/people/connection/{again}/$"))
        office.goto(f"/people/connection/{again}/restrict/")
        office.get_by_label("As usual").check()
        office.get_by_role("button", name="Decide").click()
        office.goto(f"/people/connection/{again}/change/")
        office.get_by_label("A court order names this adult").check()
        office.get_by_role("button", name="Save").click()
        office.goto(f"/people/invite/{again}/")
        expect(office.get_by_role("button", name=re.compile("print the letter"))).to_have_count(0)
        head = self.head
        head.goto(f"/people/invite/{again}/")
        head.get_by_label("Why this adult is invited").fill("The order allows it from today.")
        with head.expect_download():
            head.get_by_role("button", name="Approve, and print the letter").click()
        office.goto(f"/people/child/{self.full}/")
        expect(office.get_by_text("The order allows it from today.").first).to_be_visible()


def test_letters_a_third_adult_and_a_restriction(school, browse, tmp_path):
    story = Joining(school, browse, tmp_path)
    story.the_office_prints_the_letters_of_the_whole_school()
    story.a_parent_is_on_the_newsfeed_in_under_two_minutes()
    story.with_the_second_childs_code_they_add_it_to_the_same_account()
    story.two_adults_of_a_child_have_joined()
    story.the_third_has_no_letter_before_a_leader_approves()
    story.a_leader_approves_with_a_written_reason()
    story.the_office_prints_and_the_third_joins()
    story.the_class_posts_a_photo_and_the_parent_has_the_conversation_open()
    story.the_office_sets_no_access_and_the_open_page_goes_by_itself()
    story.after_the_order_the_office_gets_no_code_and_a_leader_gives_one()
