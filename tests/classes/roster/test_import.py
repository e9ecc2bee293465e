"""Test the import against the database."""

from collections import Counter
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import User
from classes.guardianship.restrictions import set_restriction
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from classes.roster.apply import import_roster
from classes.roster.plan import make_plan
from classes.roster.reading import read_table
from classes.roster.refusals import ImportIsRunning, TooManyMissing
from tests.sentences.classes import DECIDE_COURT_ORDER

from .sheet import FATHER, ROW, SECOND_CHILD, TODAY, row, sample, sheet

pytestmark = pytest.mark.django_db
DEPARTED = ROW | {"Date of Leaving": "20/07/2026"}


def take(data: bytes, **options):
    return import_roster(table=read_table(data), today=TODAY, by=None, **options)


def plan_of(data: bytes):
    return make_plan(read_table(data), TODAY)


def join(guardianship: Guardianship) -> None:
    guardianship.contact.user = User.objects.create(
        email=f"{guardianship.contact.school_ref.lower()}@example.org"
    )
    guardianship.contact.save()
    guardianship.slot, guardianship.joined_at = 1, timezone.now()
    guardianship.save()


def codes(remarks):
    return [remark.code for remark in remarks]


def test_a_file_makes_classes_pupils_contacts_and_guardianships():
    take(sheet(ROW, ROW | FATHER))
    pupil = Pupil.objects.get()
    assert (pupil.school_ref, pupil.upn, pupil.admission_number) == ("2001", "J680229926001", "000201")
    assert (pupil.legal_forename, pupil.preferred_forename, pupil.legal_surname) == ("Siân", "Siâ", "Probert")
    assert (pupil.date_of_birth, pupil.year, pupil.classroom.name) == (
        date(2019, 10, 14),
        "2",
        "Year 2 Bedwen",
    )
    assert len(pupil.dragon) == 5
    father = Guardianship.objects.get(contact__school_ref="C2")
    assert (father.relationship, father.priority, father.suggestion) == ("father", 2, "invite")
    assert father.parental_responsibility and not father.court_order and father.joined_at is None


def test_a_plan_changes_nothing():
    plan = plan_of(sheet(ROW))
    assert len(plan.new_pupils) == 1
    assert not Pupil.objects.exists() and not Classroom.objects.exists() and not AuditEntry.objects.exists()


@pytest.mark.policy("PA-2")
def test_nobody_is_invited_or_joined_by_an_import():
    take(sample("sims-contacts.csv"))
    assert Guardianship.objects.filter(suggestion="invite").count() == 348
    assert not Invitation.objects.exists()
    assert not Guardianship.objects.exclude(joined_at=None).exists()


def test_the_clean_sample_is_imported_and_repeats_do_nothing():
    take(sample("sims-contacts.csv"))
    counts = (Classroom, 9), (Pupil, 200), (Contact, 310), (Guardianship, 393)
    assert [model.objects.count() for model, _n in counts] == [n for _model, n in counts]
    suggested = Counter(Guardianship.objects.values_list("suggestion", flat=True))
    assert suggested == {"invite": 348, "hold": 10, "contact_only": 35}
    assert take(sample("sims-contacts.csv")).changes_nothing
    assert AuditEntry.objects.filter(verb="roster.imported").count() == 1


def test_another_systems_file_finds_the_same_people():
    take(sample("sims-contacts.csv"))
    assert Pupil.objects.filter(legal_surname="Llŷr").exists()
    plan = take(sample("arbor-guardians.csv"))
    assert plan.changes_nothing and not plan.missing and not plan.roster.refused
    assert not Pupil.objects.filter(legal_surname__contains="?").exists()
    assert Pupil.objects.exclude(admission_number="").count() == 200


def test_a_lost_letter_comes_right_with_a_better_file():
    take(sample("arbor-guardians.csv"))
    assert Pupil.objects.filter(legal_surname="Ll?r").exists()
    take(sample("sims-contacts.csv"))
    assert not Pupil.objects.filter(legal_surname__contains="?").exists()
    assert not Contact.objects.filter(surname__contains="?").exists()


def test_good_rows_of_a_faulty_file_are_imported():
    plan = take(sample("with-faults.csv"))
    assert len(plan.roster.refused_rows) == 11
    assert Pupil.objects.count() == 50 and Guardianship.objects.count() == 93
    assert Pupil.objects.filter(school_ref="1004").exists()  # refused in row 9, good in row 10
    assert not Pupil.objects.filter(school_ref__in=["", "1033", "1037", "99999"]).exists()
    assert not Contact.objects.filter(surname__contains="<").exists()
    assert take(sample("with-faults.csv")).changes_nothing


