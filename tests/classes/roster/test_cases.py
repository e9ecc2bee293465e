"""Files that other programs stumble over, taken in through the page."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.models.rosters import RosterImport
from classes.roster.files.encodings import decode
from classes.roster.matching.perhaps_same import pairs_to_ask
from classes.roster.reading import read_table
from tests.sentences.classes import ACCENTS_UNREADABLE

from .pages import bring, confirm, look, take_in
from .sheet import ROW, sheet

CASES = Path(__file__).parent / "cases"
pytestmark = pytest.mark.django_db


def case(name: str) -> bytes:
    return (CASES / f"{name}.csv").read_bytes()


@pytest.fixture
def office(people, clock):
    """The office of a school whose children have all left."""
    Pupil.objects.update(left_on="2026-09-01")
    return people.client(people.office)


def here() -> list[str]:
    return [str(pupil) for pupil in Pupil.objects.here().order_by("school_ref")]


def brought(office, name: str, **ticks):
    answer = take_in(office, case(name), **ticks)
    assert answer.status_code == 302, answer.content.decode()
    return RosterImport.objects.order_by("pk").last()


# -- encodings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, forenames",
    [("cp850", ["Siân", "Anaïs"]), ("macroman", ["Siân", "Anaïs"]), ("iso-8859-14", ["Llŷr"])],
)
def test_names_are_as_written_whatever_saved_the_file(office, name, forenames):
    brought(office, f"encoded-{name}")
    assert [pupil.legal_forename for pupil in Pupil.objects.here().order_by("pk")] == forenames


@pytest.mark.parametrize("name", ["Siân", "Zoë", "José", "Óscar", "ANAÏS", "O’Brien", "Smith–Jones", "Šimon"])
def test_ordinary_windows_files_are_read(name):
    assert decode(name.encode("cp1252")) == name


def test_letters_that_are_unsure_are_refused_with_a_sentence(office):
    data = sheet(ROW).replace("Siân".encode(), b"Mu\x96\x85oz")
    answer = bring(office, data)
    assert answer.status_code == 422 and ACCENTS_UNREADABLE in answer.content.decode()


def test_unicode_text_of_a_spreadsheet_is_read(office):
    data = sheet(ROW, delimiter="\t").decode().encode("utf-16")
    assert take_in(office, data).status_code == 302
    assert here() == ["Siâ Probert"]


# -- cells -----------------------------------------------------------------------------------------------


def test_line_breaks_in_an_address_cost_nobody(office):
    assert brought(office, "address-with-lines").figures["refused"] == 0
    assert len(here()) == 3


@pytest.mark.parametrize("name", ["equals-quote", "apostrophe", "apostrophe-on-ids"])
def test_a_protected_figure_is_what_stands_inside(office, name):
    brought(office, "protected-plain")
    page = look(office, case(f"protected-{name}"))
    assert page.context["plan"].changes_nothing and not page.context["plan"].roster.refused


def test_unseen_characters_cost_nobody(office):
    assert brought(office, "unseen").figures["refused"] == 0
    assert Pupil.objects.here().filter(school_ref="3005").exists() and len(here()) == 5
    emails = (
        Contact.objects.filter(school_ref__startswith="C00").order_by("pk").values_list("email", flat=True)
    )
    addresses = [f"{name}@example.org" for name in ("mali", "hana", "elin", "sioned", "c005")]
    assert list(emails) == addresses


def test_people_with_one_name_and_an_agency_are_taken(office):
    brought(office, "one-name-and-an-agency")
    assert here() == ["Suharto", "Amara", "Efa Beynon", "Tomos Price"]
    adults = Guardianship.objects.filter(pupil__in=Pupil.objects.here()).order_by("pupil__school_ref")
    assert [str(guardianship.contact) for guardianship in adults] == [
        "Suryani",
        "Karzai",
        "Children's Services (Gwent)",
        "Sioned",
    ]


def test_years_and_classes_as_schools_write_them(office):
    brought(office, "years")
    found = Pupil.objects.here().order_by("school_ref").values_list("year", "classroom__name")
    assert list(found) == [("3", "3H"), ("3", "3/4"), ("3", "4")]


def test_classes_that_a_spreadsheet_made_days_of_are_refused(office):
    before = Classroom.objects.count()
    assert len(look(office, case("after-excel")).context["plan"].roster.refused_rows) == 4
    assert Classroom.objects.count() == before and here() == []


# -- headings and rows -----------------------------------------------------------------------------------


def test_welsh_headings_are_understood(office):
    brought(office, "headings-welsh")
    child = Pupil.objects.here().get()
    assert (str(child), child.year, child.classroom.name) == ("Ffion Probert", "2", "Blwyddyn 2 Bedwen")
    assert Guardianship.objects.get(pupil=child).suggestion == "invite"


def test_the_foot_of_a_report_is_nobody(office):
    assert brought(office, "report-with-a-foot").figures["refused"] == 0
    assert here() == ["Ffion Probert", "Noor Abdi"]
    remarks = read_table(case("report-with-a-foot")).passed_over
    assert [remark.code for remark in remarks] == ["foot"] * 4


def test_a_column_that_is_not_read_is_named(office):
    page = look(office, case("preferred-surname").replace(b"Preferred Surname", b"House Colour"))
    assert page.context["plan"].unread == ["House Colour"]
    assert "House Colour" in page.content.decode()


def test_one_mother_under_two_ids_is_asked_about_once(office):
    brought(office, "one-mother-two-records")
    [(keep, gone)] = pairs_to_ask()
    assert (keep.school_ref, gone.school_ref) == ("C101", "C202")
    office.post(f"/people/adult/{keep.pk}/same/{gone.pk}/", {"answer": "same"})
    assert pairs_to_ask() == [] and keep.guardianships.count() == 2
    assert look(office, case("one-mother-two-records")).context["plan"].changes_nothing


# -- a new system with new ids ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ids-new", "ids-new-no-upn"])
def test_new_ids_make_nobody_twice_unasked(office, name):
    brought(office, "ids-old")
    page = look(office, case(name))
    plan = page.context["plan"]
    assert len(plan.renumbered) == 4 and not plan.new_pupils and not plan.missing
    confirm(office, page)
    assert len(here()) == 2 and Contact.objects.filter(school_ref__startswith="G").count() == 0


@pytest.mark.parametrize("name", ["ids-new", "ids-new-no-upn"])
def test_the_same_people_get_their_new_ids_and_lose_nothing(office, name):
    brought(office, "ids-old")
    guardianships = list(
        Guardianship.objects.order_by("pk").values_list("pk", "pupil", "contact", "joined_at")
    )
    page = look(office, case(name))
    address = page.request["PATH_INFO"]
    office.post(f"{address}same/", {"same": "same"})
    assert confirm(office, office.get(address)).status_code == 302
    refs = Pupil.objects.here().order_by("pk").values_list("school_ref", flat=True)
    assert list(refs) == ["A0001-7f3c", "A0002-7f3c"]
    assert Contact.objects.filter(school_ref__in=["G0001-91be", "G0002-91be"]).count() == 2
    assert (
        list(Guardianship.objects.order_by("pk").values_list("pk", "pupil", "contact", "joined_at"))
        == guardianships
    )
    assert look(office, case(name)).context["plan"].changes_nothing


def test_others_of_the_same_name_are_taken_in_when_said(office):
    brought(office, "ids-old")
    address = look(office, case("ids-new-no-upn")).request["PATH_INFO"]
    office.post(f"{address}same/", {"same": "others"})
    confirm(office, office.get(address), missing="on")
    assert len(here()) == 4


def test_the_command_asks_for_new_ids_too(office):
    call_command("import_roster", str(CASES / "ids-old.csv"), "--apply")
    with pytest.raises(CommandError):
        call_command("import_roster", str(CASES / "ids-new.csv"), "--apply")
    assert Pupil.objects.here().filter(school_ref="3001").exists()
    call_command("import_roster", str(CASES / "ids-new.csv"), "--apply", "--same-people")
    assert Pupil.objects.here().filter(school_ref="A0001-7f3c").exists() and len(here()) == 2
