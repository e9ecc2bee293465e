"""A spreadsheet is read as a CSV file is, and a hostile one is refused with a sentence."""

import zipfile
from io import BytesIO

import pytest

from classes.roster.files.xlsx import MOST_BYTES
from classes.roster.layouts.table import RosterUnreadable
from classes.roster.reading import read_table

from .sheet import ROW, row

BOOK = "<workbook><sheets/></workbook>"
STYLES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def cell(position: int, text: str) -> str:
    name = f"{chr(65 + position)}1" if position < 26 else f"A{chr(39 + position)}1"
    if text.startswith("day:"):
        return f'<c r="{name}" s="1"><v>{text[4:]}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>' if text else ""


def workbook(*rows: dict[str, str], **parts: str) -> bytes:
    """Return the bytes of a workbook with a cover sheet and one of these rows."""
    lines = [list(ROW), *(list(each.values()) for each in rows)]
    cells = ("".join(map(cell, range(len(line)), line)) for line in lines)
    data = "".join(f'<row r="{number}">{each}</row>' for number, each in enumerate(cells, 1))
    files = {
        "xl/workbook.xml": BOOK,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet><sheetData>{data}</sheetData></worksheet>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (files | parts).items():
            file.writestr(name, content)
    return out.getvalue()


def test_a_spreadsheet_is_read_with_its_days_and_its_gaps():
    table = read_table(workbook(ROW, row(Date_of_Birth="day:43752", Contact_Title="", Mobile="")))
    assert table.rows[0].cells["legal_forename"] == "Siân"
    assert [each.number for each in table.rows] == [2, 3]
    assert [each.problem for each in table.rows] == ["", ""]
    assert table.rows[1].cells["date_of_birth"] == "2019-10-14"
    assert table.rows[1].cells["mobile"] == "" and table.rows[1].cells["email"] == "mali@example.org"


HOSTILE = {
    "no workbook": {"xl/workbook.xml": "<a"},
    "entities": {"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
    "a bomb": {"xl/worksheets/sheet2.xml": " " * (MOST_BYTES + 1)},
    "a far column": {
        "xl/worksheets/sheet2.xml": '<a><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></a>'
    },
    "a string that is not there": {
        "xl/worksheets/sheet2.xml": '<a><sheetData><row r="1"><c r="A1" t="s"><v>9</v></c></row></sheetData></a>'
    },
    "no header": {"xl/worksheets/sheet2.xml": "<a><sheetData/></a>"},
}


@pytest.mark.parametrize("parts", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_spreadsheet_is_refused_with_a_sentence(parts):
    with pytest.raises(RosterUnreadable) as caught:
        read_table(workbook(ROW, **parts))
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("data", [b"PK\x03\x04 and so on", b"\xd0\xcf\x11\xe0 with a password"])
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(data):
    with pytest.raises(RosterUnreadable):
        read_table(data)


def test_a_part_with_a_password_is_refused():
    data = bytearray(workbook(ROW))
    for start in [i for i in range(len(data) - 4) if data[i : i + 4] in (b"PK\x03\x04", b"PK\x01\x02")]:
        data[start + (6 if data[start + 2] == 3 else 8)] |= 1
    with pytest.raises(RosterUnreadable):
        read_table(bytes(data))


@pytest.mark.parametrize("method, damaged", [(zipfile.ZIP_DEFLATED, 20), (zipfile.ZIP_LZMA, 0)])
def test_a_damaged_or_oddly_packed_part_is_refused(method, damaged):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(ROW))) as whole, zipfile.ZipFile(out, "w", method) as packed:
        for name in whole.namelist():
            packed.writestr(name, whole.read(name))
    data = out.getvalue()
    start = data.index(b"xl/workbook.xml") + len("xl/workbook.xml")
    with pytest.raises(RosterUnreadable):
        read_table(data[:start] + b"\xff" * damaged + data[start + damaged :])