def test_when_the_database_refuses_one_thing_nothing_is_done(monkeypatch):
    def broken(plan):
        assert Pupil.objects.exists()  # it had begun
        connection.cursor().execute("SELECT 1/0")

    monkeypatch.setattr("classes.roster.apply._write_new_guardianships", broken)
    with pytest.raises(DatabaseError):
        take(sheet(ROW))
    assert not Pupil.objects.exists() and not Classroom.objects.exists() and not Contact.objects.exists()


def test_changes_are_named_with_old_and_new():
    take(sheet(ROW))
    plan = take(sheet(row(Reg_Group="Year 3 Celyn", Year_Group="3", Mobile="07700900999")))
    assert plan.pupils.changed[0].fields == {
        "year": ("2", "3"),
        "classroom": ("Year 2 Bedwen", "Year 3 Celyn"),
    }
    assert plan.contacts.changed[0].fields == {"mobile": ("07700900653", "07700900999")}
    assert Pupil.objects.get().classroom.name == "Year 3 Celyn"
    assert Classroom.objects.count() == 2  # the old class is not deleted


def test_a_class_is_found_whatever_its_capitals():
    take(sheet(ROW))
    assert take(sheet(row(Reg_Group="YEAR 2  bedwen"))).changes_nothing


def test_what_the_file_has_no_column_for_stays():
    take(sheet(ROW))
    take(
        sheet(
            ROW, without=("Admission Number", "UPN", "Preferred Forename", "Primary Email", "Contact Title")
        )
    )
    pupil, contact = Pupil.objects.get(), Contact.objects.get()
    assert (pupil.upn, pupil.preferred_forename) == ("J680229926001", "Siâ")
    assert (contact.email, contact.title) == ("mali@example.org", "Ms")


def test_an_address_deleted_in_the_schools_system_goes():
    take(sheet(ROW))
    take(sheet(row(Primary_Email="")))
    assert Contact.objects.get().email == ""


def test_a_court_order_after_joining_changes_only_the_suggestion():
    take(sheet(ROW))
    guardianship = Guardianship.objects.get()
    guardianship.restriction, guardianship.restriction_note = "messaging_paused", "agreed with the head"
    join(guardianship)
    plan = take(sheet(row(Court_Order="T")))
    assert plan.guardianships.changed[0].joined
    assert plan.guardianships.changed[0].fields["court_order"] == (False, True)
    guardianship.refresh_from_db()
    assert (guardianship.court_order, guardianship.suggestion, guardianship.restriction) == (
        True,
        "hold",
        "messaging_paused",
    )
    assert guardianship.joined_at and guardianship.ended_at is None and guardianship.restriction_note
    entry = AuditEntry.objects.filter(verb="roster.imported").first()
    assert entry.detail["joined_guardianships"] == {str(guardianship.pk): ["court_order", "suggestion"]}


def test_a_court_order_after_joining_notifies_the_office(people):
    take(sheet(ROW), accept_missing=True)
    guardianship = Guardianship.objects.get(pupil__school_ref="2001")
    join(guardianship)
    decided = Guardianship.objects.filter(pk=guardianship.pk)
    decided.update(order_decided_at=timezone.now())  # of an order that has gone since
    take(sheet(row(Court_Order="T")), accept_missing=True)
    assert list(Guardianship.objects.to_decide()) == [guardianship]
    assert Guardianship.objects.live().filter(pk=guardianship.pk).exists()
    notified = Notification.objects.filter(kind="alarm").values_list("recipient__name", "title")
    assert {title for _name, title in notified} == {DECIDE_COURT_ORDER}
    assert "Mrs Lewis" in {name for name, _title in notified}
    by = people.actor(people.office)
    set_restriction(guardianship=guardianship, restriction="none", note="Seen.", by=by, at=timezone.now())
    take(sheet(row(Court_Order="T", Priority="2")), accept_missing=True)
    assert not Guardianship.objects.to_decide().exists()


@pytest.mark.policy("AU-8")
def test_a_new_name_in_the_file_renames_the_accounts():
    take(sheet(ROW))
    guardianship = Guardianship.objects.get()
    join(guardianship)
    child = User.objects.create_user(kind="pupil", name="Siâ")
    Pupil.objects.update(account=child)
    take(sheet(row(Contact_Surname="Rees", Preferred_Forename="Siani")))
    guardianship.contact.user.refresh_from_db()
    child.refresh_from_db()
    assert (guardianship.contact.user.name.split()[-1], child.name) == ("Rees", "Siani")


