"""Check what a PDF may hold (AU-5).

Real documents are taken; what acts by itself is refused wherever it stands.
"""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from malpas.lib.uploads.documents.checks import Fault, Unfit
from malpas.lib.uploads.documents.reading import read
from tests.files import letter, pdf_with

DATA = Path(__file__).parent / "data"
pytestmark = pytest.mark.policy("AU-5")
JS = {"/S": "/JavaScript", "/JS": "(app.alert(1))"}


def made(value):
    """Build a pypdf object from plain Python.

    From '/Name', '(text)', numbers, lists and dictionaries.
    """
    if isinstance(value, dict):
        return DictionaryObject({NameObject(key): made(each) for key, each in value.items()})
    if isinstance(value, list):
        return ArrayObject([made(each) for each in value])
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value[1:-1])
    return value


def stream(data: bytes = b"MZ", **keys) -> DecodedStreamObject:
    found = DecodedStreamObject()
    found.set_data(data)
    found.update(made({f"/{key}": value for key, value in keys.items()}))
    return found


def in_catalog(**keys) -> bytes:
    return pdf_with(lambda pdf: pdf.root_object.update(made({f"/{k}": v for k, v in keys.items()})))


def in_page(**keys) -> bytes:
    return pdf_with(lambda pdf: pdf.pages[0].update(made({f"/{key}": value for key, value in keys.items()})))


def annotation(subtype: str, **keys) -> bytes:
    one = {"/Type": "/Annot", "/Subtype": subtype, "/Rect": [0, 0, 9, 9]} | {
        f"/{k}": v for k, v in keys.items()
    }
    return in_page(Annots=[one])


def link(address: str) -> bytes:
    return annotation("/Link", A={"/S": "/URI", "/URI": f"({address})"})


def with_stream(**keys) -> bytes:
    return pdf_with(lambda pdf: pdf.root_object.update({NameObject("/X"): pdf._add_object(stream(**keys))}))


def reference_xobject() -> bytes:
    ref = {"/F": "(other.pdf)", "/Page": 0}
    return with_stream(Type="/XObject", Subtype="/Form", BBox=[0, 0, 9, 9], Ref=ref)


def attached_to_a_note() -> bytes:
    def change(pdf: PdfWriter) -> None:
        file = pdf._add_object(stream(b"MZ"))  # without a type, as one that hides
        note = made({"/Type": "/Annot", "/Subtype": "/FileAttachment", "/Rect": [0, 0, 9, 9]})
        note[NameObject("/FS")] = made({"/Type": "/Filespec", "/F": "(a.exe)", "/EF": {}})
        note["/FS"]["/EF"][NameObject("/F")] = file
        pdf.pages[0][NameObject("/Annots")] = ArrayObject([pdf._add_object(note)])

    return pdf_with(change)


def under_a_name_that_may_be_anything() -> bytes:
    """Build scripts that a table of fonts points to as well.

    They are seen there first.
    """

    def change(pdf: PdfWriter) -> None:
        scripts = pdf._add_object(made({"/JavaScript": {"/Names": ["(a)", JS]}}))
        pdf.root_object[NameObject("/Dests")] = scripts
        pdf.root_object[NameObject("/Names")] = scripts

    return pdf_with(change)


def beside_the_table(thing: bytes) -> bytes:
    return letter().replace(b"startxref", b"99 0 obj\n" + thing + b"\nendobj\nstartxref")


def packed_beside_the_table() -> bytes:
    inner = b"98 0 << /S /Launch /F (a.exe) >>"
    head = b"<< /Type /ObjStm /N 1 /First 5 /Length %d >>\nstream\n" % len(inner)
    return beside_the_table(head + inner + b"\nendstream")


