import pytest

from classes.roster.headers import SPELLINGS, match
from classes.roster.layouts.table import RosterUnreadable
from classes.roster.reading import MAX_BYTES, MAX_ROWS, read_table

from .sheet import ROW, row, sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_cells(encoding, delimiter):
    table = read_table(sheet(ROW, encoding=encoding, delimiter=delimiter))
    assert table.rows[0].cells["legal_forename"] == "Siân"
    assert table.rows[0].cells["mobile"] == "07700900653"
    assert table.rows[0].number == 2


def test_headers_ignore_case_spaces_and_underscores():
    assert match(["PERSON_ID", " date of birth ", "Reg.Group"]) == {
        "pupil_ref": 0,
        "date_of_birth": 1,
        "classroom": 2,
    }


def test_no_spelling_stands_for_two_fields():
    spellings = [s.casefold().replace(" ", "") for each in SPELLINGS.values() for s in each]
    assert len(spellings) == len(set(spellings))


def test_the_better_of_two_columns_for_one_field_is_read():
    table = read_table(sheet(ROW | {"Class": "Maths set 2"}))
    assert table.rows[0].cells["classroom"] == "Year 2 Bedwen"


def test_a_title_above_the_header_changes_no_row_numbers():
    table = read_table(b"Contacts report\r\n\r\n" + sheet(ROW))
    assert [each.number for each in table.rows] == [4]


def test_a_line_break_in_a_cell_does_not_shift_the_numbers():
    table = read_table(sheet(row(Relationship="Mother\nof both"), ROW))
    assert [each.number for each in table.rows] == [2, 3]


def test_empty_rows_are_passed_over_and_counted():
    data = sheet(ROW, ROW).replace(b"\r\n2001", b"\r\n\r\n,,,,,\r\n2001", 1)
    assert [each.number for each in read_table(data).rows] == [4, 5]


def test_rows_joined_by_an_open_quotation_mark_are_reported():
    data = sheet(ROW, ROW, ROW).replace(b"Ms", b'"Ms', 1).replace(b"Mr", b"Mr")
    with pytest.raises(RosterUnreadable, match="From row 2"):
        read_table(data)


def test_two_marks_that_join_rows_are_seen():
    first, second, third = (",".join(row(Contact_Title=title).values()) for title in ('"Ms', 'Ms"', "Ms"))
    data = "\r\n".join([",".join(ROW), first, second, third]).encode()
    assert [each.problem for each in read_table(data).rows] == ["joined", ""]


UNREADABLE = {
    "empty": b"",
    "only a mark": b"\xef\xbb\xbf\r\n",
    "only delimiters": b",,,,\r\n;;;\r\n",
    "a spreadsheet": b"PK\x03\x04" + b"x" * 100,
    "an old spreadsheet": b"\xd0\xcf\x11\xe0" + b"x" * 100,
    "a pdf": b"%PDF-1.7 etc.",
    "unicode text": "Person ID\t1".encode("utf-16"),
    "NUL bytes": sheet(ROW).replace(b"Mali", b"Ma\x00li"),
    "no text": b"Person ID,\x81\x8d\x8f\xff\xfe\n1,2\n",
    "no header": b"1001,Ruby,Begum,06/06/2023\n1002,Leo,Begum,07/06/2023\n",
    "prose": b"Dear office,\nplease find the list attached.\n",
    "no rows": sheet(),
    "column twice": sheet(ROW).replace(b"Contact Title", b"UPN"),
    "a column missing": sheet(ROW, without=("Court Order",)),
    "no forename": sheet(ROW, without=("Legal Forename", "Preferred Forename")),
    "too large": b"x" * (MAX_BYTES + 1),
    "too many rows": sheet(ROW) + b"\n" * MAX_ROWS,
    "an endless cell": sheet(row(Relationship="x" * 200_000)),
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(data):
    with pytest.raises(RosterUnreadable) as caught:
        read_table(data)
    assert caught.value.sentence.endswith((".", "?"))


def test_the_missing_column_is_named():
    with pytest.raises(RosterUnreadable, match="Court Order"):
        read_table(sheet(ROW, without=("Court Order",)))