def test_a_guardianship_that_the_file_lacks_stays_and_is_named():
    take(sheet(ROW, ROW | FATHER))
    plan = take(sheet(ROW))
    assert [guardianship.contact.school_ref for guardianship in plan.absent_guardianships] == ["C2"]
    assert Guardianship.objects.filter(ended_at=None).count() == 2


def test_a_guardianship_in_a_refused_row_is_not_called_absent():
    take(sheet(ROW, ROW | FATHER))
    assert take(sheet(ROW, ROW | FATHER | {"Priority": "x"})).absent_guardianships == []


def test_a_guardianship_that_was_ended_is_not_opened_again():
    take(sheet(ROW))
    Guardianship.objects.update(ended_at=timezone.now())
    plan = take(sheet(ROW))
    assert codes(plan.roster.notes) == ["guardianship_ended"]
    assert Guardianship.objects.count() == 1 and not Guardianship.objects.filter(ended_at=None).exists()


def test_a_departed_is_marked_and_not_deleted():
    take(sheet(ROW))
    take(sheet(DEPARTED), accept_missing=True)
    assert Pupil.objects.get().left_on == date(2026, 7, 20)
    assert Guardianship.objects.get().ended_at is None


def test_a_departed_is_not_taken_in_anew_nor_are_the_adults():
    plan = take(sheet(DEPARTED))
    assert codes(plan.roster.notes) == ["departed"]
    assert not Pupil.objects.exists() and not Contact.objects.exists() and not Classroom.objects.exists()


def test_a_departed_pupil_returns_only_with_a_leaving_column():
    take(sheet(ROW))
    Pupil.objects.update(left_on=date(2026, 7, 20))
    assert codes(take(sheet(ROW)).roster.notes) == ["still_left"]
    assert Pupil.objects.get().left_on is not None
    take(sheet(ROW | {"Date of Leaving": ""}))
    assert Pupil.objects.get().left_on is None


def school_without(number: int) -> bytes:
    """Return the clean sample without its last pupils."""
    lines = sample("sims-contacts.csv").splitlines(keepends=True)
    gone = {str(ref).encode() for ref in range(1201 - number, 1201)}
    return b"".join(line for line in lines if line.split(b",")[0] not in gone)


def test_more_than_a_tenth_missing_needs_confirmation():
    take(sample("sims-contacts.csv"))
    assert len(take(school_without(20)).missing) == 20
    with pytest.raises(TooManyMissing):
        take(school_without(21).replace(b"Ffion,Probert", b"Ffion,Prosser"))
    assert not Pupil.objects.filter(legal_surname="Prosser").exists()
    assert len(take(school_without(21), accept_missing=True).missing) == 21
    assert Pupil.objects.here().count() == 200  # missing is never gone


def test_a_file_that_makes_most_pupils_departed_asks_first_too():
    take(sheet(ROW))
    with pytest.raises(TooManyMissing):
        take(sheet(DEPARTED))
    assert Pupil.objects.get().left_on is None


def test_a_pupil_whose_row_is_refused_is_not_missing():
    take(sheet(ROW))
    assert take(sheet(row(Priority="x"))).missing == []


def test_another_schools_file_changes_nobody():
    take(sample("sims-contacts.csv"))
    before = list(Pupil.objects.order_by("pk").values())
    with pytest.raises(TooManyMissing):
        take(sample("with-faults.csv"))
    assert list(Pupil.objects.order_by("pk").values()) == before


def test_an_import_takes_few_queries_however_long_the_file(django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        take(sample("sims-contacts.csv"))
    with django_assert_max_num_queries(26):
        take(
            sample("sims-contacts.csv")
            .replace(b"07700", b"07711")
            .replace(b"Year 2 Bedwen", b"Year 2 Collen")
        )


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_do_not_meet():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [0x726F7374])
        with pytest.raises(ImportIsRunning):
            take(sheet(ROW))
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [0x726F7374])
    finally:
        other.close()
    take(sheet(ROW))
    assert Pupil.objects.count() == 1


def test_the_second_child_of_a_family_brings_no_new_adult():
    take(sheet(ROW))
    plan = take(sheet(ROW, ROW | SECOND_CHILD))
    assert (len(plan.new_pupils), len(plan.new_contacts), len(plan.new_guardianships)) == (1, 0, 1)
