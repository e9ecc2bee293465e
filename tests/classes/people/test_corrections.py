"""Test correcting records by hand: old and new are kept, nonsense is refused."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models.audit import AuditEntry
from classes.corrections.queries import corrected_fields
from classes.models.changes import RecordChange
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.own_children import OwnChild
from classes.people.rules import Nonsense
from classes.people.services import (
    AddressTaken,
    NotYours,
    OwnRecord,
    Taken,
    correct_contact,
    correct_pupil,
    set_leaving,
)
from malpas.lib.errors import RuleViolation
from tests.clock import at
from tests.people import give_account, guardianship, make_contact, make_pupil, make_staff

NOW = at("2026-11-10 10:00")
UPN, TEMPORARY_UPN = "G680234525001", "T68023452500A"


def correct(people, pupil, by=None, **values):
    return correct_pupil(pupil=pupil, values=values, by=people.actor(by or people.office), at=NOW)


@pytest.mark.policy("AU-8")
def test_a_corrected_name_is_the_accounts_name_too(people):
    actor = people.actor(people.office)
    correct_contact(contact=people.nia.contact, values={"surname": "Bowen-Hughes"}, by=actor, at=NOW)
    correct(people, people.mali, preferred_forename="Mal")
    people.nia.refresh_from_db()
    assert people.nia.name == "Nia Bowen-Hughes"
    assert Pupil.objects.get(pk=people.mali.pk).account.name == "Mal"


def test_old_and_new_values_are_kept_outside_the_audit_log(people):
    correct(people, people.mali, legal_surname="Bowen-Hughes", classroom=people.derwen)
    found = {change.field: (change.old, change.new) for change in RecordChange.objects.all()}
    assert found == {"legal_surname": ("Bowen", "Bowen-Hughes"), "classroom": ("Celyn", "Derwen")}
    entry = AuditEntry.objects.get(verb="pupil.corrected")
    assert entry.detail == {"fields": ["classroom", "legal_surname"]}


def test_the_history_of_a_record_cannot_be_rewritten(people):
    correct(people, people.mali, legal_surname="Bowen-Hughes")
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        RecordChange.objects.update(old="Jones")


def test_the_same_value_again_changes_nothing(people):
    assert correct(people, people.mali, legal_surname="Bowen") == set()
    assert not RecordChange.objects.exists()


def test_a_correction_stands_until_something_replaces_it(people):
    correct(people, people.mali, legal_surname="Bowen-Hughes", classroom=people.derwen)
    mali = Pupil.objects.select_related("classroom").get(pk=people.mali.pk)
    assert set(corrected_fields([mali, people.efa])[mali.pk]) == {"legal_surname", "classroom"}
    assert corrected_fields([mali])[mali.pk]["legal_surname"].old == "Bowen"
    mali.legal_surname = "Bowen"  # as an import writes it
    assert set(corrected_fields([mali])[mali.pk]) == {"classroom"}


def test_corrections_of_adults_are_found_too(people):
    nia = people.nia.contact
    correct_contact(contact=nia, values={"mobile": "07700 900123"}, by=people.actor(people.office), at=NOW)
    nia.refresh_from_db()
    assert nia.mobile == "07700900123"
    assert corrected_fields([nia])[nia.pk]["mobile"].new == "07700900123"


@pytest.mark.parametrize(
    "values",
    [
        {"upn": "NOTAUPN"},
        {"upn": "A680234525001"},
        {"year": "ZZ"},
        {"year": "7"},
        {"date_of_birth": date(2030, 1, 1)},
        {"date_of_birth": date(1986, 5, 4)},
        {"preferred_forename": " "},
        {"legal_surname": "<b>"},
        {"legal_surname": "1234"},
    ],
)
def test_a_service_refuses_nonsense(people, values):
    with pytest.raises(Nonsense) as refused:
        correct(people, people.mali, **values)
    assert refused.value.field in values and refused.value.sentence


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"upn": "A680234525001"}, "pupil_upn_is_right"),
        ({"upn": "NOTAUPN"}, "pupil_upn_is_right"),
        ({"year": "ZZ"}, "pupil_year_is_one_of_ours"),
        ({"date_of_birth": date(2030, 1, 1)}, "pupil_is_a_child"),
        ({"date_of_birth": date(1986, 5, 4)}, "pupil_is_a_child"),
    ],
)
def test_the_database_refuses_nonsense(people, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Pupil.objects.filter(pk=people.mali.pk).update(**values)


@pytest.mark.parametrize("upn", [UPN, TEMPORARY_UPN, ""])
def test_a_welsh_upn_is_right_and_so_is_none(people, upn):
    correct(people, people.mali, upn=upn)
    assert Pupil.objects.get(pk=people.mali.pk).upn == upn


def test_a_upn_belongs_to_one_child(people):
    correct(people, people.mali, upn=UPN)
    with pytest.raises(Taken):
        correct(people, people.efa, upn=UPN)


@pytest.mark.parametrize("email", ["new@example.org", ""])
def test_an_address_is_kept_as_one(people, email):
    nia = people.nia.contact
    correct_contact(contact=nia, values={"email": email}, by=people.actor(people.office), at=NOW)
    nia.refresh_from_db()
    assert nia.email == email


def test_two_addresses_are_no_address(people):
    values = {"email": "one@example.org; two@example.org"}
    with pytest.raises(Nonsense):
        correct_contact(contact=people.nia.contact, values=values, by=people.actor(people.office), at=NOW)


def test_one_name_is_enough_and_none_is_too_few(people):
    actor, nia = people.actor(people.office), people.nia.contact
    correct_contact(contact=nia, values={"forename": "", "surname": "Suryani"}, by=actor, at=NOW)
    nia.refresh_from_db()
    assert nia.full_name == "Suryani"
    for nothing in ("", "."):
        with pytest.raises(Nonsense):
            correct_contact(contact=nia, values={"surname": nothing}, by=actor, at=NOW)
    with pytest.raises(IntegrityError, match="contact_has_a_name"), transaction.atomic():
        Contact.objects.filter(pk=nia.pk).update(surname="")
    correct(people, people.mali, legal_surname="")
    assert str(Pupil.objects.get(pk=people.mali.pk)) == "Mali"


def test_the_page_and_the_table_take_one_name_and_refuse_none(people):
    client, nia = people.client(people.office), people.nia.contact
    initial = {
        f"initial-{name}": getattr(nia, name) for name in ("title", "forename", "surname", "email", "mobile")
    }
    said = {"title": "", "forename": "", "email": nia.email, "mobile": "", **initial}
    assert client.post(f"/people/adult/{nia.pk}/change/", {**said, "surname": ""}).status_code == 422
    assert client.post(f"/people/adult/{nia.pk}/change/", {**said, "surname": "Suryani"}).status_code == 302
    nia.refresh_from_db()
    assert nia.full_name == "Suryani"


@pytest.mark.policy("AU-2")
def test_an_address_belongs_to_one_adult(people):
    actor = people.actor(people.office)
    values = {"email": "nia@post.example"}
    correct_contact(contact=people.nia.contact, values=values, by=actor, at=NOW)
    with pytest.raises(AddressTaken):
        correct_contact(contact=people.gareth.contact, values=values, by=actor, at=NOW)


def test_a_teacher_or_parent_corrects_nothing(people):
    for who in (people.nia, people.celyn, make_staff("Mr", "Ivor", "Lee", personal=True)):
        with pytest.raises(NotYours):
            correct_pupil(pupil=people.efa, values={"year": "3"}, by=people.actor(who), at=NOW)


@pytest.mark.policy("AU-8")
def test_nobody_corrects_their_own_record_or_childs(people):
    lee = give_account(make_staff("Mrs", "Nia", "Bowen", is_office=True), people.nia)
    with pytest.raises(OwnChild):
        correct(people, people.mali, by=lee, legal_surname="Hughes")
    own = people.nia.contact
    with pytest.raises(OwnRecord):
        correct_contact(contact=own, values={"surname": "Hughes"}, by=people.actor(lee), at=NOW)
    assert correct(people, people.efa, by=lee, year="3") == {"year"}


def test_access_stays_until_the_leaving_day(people):
    actor = people.actor(people.office)
    set_leaving(pupil=people.mali, left_on=date(2099, 7, 20), by=actor)
    assert Guardianship.objects.live().filter(pupil=people.mali).count() == 2
    set_leaving(pupil=people.mali, left_on=date(2026, 9, 1), by=actor)
    assert not Guardianship.objects.live().filter(pupil=people.mali).exists()
    set_leaving(pupil=people.mali, left_on=None, by=actor)
    assert Guardianship.objects.live().filter(pupil=people.mali).count() == 2


def test_a_leaving_day_before_birth_is_refused(people):
    with pytest.raises(RuleViolation):
        set_leaving(pupil=people.mali, left_on=date(2017, 1, 1), by=people.actor(people.office))


def test_a_value_changed_in_the_records_is_noted_as_well(people):
    browser = people.client(people.office)
    pupil = make_pupil("Ann", "Abel", people.celyn)
    path = f"/admin/classes/pupil/{pupil.pk}/change/"
    said = {
        "preferred_forename": "Ann", "legal_forename": "Ann", "legal_surname": "Ábel", "admission_number": "",
        "upn": "", "year": "", "date_of_birth": "2018-05-04", "classroom": people.derwen.pk, "left_on": "",
    }  # fmt: skip
    assert browser.post(path, said).status_code == 302
    found = {change.field: (change.old, change.new) for change in pupil.changes.all()}
    assert found == {"legal_surname": ("Abel", "Ábel"), "classroom": ("Celyn", "Derwen")}


def test_the_history_goes_with_the_person(people):
    contact = make_contact("Ann", "Abel")
    guardianship(contact, people.efa, None)
    correct_contact(contact=contact, values={"surname": "Ábel"}, by=people.actor(people.office), at=NOW)
    assert RecordChange.objects.filter(contact=contact).exists()
    Contact.objects.filter(pk=contact.pk).delete()
    assert not RecordChange.objects.exists()
