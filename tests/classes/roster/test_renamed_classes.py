"""A class that was renamed here does not come twice with the next roster."""

import pytest
from django.core.management import CommandError, call_command

from classes.classrooms.services import rename_class
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.models.rosters import RosterImport
from tests.sentences.classes import SAY_WHICH_CLASS

from .pages import confirm, look, take_in, undo
from .sheet import ROW, SECOND_CHILD, row, sheet

pytestmark = pytest.mark.django_db
FILE = sheet(ROW)


@pytest.fixture
def office(people, clock):
    """The office after a roster whose class was renamed here."""
    Pupil.objects.update(left_on="2026-09-01")
    client = people.client(people.office)
    take_in(client, FILE)
    rename_class(Classroom.objects.get(name="Year 2 Bedwen"), "Bedwen 2", by=people.actor(people.head))
    return client


def answered(office, data: bytes, answer: str):
    address = look(office, data).request["PATH_INFO"]
    office.post(f"{address}same/", {"classes": answer})
    return confirm(office, office.get(address))


def rooms() -> set[str]:
    return set(Classroom.objects.filter(pupils__in=Pupil.objects.here()).values_list("name", flat=True))


def test_nothing_is_taken_in_before_somebody_has_said(office):
    page = look(office, FILE)
    assert page.context["plan"].asked_classes == [("Year 2 Bedwen", "Bedwen 2")]
    answer = confirm(office, page)
    assert answer.status_code == 422 and SAY_WHICH_CLASS in answer.content.decode()
    assert not Classroom.objects.filter(name="Year 2 Bedwen").exists()


def test_the_same_class_stays_one_and_nobody_is_asked_again(office):
    assert answered(office, FILE, "same").status_code == 302
    assert rooms() == {"Bedwen 2"}
    plan = look(office, FILE).context["plan"]
    assert plan.changes_nothing and not plan.asked_classes


def test_another_class_is_made_and_nobody_is_asked_again(office):
    assert answered(office, FILE, "others").status_code == 302
    assert rooms() == {"Year 2 Bedwen"}
    assert not look(office, FILE).context["plan"].asked_classes


def test_a_file_with_both_names_means_two_classes(office):
    both = sheet(
        ROW,
        row(**{name.replace(" ", "_"): said for name, said in SECOND_CHILD.items()}, Reg_Group="Bedwen 2"),
    )
    plan = look(office, both).context["plan"]
    assert not plan.asked_classes and plan.new_classes == ["Year 2 Bedwen"]


def test_a_class_that_has_its_name_again_is_not_asked_about(office, people):
    rename_class(Classroom.objects.get(name="Bedwen 2"), "Year 2 Bedwen", by=people.actor(people.head))
    plan = look(office, FILE).context["plan"]
    assert plan.changes_nothing and not plan.asked_classes


def test_the_command_asks_too(office, tmp_path):
    file = tmp_path / "export.csv"
    file.write_bytes(FILE)
    with pytest.raises(CommandError):
        call_command("import_roster", str(file), "--apply")
    call_command("import_roster", str(file), "--apply", "--classes", "same")
    assert rooms() == {"Bedwen 2"}


@pytest.mark.parametrize("answer", ["same", "others"])
def test_undoing_takes_the_answer_back_too(office, people, answer):
    answered(office, FILE, answer)
    done = RosterImport.objects.to_undo().get()
    assert "Bedwen 2" in office.get(f"/roster/undo/{done.pk}/").content.decode()
    undo(people)
    assert rooms() == {"Bedwen 2"}
    assert look(office, FILE).context["plan"].asked_classes == [("Year 2 Bedwen", "Bedwen 2")]


def test_a_name_given_after_the_answer_stays(office, people):
    answered(office, FILE, "others")
    room = Classroom.objects.get(name="Bedwen 2")
    rename_class(room, "Bedwen Hen", by=people.actor(people.head))
    undo(people)
    room.refresh_from_db()
    assert (room.name, room.renamed_from) == ("Bedwen Hen", "Bedwen 2")
