"""From an empty database to the first answered message, by the pages and commands that an installation has."""

import re
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from malpas.dev.folders import ROOT
from tests.accounts.sign_in.mfa import code
from tests.journeys.conftest import browsers_of
from tests.journeys.letters import Sheet, sheets
from tests.journeys.school import RunningSchool
from tests.journeys.staff import add_staff, give_pin_and_class, invite
from tests.journeys.test_school_day import agree, send, type_birthday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

HEAD, CLASS_ADDRESS, PARENT = "head@school.example", "celyn@school.example", "mother@family.example"
OFFICE = "joan.lewis@school.example"
PASSWORD, OWN_PIN = "three-cereal-boxes-42", "7391"
CLASS, TEACHER = "Year 3/4 Celyn", "Mrs Pritchard"
ROSTER = "classes/demo/roster.csv"
ASKED, ANSWERED = "Is there swimming on Thursday?", "Yes, please bring a towel."
NAMES = {
    "Name in English": "Nant Gwyn Primary School",
    "Name in Welsh": "Ysgol Gynradd Nant Gwyn",
    "Short name in English": "Nant Gwyn",
    "Short name in Welsh": "Nant Gwyn",
    "Office telephone": "01632 960115",
    "Office e-mail": "office@school.example",
    "E-mail for concerns": "concerns@school.example",
}
CONFIRMED = {"The hours of the week": "Save these hours", "Behaviours that earn points": "Keep these"}


@pytest.fixture(scope="module")
def new_school():
    """Everything that runs, on a database that was migrated and holds nothing else."""
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        running = RunningSchool(Path(folder))
        try:
            running.clock("2026-11-10 08:35")
            yield running.start()
        finally:
            running.stop()


@pytest.fixture
def browse_new(new_school, new_context):
    with browsers_of(new_context, new_school) as browse:
        yield browse


