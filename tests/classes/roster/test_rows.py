from datetime import date

import pytest

from classes.roster import cells
from classes.roster.remarks import FAULTS, NOTES, Remark, printable

from .sheet import FATHER, ROW, checked, faults, merged, notes, row, sheet


def only(**changes):
    return checked(sheet(row(**changes)))[0]


def codes(**changes):
    return [remark.code for remark in only(**changes).remarks]


def test_a_good_row_has_no_remark():
    good = only()
    assert good.remarks == []
    assert good.pupil.date_of_birth == date(2019, 10, 14)
    assert good.contact.email == "mali@example.org"
    assert good.guardianship.parental_responsibility and not good.guardianship.court_order


FAULTY = [
    ("impossible_date", {"Date_of_Birth": "31/02/2018"}),
    ("serial_date", {"Date_of_Birth": "43287"}),
    ("short_year", {"Date_of_Birth": "01/02/19"}),
    ("born_in_future", {"Date_of_Birth": "2091-01-01"}),
    ("too_young", {"Date_of_Birth": "24/11/2025"}),
    ("too_old", {"Date_of_Birth": "23/11/2006"}),
    ("empty", {"Date_of_Birth": ""}),
    ("upn_letter", {"UPN": "K680229926001"}),
    ("upn_shape", {"UPN": "J68022992600"}),
    ("upn_shape", {"UPN": "J68022992600I"}),
    ("empty", {"Reg_Group": " "}),
    ("empty", {"Person_ID": ""}),
    ("formula", {"Legal_Forename": '=HYPERLINK("x")'}),
    ("formula", {"Legal_Surname": "-Probert"}),
    ("formula", {"Reg_Group": "@Bedwen"}),
    ("invisible", {"Legal_Surname": "Pry\u202ethero"}),
    ("invisible", {"Legal_Surname": "Pro\u200bbert"}),
    ("garbled", {"Legal_Forename": "SiÃ¢n"}),
    ("no_letters", {"Legal_Surname": "12345"}),
    ("too_long", {"Legal_Surname": "P" * 61}),
    ("year", {"Year_Group": "13"}),
    ("year", {"Year_Group": ""}),
]


@pytest.mark.parametrize("code, changes", FAULTY)
def test_a_faulty_cell_refuses_the_row_by_its_number(code, changes):
    found = only(**changes)
    assert [(remark.row, remark.code) for remark in found.remarks] == [(2, code)]
    assert found.pupil is found.contact is found.guardianship is None


FAULTS_OF_THE_ADULT = [
    ("empty", {"Contact_ID": ""}),
    ("formula", {"Contact_Forename": "+cmd"}),
    ("markup", {"Contact_Surname": "<script>alert(1)</script>"}),
    ("invisible", {"Contact_Forename": "Ma\x07li"}),
    ("priority", {"Priority": "first"}),
    ("priority", {"Priority": ""}),
    ("priority", {"Priority": "0"}),
    ("yes_no", {"Parental_Responsibility": "perhaps"}),
    ("yes_no", {"Court_Order": "see file"}),
    ("yes_no_empty", {"Court_Order": ""}),
    ("spoiled_id", {"Contact_ID": "5.02E+09"}),
    ("empty", {"Contact_Forename": "", "Contact_Surname": ""}),
]


@pytest.mark.parametrize("code, changes", FAULTS_OF_THE_ADULT)
def test_a_fault_of_the_adult_never_costs_the_child(code, changes):
    found = only(**changes)
    assert {(remark.row, remark.code) for remark in found.remarks} == {(2, code)}
    assert found.pupil and found.contact is found.guardianship is None
    assert faults(sheet(row(**changes))) and not merged(sheet(row(**changes))).contacts


@pytest.mark.parametrize(
    "code, text",
    [
        ("two_addresses", "a@example.org; b@example.org"),
        ("two_addresses", "a@example.org b@example.org"),
        ("not_an_address", "not-an-address"),
        ("not_an_address", "=1+1@example"),
    ],
)
def test_what_is_no_address_is_left_out_with_a_note(code, text):
    found = only(Primary_Email=text)
    assert found.contact.email is None and [remark.code for remark in found.remarks] == [code]


