"""Columns with names of their own are named once by hand."""

import pytest

from classes.models.pupils import Pupil
from classes.models.rosters import RosterColumn
from classes.roster.pages.forms import name_of
from classes.roster.reading import read_table
from tests.sentences.classes import TWO_COLUMNS_FOR_ONE

from .pages import bring, confirm, look
from .sheet import ROW, sheet

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


def test_a_class_and_a_parent_name_no_column(office, people):
    address = f"{bring(office, DATA).headers['Location']}columns/"
    for who in (people.celyn, people.nia, people.head):
        assert people.client(who).get(address).status_code == 404