class Beginning:
    """What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse, downloads: Path) -> None:
        self.school, self.browse, self.downloads = school, browse, downloads

    # -- what everybody does
    def choose_password(self, page: Page, words: str) -> None:
        """With the link in these words: what the command printed, or a mail."""
        link = re.search(r"https?://\S+/password/reset/key/\S+", words)
        assert link
        page.goto(link[0])
        page.locator("input[name=password1]").fill(PASSWORD)
        page.get_by_role("button", name="Save my password").click()
        expect(page).to_have_url(re.compile("/password/reset/key/done/"))

    def sign_in(self, page: Page, address: str) -> None:
        page.goto("/account/login/")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    # -- the first leader
    def the_technician_makes_the_first_leader(self) -> None:
        self.printed = self.school.manage("add_leader", HEAD, "Mrs", "Eleri", "Vaughan", "--head")

    def the_head_signs_in_with_mfa(self) -> None:
        page = self.head = self.browse()
        self.choose_password(page, self.printed)
        self.sign_in(page, HEAD)
        page.get_by_role("link", name="An authenticator app").click()
        page.get_by_text("I cannot scan it").click()
        secret = page.locator(".letter__letters").inner_text().replace(" ", "")
        page.get_by_label("The 6 digits").fill(code(0, secret))
        page.get_by_role("button", name="Switch it on").click()
        page.get_by_role("link", name="I have kept them").click()

    def the_first_page_says_what_is_missing(self, *titles: str) -> None:
        self.head.goto("/")
        missing = self.head.get_by_role("region", name="Before everybody can begin")
        for title in titles:
            expect(missing.get_by_text(title, exact=True)).to_be_visible()
        expect(missing.get_by_role("listitem")).to_have_count(len(titles))

    def go_to(self, title: str) -> Page:
        self.head.goto("/")
        self.head.get_by_role("link", name=title).click()
        return self.head

    # -- the school enters itself
    def the_head_enters_names_and_numbers(self) -> None:
        page = self.go_to("The school’s names and numbers")
        for label, words in NAMES.items():
            page.get_by_label(label, exact=True).fill(words)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).to_have_url(re.compile("/set-up/$"))

    def the_head_keeps_hours_and_behaviours(self) -> None:
        page = self.head
        for title, button in CONFIRMED.items():
            page.goto("/set-up/")
            page.get_by_role("link", name=title).click()
            page.get_by_role("button", name=button).click()
            expect(page).to_have_url(re.compile("/set-up/$"))
        expect(page.get_by_text("Filled in for you")).to_have_count(0)

    def the_head_enters_a_term(self) -> None:
        self.go_to("Term dates")
        page = self.head
        page.goto("/calendar/terms/new/")
        page.locator("#id_name").fill("Autumn 2026")
        page.locator("#id_starts").fill("2026-09-01")
        page.locator("#id_ends").fill("2026-12-18")
        page.get_by_role("button", name="Save").click()
        expect(page).to_have_url(re.compile("/calendar/days/$"))

    def the_head_brings_the_roster(self) -> None:
        page = self.head
        page.goto("/set-up/")
        page.get_by_role("link", name="Classes and children").click()
        page.locator("input[type=file]").set_input_files(ROOT / ROSTER)
        page.get_by_role("button", name="Look at what it would change").click()
        page.get_by_role("button", name="Take this file in").click()
        expect(page.get_by_text("Nobody was invited and nobody was removed")).to_be_visible()
        assert self.school.sql("SELECT count(*) FROM classes_pupil") == [(200,)]

    def class_page(self) -> Page:
        self.head.goto("/classes/")
        self.head.get_by_role("link", name=CLASS).click()
        return self.head

    def the_head_gives_the_class_an_account(self) -> None:
        page = self.class_page()
        page.get_by_label("E-mail address of the class").fill(CLASS_ADDRESS)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_text(f"It signs in with {CLASS_ADDRESS}.")).to_be_visible()

    def before_the_terms_a_class_reads_that_the_school_is_not_open(self) -> None:
        page = self.room = self.browse()
        self.choose_password(page, self.school.mail(CLASS_ADDRESS, "account"))
        self.sign_in(page, CLASS_ADDRESS)
        expect(page.get_by_role("heading", name="Our portal is not open yet")).to_be_visible()
        expect(page.get_by_role("main").get_by_text("01632 960115")).to_be_visible()
        page.goto("/class/board/")
        expect(page).to_have_url(re.compile("/not-open/$"))

    def the_head_publishes_the_terms(self) -> None:
        page = self.go_to("The usage terms")
        expect(page.get_by_label("Words in English")).to_have_value(re.compile("Nant Gwyn Primary School"))
        expect(page.get_by_label("Words in Welsh")).to_have_value(re.compile("01632 960115"))
        page.get_by_role("button", name="Save, and read it again").click()
        page.get_by_role("button", name="Publish").click()
        agree(page)

    # -- staff
    def the_head_gives_a_teacher_a_pin_and_a_class(self) -> None:
        add_staff(self.head, "Mrs", "Anwen", "Pritchard")
        self.given_pin = give_pin_and_class(self.head, CLASS)
        expect(self.class_page().get_by_label(TEACHER)).to_be_checked()

    def the_head_invites_the_office(self) -> None:
        page = self.go_to("The Main Office")
        expect(page).to_have_url(re.compile("/staff/$"))
        add_staff(page, "Mrs", "Joan", "Lewis", "Office")
        invite(page, OFFICE)
        assert "/staff/invitation/" in self.school.mail(OFFICE, "account")

    # -- the first family
    def the_head_prints_a_letter(self) -> Sheet:
        guardianship, self.child, self.born = self.school.sql(
            "SELECT g.id, p.preferred_forename, p.date_of_birth FROM classes_guardianship g"
            " JOIN classes_pupil p ON p.id = g.pupil_id JOIN classes_classroom c ON c.id = p.classroom_id"
            " WHERE c.name = %s AND g.suggestion = 'invite' AND NOT g.court_order ORDER BY g.id LIMIT 1",
            CLASS,
        )[0]
        page, path = self.head, self.downloads / "letter.pdf"
        page.goto("/letters/")
        page.get_by_role("main").get_by_role("link", name=CLASS).click()
        page.locator(f"input[name=guardianship][value='{guardianship}']").check()
        # The first letter of a process reads the fonts; the web server ends a request after thirty seconds.
        with page.expect_download() as download:
            page.get_by_role("button", name="Letters for those ticked").click()
        download.value.save_as(path)
        (letter,) = sheets(path)
        assert "Nant Gwyn" in letter.words and "01632 960115" in letter.words
        return letter

    def a_parent_joins_with_it(self, letter: Sheet) -> None:
        page = self.parent = self.browse(phone=True)
        page.goto(letter.addresses[0])
        type_birthday(page, self.born)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Your e-mail address").fill(PARENT)
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", self.school.mail(PARENT, "code"), re.MULTILINE)
        assert found
        page.get_by_label("The code from the e-mail").fill(found[1])
        page.get_by_role("button", name="Go on").click()
        agree(page)
        expect(page).to_have_url(re.compile("/news/$"))

    def the_parent_asks(self) -> None:
        page = self.parent
        page.get_by_role("link", name="Messages").first.click()
        page.get_by_role("main").get_by_role("link", name=re.compile(self.child)).first.click()
        send(page, ASKED)
        expect(page.get_by_role("log").get_by_text(ASKED)).to_be_visible()

    # -- the class
    def the_teacher_agrees_and_chooses_a_pin_of_her_own(self) -> None:
        page = self.room
        self.sign_in(page, CLASS_ADDRESS) if page.goto("/").url.endswith("/account/login/") else None
        page.get_by_role("main").get_by_text(TEACHER, exact=True).click()
        page.get_by_label("Your PIN").fill(self.given_pin)
        page.get_by_role("button", name="Go").click()
        agree(page)
        page.get_by_label("The PIN you have").fill(self.given_pin)
        page.get_by_label("New PIN", exact=True).fill(OWN_PIN)
        page.get_by_label("New PIN once more").fill(OWN_PIN)
        page.get_by_role("button", name="Save PIN").click()
        expect(page).to_have_url(re.compile("/class/board/$"))

    def the_teacher_answers(self) -> None:
        page = self.room
        page.get_by_role("link", name="Messages").first.click()
        page.get_by_role("main").get_by_role("link", name=re.compile(self.child)).first.click()
        expect(page.get_by_role("log").get_by_text(ASKED)).to_be_visible()
        send(page, ANSWERED)

    def the_parent_reads_the_answer(self) -> None:
        expect(self.parent.get_by_role("log").get_by_text(ANSWERED)).to_be_visible()
        expect(self.parent.get_by_role("log").get_by_text(TEACHER)).to_be_visible()


def test_an_empty_installation_to_the_first_answered_message(new_school, browse_new, tmp_path):
    school = Beginning(new_school, browse_new, tmp_path)
    names, of_use, dates = "The school’s names and numbers", "The usage terms", "Term dates"
    people = ["The Main Office", "Accounts of the classes", "Staff of the classes", "Letters for families"]
    school.the_technician_makes_the_first_leader()
    school.the_head_signs_in_with_mfa()
    school.the_first_page_says_what_is_missing(
        names, dates, of_use, "The Main Office", "Classes and children"
    )
    school.the_head_enters_names_and_numbers()
    school.the_head_keeps_hours_and_behaviours()
    school.the_head_enters_a_term()
    school.the_head_brings_the_roster()
    school.the_head_gives_the_class_an_account()
    school.before_the_terms_a_class_reads_that_the_school_is_not_open()
    school.the_head_publishes_the_terms()
    school.the_first_page_says_what_is_missing(*people)
    school.the_head_invites_the_office()
    school.the_head_gives_a_teacher_a_pin_and_a_class()
    school.a_parent_joins_with_it(school.the_head_prints_a_letter())
    school.the_parent_asks()
    school.the_teacher_agrees_and_chooses_a_pin_of_her_own()
    school.the_teacher_answers()
    school.the_parent_reads_the_answer()
