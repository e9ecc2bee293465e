"""Test that names which no font can print are said before their letters go out (PA-1, M07)."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from classes.letter_files.names import HasBoxes
from classes.letter_files.pdf import letters_pdf
from classes.letter_files.sets import draw_letters, request_letters
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.letters import LetterSet
from classes.models.pupils import Pupil
from tests.classes.joining.inviting import invite_class
from tests.clock import at
from tests.people import make_contact
from tests.sentences.classes import BOXES_ON_CARDS, BOXES_ON_LETTERS, NUMBER_HAS_CHANGED
from tests.sentences.reading import says

pytestmark = pytest.mark.policy("PA-1")
NOW = at("2026-11-10 10:00")
NO_FONT = "\U000104b0\U000104b1"


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


@pytest.fixture
def osage(make_guardianship) -> Guardianship:
    """Make an adult whose surname no font has."""
    return make_guardianship(contact=make_contact("Ann", NO_FONT))


def words(answer) -> str:
    return answer.content.decode()


def make(browser, people, **said):
    return browser.post("/letters/make/", {"key": str(uuid4()), "room": people.celyn.pk, **said})


def test_the_office_reads_which_letter_before_it_is_made(people, osage):
    browser = people.client(people.office)
    page = words(browser.get(f"/letters/class/{people.celyn.pk}/"))
    said = page[page.index('id="boxes"') :].split("</section>")[0]
    assert says(said, BOXES_ON_LETTERS) and all(sign in said for sign in (*NO_FONT, "Efa"))
    assert reverse("people_connection", args=[osage.pk]) in said
    assert says(words(browser.get(f"/people/invite/{osage.pk}/")), BOXES_ON_LETTERS)


@pytest.mark.parametrize("which", ["missing", "everybody", "chosen"])
def test_no_code_is_made_before_the_boxes_are_confirmed(people, osage, which):
    browser = people.client(people.office)
    asked = make(browser, people, which=which, guardianship=[osage.pk])
    assert says(words(asked), BOXES_ON_LETTERS) and not Invitation.objects.exists()
    sent = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', words(asked).split("<main")[1])
    )
    wrong = browser.post("/letters/make/", sent | {"boxes": "2"})
    assert wrong.status_code == 409 and says(words(wrong), NUMBER_HAS_CHANGED)
    answer = browser.post("/letters/make/", sent)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "□□" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


def test_names_with_a_font_are_not_asked_about(people, make_guardianship):
    Pupil.objects.filter(pk=people.efa.pk).update(preferred_forename="محمد")
    make_guardianship(contact=make_contact("Ẹ̀bùn", "王"))
    browser = people.client(people.office)
    assert 'id="boxes"' not in words(browser.get(f"/letters/class/{people.celyn.pk}/"))
    answer = make(browser, people, which="missing")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert set("محدẸ王") <= set(text) and "□" not in text


def test_the_services_refuse_boxes_nobody_has_confirmed(people, osage):
    facts = {"guardianships": [osage], "by": people.actor(people.office), "key": uuid4(), "name": "Celyn"}
    with pytest.raises(HasBoxes):
        request_letters(**facts)
    with pytest.raises(HasBoxes):
        draw_letters(**facts, school=people.school, at=NOW)
    assert not LetterSet.objects.exists()
    assert request_letters(**facts, boxes=1).pk


def test_a_class_reads_which_card_has_boxes(people):
    browser = people.client(people.celyn)
    assert not says(words(browser.get("/class/cards/")), BOXES_ON_CARDS)
    Pupil.objects.filter(pk=people.efa.pk).update(preferred_forename=f"Efa {NO_FONT}")
    page = words(browser.get("/class/cards/"))
    assert says(page, BOXES_ON_CARDS) and NO_FONT[0] in page.split('id="boxes"')[1].split("</section>")[0]


@pytest.mark.parametrize("number", [1, 30])
def test_a_letter_reads_all_welsh_then_all_english(people, make_guardianship, number):
    for _adult in range(number):
        make_guardianship(contact=make_contact("Ẹ̀bùn", "王"))
    issued = invite_class(classroom=people.celyn, by=people.actor(people.office), at=NOW)
    reader = PdfReader(BytesIO(letters_pdf(issued, people.school)))
    assert len(reader.pages) == number
    root = reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()
    first = [
        each.get_object()
        for each in root["/K"]
        if each.get_object().raw_get("/Pg") == reader.pages[0].indirect_reference
    ]
    titles = [each["/Lang"] for each in first if each["/S"] in ("/H1", "/H2")]
    assert titles == ["cy"] * 4 + ["en"] * 4
