"""A child is called by the surname that the school's system says they use; the legal one is kept."""

import pytest
from django.core.management import call_command

from classes.joining.queries import class_states
from classes.letters.queries import not_joined
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.people.queries import find_people
from classes.people.services import correct_pupil
from classes.roster.apply import import_roster
from classes.roster.plan import make_plan
from classes.roster.reading import read_table
from messaging.office.queries.enquiries import contacts_named
from tests.clock import at
from tests.people import make_pupil

from .pages import look, take_in, undo
from .sheet import ROW, TODAY, merged, row, sheet
from .test_cases import CASES, case, office  # noqa: F401

NOW = at("2026-11-10 10:00")


def used(data: bytes) -> tuple[str | None, str | None, str]:
    child = merged(data).pupils["2001"]
    return child.preferred_forename, child.preferred_surname, child.legal_surname


@pytest.mark.parametrize(
    "header",
    [
        "Preferred Surname",
        "preferred_last_name",
        "Chosen Surname",
        "Used surname",
        "Known As Surname",
        "Cyfenw Dewisol",
    ],
)
def test_systems_call_the_surname_in_use_by_many_names(header):
    assert used(sheet(row() | {header: "Marsh"})) == ("Siâ", "Marsh", "Probert")


@pytest.mark.parametrize("cell", ["", "Probert", " Probert "])
def test_no_other_surname_means_the_legal_one(cell):
    assert used(sheet(row(Preferred_Surname=cell))) == ("Siâ", "", "Probert")


def test_a_plain_name_beside_the_legal_one_is_the_one_in_use():
    data = sheet(row(Forename="Sia", Surname="Marsh"), without=("Preferred Forename",))
    assert used(data) == ("Sia", "Marsh", "Probert") and read_table(data).unread == []


def test_a_plain_name_stays_free_while_an_adults_is_missing():
    data = sheet(row(Surname="Marsh"), without=("Contact Surname",))
    columns = {"surname": "contact_surname"}
    adult = next(iter(read_table(data, columns).rows)).cells
    assert (adult["contact_surname"], adult.get("preferred_surname")) == ("Marsh", None)


@pytest.fixture
def here(office):  # noqa: F811
    """The school of the case, by the name of the legal forename."""
    call_command("import_roster", str(CASES / "preferred-surname.csv"), "--apply")
    return {child.legal_forename: child for child in Pupil.objects.here()}


@pytest.mark.django_db
class TestSchool:
    def test_lists_have_the_surname_in_use_and_records_the_legal_one(self, here, office):  # noqa: F811
        assert [str(child) for child in here.values()] == ["Fi Probert", "Noor Abdi", "Efa Marsh"]
        assert {child.legal_surname for child in here.values()} == {"Castellano", "Abdi", "Beynon"}
        page = office.get(f"/people/child/{here['Ffion'].pk}/").content.decode()
        assert "Fi Probert" in page and "Castellano" in page
        assert look(office, case("preferred-surname")).context["plan"].changes_nothing

    def test_registers_and_letters_are_sorted_by_it(self, here):
        room = Classroom.objects.get(name="Year 2 Bedwen")
        sorted_names = ["Noor Abdi", "Efa Marsh", "Fi Probert"]
        assert [str(row.pupil) for row in class_states(room, NOW)] == sorted_names
        assert [str(each.pupil) for each in not_joined(room)] == sorted_names
        assert [
            str(row.person) for row in find_people("", kind="child", classroom=room, page=1)
        ] == sorted_names

    @pytest.mark.parametrize("q", ["probert", "castellano", "ffion", "fi"])
    def test_the_child_is_found_by_either_name(self, here, people, q):
        assert "Fi Probert" in map(
            str, (row.person for row in find_people(q, kind="child", classroom=None, page=1))
        )
        assert "Mali Probert" in map(str, contacts_named(people.actor(people.office), q))


# -- corrections by hand ---------------------------------------------------------------------------------


def take(data: bytes):
    return import_roster(table=read_table(data), today=TODAY, by=None, accept_missing=True)


def correct(people, **values) -> Pupil:
    child = Pupil.objects.get(school_ref="2001")
    correct_pupil(pupil=child, values=values, by=people.actor(people.office), at=NOW)
    return Pupil.objects.get(pk=child.pk)


@pytest.mark.policy("AU-8")
@pytest.mark.django_db
def test_a_surname_in_use_corrected_by_hand_is_not_set_back(people, clock):
    take(sheet(row(Preferred_Surname="Marsh")))
    assert str(correct(people, preferred_surname="Marsh-Rees")) == "Siâ Marsh-Rees"
    plan = take(sheet(row(Preferred_Surname="Marsh")))
    assert [(each.name, each.here, each.file) for each in plan.corrections] == [
        ("preferred_surname", "Marsh-Rees", "Marsh")
    ]
    assert str(Pupil.objects.get(school_ref="2001")) == "Siâ Marsh-Rees"


@pytest.mark.django_db
def test_a_column_that_comes_later_is_no_correction(people, clock):
    take(sheet(ROW, without=("Preferred Forename", "Primary Email")))
    plan = take(sheet(row(Preferred_Surname="Marsh")))
    child = Pupil.objects.get(school_ref="2001")
    assert not plan.corrections and str(child) == "Siâ Marsh"


@pytest.mark.django_db
def test_a_child_who_uses_the_legal_surname_follows_it(people, clock):
    take(sheet(row(Preferred_Surname="Probert")))
    child = correct(people, legal_surname="Rees", preferred_surname="Rees")
    assert (child.preferred_surname, child.surname) == ("", "Rees")


@pytest.mark.django_db
def test_a_system_that_sends_only_the_name_in_use_means_the_same_child(people, clock):
    make_pupil("Siân", "Castellano", people.celyn, school_ref="2001", preferred_surname="Probert")
    assert not make_plan(read_table(sheet(ROW)), TODAY).roster.refused


@pytest.mark.django_db
def test_undoing_takes_the_surname_in_use_back(people, clock, office):  # noqa: F811
    take_in(office, sheet(ROW))
    take_in(office, sheet(row(Preferred_Surname="Marsh")))
    assert str(Pupil.objects.get(school_ref="2001")) == "Siâ Marsh"
    undo(people)
    assert str(Pupil.objects.get(school_ref="2001")) == "Siâ Probert"