def protected(data: bytes, password: str = "") -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(data))), BytesIO()
    writer.encrypt(password, "owner", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


HOSTILE = {
    "file in a note": attached_to_a_note(),
    "file without its type": in_catalog(X={"/EF": {"/F": 1}}),
    "act of a page": in_page(AA={"/O": {"/S": "/GoToR", "/F": r"(\\10.0.0.1\s)"}}),
    "act of the document": in_catalog(AA={"/WC": JS}),
    "opens an address": in_catalog(OpenAction={"/S": "/URI", "/URI": "(https://a.example)"}),
    "opens another file": in_catalog(OpenAction={"/S": "/GoToR", "/F": "(b.pdf)", "/D": [0, "/Fit"]}),
    "opens an article": in_catalog(OpenAction={"/S": "/Thread", "/D": 0}),
    "opens the printer": in_catalog(OpenAction={"/S": "/Named", "/N": "/Print"}),
    "opens what is not there": re.sub(rb"/OpenAction \[[^]]*\]", b"/OpenAction 77 0 R", letter()),
    "film": annotation("/Movie", T="(a)"),
    "screen": annotation("/Screen"),
    "body in space": annotation("/3D"),
    "script of a body": in_catalog(X={"/OnInstantiate": {}}),
    "rich media": annotation("/RichMedia"),
    "form that is a program": in_catalog(AcroForm={"/Fields": [], "/XFA": []}),
    "script of a field": annotation("/Widget", FT="/Tx", AA={"/K": JS}),
    "button that runs": annotation("/Widget", FT="/Btn", A=JS),
    "button that sends": annotation(
        "/Widget", FT="/Btn", A={"/S": "/SubmitForm", "/F": "(http://a.example)"}
    ),
    "act after an act": annotation("/Link", A={"/S": "/GoTo", "/D": "(a)", "/Next": [JS]}),
    "outline": in_catalog(Outlines={"/First": {"/Title": "(a)", "/A": {"/S": "/Launch", "/F": "(a)"}}}),
    "unknown act": annotation("/Link", A={"/S": "/NotYetKnown"}),
    "address of a program": link("javascript:app.alert(1)"),
    "address in disguise": link("java\tscript:app.alert(1)"),
    "address of a file": link("file:///c:/a.exe"),
    "address of a share": link(r"\\10.0.0.1\share"),
    "base of a share": in_catalog(URI={"/Base": "(//10.0.0.1/share)"}),
    "names of scripts": in_catalog(Names={"/JavaScript": {"/Names": ["(a)", JS]}}),
    "seen elsewhere first": under_a_name_that_may_be_anything(),
    "stream elsewhere": with_stream(F=r"(\\10.0.0.1\s)"),
    "filter elsewhere": with_stream(FFilter="/FlateDecode"),
    "page of another file": reference_xobject(),
    "beside the table": beside_the_table(b"<< /S /Launch /F (a.exe) >>"),
    "beside the table, by hex": beside_the_table(b"<< /S /#4caunch >>"),
    "packed beside the table": packed_beside_the_table(),
    "protected": protected(in_catalog(OpenAction=JS)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=list(HOSTILE))
def test_what_acts_by_itself_is_refused(data):
    with pytest.raises(Unfit) as refused:
        read(data)
    assert refused.value.fault == Fault.ACTS


GOOD = {path.stem: path.read_bytes() for path in sorted(DATA.glob("*.pdf"))} | {
    "opens at a page": in_catalog(OpenAction=[0, "/Fit"]),
    "opens at a place": in_catalog(OpenAction={"/S": "/GoTo", "/D": "(a)"}),
    "next page": annotation("/Link", A={"/S": "/Named", "/N": "/NextPage"}),
    "web": link("https://learn.example/docs/Web/JavaScript"),
    "mail": link("MAILTO:office@malpascourt.example"),
    "telephone": link("tel:01633000000"),
    "without a scheme": link("www.malpascourt.example:8080/JavaScript"),
    "sticky note": annotation("/Text", Contents="(/JavaScript /Launch)"),
    "place called JavaScript": in_catalog(Dests={"/JavaScript": [0, "/Fit"], "/AA": [0, "/Fit"]}),
    "font called JS": in_page(Resources={"/Font": {"/JS": {"/Type": "/Font", "/Subtype": "/Type1"}}}),
    "box called Sound": annotation("/Widget", FT="/Btn", AP={"/N": {"/Sound": {}, "/Off": {}}}),
    "form without a program": in_catalog(AcroForm={"/Fields": [], "/NeedAppearances": 1}),
    "button that clears": annotation("/Widget", FT="/Btn", A={"/S": "/ResetForm"}),
    "paragraphs": in_catalog(StructTreeRoot={"/RoleMap": {"/Sound": "/P"}, "/K": [{"/S": "/P", "/A": {"/O": "/Layout"}}]}),
    "facts": pdf_with(lambda pdf: pdf.add_metadata({"/JavaScript": "no", "/Title": "/Launch"})),
    "protected without a password": protected(letter()),
    "changed later": letter() + letter()[9:],
}  # fmt: skip


@pytest.mark.parametrize("data", GOOD.values(), ids=list(GOOD))
def test_what_shows_pages_is_taken(data):
    assert read(data) >= 1


def test_one_that_asks_for_a_password_is_refused_with_a_sentence():
    with pytest.raises(Unfit) as refused:
        read(protected(letter(), "secret"))
    assert refused.value.fault == Fault.LOCKED


@pytest.mark.parametrize("filling", [b"\0" * 5000, b" \r\n" * 5000])
def test_what_fills_up_the_end_does_not_matter(filling):
    assert read(letter() + filling) == 1
    for tail in (b"<script>", b"PK\3\4"):
        with pytest.raises(Unfit):
            read(letter() + filling + tail + filling)


OPENS = b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    "words",
    [b"/OpenAction [3 0 R /Fit] " + OPENS, b"/X << /Y (a) /Z ]] >> " + OPENS, b"/X <zz> (a) " + OPENS],
    ids=["twice", "broken before", "no name"],
)
def test_what_another_reader_may_see_is_not_guessed_at(words):
    data = re.sub(rb"/OpenAction \[[^]]*\]", words, letter())
    assert OPENS in data
    with pytest.raises(Unfit):
        read(data)


def test_a_harmless_word_written_twice_is_taken():
    assert read(letter().replace(b"/Type /Catalog", b"/Type /Catalog /Lang (en) /Lang (cy)")) == 1
