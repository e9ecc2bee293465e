"""Columns with names of their own are named once by hand."""

import pytest

from classes.models.guardianships import Contact
from classes.models.pupils import Pupil
from classes.models.rosters import RosterColumn
from classes.roster.pages.forms import name_of
from classes.roster.reading import read_table
from tests.sentences.classes import TWO_COLUMNS_FOR_ONE

from .pages import bring, confirm, look
from .sheet import ROW, sheet
from .test_numbered import CHILD, FACTS, MALI

pytestmark = pytest.mark.django_db
OWN = {"Wears the trousers": "F", "Which hen": "Year 2 Bedwen", "Favourite egg": "fried"}
DATA = sheet({**ROW, **OWN}, without=("Court Order", "Reg Group"))


@pytest.fixture
def office(people, clock):
    Pupil.objects.update(left_on="2026-09-01")
    return people.client(people.office)


def named(office):
    """Bring the file and say what its columns are."""
    address = bring(office, DATA).headers["Location"]
    page = office.get(address, follow=True)
    answers = {
        name_of("Wears the trousers"): "court_order",
        name_of("Which hen"): "classroom",
        name_of("Favourite egg"): "",
    }
    return office.post(page.request["PATH_INFO"], answers, follow=True)


def test_unknown_columns_are_named_by_hand_and_the_file_is_read(office):
    page = named(office)
    assert page.status_code == 200 and page.context["plan"].new_pupils
    assert confirm(office, page).status_code == 302
    assert Pupil.objects.get(school_ref="2001").classroom.name == "Year 2 Bedwen"


def test_what_was_said_counts_for_the_next_file(office):
    named(office)
    assert look(office, DATA).context["plan"].new_pupils
    assert RosterColumn.objects.get(title="favouriteegg").field == ""


def test_answers_sent_twice_are_about_the_same_columns(office):
    address = bring(office, DATA).headers["Location"]
    answers = {name_of("Wears the trousers"): "court_order", name_of("Which hen"): "classroom"}
    for _turn in range(2):
        assert office.post(f"{address}columns/", answers).status_code == 302
    named = dict(RosterColumn.objects.values_list("header", "field"))
    assert (named["Wears the trousers"], named["Which hen"]) == ("court_order", "classroom")


def test_what_was_said_of_a_column_is_taken_back_on_the_page(office):
    named(office)
    column = RosterColumn.objects.get(field="classroom")
    page = office.get("/roster/").content.decode()
    assert "Which hen" in page and f"/roster/columns/{column.pk}/forget/" in page
    assert office.post(f"/roster/columns/{column.pk}/forget/").headers["Location"] == "/roster/"
    asked = office.get(bring(office, DATA).headers["Location"], follow=True)
    assert "Which hen" in asked.context["form"].unread


def test_two_columns_are_never_one_thing(office):
    page = office.get(bring(office, DATA).headers["Location"], follow=True)
    answers = {name_of(title): "court_order" for title in ("Wears the trousers", "Which hen")}
    answer = office.post(page.request["PATH_INFO"], answers)
    assert answer.status_code == 422 and TWO_COLUMNS_FOR_ONE in answer.content.decode()
    assert not RosterColumn.objects.exists()


def test_a_column_named_by_hand_comes_before_a_known_spelling():
    data = sheet({**ROW, "Which hen": "Year 3 Celyn"})
    table = read_table(data, {"whichhen": "classroom"})
    assert table.rows[0].cells["classroom"] == "Year 3 Celyn"


# -- a column of the second adult ------------------------------------------------------------------------

OF_LEO = {"Second grown-up": "Leo Llŷr", "Where to write to him": "leo@example.org"}
BESIDE = sheet({**CHILD, **MALI, **FACTS, **OF_LEO})
SAID = {"secondgrownup": "contact_name@2", "wheretowritetohim": "email@2"}


def adults(data: bytes, columns: dict[str, str]) -> list[tuple[str, str, str, str]]:
    rows = [row.cells for row in read_table(data, columns).rows]
    names = ("contact_forename", "contact_surname", "email", "priority")
    return [tuple(cells.get(name, "") for name in names) for cells in rows]


def test_a_column_is_given_to_the_second_parent_on_the_page(office):
    address = look(office, BESIDE).request["PATH_INFO"]
    answers = {name_of(title): said for title, said in zip(OF_LEO, SAID.values(), strict=True)}
    page = office.post(f"{address}columns/", answers, follow=True)
    assert confirm(office, page).status_code == 302
    leo = Contact.objects.get(forename="Leo")
    assert (leo.surname, leo.email) == ("Llŷr", "leo@example.org")
    assert look(office, BESIDE).context["plan"].changes_nothing  # it counts for the next file
    assert "Second grown-up" in office.get("/roster/").content.decode()


def test_columns_given_by_hand_join_those_with_known_names():
    assert adults(BESIDE, SAID) == [
        ("Mali", "Probert", "mali@example.org", "1"),
        ("Leo", "Llŷr", "leo@example.org", "2"),
    ]


@pytest.mark.parametrize(("mother", "father"), [("Mother", "Father"), ("Mam", "Dad"), ("Mum's", "Father's")])
def test_the_second_of_mother_and_father_is_the_father(mother, father):
    row = {
        **CHILD,
        f"{mother} Forename": "Mali",
        f"{father} Forename": "Leo",
        "Where to write to him": "leo@example.org",
    }
    assert adults(sheet(row), SAID)[1] == ("Leo", "", "leo@example.org", "2")


def test_a_father_alone_is_not_taken_for_the_first_parent():
    row = {**CHILD, "Father Forename": "Leo", "Second grown-up": "Mali Probert"}
    read = read_table(sheet(row), {"secondgrownup": "contact_name@1"}).rows
    assert [each.cells.get("relationship", "") for each in read] == ["", "father"]


def test_a_parent_without_a_number_is_the_first():
    row = {**CHILD, "Parent Forename": "Mali", **OF_LEO}
    assert [adult[0] for adult in adults(sheet(row), SAID)] == ["Mali", "Leo"]


def test_a_file_with_one_adult_a_row_offers_no_second_parent(office):
    address = look(office, sheet(ROW | OF_LEO)).request["PATH_INFO"]
    answer = office.post(f"{address}columns/", {name_of("Second grown-up"): "contact_name@2"})
    assert answer.status_code == 422 and not RosterColumn.objects.exists()


def test_a_column_said_of_another_file_is_passed_over_where_it_cannot_be():
    table = read_table(sheet(ROW | OF_LEO), SAID)
    assert [row.cells["contact_forename"] for row in table.rows] == ["Mali"]
    assert set(OF_LEO) <= set(table.unread)


def test_two_columns_are_not_the_same_thing_of_one_parent(office):
    address = look(office, BESIDE).request["PATH_INFO"]
    answer = office.post(f"{address}columns/", {name_of(title): "email@2" for title in OF_LEO})
    assert answer.status_code == 422 and not RosterColumn.objects.exists()


def test_a_class_and_a_parent_name_no_column(office, people):
    address = f"{bring(office, DATA).headers['Location']}columns/"
    for who in (people.celyn, people.nia, people.head):
        assert people.client(who).get(address).status_code == 404
