"""One school day, end to end: real processes, a real browser, and the clock moved where the day needs it."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from malpas.demo.people import PASSWORD, PIN
from tests.journeys.letters import Sheet, sheets
from tests.journeys.mfa_codes import enter_mfa_code
from tests.journeys.school import RunningSchool, eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

CLASS = "Year 3/4 Celyn"
HEAD = "eleri.vaughan@malpascourt.example"
OFFICE = "joan.lewis@malpascourt.example"
NIA_PASSWORD = "three-cereal-boxes"
RUDE = "You are useless and everybody at the gate says so."


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    if page.url.endswith("/second-step/"):
        enter_mfa_code(page, address)


def agree(page: Page) -> None:
    page.get_by_label("I have read the terms").check()
    page.get_by_role("button", name="Agree and go on").click()


def type_birthday(page: Page, day: date) -> None:
    for name, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(name, exact=True).fill(str(number))


def say_who(page: Page, name: str) -> None:
    page.get_by_text(name, exact=True).click()
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Go").click()


def visit(page: Page, path: str, address: str, *, password: str = PASSWORD, staff: str = "") -> None:
    """Opens a page as somebody does who has idled: signs in, says who, unlocks, as far as they are asked."""
    page.goto(path)
    if "/account/login/" in page.url:
        sign_in(page, address, password)
        page.wait_for_load_state()
        page.goto(path)
    if "/class/who/" in page.url:
        say_who(page, staff)
        page.wait_for_url(re.compile("^(?!.*/class/who/)"))
        page.goto(path)
    if "/parent-lock/" in page.url:
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Unlock").click()
        page.wait_for_url(re.compile("^(?!.*/parent-lock/)"))
        page.goto(path)


def send(page: Page, words: str, button: str = "Send") -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name=button).click()


def a_photo() -> bytes:
    picture, buffer = Image.new("RGB", (1200, 900), "seagreen"), BytesIO()
    exif = picture.getexif()
    exif[0x010F] = "a camera that tells"
    picture.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


class Day:
    """What one step of the day leaves for the next."""

    def __init__(self, school: RunningSchool, browse, downloads: Path) -> None:
        self.school, self.browse, self.downloads = school, browse, downloads
        self.parent_address = "nia.bowen@family.example"
        people = school.sql(
            "SELECT s.title || ' ' || s.surname FROM classes_classroom c"
            " JOIN classes_classroom_staff m ON m.classroom_id = c.id JOIN accounts_staffmember s"
            " ON s.id = m.staffmember_id WHERE c.name = %s ORDER BY s.id",
            CLASS,
        )
        self.teacher, self.assistant = (row[0] for row in people)

    # -- 1 and 2: roster and joining
    def the_roster_is_in(self) -> None:
        said = self.school.manage("import_roster", "classes/demo/roster.csv")
        assert "200" in said
        assert self.school.sql("SELECT count(*) FROM classes_pupil")[0][0] == 200

    def the_office_makes_letters(self) -> None:
        self.office = self.browse()
        sign_in(self.office, OFFICE)
        agree(self.office)
        self.office.goto("/letters/")
        self.office.get_by_role("main").get_by_role("link", name=CLASS).click()
        with self.office.expect_download() as download:
            self.office.get_by_role("button", name=re.compile("without a code")).click()
        path = self.downloads / "letters.pdf"
        download.value.save_as(path)
        self.letters = sheets(path)
        assert all(len(letter.addresses) == 1 for letter in self.letters)
        assert all("Annwyl" in letter.words and "Dear" in letter.words for letter in self.letters)

    def letter_of_a_new_family(self) -> Sheet:
        """A letter whose child has nobody joined yet; notes who the child and the adult are."""
        free = self.school.sql(
            "SELECT p.id, p.preferred_forename, p.date_of_birth, c.forename || ' ' || c.surname"
            " FROM classes_guardianship g JOIN classes_pupil p ON p.id = g.pupil_id JOIN classes_contact c"
            " ON c.id = g.contact_id JOIN classes_classroom r ON r.id = p.classroom_id WHERE r.name = %s"
            " AND g.priority = 1 AND g.joined_at IS NULL AND NOT EXISTS (SELECT 1 FROM classes_guardianship j"
            " WHERE j.pupil_id = p.id AND j.joined_at IS NOT NULL) ORDER BY p.id",
            CLASS,
        )
        for self.child_id, self.child, self.birthday, self.parent_name in free:
            for letter in self.letters:
                if f"carer: {self.child}" in letter.words and self.parent_name in letter.words:
                    return letter
        raise AssertionError("no letter for a child whose family has not joined")

    def a_parent_joins_with_the_letter(self) -> None:
        letter = self.letter_of_a_new_family()
        page = self.parent = self.browse(phone=True)
        self.letter_address = letter.addresses[0]
        page.goto(self.letter_address)
        type_birthday(page, self.birthday)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Your e-mail address").fill(self.parent_address)
        page.get_by_label("Your password").fill(NIA_PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        mail = self.school.mail(self.parent_address, "code")
        code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail, re.MULTILINE)
        assert code, mail
        page.get_by_label("The code from the e-mail").fill(code.group(1))
        page.get_by_role("button", name="Go on").click()
        agree(page)
        expect(page).to_have_url(re.compile("/news/$"))
        expect(page.get_by_role("link", name=re.compile(self.child))).to_be_visible()

    def the_code_is_used_up(self) -> None:
        stranger = self.browse(phone=True)
        stranger.goto(self.letter_address)
        type_birthday(stranger, self.birthday)
        stranger.get_by_role("button", name="Go on").click()
        expect(stranger.locator(".errors")).to_be_visible()

    # -- 3: points
    def the_class_signs_in_and_gives_a_point(self) -> None:
        page = self.board = self.browse()
        sign_in(page, "celyn@malpascourt.example")
        say_who(page, self.teacher)
        agree(page)
        expect(page.get_by_role("heading", name=CLASS)).to_be_visible()
        page.locator(".pupil", has=page.locator(f"input[value='{self.child_id}']")).click()
        page.get_by_role("dialog").get_by_role("button", name="Sharing").click()
        expect(page.locator(".undo")).to_contain_text("You can undo it until")

    def the_database_refuses_to_take_a_point_away(self) -> None:
        for act in (
            "UPDATE points_award SET points = 2",
            "DELETE FROM points_award",
            "UPDATE points_award SET points = -1",
        ):
            with pytest.raises(Exception, match="award"):
                self.school.sql(act)

    def the_parent_sees_total_and_reason_after_ten_minutes(self) -> None:
        page = self.parent
        page.goto("/points/")
        expect(page.get_by_text("The first ones will grow here.")).to_be_visible()
        self.school.clock("2026-11-10 08:57")
        page.reload()
        expect(page.locator("main")).to_contain_text("Sharing")
        expect(page.locator("main")).to_contain_text(self.teacher)

    # -- 6: story
    def the_class_posts_a_story_with_a_photo(self) -> None:
        page = self.board
        page.goto("/news/write/")
        page.get_by_label("Title").fill("We have built a castle")
        page.get_by_label("Your story").fill("The drawbridge goes up and down.")
        page.locator("input[type=file]").first.set_input_files(
            {"name": "castle.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
        )
        page.get_by_label("What does photo 1 show?").fill("A castle of cereal boxes")
        page.get_by_role("button", name="Post").click()
        expect(page.get_by_role("heading", name="We have built a castle")).to_be_visible()

    def the_head_posts_to_the_whole_school(self) -> None:
        page = self.head = self.browse()
        sign_in(page, HEAD)
        agree(page)
        expect(page.get_by_text("was due on 02.10.2026")).to_be_visible()
        page.get_by_role("link", name="Write to the whole school").click()
        page.get_by_label("Title").fill("The winter fair")
        page.get_by_label("Your story").fill("It is on Friday 4 December.")
        page.get_by_role("button", name="Post").click()

    def the_parent_reads_both(self) -> None:
        page = self.parent
        page.goto("/")
        expect(page.get_by_role("heading", name="We have built a castle")).to_be_visible()
        expect(page.get_by_role("heading", name="The winter fair")).to_be_visible()
        picture = page.get_by_alt_text("A castle of cereal boxes")
        answer = page.request.get(picture.get_attribute("src"))
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] in ("private, no-store", "private, no-cache")
        assert b"a camera that tells" not in answer.body()
        stranger = self.browse().request.get(picture.get_attribute("src"), max_redirects=0)
        assert stranger.status == 302

    def parent_at(self, path: str) -> None:
        visit(self.parent, path, self.parent_address, password=NIA_PASSWORD)

    def board_at(self, path: str) -> None:
        visit(self.board, path, "celyn@malpascourt.example", staff=self.teacher)

    # -- 5: office
    def an_absence_reaches_the_office_and_not_the_class(self) -> None:
        page = self.parent
        self.parent_at("/write/")
        expect(page.get_by_role("heading", name="What is it about?")).to_be_visible()
        page.get_by_role("link", name="Absence or sickness").click()
        page.get_by_label("Ill or hurt").check()
        page.get_by_label("Rash").check()
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
        page.get_by_role("button", name="Tell the office").click()
        expect(page.get_by_text("The office has your message.")).to_be_visible()
        visit(self.office, "/office/", OFFICE)
        expect(self.office.get_by_role("main")).to_contain_text("Rash")
        for path in ("/class/board/", "/messages/", "/news/"):
            self.board_at(path)
            expect(self.board.get_by_role("main")).not_to_contain_text("Rash")
        assert self.board.request.get("/office/").status == 404

    # -- 4: message
    def an_evening_message_waits(self) -> None:
        self.school.clock("2026-11-10 20:00", leaving=(self.parent, self.board))
        page = self.parent
        self.parent_at("/write/")
        page.get_by_role("link", name="A message to the class").click()
        expect(page.get_by_text("Quiet until Wednesday 08:30")).to_be_visible()
        send(page, "Never mind this one.", "Send for Wednesday 08:30")
        expect(page.get_by_text("Arrives on Wednesday 08:30")).to_be_visible()
        page.get_by_role("button", name="Withdraw").click()
        expect(page.get_by_role("button", name="Put it back")).to_be_visible()
        page.goto(f"/messages/child/{self.child_id}/")
        send(page, "Three boxes are in the bag for the drawbridge.", "Send for Wednesday 08:30")

    def the_class_sees_it_at_half_past_eight_and_no_second_earlier(self) -> None:
        self.school.clock("2026-11-11 08:29:30", leaving=(self.parent, self.board))
        page = self.board
        self.board_at("/messages/")
        expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
        assert self.school.mails("celyn@malpascourt.example") == []
        self.school.clock("2026-11-11 08:30:00")
        page.reload()
        page.get_by_role("link", name=re.compile(self.parent_name)).first.click()
        expect(page.get_by_text("Three boxes are in the bag")).to_be_visible()
        expect(page.get_by_text("Never mind this one.")).to_have_count(0)
        mail = self.school.mail("celyn@malpascourt.example", ".")
        assert "drawbridge" not in mail

    def an_answer_at_half_past_five_waits_too(self) -> None:
        self.school.clock("2026-11-11 17:30", leaving=(self.parent, self.board))
        page = self.board
        page.goto("/messages/")
        say_who(page, self.assistant)
        agree(page)
        page.goto("/messages/")
        page.get_by_role("link", name=re.compile(self.parent_name)).first.click()
        expect(page.get_by_text("Quiet until Thursday 08:30")).to_be_visible()
        send(page, "Thank you! Mali is in charge of the chains.", "Send for Thursday 08:30")
        self.parent_at(f"/messages/child/{self.child_id}/")
        expect(self.parent.get_by_text("in charge of the chains")).to_have_count(0)
        mails = len(self.school.mails(self.parent_address))
        self.school.clock("2026-11-12 08:30", leaving=(self.parent, self.board))
        self.parent_at(f"/messages/child/{self.child_id}/")
        expect(self.parent.get_by_text("in charge of the chains")).to_be_visible()
        expect(self.parent.get_by_text(f"{self.assistant} for {CLASS}")).to_be_visible()
        eventually(lambda: len(self.school.mails(self.parent_address)) > mails)

    # -- 7: moderation
    def a_rude_message_is_reported_twice(self) -> None:
        for number, words in enumerate([RUDE, f"{RUDE} Again."]):
            send(self.parent, words)
            expect(self.parent.locator("#hint")).to_contain_text("Would you say this face to face?")
            self.parent.get_by_role("button", name="Send it as it is").click()
            expect(self.parent.get_by_role("log").get_by_text(words)).to_be_visible()
            self.report(words)
            if number == 0:
                self.removal_without_a_warning_is_refused()
                self.decide("Hide it")
                self.decide("Give a warning")
                self.the_parent_reads_the_warning()
            else:
                self.something_waits_when_access_ends()
                self.decide("End their access")

    def report(self, words: str) -> None:
        page = self.board
        self.board_at("/messages/")
        page.get_by_role("link", name=re.compile(self.parent_name)).first.click()
        message = page.locator(".message", has_text=words).last
        message.locator("summary").click()
        message.get_by_role("link", name="Report").click()
        page.get_by_label("Rude or hurtful").check()
        page.get_by_role("button", name="Report it").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    def decide(self, button: str) -> None:
        page = self.head
        visit(page, "/admin/moderation/report/", HEAD)
        page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
        expect(page.get_by_text(RUDE).first).to_be_visible()
        form = page.locator("form", has=page.get_by_role("button", name=button, exact=True))
        if form.get_by_label("The rule it rests on").count():
            form.get_by_label("The rule it rests on").select_option("TE-7")
        for field in form.get_by_label(re.compile("What happened|The reason")).all():
            field.fill("Words that hurt a member of staff.")
        form.get_by_role("button", name=button, exact=True).click()
        page.wait_for_load_state()
        asked = page.locator("form#content-main")
        if asked.count():  # what ends is asked about once more
            asked.get_by_role("button", name=button, exact=True).click()
            page.wait_for_load_state()

    def removal_without_a_warning_is_refused(self) -> None:
        self.decide("End their access")
        expect(self.head.locator(".errors")).to_contain_text("warning")
        assert self.school.sql("SELECT count(*) FROM accounts_user WHERE removed_at IS NOT NULL") == [(0,)]
        with pytest.raises(Exception, match="decision_removal_follows_a_warning"):
            self.school.sql(
                "INSERT INTO moderation_decision (kind, subject_id, made_by_id, clause, reason, serious_breach, key)"
                " SELECT 'removal', u.id, s.id, '', '', false, gen_random_uuid() FROM accounts_user u,"
                " accounts_staffmember s WHERE u.email = %s AND s.is_head",
                self.parent_address,
            )

    def the_parent_reads_the_warning(self) -> None:
        page = self.parent
        assert "warning" in self.school.mail(self.parent_address, "warning|Warning").lower()
        page.goto(f"/messages/child/{self.child_id}/")
        expect(page.get_by_text(RUDE, exact=True)).to_have_count(0)
        page.goto("/warnings/")
        expect(page.get_by_text("Words that hurt a member of staff.")).to_be_visible()
        page.goto(f"/messages/child/{self.child_id}/")

    def something_waits_when_access_ends(self) -> None:
        self.school.clock("2026-11-12 20:00", leaving=(self.parent,))
        self.second_device = self.browse()
        sign_in(self.second_device, self.parent_address, NIA_PASSWORD)
        self.second_device.goto(f"/messages/child/{self.child_id}/")
        send(self.second_device, "One last word.", "Send for Friday 08:30")
        expect(self.second_device.get_by_text("One last word.")).to_be_visible()

    def removal_ends_everything_at_once(self) -> None:
        expect(self.second_device).to_have_url(
            re.compile("/account/login/")
        )  # the open page finds out by itself
        self.parent.goto("/messages/")
        expect(self.parent).to_have_url(re.compile("/account/login/"))
        assert (
            self.school.sql("SELECT count(*) FROM messaging_message WHERE body = 'One last word.'")[0][0] == 1
        )
        self.school.clock("2026-11-13 08:31", leaving=(self.board,))
        self.board_at("/messages/")
        expect(self.board.get_by_role("main")).not_to_contain_text("One last word.")
        sign_in(self.parent, self.parent_address, NIA_PASSWORD)
        expect(self.parent).to_have_url(re.compile("/account/login/"))

    # -- 8: a pupil
    def a_pupil_comes_in_with_their_card(self) -> None:
        page = self.board
        page.goto("/class/cards/")
        with page.expect_download() as download:
            page.get_by_role("button", name="Print the missing cards").click()
        path = self.downloads / "cards.pdf"
        download.value.save_as(path)
        addresses = [address for sheet in sheets(path) for address in sheet.addresses]
        assert len(addresses) == 24
        pupil = self.browse(phone=True)
        pupil.goto(addresses[0])
        pupil.get_by_role("button", name="Yes, that is me").click()
        expect(pupil).to_have_url(re.compile("/pupil/me/$"))
        for path in (
            "/news/",
            "/messages/",
            "/write/",
            "/class/board/",
            "/points/",
            "/admin/",
            "/office/",
            "/help/",
        ):
            assert pupil.request.get(path).status in (403, 404), path


def test_a_school_day_from_roster_to_removal(school, browse, tmp_path):
    day = Day(school, browse, tmp_path)
    day.the_roster_is_in()
    day.the_office_makes_letters()
    day.a_parent_joins_with_the_letter()
    day.the_code_is_used_up()
    day.the_class_signs_in_and_gives_a_point()
    day.the_database_refuses_to_take_a_point_away()
    day.the_parent_sees_total_and_reason_after_ten_minutes()
    day.the_class_posts_a_story_with_a_photo()
    day.the_head_posts_to_the_whole_school()
    day.the_parent_reads_both()
    day.an_absence_reaches_the_office_and_not_the_class()
    day.an_evening_message_waits()
    day.the_class_sees_it_at_half_past_eight_and_no_second_earlier()
    day.an_answer_at_half_past_five_waits_too()
    day.a_rude_message_is_reported_twice()
    day.removal_ends_everything_at_once()
    day.a_pupil_comes_in_with_their_card()
