"""Test what the PDFs print of names in any script, and their tags (M07, M15).

It also tells when fpdf2 changes the private names that `classes/pdf/document.py` uses.
"""

import logging
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from classes.pdf.printable import unprintable
from classes.pdf.sheet import Sheet
from classes.pdf.text import clusters

NAMES = [
    "Ẹ̀bùn Adébáyọ̀", "Đặng Thị Hương", "فاطمة الأحمد", "李 小明", "ქეთი", "Ქეთი", "देवी", "שרה", "Мария", "Ελένη",
    "สมชาย", "ਗੁਰਪ੍ਰੀਤ", "ফাতেমা", "அன்பு", "ኣበባ", "Անի", "田中 さくら", "김민준", "Ŵyn Ŷstrad", "Łukasz Żółć", "Gwenyn 🐝",
]  # fmt: skip
NO_FONT = "\U000104b0\U000104b1"  # Osage: a script that no font here has


def drawn(*texts: str, **options) -> BytesIO:
    sheet = Sheet("Llythyr")
    sheet.add_page()
    for number, text in enumerate(texts):
        sheet.write_at(18, 18 + 12 * number, 170, text, size=12, **options)
    return BytesIO(sheet.bytes())


def text_of(file: BytesIO) -> str:
    return "".join(page.extract_text() for page in PdfReader(file).pages)


def ink(file: BytesIO) -> int:
    """Return how many points of the page are dark."""
    picture = pypdfium2.PdfDocument(file)[0].render(scale=2).to_pil().convert("L")
    return sum(picture.histogram()[:128])


@pytest.mark.parametrize("bold", [False, True])
def test_names_of_every_script_are_printed(caplog, bold):
    caplog.set_level(logging.WARNING)
    file = drawn(*NAMES, bold=bold)
    text = text_of(file)
    for name in NAMES:
        assert not unprintable(name)
        assert {each for each in name if each.isalpha() or each == "🐝"} <= set(text), name
    assert not [found for found in caplog.records if "missing" in found.getMessage()]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_leaves_ink_on_the_page(name):
    assert ink(drawn(name)) > 100


def width(text: str) -> float:
    sheet = Sheet("Llythyr")
    sheet.add_page()
    sheet.set_font(sheet.FAMILY, size=12)
    with sheet.shaped(text):
        return sheet.get_string_width(text)


def test_arabic_letters_are_joined():
    picture = pypdfium2.PdfDocument(drawn("محمد"))[0].render(scale=4).to_pil().convert("L")
    left, top, right, bottom = picture.point(lambda grey: 255 * (grey < 128)).getbbox()
    columns = [picture.crop((x, top, x + 1, bottom)).getextrema()[0] for x in range(left, right)]
    assert all(darkest < 200 for darkest in columns)


def test_a_mark_stands_over_its_letter_and_takes_no_room():
    assert width("Ṣọ̀") == pytest.approx(width("Ṣọ"), abs=0.05)


def test_arabic_words_run_from_right_to_left():
    page = pypdfium2.PdfDocument(drawn("ا م"))[0].get_textpage()
    lefts = {page.get_text_range(n, 1): page.get_charbox(n)[0] for n in range(page.count_chars())}
    assert lefts["ا"] > lefts["م"]


def test_what_no_font_has_is_a_box_and_reported():
    assert unprintable("Ann", f"Ann {NO_FONT} 王") == list(NO_FONT)
    assert "□□ Ann" in text_of(drawn(f"{NO_FONT} Ann"))


def test_joined_emoji_and_flags_are_one_letter():
    family, wales = (
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    )
    assert list(clusters(f"e\u0301{family}{wales}🇫🇷🇬🇧")) == ["e\u0301", family, wales, "🇫🇷", "🇬🇧"]


def test_a_text_unnamed_before_is_printed_too():
    sheet = Sheet("Llythyr")
    sheet.add_page()
    sheet.prepare(["王"])
    for number, name in enumerate(["王", "李小明", "🐝", "🐑"]):
        sheet.write_at(18, 18 + 12 * number, 170, name, size=12)
    assert set("王李小明🐝🐑") <= set(text_of(BytesIO(sheet.bytes())))


def test_a_long_word_is_cut_between_letters_not_inside():
    file = drawn("ọ̀" * 200)
    assert text_of(file).count("ọ") == 200
    lines = Sheet("x")
    lines.add_page()
    lines.set_font(lines.FAMILY, size=12)
    with lines.shaped("ọ̀"):
        assert all(line.startswith("ọ") for line in lines._lines("ọ̀" * 200, 60))


def test_shrunk_words_stay_whole():
    sheet = Sheet("Cardiau")
    sheet.add_page()
    sheet.write_at(18, 18, 14, "pysgodyn", size=7.5, shrink=True)
    assert text_of(BytesIO(sheet.bytes())).strip() == "pysgodyn"


def tagged() -> BytesIO:
    sheet = Sheet("Llythyr · Letter")
    for _page in range(2):
        sheet.add_page()
        with sheet.read("en", 2):
            sheet.write_at(100, 18, 60, "Hello", size=12, tag="H1")
        with sheet.decoration():
            sheet.line(18, 40, 190, 40)
        with sheet.read("cy", 1):
            sheet.write_at(18, 18, 60, "Helo", size=12, tag="H1")
            sheet.qr("https://school.example", x=18, y=60, side=40)
    return BytesIO(sheet.bytes())


def tags(file: BytesIO) -> list:
    root = PdfReader(file).trailer["/Root"]
    return [each.get_object() for each in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]


def test_the_title_is_shown_and_the_file_is_tagged():
    root = PdfReader(tagged()).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert PdfReader(tagged()).metadata.title == "Llythyr · Letter" and root["/Lang"] == "cy"


def test_tags_are_in_the_order_of_reading_each_in_its_language():
    found = [(each["/S"], each["/Lang"]) for each in tags(tagged())]
    assert found == [("/H1", "cy"), ("/Figure", "cy"), ("/H1", "en")] * 2
    assert [each.get("/Alt") for each in tags(tagged())[:2]] == [None, "QR: https://school.example"]


def test_each_tag_finds_what_it_marks():
    file = tagged()
    reader = PdfReader(file)
    parents = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    by_key = dict(zip(parents[::2], parents[1::2], strict=True))
    for page in reader.pages:
        drawn_here = page.get_contents().get_data()
        of_page = [each.get_object() for each in by_key[page["/StructParents"]]]
        for number, tag in enumerate(of_page):
            assert tag["/K"] == [number] and tag.raw_get("/Pg") == page.indirect_reference
            assert f"{tag['/S']} <</MCID {number}>> BDC".encode() in drawn_here
        assert drawn_here.count(b"BDC") + drawn_here.count(b"BMC") == drawn_here.count(b"EMC")
        assert b"/Artifact BMC" in drawn_here