@pytest.mark.parametrize("text", ["", ".", "-", "–", "n/a"])
def test_a_person_with_one_name_is_taken(text):
    found = only(Legal_Surname=text, Contact_Surname=text)
    assert (found.pupil.legal_surname, found.contact.surname, found.contact.forename) == ("", "", "Mali")
    assert [remark.code for remark in found.remarks] == ["one_name", "one_name"]


def test_a_child_without_any_name_is_refused():
    names = dict.fromkeys(("Legal_Forename", "Preferred_Forename", "Legal_Surname"), "")
    assert only(**names).pupil is None


@pytest.mark.parametrize(
    "text",
    ["03-Apr", "Apr-03", "5-Jun-26", "05/06/2026", "3 Ebrill", "Meh-26", "2026-06-05 00:00:00", "46115"],
)
def test_a_class_that_is_a_day_is_refused(text):
    assert codes(Reg_Group=text) == ["class_is_a_day"]


@pytest.mark.parametrize("text", ["3/4", "3-4", "4", "3H", "Year 5/6", "Mai", "March Hares"])
def test_a_class_of_figures_is_a_class(text):
    assert only(Reg_Group=text).pupil.classroom == text


@pytest.mark.parametrize("text", ["1.2E+09", "03-Apr", "12/05/2026"])
def test_an_id_that_a_spreadsheet_spoiled_is_refused(text):
    assert codes(Person_ID=text) == ["spoiled_id"]


def test_a_cut_row_and_a_row_with_too_many_cells_are_refused():
    cut, wide = ",".join(list(ROW.values())[:5]), ",".join([*ROW.values(), "more"])
    data = "\r\n".join([",".join(ROW), cut, wide, ",".join(ROW.values()) + ",,,"]).encode()
    assert faults(data) == [(2, "cut"), (3, "wide")]


def test_every_fault_of_a_row_is_named_at_once():
    assert codes(Priority="x", UPN="x", Legal_Surname="") == ["one_name", "upn_shape", "priority"]


def test_a_sentence_names_the_column_as_the_file_does():
    assert str(only(Reg_Group="").remarks[0]) == "Reg Group is empty."


@pytest.mark.parametrize("code", [*FAULTS, *NOTES])
def test_every_remark_is_a_sentence(code):
    names = (
        "column",
        "value",
        "limit",
        "ref",
        "row",
        "pupil",
        "other",
        "who",
        "known",
        "forename",
        "surname",
    )
    params = dict.fromkeys(names, "x")
    assert str(Remark(code, 2, params))


def test_what_a_sentence_shows_cannot_act_on_a_terminal():
    assert printable("a\x1b[31m\u202e\nb") == "a�[31m� b"
    assert len(printable("x" * 5000)) == 60


@pytest.mark.parametrize(
    "text", ["14/10/2019", "14-10-2019", "14.10.2019", "2019-10-14", "2019-10-14 00:00:00"]
)
def test_dates_are_read_the_british_way_and_as_iso(text):
    assert cells.read_date(text) == date(2019, 10, 14)


@pytest.mark.parametrize(
    "text, year",
    [
        ("N", "N"),
        ("Nursery", "N"),
        ("R", "R"),
        ("Derbyn", "R"),
        ("0", "R"),
        ("Year 3", "3"),
        ("Blwyddyn 6", "6"),
        ("06", "6"),
        ("Y3", "3"),
        ("Yr3", "3"),
        ("Year3", "3"),
        ("Bl. 4", "4"),
        ("3.0", "3"),
    ],
)
def test_years_have_one_spelling(text, year):
    assert cells.read_year(text) == year


@pytest.mark.parametrize("text", ["T", "Y", "yes", "TRUE", "1"])
def test_yes_has_many_spellings(text):
    assert cells.read_yes_no(text) is True


