import re
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from classes.joining.codes import grouped
from classes.joining.queries import find_invitation
from classes.letter_files.pdf import QR_SIDE, join_address, letters_pdf
from classes.models.pupils import Pupil
from tests.classes.joining.inviting import invite_class
from tests.clock import at
from tests.people import make_contact


@pytest.fixture
def letters(people, make_guardianship):
    """Draw Celyn's letters, one with ŵ and ŷ in names."""
    Pupil.objects.filter(pk=people.efa.pk).update(preferred_forename="Gŵenllian")
    make_guardianship()
    make_guardianship(contact=make_contact("Ann", "Other"))
    by = people.actor(people.office)
    issued = invite_class(classroom=people.celyn, by=by, at=at("2026-11-10 10:00"))
    return issued, letters_pdf(issued, people.school)


def text_of(page) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


@pytest.mark.policy("PA-1")
def test_each_adult_has_one_page_with_everything_on_it(letters, people):
    issued, pdf = letters
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == len(issued) == 2
    text = next(text_of(page) for page in pages if "Ŷstrad" in page.extract_text())
    one = next(one for one in issued if one.guardianship.contact.surname == "Ŷstrad")
    for part in (
        "Annwyl Riant neu Ofalwr", "Dear Parent or Carer", "Ŵyn Ŷstrad", "Gŵenllian", "Celyn", grouped(one.code),
        "Ysgol Gynradd Llys Malpas", "Malpas Court Primary School", "24.11.2026", "01632 960115", join_address(),
    ):  # fmt: skip
        assert part in text
    assert people.efa.legal_surname not in text


@pytest.mark.policy("PA-1")
def test_the_qr_leads_to_the_join_page_with_the_code(letters):
    issued, pdf = letters
    for one, page in zip(issued, pypdfium2.PdfDocument(pdf), strict=True):
        found = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        assert [barcode.text for barcode in found] == [join_address(one.code)]
        assert find_invitation(one.code, one.guardianship.pupil.date_of_birth)


def test_the_sheet_is_a4_and_the_qr_three_centimetres_at_least(letters):
    _issued, pdf = letters
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    modules = (
        33 + 8
    )  # a code of this length needs at most version 4, and four modules of quiet zone around it
    assert QR_SIDE * 33 / modules >= 30


def test_a_very_long_name_stays_on_one_page(people, make_guardianship):
    Pupil.objects.filter(pk=people.efa.pk).update(preferred_forename="Bartholomew " * 4)
    make_guardianship(contact=make_contact("Wilhelmina " * 5, "Featherstonehaugh-Cholmondeley"))
    issued = invite_class(classroom=people.celyn, by=people.actor(people.office), at=at("2026-11-10 10:00"))
    pages = PdfReader(BytesIO(letters_pdf(issued, people.school))).pages
    assert len(pages) == 1
    assert "concerns@school.example" in pages[0].extract_text()
