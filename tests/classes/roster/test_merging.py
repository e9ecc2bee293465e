from datetime import date
from types import SimpleNamespace

import pytest

from classes.roster.merging import Known

from .sheet import FATHER, ROW, SECOND_CHILD, faults, merged, notes, row, sample, sheet


def test_brothers_and_sisters_share_their_parents():
    roster = merged(sheet(ROW, ROW | FATHER, ROW | SECOND_CHILD, ROW | FATHER | SECOND_CHILD))
    assert (len(roster.pupils), len(roster.contacts), len(roster.guardianships)) == (2, 2, 4)
    assert roster.refused == roster.notes == []


def test_the_same_row_twice_is_passed_over_with_a_note():
    assert faults(sheet(ROW, ROW)) == []
    assert notes(sheet(ROW, ROW)) == [(3, "same_row")]


def test_the_same_child_under_two_ids_is_refused():
    assert faults(sheet(ROW, row(Person_ID="9999"))) == [(3, "upn_of_another")]


@pytest.mark.parametrize(
    "changes",
    [
        {"Legal_Surname": "Prosser"},
        {"Date_of_Birth": "15/10/2019"},
        {"Reg_Group": "Year 1 Onnen"},
        {"Year_Group": "3"},
    ],
)
def test_a_row_that_contradicts_an_earlier_one_is_refused(changes):
    assert faults(sheet(ROW, row(**changes) | FATHER)) == [(3, "pupil_differs")]


@pytest.mark.parametrize("dates", [("", "20/07/2026"), ("20/07/2026", "")])
def test_a_child_who_left_in_one_row_only_is_refused(dates):
    first, second = ({"Date of Leaving": text} for text in dates)
    assert faults(sheet(ROW | first, ROW | FATHER | second)) == [(3, "pupil_differs")]


def test_a_refused_row_does_not_take_the_child_with_it():
    roster = merged(sheet(row(Date_of_Birth="31/02/2018"), ROW | FATHER))
    assert list(roster.guardianships) == [("2001", "C2")]
    assert roster.refused_rows == [2]


def test_one_contact_id_for_different_people_is_refused():
    another = row(Contact_Forename="Ruth") | SECOND_CHILD
    roster = merged(sheet(ROW, another))
    assert [(remark.row, remark.code) for remark in roster.refused] == [(3, "contact_differs")]
    assert list(roster.guardianships) == [("2001", "C1")]


def test_one_pair_with_two_sets_of_facts_is_refused():
    assert faults(sheet(ROW, row(Court_Order="T"))) == [(3, "guardianship_differs")]


@pytest.mark.policy("AU-2")
def test_an_address_belongs_to_the_first_of_two_adults():
    roster = merged(sheet(ROW, ROW | FATHER | {"Primary Email": "MALI@example.org"}))
    assert roster.refused == []
    assert roster.contacts["C1"].email == "mali@example.org"
    assert roster.contacts["C2"].email == ""
    assert [(remark.row, remark.code) for remark in roster.notes] == [(3, "address_taken")]


@pytest.mark.policy("AU-2")
def test_an_address_of_another_adult_is_not_given_away():
    holder = SimpleNamespace(forename="Ann", surname="Rees", email="mali@example.org", user_id=None)
    roster = merged(sheet(ROW), Known(contacts={"C7": holder}))
    assert roster.contacts["C1"].email == ""


@pytest.mark.policy("AU-2")
def test_the_portals_owner_of_an_address_comes_first():
    holder = SimpleNamespace(forename="Leo", surname="Llŷr", email="mali@example.org", user_id=None)
    data = sheet(ROW, ROW | FATHER | {"Primary Email": "mali@example.org"})
    roster = merged(data, Known(contacts={"C2": holder}))
    assert [roster.contacts[ref].email for ref in ("C1", "C2")] == ["", "mali@example.org"]


def test_another_telephone_is_noted_and_the_first_wins():
    roster = merged(sheet(ROW, row(Mobile="07700900111") | SECOND_CHILD))
    assert roster.contacts["C1"].mobile == "07700900653"
    assert [remark.code for remark in roster.notes] == ["contact_detail_differs"]


def test_an_address_that_one_row_lacks_comes_from_the_other():
    roster = merged(sheet(row(Primary_Email=""), ROW | SECOND_CHILD))
    assert roster.contacts["C1"].email == "mali@example.org"


def known_child(**changes):
    facts = {
        "upn": "J680229926001",
        "legal_forename": "Siân",
        "preferred_forename": "Siân",
        "legal_surname": "Probert",
        "preferred_surname": "",
        "date_of_birth": date(2019, 10, 14),
        "left_on": None,
    }
    return Known(pupils={changes.pop("ref", "2001"): SimpleNamespace(**(facts | changes))})


def test_a_known_id_that_now_names_another_child_is_refused():
    assert merged(sheet(ROW), known_child()).refused == []
    known = known_child(legal_forename="Tom", preferred_forename="Tom", date_of_birth=date(2018, 1, 1))
    roster = merged(sheet(ROW), known)
    assert [remark.code for remark in roster.refused] == ["another_child"]
    assert "2001" not in roster.mentions


def test_a_child_who_changed_surname_is_the_same_child():
    assert merged(sheet(ROW), known_child(legal_surname="Rees")).refused == []


def test_a_upn_that_the_portal_has_under_another_id_is_refused():
    assert [remark.code for remark in merged(sheet(ROW), known_child(ref="55")).refused] == ["upn_known"]


@pytest.mark.parametrize(
    "forename, surname, user_id, refused",
    [
        ("Mali", "Rees", 1, False),
        ("Ann", "Probert", None, False),
        ("Ann", "Probert", 1, True),
        ("Ann", "Rees", None, True),
    ],
)
def test_a_known_contact_id_does_not_pass_to_another_adult(forename, surname, user_id, refused):
    known = SimpleNamespace(forename=forename, surname=surname, email="", user_id=user_id)
    roster = merged(sheet(ROW), Known(contacts={"C1": known}))
    assert bool(roster.refused) is refused


def test_the_faults_of_the_sample_are_all_found():
    data = sample("with-faults.csv")
    assert faults(data) == [
        (9, "impossible_date"),
        (38, "empty"),
        (42, "cut"),
        (53, "yes_no"),
        (60, "priority"),
        (67, "born_in_future"),
        (74, "formula"),
        (81, "markup"),
        (88, "invisible"),
        (100, "empty"),
        (105, "upn_of_another"),
    ]
    assert sorted(notes(data)) == [
        (22, "same_row"),
        (24, "two_addresses"),
        (31, "not_an_address"),
        (46, "one_name"),
        (95, "contact_detail_differs"),
        (95, "zero_lost"),
        (106, "address_taken"),
    ]


@pytest.mark.parametrize("name", ["sims-contacts.csv", "arbor-guardians.csv"])
def test_the_clean_samples_are_taken_whole(name):
    roster = merged(sample(name))
    assert roster.refused == []
    assert (len(roster.pupils), len(roster.contacts), len(roster.guardianships)) == (200, 310, 393)