@pytest.mark.parametrize("text", ["F", "N", "no", "False", "0"])
def test_so_has_no(text):
    assert cells.read_yes_no(text) is False


def test_a_welsh_upn_and_a_temporary_one_and_none_are_taken():
    assert cells.read_upn("J680229926001") == cells.read_upn(" j680 2299 26001 ") == "J680229926001"
    temporary = "X68022992600A"
    assert cells.read_upn(cells.check_letter(temporary) + temporary[1:])
    assert cells.read_upn("") == ""


def test_a_telephone_that_lost_its_zero_gets_it_back_with_a_note():
    found = only(Mobile="7700900653")
    assert found.contact.mobile == "07700900653"
    assert [remark.code for remark in found.remarks] == ["zero_lost"]


def test_a_telephone_number_is_stored_in_one_spelling():
    assert (
        cells.read_mobile("+44 (0)7700 900653") == cells.read_mobile("07700-900 653") == ("07700900653", "")
    )


def test_a_telephone_that_is_none_is_left_out_with_a_note():
    found = only(Mobile="7.70E+09")
    assert found.contact.mobile is None
    assert codes(Mobile="7.70E+09") == ["telephone_unread"]


def test_names_are_composed_and_their_spaces_are_single():
    found = only(Legal_Forename="  Sia\u0302n\t Mair ", Preferred_Forename="")
    assert found.pupil.legal_forename == "Siân Mair"
    assert found.pupil.preferred_forename == "Siân Mair"


def test_a_file_with_chosen_forenames_alone_is_enough():
    found = checked(sheet(ROW, without=("Legal Forename",)))[0]
    assert found.pupil.preferred_forename == "Siâ"
    assert found.pupil.legal_forename is None


def test_a_lost_letter_is_imported_and_noted():
    assert notes(sheet(ROW | FATHER, encoding="cp1252")) == [(2, "letter_lost")]


def test_a_child_without_a_contact_is_taken():
    alone = dict.fromkeys([*FATHER, "Parental Responsibility", "Court Order"], "")
    found = checked(sheet(ROW | alone))[0]
    assert found.pupil and found.contact is None and found.remarks == []


def test_an_empty_responsibility_cell_means_no():
    found = only(Parental_Responsibility="")
    assert not found.guardianship.parental_responsibility
    assert [remark.code for remark in found.remarks] == ["responsibility_empty"]


@pytest.mark.parametrize(
    "responsibility, priority, order, suggestion",
    [
        ("T", "1", "F", "invite"),
        ("T", "2", "F", "invite"),
        ("T", "3", "F", "contact_only"),
        ("F", "1", "F", "contact_only"),
        ("T", "1", "T", "hold"),
        ("F", "4", "T", "hold"),
    ],
)
@pytest.mark.policy("PA-2")
def test_what_is_suggested(responsibility, priority, order, suggestion):
    found = only(Parental_Responsibility=responsibility, Priority=priority, Court_Order=order)
    assert found.guardianship.suggestion == suggestion


@pytest.mark.parametrize(
    "text, expected", [("Mam", "mother"), ("Step-Father", "stepfather"), ("Mam-gu", "grandmother")]
)
def test_relationships_have_many_spellings(text, expected):
    assert only(Relationship=text).guardianship.relationship == expected


def test_an_unknown_relationship_is_other_with_a_note():
    found = only(Relationship="Family friend")
    assert found.guardianship.relationship == "other"
    assert [remark.code for remark in found.remarks] == ["relationship_unknown"]


def test_a_leaving_date_acts_on_the_day_itself():
    assert only(Date_of_Leaving="20/07/2026").pupil.left_on == date(2026, 7, 20)
    assert (
        only(Date_of_Leaving="20/07/2026").pupil.has_left
        and only(Date_of_Leaving="23/11/2026").pupil.has_left
    )
    ahead = only(Date_of_Leaving="24/11/2026").pupil
    assert (ahead.left_on, ahead.has_left) == (date(2026, 11, 24), False)
