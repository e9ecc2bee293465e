"""Test the search for people: by any name, by class, by reference."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from classes.people.queries import find_people
from messaging.models.enquiries import Enquiry
from tests.people import guardianship, make_contact, make_pupil, make_staff


def names(q="", kind="", classroom=None, page=1) -> list[str]:
    found = find_people(q, kind=kind, classroom=classroom, page=page)
    return [str(row.person) for row in found]


@pytest.mark.parametrize("q", ["llyr", "LLŶR", "ama llyr", "llŷr ama", "lly am"])
def test_a_name_is_found_in_any_order_and_without_accents(people, q):
    make_pupil("Ama", "Llŷr", people.celyn)
    assert names(q) == ["Ama Llŷr"]


@pytest.mark.parametrize(("name", "q"), [("O’Brien", "obrien"), ("O'Brien", "o’brien"), ("Łukasz", "lukasz")])
def test_letters_that_nobody_types_are_found(people, name, q):
    make_contact("Jan", name)
    assert names(q) == [f"Jan {name}"]


def test_one_search_finds_children_adults_and_staff(people):
    make_staff("Mr", "Emyr", "Bowen", job="Caretaker")
    assert names("bowen") == ["Mr Bowen", "Gareth Bowen", "Mali Bowen", "Nia Bowen"]
    assert names("bowen", kind="child") == ["Mali Bowen"]
    assert names("bowen", kind="adult") == ["Gareth Bowen", "Nia Bowen"]


def test_the_list_is_sorted_as_registers_are(people):
    for forename, surname in [("Zac", "Ábel"), ("Ann", "Zola"), ("Ŵan", "Abel"), ("Ben", "abel")]:
        make_pupil(forename, surname, people.celyn)
    found = names(kind="child")
    assert found[:3] == ["Ben abel", "Ŵan Abel", "Zac Ábel"]
    assert found[-1] == "Ann Zola"


def test_a_class_shows_its_children_their_adults_and_its_staff(people):
    assert names(classroom=people.derwen) == [
        "Miss Howells", "Dylan Morgan", "Rhys Morgan", "Sioned Price", "Tomos Price", "Mrs Pritchard",
    ]  # fmt: skip


def test_departed_children_are_found_by_name_and_on_their_own_list(people):
    Pupil.objects.filter(pk=people.mali.pk).update(left_on=date(2026, 9, 1))
    assert "Mali Bowen" not in names(kind="child")
    assert names("mali") == ["Mali Bowen"]
    assert names(kind="left") == ["Mali Bowen"]


def test_people_are_for_office_and_leaders_alone(people, office):
    nia = people.nia.contact
    paths = ["/people/", f"/people/child/{people.mali.pk}/", f"/people/adult/{nia.pk}/", "/people/child/add/"]
    paths.append(f"/people/invite/{nia.guardianships.get().pk}/")
    assert [office.get(path).status_code for path in paths] == [200] * len(paths)
    for who in (people.nia, people.celyn, people.mali):
        browser = people.client(who)
        assert {browser.get(path).status_code for path in paths} <= {403, 404}


def test_an_adult_without_access_is_marked_wherever_listed(people, office):
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    mark = str(Restriction.NO_ACCESS.label).capitalize()
    nia = people.nia.contact.pk
    pages = ["/people/?q=nia", "/people/?q=mali", f"/people/child/{people.mali.pk}/", f"/people/adult/{nia}/"]
    pages.append(f"/people/child/{people.efa.pk}/adult/find/?q=nia")
    for path in pages:
        assert mark in office.get(path).content.decode(), path


def _say(people, reference: str, **fields) -> Enquiry:
    return Enquiry.objects.create(
        reference=reference, topic=fields.pop("topic", "dinners"), parent=people.nia, key=uuid4(), **fields
    )


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("q", ["D 4K7 2MW", "d4k72mw", " d4k7 2mw "])
def test_the_office_opens_an_enquiry_by_its_reference(people, office, q):
    enquiry = _say(people, "D 4K7 2MW")
    assert f"/office/{enquiry.pk}/" in office.get("/people/", {"q": q}).content.decode()


@pytest.mark.policy("PA-7")
def test_a_complaint_about_the_head_is_found_by_nobody_else(people, office):
    sealed = _say(people, "C 4K7 2MW", topic="complaint", is_sealed=True)
    assert Enquiry.objects.filter(pk=sealed.pk, reference="C 4K7 2MW").exists()
    for who in (people.office, people.deputy, people.head):
        page = people.client(who).get("/people/", {"q": "C 4K7 2MW"}).content.decode()
        assert f"/office/{sealed.pk}/" not in page


def test_leaders_find_complaints_by_reference_and_no_other_enquiry(people):
    complaint, dinners = _say(people, "C 222 222", topic="complaint"), _say(people, "D 222 222")
    browser = people.client(people.deputy)
    assert f"/office/{complaint.pk}/" in browser.get("/people/?q=C222222").content.decode()
    assert f"/office/{dinners.pk}/" not in browser.get("/people/?q=D222222").content.decode()


@pytest.mark.parametrize(
    "query", ["kind=x&room=99999999&page=-3", "room=abc", "page=999999", "q=" + "a" * 200]
)
def test_an_odd_address_shows_the_list(office, query):
    assert office.get(f"/people/?{query}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_people(people, office):
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get("/people/").status_code == 200
        return len(queries)

    counted()
    few = counted()
    for number in range(12):
        child = make_pupil("Ann", f"Abel{number}", people.celyn)
        guardianship(make_contact("Una", f"Abel{number}"), child, None)
    assert counted() == few


def test_names_beyond_one_page_are_on_the_next(people):
    for number in range(60):
        make_contact("Ann", f"Aaa{number:02}")
    first, second = names(kind="adult"), names(kind="adult", page=2)
    assert len(first) == 50 and not set(first) & set(second)
    assert first + second == sorted(first + second, key=lambda name: name.split()[::-1])
